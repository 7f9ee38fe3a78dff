import { DomainError } from '../../errors.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { LoadFigure } from '../../grids/territory.type.ts';
import type { Op } from '../ops/op.ts';
import type { DraftGrid } from './draftGrid.ts';
import type { Patch } from './patch.ts';

/** A grid as JSON holds it: boundaries are lattice numbers, ring by ring. */
type WrittenGrid = Omit<DraftGrid, 'shape'> & { readonly shape: readonly (readonly (readonly number[])[])[] };

/** What became of each grid, by its id; null: it ended. What it was before is what the steps before left. */
export type WrittenPatch = Readonly<Record<string, WrittenGrid | null>>;

// Both engines refuse these in jsonb: NUL, and halves of a surrogate pair, which JSON writes as escapes.
const UNWRITABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** The text of ops or a patch for a column of jsonb. Throws BAD_INPUT for text that no database holds. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, each) => (ArrayBuffer.isView(each) ? [...(each as Int32Array)] : each));
  if (!UNWRITABLE.test(text)) return text;
  const message = 'ops: a text holds NUL or half of a character; send whole characters of UTF-8.';
  throw new DomainError('BAD_INPUT', message, { field: 'ops' });
}

/** Only the grids as they are afterwards: half of what a patch holds, since the steps before say the other half. */
export function writePatch(patch: Patch): WrittenPatch {
  return Object.fromEntries([...patch].map(([id, { after }]) => [id, after && writeGrid(after)]));
}

function writeGrid({ shape, ...rest }: DraftGrid): WrittenGrid {
  return { ...rest, shape: shape.map((polygon) => polygon.map((ring) => [...ring])) };
}

export function readPatch(written: WrittenPatch): Map<string, DraftGrid | null> {
  return new Map(Object.entries(written).map(([id, grid]) => [id, grid && readGrid(grid)]));
}

function readGrid({ shape, ...rest }: WrittenGrid): DraftGrid {
  return { ...rest, shape: readShape(shape) };
}

function readShape(shape: WrittenGrid['shape']): Shape {
  return shape.map((polygon) => polygon.map((ring) => Int32Array.from(ring)));
}

/** Ops as they came from JSON, in which a boundary has lost its type. */
export function restoreOps(written: readonly object[]): Op[] {
  return written.map((op) => restored(op) as Op);
}

function restored(value: unknown, name = ''): unknown {
  if (name === 'boundary' || name === 'area') return readShape(value as WrittenGrid['shape']);
  if (Array.isArray(value)) return value.map((item) => restored(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restored(item, key)]));
}

/** Whether nothing tells them apart but the row that the registry holds them in. */
export function isSameGrid(a: DraftGrid, b: DraftGrid): boolean {
  return a === b || (isSameVersion(a, b) && codesOf(a) === codesOf(b) && membersOf(a) === membersOf(b));
}

/** Whether nothing of what a version says tells them apart; codes and members are kept beside versions. */
export function isSameVersion(a: DraftGrid, b: DraftGrid): boolean {
  const facts = ['layer', 'tier', 'name', 'kind', 'parentId', 'managerId'] as const;
  if (!facts.every((fact) => a[fact] === b[fact]) || !isSameDrawing(a.shape, b.shape)) return false;
  return a.loads.map(loadText).join() === b.loads.map(loadText).join();
}

/** The members of a grid in one text, in any order; undefined where it is not made of such. */
export function membersOf({ memberIds }: Pick<DraftGrid, 'memberIds'>): string | undefined {
  return memberIds?.toSorted().join();
}

/** The codes of a grid in one text, the main one first. */
export function codesOf({ codes }: Pick<DraftGrid, 'codes'>): string {
  return JSON.stringify(codes.map(({ scheme, code }) => [scheme, code]));
}

// Field by field, since a database may give fields in another order.
function loadText({ measure, value, date, source }: LoadFigure): string {
  return JSON.stringify([measure, value, date, source]);
}

/** Whether two boundaries are the same numbers in the same order. */
export function isSameDrawing(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((polygon, p) => polygon.length === b[p].length && polygon.every((ring, r) => isSameRing(ring, b[p][r])))
  );
}

function isSameRing(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
