import { type RawBuilder, sql } from 'kysely';
import { DomainError } from '../errors.ts';
import { fromLattice, toLattice } from '../geometry/lattice.ts';
import type { Polygon, Ring, Shape } from '../geometry/polygon.ts';

/** WGS84 longitude and latitude, the one reference system of the database. */
const SRID = 4326;

const LITTLE_ENDIAN = 1;
const POLYGON = 3;
const MULTIPOLYGON = 6;
const HAS_SRID = 0x20000000;
const POINT_BYTES = 16;

/** A shape as EWKB MultiPolygon: coordinates are the doubles nearest to the lattice's decimals. */
export function shapeToWkb(shape: Shape): Buffer {
  let size = 13;
  for (const polygon of shape) {
    size += 9;
    for (const ring of polygon) size += 4 + ring.length * 8 + POINT_BYTES;
  }
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeUInt8(LITTLE_ENDIAN, 0);
  at = bytes.writeUInt32LE(MULTIPOLYGON | HAS_SRID, at);
  at = bytes.writeUInt32LE(SRID, at);
  at = bytes.writeUInt32LE(shape.length, at);
  for (const polygon of shape) {
    at = bytes.writeUInt8(LITTLE_ENDIAN, at);
    at = bytes.writeUInt32LE(POLYGON, at);
    at = bytes.writeUInt32LE(polygon.length, at);
    for (const ring of polygon) at = writeRing(bytes, at, ring);
  }
  return bytes;
}

function writeRing(bytes: Buffer, from: number, ring: Ring): number {
  let at = bytes.writeUInt32LE(ring.length / 2 + 1, from);
  for (const value of ring) at = bytes.writeDoubleLE(fromLattice(value), at);
  at = bytes.writeDoubleLE(fromLattice(ring[0]), at);
  return bytes.writeDoubleLE(fromLattice(ring[1]), at);
}

/** Reads WKB or EWKB in either byte order, as PostGIS writes it. */
class WkbReader {
  readonly #view: DataView;
  #at = 0;
  #little = true;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  shape(): Shape {
    const type = this.#header();
    if (type === POLYGON) return [this.#polygon()];
    if (type !== MULTIPOLYGON) {
      throw new DomainError('INTERNAL', `A boundary must be a polygon or multipolygon, not WKB type ${type}.`);
    }
    return Array.from({ length: this.#uint32() }, () => {
      this.#header();
      return this.#polygon();
    });
  }

  #header(): number {
    this.#little = this.#view.getUint8(this.#at) === LITTLE_ENDIAN;
    this.#at += 1;
    const type = this.#uint32();
    if (type & HAS_SRID) this.#at += 4;
    return type & ~HAS_SRID;
  }

  #polygon(): Polygon {
    return Array.from({ length: this.#uint32() }, () => this.#ring());
  }

  #ring(): Ring {
    const points = this.#uint32();
    const ring = new Int32Array(Math.max(0, points - 1) * 2);
    for (let i = 0; i < ring.length; i += 1) ring[i] = toLattice(this.#view.getFloat64(this.#at + i * 8, this.#little));
    this.#at += points * POINT_BYTES;
    return ring;
  }

  #uint32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, this.#little);
  }
}

/** The shape of WKB bytes: coordinates go to the nearest lattice point, the closing points are dropped. */
export function wkbToShape(bytes: Uint8Array): Shape {
  return new WkbReader(bytes).shape();
}

/** SQL for a shape as a value: `geometry(MultiPolygon, 4326)`. */
export function shapeValue(shape: Shape): RawBuilder<Uint8Array> {
  return sql`ST_GeomFromEWKB(${shapeToWkb(shape)})`;
}

/** SQL for a point in degrees: `geometry(Point, 4326)`. */
export function pointValue(lon: number, lat: number): RawBuilder<Uint8Array> {
  return sql`ST_SetSRID(ST_MakePoint(${lon}::float8, ${lat}::float8), ${sql.lit(SRID)})`;
}
