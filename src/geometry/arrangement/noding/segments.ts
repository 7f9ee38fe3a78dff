import { PairNumbers } from '../../coverage/pairNumbers.ts';

/** Vertices and undirected segments by number: equal ones have one number, whatever shape or line they come from. */
export class Segments {
  readonly vertices = new PairNumbers(1024);
  /** Segment → its ends, the lower vertex number first. */
  readonly ends = new PairNumbers(1024);

  get count(): number {
    return this.ends.count;
  }

  numberOf(a: number, b: number): number {
    return this.ends.numberOf(Math.min(a, b), Math.max(a, b));
  }

  /** The segment between two vertices, -1 if there is none. */
  find(a: number, b: number): number {
    return this.ends.find(Math.min(a, b), Math.max(a, b));
  }

  x(vertex: number): number {
    return this.vertices.a[vertex];
  }

  y(vertex: number): number {
    return this.vertices.b[vertex];
  }

  /** Both ends of a segment: ax, ay, bx, by. */
  placeOf(segment: number): [ax: number, ay: number, bx: number, by: number] {
    const [a, b] = [this.ends.a[segment], this.ends.b[segment]];
    return [this.x(a), this.y(a), this.x(b), this.y(b)];
  }

  /** minX, minY, maxX, maxY. */
  boxOf(segment: number): [minX: number, minY: number, maxX: number, maxY: number] {
    const [ax, ay, bx, by] = this.placeOf(segment);
    return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
  }
}
