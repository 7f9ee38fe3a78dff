import { DomainError } from '../../errors.ts';
import { dissolve } from '../coverage.ts';
import { fromLattice } from '../lattice.ts';
import { boxOf, type Ring, type Shape } from '../polygon.ts';
import { findRingFault } from '../rings/ringFaults.ts';
import type { Line } from './line.ts';
import type { Segments } from './noding/segments.ts';
import { SnapRounding } from './noding/snapRounding.ts';

/** Lines with their nodes, and the way to put the same nodes into shapes. */
export interface Noding {
  /**
   * The lines as given, in their order, with every node put in and no vertex twice in a row. Rounding may make a line
   * touch itself or run back along itself, which is nothing to `arrange`. For a polygon as a shape take `replace`.
   */
  readonly lines: readonly Line[];
  /**
   * The shape with new vertices on its edges where lines meet it; the same object when nothing of it is met. Also for
   * a shape whose rings were given as lines. Where a neck or the end of a tip is thinner than a lattice step (1 cm) and
   * rounds to nothing, the shape is without it. Throws BAD_BOUNDARY with the place when nothing of it is left.
   */
  replace(shape: Shape): Shape;
}

/** Nodes by number as they replace edges: the same path for an edge in whichever shape and direction it is met. */
class Paths implements Noding {
  readonly lines: readonly Line[];
  private readonly segments: Segments;
  private readonly paths: ReadonlyMap<number, readonly number[]>;
  private readonly zone = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };

  constructor(lines: readonly Line[], { segments, paths }: SnapRounding) {
    this.segments = segments;
    this.paths = paths;
    for (const segment of paths.keys()) {
      const [minX, minY, maxX, maxY] = segments.boxOf(segment);
      this.zone.minX = Math.min(this.zone.minX, minX);
      this.zone.minY = Math.min(this.zone.minY, minY);
      this.zone.maxX = Math.max(this.zone.maxX, maxX);
      this.zone.maxY = Math.max(this.zone.maxY, maxY);
    }
    this.lines = lines.map((line) => this.placesOf(this.walk(line)));
  }

  replace(shape: Shape): Shape {
    const { zone } = this;
    const box = boxOf(shape);
    if (box.minX > zone.maxX || box.maxX < zone.minX || box.minY > zone.maxY || box.maxY < zone.minY) return shape;
    const added = new Set<number>();
    const replaced = shape.map((polygon) => polygon.map((ring) => this.replaceRing(ring, added)));
    if (added.size === 0) return shape;
    return this.touchesItself(replaced, added) ? mended(replaced) : replaced;
  }

  private replaceRing(ring: Ring, added: Set<number>): Ring {
    const n = ring.length;
    const { vertices } = this.segments;
    const first = vertices.find(ring[0], ring[1]);
    let at = first;
    let path: number[] | undefined;
    for (let i = 0; i < n; i += 2) {
      const next = i + 2 === n ? first : vertices.find(ring[i + 2], ring[i + 3]);
      const nodes = at === -1 || next === -1 ? undefined : this.paths.get(this.segments.find(at, next));
      if (nodes) {
        path ??= Array.from(ring.subarray(0, i));
        path.push(ring[i], ring[i + 1]);
        for (const node of inner(nodes, at)) {
          added.add(node);
          path.push(this.segments.x(node), this.segments.y(node));
        }
      } else path?.push(ring[i], ring[i + 1]);
      at = next;
    }
    return path ? Int32Array.from(path) : ring;
  }

  /** Without new vertices that come twice the rings touch no more than they did: pieces meet in common vertices only. */
  private touchesItself(shape: Shape, added: ReadonlySet<number>): boolean {
    const seen = new Set<number>();
    for (const ring of shape.flat()) {
      for (let i = 0; i < ring.length; i += 2) {
        const vertex = this.segments.vertices.find(ring[i], ring[i + 1]);
        if (!added.has(vertex)) continue;
        if (seen.has(vertex)) return true;
        seen.add(vertex);
      }
    }
    return false;
  }

  private walk(line: Line): number[] {
    const { vertices } = this.segments;
    const walk: number[] = [];
    for (let i = 0; i < line.length; i += 2) {
      const vertex = vertices.find(line[i], line[i + 1]);
      const before = walk.at(-1);
      if (vertex === before) continue;
      const nodes = before === undefined ? undefined : this.paths.get(this.segments.find(before, vertex));
      if (nodes) walk.push(...inner(nodes, before!));
      walk.push(vertex);
    }
    return walk;
  }

  private placesOf(walk: readonly number[]): Line {
    return Int32Array.from(walk.flatMap((vertex) => [this.segments.x(vertex), this.segments.y(vertex)]));
  }
}

/** The vertices of a path between its ends, seen from one of them. */
function inner(path: readonly number[], from: number): number[] {
  const between = path.slice(1, -1);
  return path[0] === from ? between : between.reverse();
}

/** The rings again without what cancels: stretches that run back along others, and vertices passed twice. */
function mended(shape: Shape): Shape {
  const [x, y] = shape[0][0];
  const rings = dissolve([shape]);
  const fault = rings.length === 0 ? { x, y } : findRingFault(rings);
  if (!fault) return rings;
  const place = { lon: fromLattice(fault.x), lat: fromLattice(fault.y) };
  const message =
    `boundary: the shape at ${place.lon}, ${place.lat} is thinner there than the lattice of 1e-7 degree (1 cm) ` +
    'and would round to nothing where the line meets it. Draw the line away from it, or give the shape some width.';
  throw new DomainError('BAD_BOUNDARY', message, place);
}

/**
 * Nodes lines into shapes that form exact coverages (`findCoverageFaults` finds nothing; several tiers may be given at
 * once, as their edges coincide). Afterwards lines and shapes meet in common vertices only. An edge that a line meets
 * becomes the same path in every shape that has it, within half a lattice step (6 mm) in x and y of where it was. No
 * vertex moves, and edges that nothing meets never change. A vertex of a line within half a step of an edge meets it.
 * Shapes that cross one another are not for this: give one of them as lines.
 */
export function nodeInto(lines: readonly Line[], shapes: readonly Shape[]): Noding {
  return new Paths(lines, new SnapRounding(lines, shapes));
}
