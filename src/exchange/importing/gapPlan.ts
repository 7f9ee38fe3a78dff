import { MAX_LAT, MAX_LON } from '../../geometry/lattice.ts';
import { containsPoint, representativePoint, type Shape } from '../../geometry/polygon.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type GapEntry, holdsAt } from '../../grids/atlas/rows.ts';
import type { GapDraft } from '../../grids/territory.type.ts';
import type { LargeGap } from '../borders/exactCoverage.ts';
import type { EnclosedGap } from '../exchange.type.ts';
import type { ImportTarget } from './target.ts';

const EARTH = { minX: -MAX_LON, minY: -MAX_LAT, maxX: MAX_LON, maxY: MAX_LAT };

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What an import does to the named gaps of its layer. */
export interface GapPlan {
  readonly report: readonly EnclosedGap[];
  readonly added: readonly GapDraft[];
  /** Row ids of gaps that end. */
  readonly ended: readonly number[];
}

/**
 * Names the gaps of a tier. One that a grid of another tier holds is reported and not filed. A gap known by the same
 * shape keeps its name; one that a grid now holds, or that has another shape, ends. Below the root tier a gap known from
 * above stays as it is.
 */
export function planGaps(
  gaps: readonly LargeGap[],
  grids: readonly Shape[],
  atlas: Atlas,
  target: ImportTarget,
): GapPlan {
  const known = knownGaps(atlas, target);
  const isRoot = !target.layer?.tiers.some((tier) => tier.rank < target.rank);
  const kept = new Set<GapEntry>();
  const report: EnclosedGap[] = [];
  const added: GapDraft[] = [];
  let number = known.length;
  for (const { shape, around, areaSquareMetres, place } of gaps) {
    const inside = representativePoint(shape);
    const same = known.find((gap) => isSameShape(gap.shape, shape));
    const keeps = same ?? (isRoot || !inside ? undefined : known.find((gap) => holds(gap.shape, inside)));
    const isGapOfLayer = inside !== undefined && !isHeldElsewhere(inside, atlas, target);
    if (keeps) kept.add(keeps);
    else if (isGapOfLayer) number++;
    const name = keeps?.name ?? `gap ${number} ${describe(around)}`.slice(0, 200);
    report.push({ name: isGapOfLayer ? name : `hole ${describe(around)}`, areaSquareMetres, place, isGapOfLayer });
    if (!keeps && isGapOfLayer) {
      added.push({ layer: target.layerCode, name, status: 'GAP', boundary: shape, validFrom: target.effectiveAt });
    }
  }
  const ended = known.filter(
    (gap) => !kept.has(gap) && isCovered(gap, [...grids, ...added.map((gap) => gap.boundary)]),
  );
  return { report, added, ended: ended.map((gap) => gap.id) };
}

function knownGaps(atlas: Atlas, { layer, moment }: ImportTarget): GapEntry[] {
  if (!layer) return [];
  return atlas.gapCandidates(layer, EARTH, moment.edition).filter((gap) => holdsAt(gap, moment));
}

function isHeldElsewhere({ x, y }: Point, atlas: Atlas, { layer, tier, moment }: ImportTarget): boolean {
  return layer !== undefined && atlas.locateAll(layer, x, y, moment).some((version) => version.grid.tier !== tier);
}

function isCovered(gap: GapEntry, shapes: readonly Shape[]): boolean {
  const inside = representativePoint(gap.shape);
  return inside !== undefined && shapes.some((shape) => holds(shape, inside));
}

function describe(around: readonly string[]): string {
  if (around.length === 1) return `within ${around[0]}`;
  const named = around.slice(0, 4);
  return `between ${named.slice(0, -1).join(', ')} and ${around.length > 4 ? `${around.length - 3} others` : named.at(-1)}`;
}

function holds(shape: Shape, { x, y }: Point): boolean {
  return containsPoint(shape, x, y);
}
