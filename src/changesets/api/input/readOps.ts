import { randomUUID } from 'node:crypto';
import { DomainError } from '../../../errors.ts';
import { readGeometry, toShape } from '../../../geometry/geojson.ts';
import { assertPosition, toLattice } from '../../../geometry/lattice.ts';
import type { Shape } from '../../../geometry/polygon.ts';
import type { Op, OpKind, Point } from '../../ops/op.ts';
import type { BoundaryOp } from './boundaryOp.input.ts';

type Inputs = { readonly [Kind in keyof BoundaryOp]-?: NonNullable<BoundaryOp[Kind]> };
type Readers = {
  readonly [Kind in keyof Inputs]: (input: Inputs[Kind], at: string) => Extract<Op, Record<Kind, unknown>>;
};

/** How each op is read; grids that it makes get their ids here, once and for all. */
const READERS: Readers = {
  create: ({ kind, parent, boundary, ...rest }, at) => ({
    create: { ...rest, ...given({ kind, parent }), id: randomUUID(), boundary: readShape(boundary, `${at}.boundary`) },
  }),
  reshape: ({ grid, boundary }, at) => ({ reshape: { grid, boundary: readShape(boundary, `${at}.boundary`) } }),
  moveVertex: ({ layer, from, to }, at) => ({
    moveVertex: { layer, from: readPoint(from, `${at}.from`), to: readPoint(to, `${at}.to`) },
  }),
  insertVertex: ({ layer, edge, at: place }, at) => ({
    insertVertex: { layer, edge: readEdge(edge, `${at}.edge`), at: readPoint(place, `${at}.at`) },
  }),
  removeVertex: ({ layer, at: place }, at) => ({ removeVertex: { layer, at: readPoint(place, `${at}.at`) } }),
  split: ({ line, ...rest }, at) => ({
    split: { ...rest, line: readLine(line, `${at}.line`), ids: rest.codes.map(() => randomUUID()) },
  }),
  merge: (input) => ({ merge: { ...input } }),
  reparent: (input) => ({ reparent: { ...input } }),
  rename: (input) => ({ rename: { ...input } }),
  recode: ({ scheme, ...rest }) => ({ recode: { ...rest, ...given({ scheme }) } }),
  changeKind: (input) => ({ changeKind: { ...input } }),
  transfer: ({ grid, manager }) => ({ transfer: { grid, manager: manager ?? null } }),
  retire: ({ grid, heir }) => ({ retire: { grid, ...given({ heir }) } }),
  carve: ({ area, ...rest }, at) => ({ carve: { ...rest, area: readShape(area, `${at}.area`) } }),
  assign: (input) => ({ assign: { ...input } }),
  fixGap: ({ layer, tier, at: place, to }, at) => ({
    fixGap: { layer, tier, at: readPoint(place, `${at}.at`), ...given({ to }) },
  }),
  fixOverlap: ({ grids, keep }, at) => ({ fixOverlap: { grids: readPair(grids, `${at}.grids`), keep } }),
};

/** The ops of a request. Throws BAD_INPUT, BAD_GEOJSON or BAD_BOUNDARY, naming the op by its place in the list. */
export function readOps(inputs: readonly BoundaryOp[]): Op[] {
  return inputs.map((input, i) => {
    const kinds = (Object.keys(READERS) as OpKind[]).filter((kind) => input[kind as keyof BoundaryOp] != null);
    const [kind] = kinds as (keyof Inputs)[];
    if (kinds.length !== 1) {
      const message = `ops[${i}]: give exactly one of ${Object.keys(READERS).join(', ')}, not ${kinds.join(' and ') || 'none'}.`;
      throw new DomainError('BAD_INPUT', message, { field: `ops[${i}]` });
    }
    return READERS[kind]({ ...input[kind] } as never, `ops[${i}].${kind}`);
  });
}

function given<T extends object>(optional: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(optional).filter(([, value]) => value != null)) as never;
}

function readShape(value: object, field: string): Shape {
  return toShape(readGeometry(value, field), field);
}

function readLine(value: object, field: string): Point[] {
  const geometry = readGeometry(value, field);
  if (geometry.type === 'LineString') return geometry.coordinates.map(([lon, lat]) => [toLattice(lon), toLattice(lat)]);
  throw new DomainError('BAD_GEOJSON', `${field}: a LineString is wanted, not a ${geometry.type}.`, { field });
}

function readPoint(value: readonly number[], field: string): Point {
  const [lon, lat] = value;
  if (value.length !== 2) throw new DomainError('BAD_INPUT', `${field}: give [lon, lat], two numbers.`, { field });
  assertPosition({ lon, lat }, field);
  return [toLattice(lon), toLattice(lat)];
}

function readEdge(value: readonly (readonly number[])[], field: string): readonly [Point, Point] {
  const [a, b] = value.map((each, i) => readPoint(each, `${field}[${i}]`));
  if (value.length !== 2) {
    throw new DomainError('BAD_INPUT', `${field}: give the two ends of the edge, [[lon, lat], [lon, lat]].`, { field });
  }
  return [a, b];
}

function readPair(value: readonly string[], field: string): readonly [string, string] {
  if (value.length !== 2) throw new DomainError('BAD_INPUT', `${field}: give two grids.`, { field });
  return [value[0], value[1]];
}
