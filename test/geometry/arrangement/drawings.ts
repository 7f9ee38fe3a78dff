import { type Line, linesOf } from '../../../src/geometry/arrangement.ts';
import { dissolve } from '../../../src/geometry/coverage.ts';
import type { Ring, Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { jitteredPartition, seededRandom } from '../jitteredPartition.ts';

/** A town in two tiers, with a square outside of it, a polygon and lines drawn over it; `side` is how fine it is. */
export interface Drawing {
  /** Each an exact coverage, the upper the union of the lower. */
  readonly tiers: readonly (readonly Shape[])[];
  readonly shapes: readonly Shape[];
  readonly polygon: Shape;
  readonly lines: readonly Line[];
}

const COLUMNS = 4;
const ROWS = 3;

/** A ring of three vertices or more, turned around the origin at random radii; valid by construction but for rounding. */
function star(x: number, y: number, radius: number, count: number, random: () => number): Ring {
  const ring: number[] = [];
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * (i + 0.8 * random())) / count;
    const reach = radius * (0.4 + 0.6 * random());
    ring.push(Math.round(x + reach * Math.cos(angle)), Math.round(y + reach * Math.sin(angle)));
  }
  return Int32Array.from(ring);
}

function town(side: number, seed: number, random: () => number): Shape[][] {
  const x0 = random() < 0.5 ? 1_200_000_000 : -700;
  const parts = jitteredPartition({ columns: COLUMNS, rows: ROWS, side, pieces: 4, x0, y0: 300_000_000, seed });
  // An enclave: a grid in the middle of another one, which gets a hole.
  const host = parts[5][0];
  const [cx, cy] = [x0 + side * 1.5, 300_000_000 + side * 1.5];
  const enclave = star(cx, cy, side * 0.2, 7, random);
  if (!findRingFault([[enclave]]) && random() < 0.7) {
    parts[5] = [[...host, enclave.slice()]];
    parts.push([[enclave]]);
  }
  const merged = dissolve([parts[0], parts[7]]);
  const grids = [merged, ...parts.filter((_, i) => i !== 0 && i !== 7)];
  const members: Shape[][] = [[], []];
  grids.forEach((grid, i) => {
    members[i % 2].push(grid);
  });
  return [grids, members.map((each) => dissolve(each))];
}

/** A point of the kind that goes wrong: a vertex, the middle of an edge, beside a vertex, or anywhere. */
function pointNear(shapes: readonly Shape[], random: () => number, side: number): [number, number] {
  const ring = shapes[Math.floor(random() * shapes.length)][0][0];
  const i = 2 * Math.floor((random() * ring.length) / 2);
  const j = (i + 2) % ring.length;
  const kind = Math.floor(random() * 5);
  if (kind === 0) return [ring[i], ring[i + 1]];
  if (kind === 1) return [Math.round((ring[i] + ring[j]) / 2), Math.round((ring[i + 1] + ring[j + 1]) / 2)];
  if (kind === 2) return [ring[i] + Math.round(random() * 4 - 2), ring[i + 1] + Math.round(random() * 4 - 2)];
  return [ring[i] + Math.round((random() - 0.5) * side * 3), ring[i + 1] + Math.round((random() - 0.5) * side * 3)];
}

function lineThrough(shapes: readonly Shape[], random: () => number, side: number): Line {
  const places: number[] = [];
  const count = 2 + Math.floor(random() * 5);
  for (let k = 0; k < count; k++) places.push(...pointNear(shapes, random, side));
  if (random() < 0.5) {
    // Some way along a border, and beyond the end of an edge in its own direction.
    const ring = shapes[Math.floor(random() * shapes.length)][0][0];
    const from = 2 * Math.floor((random() * ring.length) / 4);
    places.push(...ring.subarray(from, from + 2 * Math.floor(1 + random() * 4)));
    const n = places.length;
    places.push(2 * places[n - 2] - places[n - 4], 2 * places[n - 1] - places[n - 3]);
  }
  if (random() < 0.2) places.push(places[0], places[1]);
  return Int32Array.from(places);
}

/** The drawing of a seed, or undefined where chance made something invalid. */
export function drawing(side: number, seed: number): Drawing | undefined {
  const random = seededRandom(seed);
  const tiers = town(side, seed, random);
  const grids = tiers[0];
  const [x, y] = pointNear(grids, random, side);
  const outer = star(x, y, side * (0.3 + random()), 3 + Math.floor(random() * 12), random);
  const island = star(x + Math.round(side * 2.6), y, side * 0.6, 5, random);
  const hole = star(x, y, side * 0.12, 5, random);
  const polygon: Shape = [random() < 0.5 ? [outer] : [outer, hole], ...(random() < 0.3 ? [[island]] : [])];
  const shapes = tiers.flat();
  if ([...shapes, polygon].some((shape) => shape.flat().some((ring) => ring.length < 6) || findRingFault(shape))) {
    return undefined;
  }
  const lines = Array.from({ length: Math.floor(random() * 3) }, () => lineThrough(grids, random, side));
  return { tiers, shapes, polygon, lines: [...linesOf(polygon), ...lines] };
}
