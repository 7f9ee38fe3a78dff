import type { GridPlan } from '../../seeds/plan.type.ts';
import { eachEdge } from '../../src/exchange/borders/faceTable.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import type { Town } from './demoTown.ts';

type Spot = readonly [x: number, y: number];

/** The grids right below a grid by its code, in the order of the plan. */
export function partsOf({ plan }: Town, code: string): GridPlan[] {
  const grid = plan.grids.find(({ codes }) => codes[0].code === code)!;
  return plan.grids.filter(({ parentId }) => parentId === grid.id);
}

/** Two of the grids that share a straight stretch of border of at least some 40 m with its middle on the lattice, and that middle. */
export function borderIn(grids: readonly GridPlan[]): {
  readonly one: GridPlan;
  readonly two: GridPlan;
  readonly spot: Spot;
} {
  for (const [i, one] of grids.entries()) {
    const own = new Set<string>();
    eachEdge(one.boundary, (key) => own.add(key));
    for (const two of grids.slice(i + 1)) {
      let longest = { key: '', metres: 40 };
      eachEdge(two.boundary, (key, metres) => {
        if (own.has(key) && metres > longest.metres && hasMiddle(key)) longest = { key, metres };
      });
      if (longest.key === '') continue;
      const [ax, ay, bx, by] = longest.key.split(' ').map(Number);
      return { one, two, spot: [(ax + bx) / 2, (ay + by) / 2] };
    }
  }
  throw new Error('No two of the grids share a border');
}

/** Not from west to east, so that a line of one latitude crosses it. */
function hasMiddle(key: string): boolean {
  const [ax, ay, bx, by] = key.split(' ').map(Number);
  return (ax + bx) % 2 === 0 && (ay + by) % 2 === 0 && Math.abs(by - ay) > 1000;
}

/** A line of one latitude with the spot in its middle: halves of it are equal, which halves of an area never quite are. */
export function acrossFrom([x, y]: Spot, half: number): object {
  return { type: 'LineString', coordinates: [-half, half].map((dx) => [fromLattice(x + dx), fromLattice(y)]) };
}

/** A polygon of so many corners around a spot, `radius` in lattice steps of about 1 cm; the same turned by half a turn. */
export function around([x, y]: Spot, radius: number, corners = 32): object {
  const half = Array.from({ length: corners / 2 }, (_, i): Spot => {
    const angle = (2 * Math.PI * i) / corners;
    return [Math.round(radius * Math.cos(angle)), Math.round(radius * Math.sin(angle))];
  });
  const ring = [...half, ...half.map(([dx, dy]): Spot => [-dx, -dy])];
  const positions = [...ring, ring[0]].map(([dx, dy]) => [fromLattice(x + dx), fromLattice(y + dy)]);
  return { type: 'Polygon', coordinates: [positions] };
}

/** The spot moved by a part of the way towards a place. */
export function towards([x, y]: Spot, { point }: { point: { lon: number; lat: number } }, part: number): Spot {
  const move = (from: number, to: number) => Math.round(from + (to * 1e7 - from) * part);
  return [move(x, point.lon), move(y, point.lat)];
}
