import Flatbush from 'flatbush';
import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import { type Box, boxOf, countVertices, joinBoxes, type Shape } from '../geometry/polygon.ts';
import type { ChangedGround } from './changedGround.ts';

const MOVES: ReadonlySet<string> = new Set(['MADE', 'ENDED', 'BOUNDARY']);

const shapesOf = ({ before, after }: ChangedGround): Shape[] =>
  [before, after].flatMap((grid) => (grid ? [grid.shape] : []));

const boxOfGround = (ground: ChangedGround): Box => boxOf(shapesOf(ground).flat());

export function verticesOf(grounds: readonly ChangedGround[]): number {
  return grounds.flatMap(shapesOf).reduce((sum, shape) => sum + countVertices(shape), 0);
}

/** The grids whose ground moves, those of each tier together. */
export function byTier(grounds: readonly ChangedGround[]): Iterable<readonly ChangedGround[]> {
  const tiers = new Map<string, ChangedGround[]>();
  for (const ground of grounds) {
    if (!ground.reasons.some((reason) => MOVES.has(reason))) continue;
    const { layer, tier } = (ground.before ?? ground.after)!;
    const known = tiers.get(`${layer}/${tier}`);
    if (known) known.push(ground);
    else tiers.set(`${layer}/${tier}`, [ground]);
  }
  return tiers.values();
}

export function treeOf(grounds: readonly ChangedGround[]): Flatbush {
  const tree = new Flatbush(grounds.length, 16, Int32Array);
  for (const { minX, minY, maxX, maxY } of grounds.map(boxOfGround)) tree.add(minX, minY, maxX, maxY);
  tree.finish();
  return tree;
}

/** Neighbours together, halved across the longer side until each group is small enough. */
export function groupsOf(grounds: readonly ChangedGround[], atOnce: number): (readonly ChangedGround[])[] {
  if (grounds.length === 1 || verticesOf(grounds) <= atOnce) return [grounds];
  const placed = grounds.map((ground) => ({ ground, box: boxOfGround(ground) }));
  const { minX, minY, maxX, maxY } = joinBoxes(placed.map(({ box }) => box));
  const middle = ({ box }: (typeof placed)[number]) =>
    maxX - minX > maxY - minY ? box.minX + box.maxX : box.minY + box.maxY;
  const sorted = placed.sort((a, b) => middle(a) - middle(b)).map(({ ground }) => ground);
  const half = sorted.length >> 1;
  return [...groupsOf(sorted.slice(0, half), atOnce), ...groupsOf(sorted.slice(half), atOnce)];
}

/** Grids beside a group that may have some of its ground afterwards. */
export function takersNear(
  group: readonly ChangedGround[],
  all: readonly ChangedGround[],
  tree: Flatbush,
): DraftGrid[] {
  const near = new Set<number>();
  for (const { minX, minY, maxX, maxY } of group.map(boxOfGround)) {
    for (const i of tree.search(minX, minY, maxX, maxY)) near.add(i);
  }
  const own = new Set(group);
  return [...near].flatMap((i) => (all[i].after && !own.has(all[i]) ? [all[i].after] : []));
}
