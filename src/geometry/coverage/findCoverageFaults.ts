import Flatbush from 'flatbush';
import { boxOf, orientation, type Shape } from '../polygon.ts';
import { balanceOf, buildEdgeGraph, type EdgeGraph, holdsHalfStep } from './edgeGraph.ts';

/** What is wrong between two shapes of one tier, and where (lattice numbers). */
export interface CoverageFault {
  /**
   * OVERLAP: they share an edge with both on the same side of it, or one lies inside the other.
   * T_JUNCTION: a vertex of one lies on an edge of the other between that edge's ends.
   * CROSSING: their borders cross; the place is the lattice point nearest to the crossing.
   */
  readonly kind: 'OVERLAP' | 'T_JUNCTION' | 'CROSSING';
  /** The two shapes by number, the lower first. */
  readonly shapes: readonly [number, number];
  readonly x: number;
  readonly y: number;
}

/** Collects faults, each once: an overlap once for two shapes, the other kinds once for two shapes and a place. */
class Faults {
  readonly list: CoverageFault[] = [];
  private readonly seen = new Set<string>();
  private readonly atMost: number;

  constructor(atMost: number) {
    this.atMost = atMost;
  }

  get full(): boolean {
    return this.list.length >= this.atMost;
  }

  add(kind: CoverageFault['kind'], a: number, b: number, x: number, y: number): void {
    const shapes = a < b ? ([a, b] as const) : ([b, a] as const);
    const key = kind === 'OVERLAP' ? shapes.join() : `${kind} ${shapes} ${x} ${y}`;
    if (a === b || this.full || this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push({ kind, shapes, x, y });
  }

  /** A fault between every shape on one border and every shape on another. */
  addBetween(graph: EdgeGraph, kind: CoverageFault['kind'], p: number, q: number, x: number, y: number): void {
    for (let e = graph.firstEdge[p]; e !== -1; e = graph.nextEdge[e]) {
      for (let f = graph.firstEdge[q]; f !== -1; f = graph.nextEdge[f]) {
        this.add(kind, graph.shape[e], graph.shape[f], x, y);
      }
    }
  }
}

function findSameSide(graph: EdgeGraph, faults: Faults): void {
  const { from, nextEdge, firstEdge, shape, x, y } = graph;
  for (let border = 0; border < graph.borderCount; border++) {
    for (let e = firstEdge[border]; e !== -1; e = nextEdge[e]) {
      for (let f = nextEdge[e]; f !== -1; f = nextEdge[f]) {
        if (from[e] === from[f]) faults.add('OVERLAP', shape[e], shape[f], x[from[e]], y[from[e]]);
      }
    }
  }
}

/** Borders that are not cancelled by a neighbour: the outer border of what the shapes cover, in an exact coverage. */
function openBorders(graph: EdgeGraph): Uint8Array {
  const open = new Uint8Array(graph.borderCount);
  for (let border = 0; border < graph.borderCount; border++) open[border] = balanceOf(graph, border) === 0 ? 0 : 1;
  return open;
}

function findTouches(graph: EdgeGraph, open: Uint8Array, faults: Faults): void {
  const { x, y, from, to, firstEdge, borderCount } = graph;
  const numbers: number[] = [];
  for (let border = 0; border < borderCount; border++) if (open[border]) numbers.push(border);
  if (numbers.length === 0) return;
  const tree = new Flatbush(numbers.length, 16, Int32Array);
  const boxOfBorder = (border: number) => {
    const [a, b] = [from[firstEdge[border]], to[firstEdge[border]]];
    return [Math.min(x[a], x[b]), Math.min(y[a], y[b]), Math.max(x[a], x[b]), Math.max(y[a], y[b])] as const;
  };
  for (const border of numbers) tree.add(...boxOfBorder(border));
  tree.finish();
  for (let border = 0; border < borderCount && !faults.full; border++) {
    tree.search(...boxOfBorder(border), (found) => {
      const other = numbers[found];
      // Two open borders meet twice in this search.
      if (other !== border && !(open[border] && other < border)) compare(graph, border, other, faults);
      return false;
    });
  }
}

function compare(graph: EdgeGraph, p: number, q: number, faults: Faults): void {
  const { x, y, from, to, firstEdge } = graph;
  const [a, b] = [from[firstEdge[p]], to[firstEdge[p]]];
  const [c, d] = [from[firstEdge[q]], to[firstEdge[q]]];
  const side = (i: number, j: number, v: number) => Math.sign(orientation(x[i], y[i], x[j], y[j], x[v], y[v]));
  const [sideC, sideD, sideA, sideB] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  const touch = (on: number, i: number, j: number, v: number) => {
    if (on !== 0 || v === i || v === j || !isBetween(graph, i, j, v)) return;
    faults.addBetween(graph, 'T_JUNCTION', p, q, x[v], y[v]);
  };
  touch(sideC, a, b, c);
  touch(sideD, a, b, d);
  touch(sideA, c, d, a);
  touch(sideB, c, d, b);
  if (sideC * sideD < 0 && sideA * sideB < 0) {
    // Only to name the place: rounding does not matter here.
    const [abX, abY, cdX, cdY] = [x[b] - x[a], y[b] - y[a], x[d] - x[c], y[d] - y[c]];
    const t = ((x[c] - x[a]) * cdY - (y[c] - y[a]) * cdX) / (abX * cdY - abY * cdX);
    faults.addBetween(graph, 'CROSSING', p, q, Math.round(x[a] + t * abX), Math.round(y[a] + t * abY));
  }
}

/** Whether a vertex on the line of an edge lies within the box of the edge. */
function isBetween({ x, y }: EdgeGraph, i: number, j: number, v: number): boolean {
  return (
    Math.min(x[i], x[j]) <= x[v] &&
    x[v] <= Math.max(x[i], x[j]) &&
    Math.min(y[i], y[j]) <= y[v] &&
    y[v] <= Math.max(y[i], y[j])
  );
}

/**
 * Finds shapes that lie inside others without touching their edges. One edge of each chain of open borders is enough:
 * nothing else ends at the vertices within a chain, so what lies to its right does not change along it.
 */
function findInside(graph: EdgeGraph, open: Uint8Array, shapes: readonly Shape[], faults: Faults): void {
  const { x, y, from, to, shape, border, uses } = graph;
  const tree = new Flatbush(Math.max(1, shapes.length), 16, Int32Array);
  for (const each of shapes) {
    const box = each.length > 0 ? boxOf(each) : { minX: 0, minY: 0, maxX: 0, maxY: 0 };
    tree.add(box.minX, box.minY, box.maxX, box.maxY);
  }
  if (shapes.length === 0) return;
  tree.finish();
  for (let e = 0; e < graph.edgeCount && !faults.full; e++) {
    const continues = e > 0 && open[border[e - 1]] && to[e - 1] === from[e] && uses[from[e]] === 1;
    if (!open[border[e]] || continues) continue;
    const [px, py] = [x[from[e]] + x[to[e]], y[from[e]] + y[to[e]]];
    for (const other of tree.search(Math.floor(px / 2), Math.floor(py / 2), Math.ceil(px / 2), Math.ceil(py / 2))) {
      if (other === shape[e] || !holdsHalfStep(shapes[other], px, py)) continue;
      faults.add('OVERLAP', shape[e], other, x[from[e]], y[from[e]]);
    }
  }
}

/**
 * Whether shapes of one tier form an exact coverage: none shares any inner point with another, and where two meet they
 * share whole edges. No faults means so; gaps are not faults, nor are shapes that touch in a common vertex. Each shape
 * alone is taken to be valid; faults of a shape with itself are not looked for. Stops after `atMost` faults.
 *
 * Edges used in both directions cancel. If any place were covered twice, some edge that is left over would have another
 * shape on its right; so only left-over edges are compared with others, and an exact layer costs little more than the
 * reading of it.
 */
export function findCoverageFaults(shapes: readonly Shape[], atMost = Number.POSITIVE_INFINITY): CoverageFault[] {
  const graph = buildEdgeGraph(shapes);
  const faults = new Faults(atMost);
  findSameSide(graph, faults);
  const open = openBorders(graph);
  findTouches(graph, open, faults);
  findInside(graph, open, shapes, faults);
  return faults.list;
}
