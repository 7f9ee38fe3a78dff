import { findCoverageFaults } from '../../../geometry/coverage.ts';
import { MAX_VERTICES } from '../../../geometry/geojson.ts';
import { fromLattice, MAX_LAT, MAX_LON } from '../../../geometry/lattice.ts';
import { countVertices, type Ring, type Shape } from '../../../geometry/polygon.ts';
import { findRingFault } from '../../../geometry/rings/ringFaults.ts';
import { type DraftGrid, mainCodeOf } from '../../territory/draftGrid.ts';
import { afterwards } from '../../territory/patch.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Step } from '../step.ts';
import { neighboursOf } from './ground.ts';

const RING_FAULTS = {
  SELF_INTERSECTION: 'the border crosses or touches itself',
  RINGS_CROSS: 'two of its rings cross or run along each other',
  HOLE_OUTSIDE: 'a hole does not lie inside the border',
  POLYGONS_OVERLAP: 'two of its parts overlap or share a stretch of border',
  INTERIOR_CUT: 'touching rings cut it in two',
} as const;

const COVERAGE_FAULTS = {
  OVERLAP: 'would overlap',
  CROSSING: 'would cross borders',
  T_JUNCTION: 'would touch between two vertices',
} as const;

/** Throws BAD_BOUNDARY, with the place, for a shape that cannot be a boundary. */
export function assertShape(step: Step, field: string, shape: Shape, whose = 'it'): void {
  const refuse = (words: string, details: object = {}) => step.refuse(field, words, 'BAD_BOUNDARY', { ...details });
  const rings = shape.flat();
  if (rings.length === 0 || shape.some((polygon) => polygon.length === 0)) refuse(`${whose} has no ground.`);
  if (rings.some((ring) => !isRing(ring)))
    refuse(`${whose} has a ring of fewer than 3 vertices, or one with two equal in a row.`);
  if (rings.some((ring) => !isOnLattice(ring))) refuse(`${whose} leaves ±180 or ±90 degrees.`);
  const vertices = countVertices(shape);
  if (vertices > MAX_VERTICES) {
    refuse(`${whose} has ${vertices} vertices, ${MAX_VERTICES} are allowed. Simplify or split it.`, { vertices });
  }
  const fault = findRingFault(shape);
  if (!fault) return;
  const [lon, lat] = [fromLattice(fault.x), fromLattice(fault.y)];
  const words = `of ${whose}, ${RING_FAULTS[fault.code]}, at or beside ${lon}, ${lat}. Draw it otherwise there.`;
  refuse(words, { fault: fault.code, lon, lat });
}

function isRing(ring: Ring): boolean {
  if (ring.length < 6) return false;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    if (ring[i] === ring[j] && ring[i + 1] === ring[j + 1]) return false;
  }
  return true;
}

function isOnLattice(ring: Ring): boolean {
  return ring.every((value, i) => Math.abs(value) <= (i % 2 === 0 ? MAX_LON : MAX_LAT));
}

/**
 * Judges what the step did so far: every boundary that it made is valid, and in a PARTITION it brought no overlap, no
 * crossing and no T-junction into a tier. Faults that were there before are left to the checks. Throws BAD_BOUNDARY or
 * OVERLAP with the place.
 */
export function assertSound(step: Step, field: string, options: { readonly neighbours: boolean }): void {
  const patch = step.patch();
  const redrawn = afterwards(patch).filter((grid) => patch.get(grid.id)!.before?.shape !== grid.shape);
  for (const grid of redrawn) assertShape(step, field, grid.shape, mainCodeOf(grid));
  if (!options.neighbours) return;
  const tiers = new Map<string, DraftGrid[]>();
  for (const grid of redrawn) {
    const key = `${grid.layer}/${grid.tier}`;
    tiers.set(key, [...(tiers.get(key) ?? []), grid]);
  }
  for (const grids of tiers.values()) {
    if (step.territory.getLayer(grids[0].layer).kind === 'PARTITION') assertExact(step, field, grids);
  }
}

interface Clash {
  readonly kind: keyof typeof COVERAGE_FAULTS;
  readonly grids: readonly [DraftGrid, DraftGrid];
  readonly x: number;
  readonly y: number;
}

/** Faults of grids of one tier with each other and with those around. */
function clashesOf(territory: Territory, grids: readonly DraftGrid[]): Clash[] {
  const all = [...grids, ...neighboursOf(territory, grids)];
  return findCoverageFaults(all.map((grid) => grid.shape))
    .filter(({ shapes: [a] }) => a < grids.length)
    .map(({ kind, shapes: [a, b], x, y }) => ({ kind, grids: [all[a], all[b]], x, y }));
}

function assertExact(step: Step, field: string, grids: readonly DraftGrid[]): void {
  const clashes = clashesOf(step.territory, grids);
  if (clashes.length === 0) return;
  const nameOf = ({ kind, grids: pair, x, y }: Clash) => [kind, ...pair.map((grid) => grid.id).sort(), x, y].join(' ');
  const before = grids.map((grid) => step.before.find(grid.id)).filter((grid) => grid !== undefined);
  const known = new Set(clashesOf(step.before, before).map(nameOf));
  const clash = clashes.find((each) => !known.has(nameOf(each)));
  if (!clash) return;
  const [lon, lat] = [fromLattice(clash.x), fromLattice(clash.y)];
  const [a, b] = clash.grids.map(mainCodeOf);
  const code = clash.kind === 'T_JUNCTION' ? 'BAD_BOUNDARY' : 'OVERLAP';
  const words = `${a} and ${b} ${COVERAGE_FAULTS[clash.kind]} at ${lon}, ${lat}. Draw it otherwise there.`;
  step.refuse(field, words, code, { fault: clash.kind, lon, lat, grids: clash.grids.map((grid) => grid.id) });
}
