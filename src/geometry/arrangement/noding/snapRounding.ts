import Flatbush from 'flatbush';
import { orientation, type Shape } from '../../polygon.ts';
import type { Line } from '../line.ts';
import { crossingPixel, passesPixel, segmentsCross } from './hotPixel.ts';
import { NearEdges, treeOf } from './nearEdges.ts';
import { Segments } from './segments.ts';

/**
 * Snap rounding (Hobby 1999; Guibas and Marimont 1998) of some segments only. The bent segments are those of the lines
 * and, round by round, the edges that a bent segment crosses or touches, or that pass the unit square of a vertex of a
 * line. Hot are all vertices near them and the points
 * nearest to where bent segments cross. A bent segment becomes the path through the hot points whose unit square it
 * passes. Always rounded from the first drawing, so nothing drifts: every path stays within half a lattice step in x
 * and y of its segment. The bent segments then meet in common vertices only, by the theorem; that they meet the others
 * so is tested exactly after each round, and as the set of bent edges only grows, it ends.
 */
export class SnapRounding {
  readonly segments = new Segments();
  /** Segment → its vertices in order from its lower-numbered end; only those that got new ones. */
  readonly paths = new Map<number, readonly number[]>();
  private readonly near: NearEdges;
  private readonly bent = new Set<number>();
  private readonly drawn: number[] = [];
  private readonly hot = new Set<number>();
  /** Vertices of the lines. A place drawn on an edge may lie half a step beside it once on the lattice: it still meets it. */
  private readonly corners = new Set<number>();

  constructor(lines: readonly Line[], shapes: readonly Shape[]) {
    this.near = new NearEdges(this.segments, shapes);
    this.addLines(lines);
    for (let added: readonly number[] = this.drawn; added.length > 0; added = this.newlyMet()) {
      this.near.addAround(added);
      for (const segment of added) this.bent.add(segment);
      this.heatCrossings(added);
      this.bendAll();
    }
  }

  private addLines(lines: readonly Line[]): void {
    const seen = new Set<number>();
    const { vertices } = this.segments;
    for (const line of lines) {
      for (let i = 2; i < line.length; i += 2) {
        const a = vertices.numberOf(line[i - 2], line[i - 1]);
        const b = vertices.numberOf(line[i], line[i + 1]);
        if (a === b) continue;
        const segment = this.segments.numberOf(a, b);
        if (seen.has(segment)) continue;
        seen.add(segment);
        this.drawn.push(segment);
        this.hot.add(a).add(b);
        this.corners.add(a).add(b);
      }
    }
  }

  /** Where segments of the lines cross one another and the edges they bend; edges among themselves do not cross. */
  private heatCrossings(added: readonly number[]): void {
    const { segments } = this;
    const tree = treeOf(segments, this.drawn)!;
    for (const segment of added) {
      const place = segments.placeOf(segment);
      for (const found of tree.search(...segments.boxOf(segment))) {
        const other = segments.placeOf(this.drawn[found]);
        if (!segmentsCross(...place, ...other)) continue;
        this.hot.add(segments.vertices.numberOf(...crossingPixel(...place, ...other)));
      }
    }
  }

  private bendAll(): void {
    const { segments, near, hot } = this;
    for (const edge of near.found) hot.add(segments.ends.a[edge]).add(segments.ends.b[edge]);
    const points = [...hot];
    const tree = new Flatbush(points.length, 16, Int32Array);
    for (const point of points) tree.add(segments.x(point), segments.y(point));
    tree.finish();
    for (const segment of this.bent) {
      const place = segments.placeOf(segment);
      const path = tree.search(...segments.boxOf(segment), (found) =>
        passesPixel(...place, segments.x(points[found]), segments.y(points[found])),
      );
      if (path.length > 2)
        this.paths.set(
          segment,
          this.inOrder(
            path.map((found) => points[found]),
            place,
          ),
        );
    }
  }

  /** A segment passes unit squares in the order of their middles along its own direction. */
  private inOrder(points: number[], [ax, ay, bx, by]: readonly [number, number, number, number]): number[] {
    const [dx, dy] = [Math.sign(bx - ax), Math.sign(by - ay)];
    const { segments } = this;
    return points.sort((p, q) => dx * (segments.x(p) - segments.x(q)) || dy * (segments.y(p) - segments.y(q)));
  }

  /** Edges not bent so far that a piece of a path crosses, or on which it ends between their ends. */
  private newlyMet(): number[] {
    const { segments, near, bent } = this;
    const others = near.found.filter((edge) => !bent.has(edge));
    const tree = treeOf(segments, others);
    const met = new Set<number>();
    if (!tree) return [];
    const tryPiece = (a: number, b: number) => {
      const piece = [segments.x(a), segments.y(a), segments.x(b), segments.y(b)] as const;
      const box = [Math.min(piece[0], piece[2]), Math.min(piece[1], piece[3])] as const;
      tree.search(...box, Math.max(piece[0], piece[2]), Math.max(piece[1], piece[3]), (found) => {
        const edge = others[found];
        if (!met.has(edge) && this.isMet(edge, a, b, piece)) met.add(edge);
        return false;
      });
    };
    for (const segment of bent) {
      const path = this.paths.get(segment) ?? [segments.ends.a[segment], segments.ends.b[segment]];
      for (let i = 1; i < path.length; i++) tryPiece(path[i - 1], path[i]);
    }
    return [...met];
  }

  private isMet(edge: number, a: number, b: number, piece: readonly [number, number, number, number]): boolean {
    const { segments } = this;
    const place = segments.placeOf(edge);
    const [low, high] = [segments.ends.a[edge], segments.ends.b[edge]];
    const endsOn = (vertex: number) => {
      if (vertex === low || vertex === high) return false;
      const test = this.corners.has(vertex) ? passesPixel : liesOn;
      return test(...place, segments.x(vertex), segments.y(vertex));
    };
    return endsOn(a) || endsOn(b) || segmentsCross(...place, ...piece);
  }
}

function liesOn(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  if (x < Math.min(ax, bx) || x > Math.max(ax, bx) || y < Math.min(ay, by) || y > Math.max(ay, by)) return false;
  return orientation(ax, ay, bx, by, x, y) === 0;
}
