import { orientation, type Shape } from '../../src/geometry/polygon.ts';

/** Half-open: an edge belongs to one side only. Closed, as plain polygons are: to both. */
export type Rule = 'half-open' | 'closed';

const STRIP = 1024;
const NUMBERS_AN_EDGE = 5;
const NO_EDGES = new Int32Array();
const INSIDE = 1;
const ON = 2;
const MET = 4;

/**
 * Which shapes hold a point, worked out apart from the index of the house: every edge of every shape stands in the
 * horizontal strips it crosses, and a point is tried against all edges of its strip.
 */
export class EdgeStrips {
  readonly #rule: Rule;
  readonly #strips = new Map<number, Int32Array>();
  /** What is known of each shape while a point is tried. */
  readonly #marks: Uint8Array;

  constructor(shapes: readonly Shape[], rule: Rule) {
    this.#rule = rule;
    this.#marks = new Uint8Array(shapes.length);
    const strips = new Map<number, number[]>();
    shapes.forEach((shape, number) => {
      for (const ring of shape.flat()) {
        for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
          addEdge(strips, number, [ring[j], ring[j + 1], ring[i], ring[i + 1]]);
        }
      }
    });
    for (const [strip, edges] of strips) this.#strips.set(strip, Int32Array.from(edges));
  }

  /** Numbers of the shapes that hold the lattice point. */
  holders(x: number, y: number): number[] {
    const marks = this.#marks;
    const met: number[] = [];
    const edges = this.#strips.get(Math.floor(y / STRIP)) ?? NO_EDGES;
    for (let i = 0; i < edges.length; i += NUMBERS_AN_EDGE) {
      const lowX = edges[i + 1];
      const lowY = edges[i + 2];
      const highX = edges[i + 3];
      const highY = edges[i + 4];
      if (y < lowY || y > highY || (x > lowX && x > highX)) continue;
      const shape = edges[i];
      const side = orientation(lowX, lowY, highX, highY, x, y);
      const isOn = side === 0 && x >= Math.min(lowX, highX) && x <= Math.max(lowX, highX);
      const isCrossed = y < highY && side > 0;
      if (!isOn && !isCrossed) continue;
      if (marks[shape] === 0) met.push(shape);
      marks[shape] |= isOn ? MET | ON : MET;
      if (isCrossed) marks[shape] ^= INSIDE;
    }
    const wanted = this.#rule === 'closed' ? INSIDE | ON : INSIDE;
    const found = met.filter((shape) => (marks[shape] & wanted) !== 0);
    for (const shape of met) marks[shape] = 0;
    return found;
  }
}

/** An edge is kept with its lower end first, so that its direction makes no difference. */
function addEdge(strips: Map<number, number[]>, shape: number, [ax, ay, bx, by]: readonly number[]): void {
  const edge = ay < by ? [shape, ax, ay, bx, by] : [shape, bx, by, ax, ay];
  for (let strip = Math.floor(edge[2] / STRIP); strip <= Math.floor(edge[4] / STRIP); strip++) {
    const edges = strips.get(strip);
    if (edges) edges.push(...edge);
    else strips.set(strip, edge.slice());
  }
}
