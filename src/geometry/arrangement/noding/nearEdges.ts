import Flatbush from 'flatbush';
import { boxOf, orientation, type Ring, type Shape } from '../../polygon.ts';
import type { Segments } from './segments.ts';

/** A tree over the boxes of segments; undefined over none. */
export function treeOf(segments: Segments, numbers: readonly number[]): Flatbush | undefined {
  if (numbers.length === 0) return undefined;
  const tree = new Flatbush(numbers.length, 16, Int32Array);
  for (const segment of numbers) tree.add(...segments.boxOf(segment));
  tree.finish();
  return tree;
}

type Box = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** Whether the line through two points passes a box: its corners do not all lie on one side. */
function passesBox(
  [ax, ay, bx, by]: readonly [number, number, number, number],
  ...[minX, minY, maxX, maxY]: Box
): boolean {
  // Only the two corners farthest to either side of the line count: which, its slope tells.
  const [northX, southX] = bx > ax === by > ay ? [minX, maxX] : [maxX, minX];
  const north = orientation(ax, ay, bx, by, northX, maxY);
  const south = orientation(ax, ay, bx, by, southX, minY);
  return (north >= 0 && south <= 0) || (north <= 0 && south >= 0);
}

/** The edges of shapes that come near some segments, found as they are asked for, so that far shapes cost only a box. */
export class NearEdges {
  /** Numbers of the edges found so far, each once. */
  readonly found: number[] = [];
  private readonly known = new Set<number>();
  private readonly segments: Segments;
  private readonly shapes: readonly Shape[];
  private readonly boxes: Flatbush | undefined;

  constructor(segments: Segments, shapes: readonly Shape[]) {
    this.segments = segments;
    this.shapes = shapes.filter((shape) => shape.length > 0);
    if (this.shapes.length === 0) return;
    this.boxes = new Flatbush(this.shapes.length, 16, Int32Array);
    for (const shape of this.shapes) {
      const { minX, minY, maxX, maxY } = boxOf(shape);
      this.boxes.add(minX, minY, maxX, maxY);
    }
    this.boxes.finish();
  }

  /** Adds every edge that comes within a step of one of these segments, and some more. */
  addAround(numbers: readonly number[]): void {
    const tree = treeOf(this.segments, numbers);
    if (!tree || !this.boxes) return;
    const near = new Set<number>();
    for (const segment of numbers) {
      for (const shape of this.boxes.search(...this.segments.boxOf(segment))) near.add(shape);
    }
    const zone = [tree.minX, tree.minY, tree.maxX, tree.maxY] as const;
    for (const shape of near) for (const ring of this.shapes[shape].flat()) this.addRing(ring, tree, numbers, zone);
  }

  private addRing(ring: Ring, tree: Flatbush, numbers: readonly number[], zone: Box): void {
    const [minX, minY, maxX, maxY] = zone;
    let ax = ring[ring.length - 2];
    let ay = ring[ring.length - 1];
    for (let i = 0; i < ring.length; i += 2) {
      const [px, py] = [ax, ay];
      ax = ring[i];
      ay = ring[i + 1];
      const [westX, eastX] = px < ax ? [px, ax] : [ax, px];
      const [southY, northY] = py < ay ? [py, ay] : [ay, py];
      if (westX > maxX || eastX < minX || southY > maxY || northY < minY) continue;
      const passes = (found: number) =>
        passesBox(this.segments.placeOf(numbers[found]), westX - 1, southY - 1, eastX + 1, northY + 1);
      if (tree.search(westX, southY, eastX, northY, passes).length === 0) continue;
      const { vertices } = this.segments;
      const edge = this.segments.numberOf(vertices.numberOf(px, py), vertices.numberOf(ax, ay));
      if (this.known.has(edge)) continue;
      this.known.add(edge);
      this.found.push(edge);
    }
  }
}
