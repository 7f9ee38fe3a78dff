import type { Ring, Shape } from '../../src/geometry/polygon.ts';

/** A small seeded generator (mulberry32): the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface PartitionPlan {
  readonly columns: number;
  readonly rows: number;
  /** Side of a grid before it is bent, in lattice steps. */
  readonly side: number;
  /** Straight pieces of each of the four borders of a grid. */
  readonly pieces: number;
  readonly x0: number;
  readonly y0: number;
  readonly seed: number;
}

/** A partition of bent grids: neighbours share every vertex of their border, as a careful survey would give it. */
export function jitteredPartition(plan: PartitionPlan): Shape[] {
  const { columns, rows, side, pieces, x0, y0 } = plan;
  const random = seededRandom(plan.seed);
  const corners = Array.from({ length: (columns + 1) * (rows + 1) }, (_, i) => ({
    x: Math.round(x0 + ((i % (columns + 1)) + (random() - 0.5) * 0.4) * side),
    y: Math.round(y0 + (Math.floor(i / (columns + 1)) + (random() - 0.5) * 0.4) * side),
  }));
  const corner = (c: number, r: number) => corners[r * (columns + 1) + c];
  const bend = (a: { x: number; y: number }, b: { x: number; y: number }): number[] => {
    const line: number[] = [];
    const phase = random() * Math.PI * 2;
    const waves = 1 + random() * 2;
    for (let i = 0; i < pieces; i++) {
      const t = i / pieces;
      const off = 0.08 * Math.sin(Math.PI * t) * (Math.sin(phase + waves * Math.PI * t) + (random() - 0.5) * 0.3);
      line.push(Math.round(a.x + (b.x - a.x) * t - (b.y - a.y) * off));
      line.push(Math.round(a.y + (b.y - a.y) * t + (b.x - a.x) * off));
    }
    return [...line, b.x, b.y];
  };
  const across = Array.from({ length: columns * (rows + 1) }, (_, i) => {
    const [c, r] = [i % columns, Math.floor(i / columns)];
    return bend(corner(c, r), corner(c + 1, r));
  });
  const upward = Array.from({ length: (columns + 1) * rows }, (_, i) => {
    const [c, r] = [i % (columns + 1), Math.floor(i / (columns + 1))];
    return bend(corner(c, r), corner(c, r + 1));
  });
  return Array.from({ length: columns * rows }, (_, i) => {
    const [c, r] = [i % columns, Math.floor(i / columns)];
    return [[ringOf(across[i], upward[r * (columns + 1) + c + 1], across[i + columns], upward[r * (columns + 1) + c])]];
  });
}

/** Bottom and right forwards, top and left backwards, each without its last point. */
function ringOf(bottom: number[], right: number[], top: number[], left: number[]): Ring {
  const points: number[] = [];
  for (const line of [bottom, right]) points.push(...line.slice(0, -2));
  for (const line of [top, left]) for (let i = line.length - 2; i > 0; i -= 2) points.push(line[i], line[i + 1]);
  return Int32Array.from(points);
}

/** Place of a cell on the Hilbert curve of a square of 2^bits: groups along it are compact, so they serve as parents. */
export function hilbertPlace(column: number, row: number, bits: number): number {
  let [x, y, place] = [column, row, 0];
  for (let s = 2 ** (bits - 1); s >= 1; s /= 2) {
    const rx = (x & s) > 0 ? 1 : 0;
    const ry = (y & s) > 0 ? 1 : 0;
    place += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) [x, y] = [s - 1 - (x & (s - 1)), s - 1 - (y & (s - 1))];
      [x, y] = [y, x];
    }
    x &= s - 1;
    y &= s - 1;
  }
  return place;
}
