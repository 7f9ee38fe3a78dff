import { type Line, linesOf, type Noding, nodeInto } from '../../../geometry/arrangement.ts';
import { type Box, boxOf, joinBoxes, type Ring, type Shape } from '../../../geometry/polygon.ts';
import { isSameShape } from '../../../geometry/rings/sameShape.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import type { Territory } from '../../territory/territory.ts';
import { isDerived } from '../derived.ts';
import type { Step } from '../step.ts';

export function isWithin(inner: Box, outer: Box): boolean {
  return inner.minX >= outer.minX && inner.minY >= outer.minY && inner.maxX <= outer.maxX && inner.maxY <= outer.maxY;
}

function boxOfLine(line: Line): Box {
  return boxOf([[line]]);
}

/** The box of the edges that meet another box, and of that box itself: what a bent edge of the shapes could reach. */
function reachOf(shapes: readonly Shape[], box: Box): Box {
  let { minX, minY, maxX, maxY } = box;
  for (const ring of shapes.flat(2)) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const [ax, ay, bx, by] = [ring[j], ring[j + 1], ring[i], ring[i + 1]];
      if (Math.max(ax, bx) < box.minX || Math.min(ax, bx) > box.maxX) continue;
      if (Math.max(ay, by) < box.minY || Math.min(ay, by) > box.maxY) continue;
      [minX, maxX] = [Math.min(minX, ax, bx), Math.max(maxX, ax, bx)];
      [minY, maxY] = [Math.min(minY, ay, by), Math.max(maxY, ay, by)];
    }
  }
  return { minX, minY, maxX, maxY };
}

/**
 * The drawn grids of a layer, of all tiers, that a line within a box can concern: those that meet the box, and those
 * that meet their edges there. Derived ones follow from them.
 */
function drawnNear(territory: Territory, layer: string, box: Box): DraftGrid[] {
  const drawn = (within: Box) => territory.meeting(within, layer).filter((grid) => !isDerived(territory, grid));
  const near = drawn(box);
  const reach = reachOf(
    near.map((grid) => grid.shape),
    box,
  );
  return isWithin(reach, box) ? near : drawn(reach);
}

/** Lines noded into the drawn grids of a layer near them, and into some shapes; not yet put into the grids. */
export interface LayerNoding {
  readonly noding: Noding;
  readonly near: readonly DraftGrid[];
}

/** Of an OVERLAY no other grid is concerned. */
export function nodeNear(step: Step, layer: string, lines: readonly Line[], shapes: readonly Shape[]): LayerNoding {
  const isAlone = lines.length === 0 || step.territory.getLayer(layer).kind === 'OVERLAY';
  const near = isAlone ? [] : drawnNear(step.territory, layer, joinBoxes(lines.map(boxOfLine)));
  return { noding: nodeInto(lines, [...shapes, ...near.map((grid) => grid.shape)]), near };
}

/**
 * Puts the positions where the lines meet borders into the grids that have those borders; with `at`, only those that
 * some shapes have as vertices. Nothing is noded twice: a border that is bent to a position meets the line that it was
 * bent for elsewhere.
 */
export function putNodes(step: Step, { noding, near }: LayerNoding, at?: readonly Shape[]): void {
  const wanted = at && verticesOf(at);
  const changed = near.map((grid) => {
    const shape = noding.replace(grid.shape);
    if (shape === grid.shape || !wanted) return { ...grid, shape };
    const known = verticesOf([grid.shape]);
    const kept = shape.map((polygon) =>
      polygon.map((ring) => filterRing(ring, (key) => known.has(key) || wanted.has(key))),
    );
    return { ...grid, shape: kept };
  });
  step.change(changed.filter((grid, i) => !isSameShape(grid.shape, near[i].shape)));
}

function verticesOf(shapes: readonly Shape[]): Set<string> {
  const found = new Set<string>();
  for (const ring of shapes.flat(2)) for (let i = 0; i < ring.length; i += 2) found.add(`${ring[i]},${ring[i + 1]}`);
  return found;
}

function filterRing(ring: Ring, keeps: (key: string) => boolean): Ring {
  const kept: number[] = [];
  for (let i = 0; i < ring.length; i += 2) if (keeps(`${ring[i]},${ring[i + 1]}`)) kept.push(ring[i], ring[i + 1]);
  return Int32Array.from(kept);
}

/**
 * Puts the positions where lines meet the borders of a PARTITION, and those of their vertices that lie on a border, into
 * every drawn grid that has the border. Gives back the shapes with the positions that concern them.
 */
export function nodeThrough(step: Step, layer: string, lines: readonly Line[], shapes: readonly Shape[] = []): Shape[] {
  if (step.territory.getLayer(layer).kind === 'OVERLAY') return [...shapes];
  const noded = nodeNear(step, layer, lines, shapes);
  putNodes(step, noded);
  return shapes.map((shape) => noded.noding.replace(shape));
}

/** {@link nodeThrough} for the rings of shapes. */
export function nodeShapes(step: Step, layer: string, shapes: readonly Shape[]): Shape[] {
  return nodeThrough(step, layer, shapes.flatMap(linesOf), shapes);
}

/** The grids of the same tier that meet the boxes of some, those left out. */
export function neighboursOf(territory: Territory, grids: readonly DraftGrid[]): DraftGrid[] {
  const own = new Set(grids.map((grid) => grid.id));
  const found = new Map<string, DraftGrid>();
  for (const { shape, layer, tier } of grids) {
    for (const other of territory.meeting(boxOf(shape), layer, tier))
      if (!own.has(other.id)) found.set(other.id, other);
  }
  return [...found.values()];
}
