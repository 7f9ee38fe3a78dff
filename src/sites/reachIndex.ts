import Flatbush from 'flatbush';
import { boxAround, geodesicMetres, type Metric, metricAt, segmentDistanceMetres } from '../geometry/distance.ts';
import { type Position, toLattice } from '../geometry/lattice.ts';
import type { Box } from '../geometry/polygon.ts';

/** A stretch between two lattice points, or one point twice, and how far around it something reaches. */
interface Stretch<T> {
  readonly item: T;
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly reachMetres: number;
}

/** What is near. */
export interface Near<T> {
  readonly item: T;
  readonly distanceMetres: number;
}

/** An index over the stretches from `first` on, up to the next one's. */
interface Tree {
  readonly first: number;
  readonly size: number;
  readonly boxes: Flatbush;
}

/**
 * Things at points and along paths, found by place. Things are only ever added, and what was added later is indexed apart
 * until there is as much of it, so that one more costs little. What holds when is for the asker to judge.
 */
export class ReachIndex<T> {
  readonly #stretches: Stretch<T>[] = [];
  readonly #trees: Tree[] = [];

  addPoint(item: T, point: Position, reachMetres: number): void {
    this.addPath(item, [point, point], reachMetres);
  }

  addPath(item: T, path: readonly Position[], reachMetres: number): void {
    const at = path.map(({ lon, lat }) => [toLattice(lon), toLattice(lat)] as const);
    for (let i = 1; i < at.length; i++) {
      const [[ax, ay], [bx, by]] = [at[i - 1], at[i]];
      this.#stretches.push({ item, ax, ay, bx, by, reachMetres });
    }
  }

  /** Makes what was added be found. */
  build(): void {
    const last = this.#trees.at(-1);
    let first = last ? last.first + last.size : 0;
    const count = this.#stretches.length;
    if (first === count) return;
    // Each tree is more than twice as large as what follows, so there are few, and each stretch is indexed few times.
    while (this.#trees.length > 0 && this.#trees.at(-1)!.size <= 2 * (count - first)) first = this.#trees.pop()!.first;
    const boxes = new Flatbush(count - first, 16, Float64Array);
    for (let i = first; i < count; i++) {
      const { minX, minY, maxX, maxY } = reachOf(this.#stretches[i]);
      boxes.add(minX, minY, maxX, maxY);
    }
    boxes.finish();
    this.#trees.push({ first, size: count - first, boxes });
  }

  /** What reaches the lattice point, each thing once, in no particular order. */
  reaching(x: number, y: number): readonly Near<T>[] {
    let near: Map<T, number> | undefined;
    let metric: Metric | undefined;
    for (const { first, boxes } of this.#trees) {
      for (const index of boxes.search(x, y, x, y)) {
        const stretch = this.#stretches[first + index];
        metric ??= metricAt(y);
        const metres = distanceWithin(stretch, x, y, metric);
        near ??= new Map();
        if (metres < (near.get(stretch.item) ?? Infinity)) near.set(stretch.item, metres);
      }
    }
    if (!near) return NOTHING;
    return [...near].map(([item, distanceMetres]) => ({ item, distanceMetres }));
  }

  /** Candidates: each thing that reaches into the box, once, and some that only come close to it. */
  inBox({ minX, minY, maxX, maxY }: Box): Set<T> {
    const found = new Set<T>();
    for (const { first, boxes } of this.#trees) {
      for (const index of boxes.search(minX, minY, maxX, maxY)) found.add(this.#stretches[first + index].item);
    }
    return found;
  }
}

const NOTHING: readonly never[] = [];

function reachOf<T>({ ax, ay, bx, by, reachMetres }: Stretch<T>): Box {
  const a = boxAround(ax, ay, reachMetres);
  if (ax === bx && ay === by) return a;
  const b = boxAround(bx, by, reachMetres);
  // Between the ends the reach in degrees is never beyond the line between those of the ends.
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

/** Metres to the stretch; Infinity beyond its reach. */
function distanceWithin<T>({ ax, ay, bx, by, reachMetres }: Stretch<T>, x: number, y: number, metric: Metric): number {
  const about = segmentDistanceMetres(ax, ay, bx, by, x, y, metric);
  const isPoint = ax === bx && ay === by;
  // The local metric errs by less than this; the geodesic takes ten times as long.
  if (about > reachMetres * 1.01 + 0.1) return Infinity;
  const metres = isPoint ? geodesicMetres(ax, ay, x, y) : about;
  return metres <= reachMetres ? metres : Infinity;
}
