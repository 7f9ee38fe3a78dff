import { orientation, type Shape } from '../../src/geometry/polygon.ts';

/** Directed edges of shapes as `ax ay bx by`, in order, repeats included. */
export function directedEdges(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) =>
    shape.flatMap((polygon) =>
      polygon.flatMap((ring) => {
        const edges: string[] = [];
        for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
          edges.push(`${ring[j]} ${ring[j + 1]} ${ring[i]} ${ring[i + 1]}`);
        }
        return edges;
      }),
    ),
  );
}

/** The edges that no neighbour shares, sorted: the outline of an exact coverage. */
export function outline(shapes: readonly Shape[]): string[] {
  const edges = new Set(directedEdges(shapes));
  const reversed = (edge: string) => {
    const [ax, ay, bx, by] = edge.split(' ');
    return `${bx} ${by} ${ax} ${ay}`;
  };
  return [...edges].filter((edge) => !edges.has(reversed(edge))).sort();
}

/** Twice the area in lattice units around an origin near the city, holes taken off; exact. */
export function doubleArea(shape: Shape): number {
  const [x0, y0] = [1_052_000_000, 252_000_000];
  let area = 0;
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      area += (ring[j] - x0) * (ring[i + 1] - y0) - (ring[i] - x0) * (ring[j + 1] - y0);
    }
  }
  return area;
}

export type Segment = readonly [ax: number, ay: number, bx: number, by: number];

/** Pairs of segments that meet anywhere but in a shared end, found exactly. */
export function crossings(segments: readonly Segment[], cell: number): [Segment, Segment][] {
  const cells = new Map<string, Segment[]>();
  const found: [Segment, Segment][] = [];
  for (const segment of segments) {
    const [ax, ay, bx, by] = segment;
    for (let x = Math.floor(Math.min(ax, bx) / cell); x <= Math.floor(Math.max(ax, bx) / cell); x++) {
      for (let y = Math.floor(Math.min(ay, by) / cell); y <= Math.floor(Math.max(ay, by) / cell); y++) {
        const here = cells.get(`${x} ${y}`) ?? [];
        for (const other of here) if (clash(segment, other)) found.push([segment, other]);
        here.push(segment);
        cells.set(`${x} ${y}`, here);
      }
    }
  }
  return found;
}

function clash(first: Segment, second: Segment): boolean {
  const [ax, ay, bx, by] = first;
  const [cx, cy, dx, dy] = second;
  const c = Math.sign(orientation(ax, ay, bx, by, cx, cy));
  const d = Math.sign(orientation(ax, ay, bx, by, dx, dy));
  const a = Math.sign(orientation(cx, cy, dx, dy, ax, ay));
  const b = Math.sign(orientation(cx, cy, dx, dy, bx, by));
  if (c * d < 0 && a * b < 0) return true;
  const within = (segment: Segment, px: number, py: number) =>
    Math.min(segment[0], segment[2]) <= px &&
    px <= Math.max(segment[0], segment[2]) &&
    Math.min(segment[1], segment[3]) <= py &&
    py <= Math.max(segment[1], segment[3]) &&
    !(segment[0] === px && segment[1] === py) &&
    !(segment[2] === px && segment[3] === py);
  return (
    (c === 0 && within(first, cx, cy)) ||
    (d === 0 && within(first, dx, dy)) ||
    (a === 0 && within(second, ax, ay)) ||
    (b === 0 && within(second, bx, by))
  );
}
