import { type Kysely, sql } from 'kysely';
import { allowLongStatements } from '../../db/database.ts';
import { inTransaction } from '../../db/pgErrors.ts';
import { shapeToWkb, wkbToShape } from '../../db/postgis.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Shape } from '../../geometry/polygon.ts';

const WGS84 = 4326;
const LITTLE_ENDIAN = 1;
const LINE_STRING = 2;
const LINE_HEADER_BYTES = 9;
const POSITION_BYTES = 16;

/** A city of 50,000 grids is noded in one statement. */
export const LONGEST_MS = 600_000;

// Both were surveyed on datums whose shift to WGS84 is not published; PROJ would convert them without any, 50 to 150 m off.
const SECRET_DATUMS = /Xian|Beijing/i;

/** A child boundary and a parent boundary that meet, by their places in the two lists. */
export interface NestingPair {
  readonly child: number;
  readonly parent: number;
}

/** PostGIS as the judge of boundaries that are not in the registry yet: nothing here writes. */
export class BoundaryRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /**
   * Positions x0, y0, x1, y1 … of an EPSG system as degrees on WGS84, by PROJ. Throws BAD_DATUM for a number that PROJ
   * does not know, for Xian 1980 and Beijing 1954 (see above), and where the positions do not fit the system.
   */
  async transformToWgs84(epsg: number, xy: Float64Array): Promise<Float64Array> {
    await this.#assertSystem(epsg);
    const wayOut = `the coordinates do not fit EPSG:${epsg}. Give the number of the file's own system.`;
    return this.#transform({ from: epsg, to: WGS84 }, xy, epsg, wayOut);
  }

  /** The way back: degrees on WGS84 as positions of an EPSG system. Throws BAD_DATUM as that does. */
  async transformFromWgs84(epsg: number, xy: Float64Array): Promise<Float64Array> {
    await this.#assertSystem(epsg);
    const wayOut = `the boundaries have no place in EPSG:${epsg}. Give the number of a system that covers them.`;
    const positions = await this.#transform({ from: WGS84, to: epsg }, xy, epsg, wayOut);
    if (positions.every(Number.isFinite)) return positions;
    throw new DomainError('BAD_DATUM', `--epsg: ${wayOut}`, { field: '--epsg', epsg });
  }

  async #assertSystem(epsg: number): Promise<void> {
    const system = await sql<{ srtext: string }>`select srtext from spatial_ref_sys where srid = ${epsg}::int`.execute(
      this.#db,
    );
    const srtext = system.rows[0]?.srtext;
    if (!srtext) {
      const message = `--epsg: EPSG:${epsg} is not known. Give the number of the file's coordinate system, or convert the file to WGS84.`;
      throw new DomainError('BAD_DATUM', message, { field: '--epsg', epsg });
    }
    if (SECRET_DATUMS.test(srtext)) {
      const message = `--epsg: EPSG:${epsg} stands on Xian 1980 or Beijing 1954, whose shift to WGS84 is local and not published. Have the file converted to CGCS2000 by whoever made it, and import it with --datum CGCS2000.`;
      throw new DomainError('BAD_DATUM', message, { field: '--epsg', epsg });
    }
  }

  async #transform(
    { from, to }: { from: number; to: number },
    xy: Float64Array,
    epsg: number,
    wayOut: string,
  ): Promise<Float64Array> {
    try {
      const { rows } = await sql<{ wkb: Uint8Array }>`
        select ST_AsBinary(ST_Transform(ST_GeomFromWKB(${lineToWkb(xy)}::bytea, ${from}::int), ${to}::int), 'NDR') as wkb`.execute(
        this.#db,
      );
      return wkbToLine(rows[0].wkb);
    } catch (cause) {
      throw new DomainError('BAD_DATUM', `--epsg: ${wayOut}`, { field: '--epsg', epsg }, { cause });
    }
  }

  /**
   * The faces of the plane that the rings of the shapes enclose, once all rings are noded on the lattice (snap-rounded:
   * a vertex moves by no more than one step). Faces neither overlap nor leave gaps; each is one polygon.
   */
  async nodeIntoFaces(shapes: readonly Shape[]): Promise<Shape[]> {
    const { rows } = await inTransaction(this.#db, async (trx) => {
      await allowLongStatements(trx, LONGEST_MS);
      return sql<{ wkb: Uint8Array }>`
      with noded as (
        select ST_UnaryUnion(ST_Collect(ST_Boundary(ST_GeomFromEWKB(ring.wkb))), 1e-7) as edges
        from unnest(${shapes.map(shapeToWkb)}::bytea[]) as ring (wkb)
      ), faces as (select ST_Polygonize(edges) as collection from noded)
      select ST_AsBinary(ST_Multi(face.geom)) as wkb from faces, ST_Dump(collection) as face`.execute(trx);
    });
    return rows.map((row) => wkbToShape(row.wkb));
  }

  /** For each pair, which share of the child's area its parent holds, as the law of the database measures it. */
  async shareInside(
    children: readonly Shape[],
    parents: readonly Shape[],
    pairs: readonly NestingPair[],
  ): Promise<number[]> {
    if (pairs.length === 0) return [];
    const { rows } = await sql<{ share: number }>`
      with child as materialized (
        select n, ST_GeomFromEWKB(wkb) as boundary from unnest(${children.map(shapeToWkb)}::bytea[]) with ordinality as c (wkb, n)
      ), parent as materialized (
        select n, ST_GeomFromEWKB(wkb) as boundary from unnest(${parents.map(shapeToWkb)}::bytea[]) with ordinality as p (wkb, n)
      )
      select case when ST_Covers(parent.boundary, child.boundary) then 1
        else 1 - ST_Area(ST_Difference(child.boundary, parent.boundary)) / ST_Area(child.boundary) end as share
      from unnest(${pairs.map((pair) => pair.child + 1)}::int[], ${pairs.map((pair) => pair.parent + 1)}::int[])
        with ordinality as pair (child, parent, position)
      join child on child.n = pair.child
      join parent on parent.n = pair.parent
      order by pair.position`.execute(this.#db);
    return rows.map((row) => row.share);
  }
}

function lineToWkb(xy: Float64Array): Uint8Array {
  const bytes = Buffer.alloc(LINE_HEADER_BYTES + xy.byteLength);
  bytes.writeUInt8(LITTLE_ENDIAN, 0);
  bytes.writeUInt32LE(LINE_STRING, 1);
  bytes.writeUInt32LE(xy.length / 2, 5);
  xy.forEach((value, i) => {
    bytes.writeDoubleLE(value, LINE_HEADER_BYTES + i * (POSITION_BYTES / 2));
  });
  return bytes;
}

function wkbToLine(wkb: Uint8Array): Float64Array {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength);
  const xy = new Float64Array(view.getUint32(5, true) * 2);
  for (let i = 0; i < xy.length; i++) xy[i] = view.getFloat64(LINE_HEADER_BYTES + i * (POSITION_BYTES / 2), true);
  return xy;
}
