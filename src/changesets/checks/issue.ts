import { createHash } from 'node:crypto';
import { type Ring, representativePoint, type Shape } from '../../geometry/polygon.ts';
import type { Point } from '../ops/op.ts';
import { type DraftGrid, mainCodeOf } from '../territory/draftGrid.ts';
import { RULES, type RuleCode, type Severity } from './rules.ts';

/** Something that is wrong with a draft. */
export interface Issue {
  /** Short hash of rule, grids and place: the same in every run over the same fault, so that a waiver finds it again. */
  readonly id: string;
  readonly rule: RuleCode;
  readonly severity: Severity;
  readonly message: string;
  /** Ids, sorted. */
  readonly grids: readonly string[];
  /** Lattice numbers: a spot within 1 m of the fault, or the ground of a gap or overlap. */
  readonly place: Point | Shape | null;
}

export interface Finding {
  readonly rule: RuleCode;
  /** Left out: that of the rule. */
  readonly severity?: 'ERROR' | 'WARNING';
  readonly message: string;
  readonly grids: readonly string[];
  readonly place: Point | Shape | null;
  /** A fault of a grid as a whole: it stays the same fault when the grid is redrawn elsewhere. */
  readonly wherever?: true;
}

export function isPoint(place: Point | Shape): place is Point {
  return typeof place[0] === 'number';
}

/** The same ground is written in one way, wherever its rings were begun. */
function inOrder(place: Point | Shape | null): Point | Shape | null {
  if (place === null || isPoint(place)) return place;
  return place.map(([outer, ...holes]) => [fromLowest(outer), ...holes.map(fromLowest).sort(byStart)]);
}

function byStart(a: Ring, b: Ring): number {
  return a[0] - b[0] || a[1] - b[1];
}

function fromLowest(ring: Ring): Ring {
  let low = 0;
  for (let i = 2; i < ring.length; i += 2) {
    if (ring[i] < ring[low] || (ring[i] === ring[low] && ring[i + 1] < ring[low + 1])) low = i;
  }
  const turned = new Int32Array(ring.length);
  turned.set(ring.subarray(low));
  turned.set(ring.subarray(0, low), ring.length - low);
  return turned;
}

export function issueOf({ rule, severity, message, grids, place, wherever }: Finding): Issue {
  const sorted = [...new Set(grids)].sort();
  const spot = inOrder(place);
  const key = spot === null || wherever ? '' : spot.flat().join(' ');
  const id = createHash('sha256').update(`${rule}\n${sorted}\n${key}`).digest('hex').slice(0, 16);
  return { id, rule, severity: severity ?? RULES[rule].severity, message, grids: sorted, place: spot };
}

/** A spot in the grid, for faults of the grid as a whole. */
export function spotIn({ shape }: DraftGrid): Point | null {
  const found = shape.length > 0 ? representativePoint(shape) : undefined;
  return found ? [found.x, found.y] : null;
}

/** `Qinghu Lake (440309001)`, or the code alone where the grid is called by it. */
export function nameOf(grid: DraftGrid): string {
  const code = mainCodeOf(grid);
  return grid.name === code || grid.name === '' ? code : `${grid.name} (${code})`;
}

export function namesOf(grids: readonly DraftGrid[]): string {
  const names = grids.map(nameOf).sort();
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
}

/** Square metres as people say them. */
export function areaWords(squareMetres: number): string {
  if (squareMetres >= 100_000) return `${(squareMetres / 1e6).toFixed(2)} km²`;
  if (squareMetres >= 10) return `${Math.round(squareMetres)} m²`;
  return squareMetres >= 0.1 ? `${squareMetres.toFixed(1)} m²` : `${(squareMetres * 1e4).toFixed(1)} cm²`;
}

export function lengthWords(metres: number): string {
  return metres >= 1 ? `${metres.toFixed(1)} m` : `${(metres * 100).toFixed(1)} cm`;
}
