import { orientation, type Shape } from '../polygon.ts';
import { type RingPlace, RingTree } from './ringTree.ts';

/** A fault of `ring` with `other` (the same one where it clashes with itself), seen at the vertex (x, y). */
export interface RingFault {
  readonly code: 'SELF_INTERSECTION' | 'RINGS_CROSS' | 'HOLE_OUTSIDE' | 'POLYGONS_OVERLAP' | 'INTERIOR_CUT';
  readonly ring: RingPlace;
  readonly other: RingPlace;
  readonly x: number;
  readonly y: number;
}

/**
 * The first fault that keeps a shape from being a valid multipolygon as OGC Simple Features has it (and ST_IsValid
 * judges), exact on the lattice: a ring that crosses or touches itself, rings that cross or run along each other, a
 * hole outside its outer ring, polygons that overlap, holes that cut the interior in two. Rings may touch in points.
 *
 * One sweep from west to east (Shamos and Hoey, ended by its first fault): n log n whatever the input. Every ring needs
 * three distinct vertices and no two equal ones in a row.
 */
export function findRingFault(shape: Shape): RingFault | undefined {
  return new Sweep(shape).run();
}

/** An edge has the number of the vertex it starts from; "west" and "east" are its ends in the order of the sweep. */
class Sweep {
  private readonly places: RingPlace[] = [];
  private readonly xs: number[] = [];
  private readonly ys: number[] = [];
  private readonly ringOf: number[] = [];
  private readonly following: number[] = [];
  private readonly leading: number[] = [];
  /** Edges that cut the sweep line, from south to north. */
  private readonly status: number[] = [];
  private readonly tree = new RingTree(this.places);

  constructor(shape: Shape) {
    shape.forEach((polygon, p) => {
      polygon.forEach((ring, r) => {
        const first = this.xs.length;
        const count = ring.length / 2;
        for (let i = 0; i < count; i++) {
          this.xs.push(ring[2 * i]);
          this.ys.push(ring[2 * i + 1]);
          this.ringOf.push(this.places.length);
          this.following.push(first + ((i + 1) % count));
          this.leading.push(first + ((i + count - 1) % count));
        }
        this.places.push({ polygon: p, ring: r });
      });
    });
  }

  run(): RingFault | undefined {
    const order = Uint32Array.from(this.xs.keys()).sort((a, b) => this.compare(a, b));
    for (let from = 0, to = 0; from < order.length; from = to) {
      while (to < order.length && this.compare(order[from], order[to]) === 0) to++;
      const fault = this.meet(order.subarray(from, to));
      if (fault) return fault;
    }
    const found = this.tree.fault();
    return found && this.clash(found.ring, found.other, found.vertex, found.code);
  }

  private compare(a: number, b: number): number {
    return this.xs[a] - this.xs[b] || this.ys[a] - this.ys[b];
  }

  private rises(edge: number): boolean {
    return this.compare(edge, this.following[edge]) < 0;
  }

  private west(edge: number): number {
    return this.rises(edge) ? edge : this.following[edge];
  }

  private east(edge: number): number {
    return this.rises(edge) ? this.following[edge] : edge;
  }

  /** Positive when vertex v lies north of the line from a east to b. */
  private side(a: number, b: number, v: number): number {
    return orientation(this.xs[a], this.ys[a], this.xs[b], this.ys[b], this.xs[v], this.ys[v]);
  }

  private clash(a: number, b: number, v: number, code?: RingFault['code']): RingFault {
    const together = this.places[a].polygon === this.places[b].polygon;
    const kind = code ?? (a === b ? 'SELF_INTERSECTION' : together ? 'RINGS_CROSS' : 'POLYGONS_OVERLAP');
    return { code: kind, ring: this.places[a], other: this.places[b], x: this.xs[v], y: this.ys[v] };
  }

  /** One step: all vertices at one point replace the edges that reach it by those that leave it. */
  private meet(vertices: Uint32Array): RingFault | undefined {
    const v = vertices[0];
    const from = this.firstEdgeNotBelow(v);
    let to = from;
    while (to < this.status.length && this.side(this.west(this.status[to]), this.east(this.status[to]), v) === 0) to++;
    const incoming = this.status.slice(from, to);
    const outgoing = incoming.filter((edge) => this.compare(this.east(edge), v) !== 0);
    for (const vertex of vertices) {
      for (const edge of [vertex, this.leading[vertex]]) if (this.west(edge) === vertex) outgoing.push(edge);
    }
    outgoing.sort((a, b) => this.side(v, this.east(b), this.east(a)));
    this.status.splice(from, to - from, ...outgoing);
    this.nest(v, outgoing, this.status[from - 1]);
    return (
      this.overlapAt(v, outgoing) ??
      (incoming.length + outgoing.length > 2 ? this.contactAt(v, incoming, outgoing) : undefined) ??
      this.crossing(v, from) ??
      (outgoing.length > 0 ? this.crossing(v, from + outgoing.length) : undefined)
    );
  }

  private firstEdgeNotBelow(v: number): number {
    let low = 0;
    let high = this.status.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const edge = this.status[middle];
      if (this.side(this.west(edge), this.east(edge), v) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Two edges that leave the point in one direction run along each other. */
  private overlapAt(v: number, outgoing: readonly number[]): RingFault | undefined {
    for (let i = 1; i < outgoing.length; i++) {
      const [a, b] = [outgoing[i - 1], outgoing[i]];
      if (this.side(v, this.east(a), this.east(b)) === 0) return this.clash(this.ringOf[a], this.ringOf[b], v);
    }
    return undefined;
  }

  /** Going once around a point where rings meet: none may come twice, and no two may alternate (they would cross). */
  private contactAt(v: number, incoming: readonly number[], outgoing: readonly number[]): RingFault | undefined {
    const open: number[] = [];
    const ends = new Map<number, number>();
    for (const edge of [...outgoing, ...incoming.toReversed()]) {
      const ring = this.ringOf[edge];
      const count = (ends.get(ring) ?? 0) + 1;
      if (count > 2) return this.clash(ring, ring, v);
      ends.set(ring, count);
      if (open.at(-1) === ring) open.pop();
      else open.push(ring);
    }
    if (open.length > 0) return this.clash(open[0], open[1], v);
    this.tree.touch([...ends.keys()], v);
    return undefined;
  }

  /** Whether the edges at this place of the status and the one before it cross between their ends. */
  private crossing(v: number, index: number): RingFault | undefined {
    const a = this.status[index - 1];
    const b = this.status[index];
    if (a === undefined || b === undefined) return undefined;
    const apart = (edge: number, other: number) =>
      this.side(this.west(edge), this.east(edge), this.west(other)) *
        this.side(this.west(edge), this.east(edge), this.east(other)) >=
      0;
    return apart(a, b) || apart(b, a) ? undefined : this.clash(this.ringOf[a], this.ringOf[b], v);
  }

  /** A ring met for the first time lies inside the ring of the edge below it, or beside it. */
  private nest(v: number, outgoing: readonly number[], below: number | undefined): void {
    let under = below;
    for (const edge of outgoing) {
      const region = under === undefined ? undefined : this.tree.regionAbove(this.ringOf[under], this.rises(under));
      this.tree.enter(this.ringOf[edge], v, this.rises(edge), region);
      under = edge;
    }
  }
}
