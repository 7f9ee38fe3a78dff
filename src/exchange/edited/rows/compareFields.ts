import { type DraftGrid, mainCodeOf } from '../../../changesets/territory/draftGrid.ts';
import { areaSquareMetres } from '../../../geometry/coverage.ts';
import { countVertices, type Ring, type Shape } from '../../../geometry/polygon.ts';
import { isSameShape } from '../../../geometry/rings/sameShape.ts';
import type { Origin } from '../origins.ts';

/** What an edited file may change of a grid; parents are resolved to ids. */
export interface Values {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly parent: string | null;
  readonly manager: string | null;
  readonly boundary: Shape;
}
export type FieldName = keyof Values;

/** A field that the file and somebody else changed, each to something else. */
export interface FieldConflict {
  readonly field: FieldName;
  /** In words; null where the state that the file was written from is gone. */
  readonly origin: string | null;
  readonly file: string;
  readonly present: string;
}

export interface Comparison {
  /** What is to be done: only the file changed it, or the file's word was asked for. */
  readonly taken: Partial<Values>;
  readonly conflicts: readonly FieldConflict[];
}

const FIELDS: readonly FieldName[] = ['code', 'name', 'kind', 'parent', 'manager', 'boundary'];

/**
 * Three ways: what the file did not change against its origin stays as it is now, what only the file changed is taken,
 * and what both changed, each otherwise, is a conflict. Fields that the file does not name are not compared.
 */
export function compareFields(
  file: Partial<Values>,
  origin: Values | undefined,
  present: Values,
  takeFile: boolean,
): Comparison {
  const taken: Partial<Record<FieldName, unknown>> = {};
  const conflicts: FieldConflict[] = [];
  for (const field of FIELDS) {
    const said = file[field];
    if (said === undefined || isSame(said, present[field]) || (origin && isSame(said, origin[field]))) continue;
    if (takeFile || (origin && isSame(origin[field], present[field]))) taken[field] = said;
    else {
      const was = origin ? inWords(origin[field]) : null;
      conflicts.push({ field, origin: was, file: inWords(said), present: inWords(present[field]) });
    }
  }
  return { taken: taken as Partial<Values>, conflicts };
}

/** The fields in which the file differs from its origin. */
export function changedFields(file: Partial<Values>, origin: Values): FieldName[] {
  return FIELDS.filter((field) => file[field] !== undefined && !isSame(file[field]!, origin[field]));
}

export function valuesOf(grid: DraftGrid): Values {
  const { name, kind, parentId, managerId, shape } = grid;
  return { code: mainCodeOf(grid), name, kind, parent: parentId, manager: managerId, boundary: shape };
}

export function valuesOfOrigin({ code, name, kind, parentId, managerId, shape }: Origin): Values {
  return { code, name, kind, parent: parentId, manager: managerId, boundary: shape };
}

function isSame(a: Values[FieldName], b: Values[FieldName]): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.trim() === b.trim();
  return a === b || (isShape(a) && isShape(b) && isSameShape(a, b));
}

function isShape(value: Values[FieldName]): value is Shape {
  return typeof value === 'object' && value !== null;
}

function inWords(value: Values[FieldName]): string {
  if (!isShape(value)) return value ?? 'none';
  return `${areaSquareMetres(value).toFixed(0)} m² with ${countVertices(value)} vertices`;
}

/**
 * The shape with each vertex that lies one step of the lattice (1.1 cm) beside one of the origin put back on it: what a
 * projected file with rounded metres does to a boundary that nobody touched. Vertices of both are left alone.
 */
export function settleOnto(shape: Shape, origin: Shape): Shape {
  const known = new Set<string>();
  for (const ring of origin.flat()) for (let i = 0; i < ring.length; i += 2) known.add(`${ring[i]} ${ring[i + 1]}`);
  return shape.map((polygon) => polygon.map((ring) => settleRing(ring, known)));
}

function settleRing(ring: Ring, known: ReadonlySet<string>): Ring {
  const settled = Int32Array.from(ring);
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [ring[i], ring[i + 1]];
    if (known.has(`${x} ${y}`)) continue;
    for (const [dx, dy] of BESIDE) {
      if (!known.has(`${x + dx} ${y + dy}`)) continue;
      settled[i] = x + dx;
      settled[i + 1] = y + dy;
      break;
    }
  }
  return settled;
}

const BESIDE = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const)).filter(([dx, dy]) => dx || dy);
