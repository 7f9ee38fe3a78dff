import { pathToFileURL } from 'node:url';
import Flatbush from 'flatbush';
import { dissolve, findCoverageFaults } from '../src/geometry/coverage.ts';
import { buildPointIndex, type IndexRow } from '../src/geometry/pointIndex.ts';
import { boxOf, containsPoint, countVertices, type Shape } from '../src/geometry/polygon.ts';
import { hilbertPlace, jitteredPartition, seededRandom } from '../test/geometry/jitteredPartition.ts';

const PLAN = { columns: 250, rows: 200, side: 20_000, pieces: 14, x0: 1_139_000_000, y0: 226_000_000, seed: 1 };
const UPPER_TIERS = [3_475, 118, 10, 1];
const LOOKUPS = 1_000_000;
const RUNS = 5;

/** All times are CPU time. */
export interface PointIndexFigures {
  readonly grids: number;
  readonly verticesPerGrid: number;
  readonly rows: number;
  readonly buildCpuMs: number;
  readonly megabytes: number;
  /** Points in random order, to the smallest grid. */
  readonly locatePerCpuSecond: number;
  /** Points in order of place, as a sorted batch gives them. */
  readonly locateSortedPerCpuSecond: number;
  /** The twin on the same points and rows: flatbush boxes, then ray cast. */
  readonly flatbushPerCpuSecond: number;
  readonly coverageCheckCpuMs: number;
  readonly dissolveCpuMs: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Median of CPU milliseconds, all threads: other work on the machine counts less than on the clock. */
function timed(runs: number, work: () => void): number {
  return median(
    Array.from({ length: runs }, () => {
      const start = process.cpuUsage();
      work();
      const used = process.cpuUsage(start);
      return (used.user + used.system) / 1000;
    }),
  );
}

/** Micro-grids and their ancestors: each tier is cut from the one below along a Hilbert curve. */
function nestedTown(): { rows: IndexRow[]; grids: Shape[] } {
  const placed = jitteredPartition(PLAN).map((shape, cell) => ({
    shape,
    place: hilbertPlace(cell % PLAN.columns, Math.floor(cell / PLAN.columns), 8),
  }));
  const grids = placed.sort((a, b) => a.place - b.place).map(({ shape }) => shape);
  const rows = grids.map((shape) => ({ shape, level: UPPER_TIERS.length + 1 }));
  let below = grids;
  UPPER_TIERS.forEach((count, tier) => {
    const cut = (i: number) => Math.round((i * below.length) / count);
    below = Array.from({ length: count }, (_, i) => dissolve(below.slice(cut(i), cut(i + 1))));
    rows.push(...below.map((shape) => ({ shape, level: UPPER_TIERS.length - tier })));
  });
  return { rows, grids };
}

function pointsIn(): { xs: Int32Array; ys: Int32Array } {
  const random = seededRandom(7);
  const xs = Int32Array.from({ length: LOOKUPS }, () => PLAN.x0 + random() * PLAN.columns * PLAN.side);
  const ys = Int32Array.from({ length: LOOKUPS }, () => PLAN.y0 + random() * PLAN.rows * PLAN.side);
  return { xs, ys };
}

function sortedByPlace({ xs, ys }: { xs: Int32Array; ys: Int32Array }) {
  const place = (i: number) => hilbertPlace((xs[i] - PLAN.x0) >> 14, (ys[i] - PLAN.y0) >> 14, 9);
  const places = Int32Array.from(xs.keys(), place);
  const order = [...xs.keys()].sort((a, b) => places[a] - places[b]);
  return { xs: Int32Array.from(order, (i) => xs[i]), ys: Int32Array.from(order, (i) => ys[i]) };
}

type Locate = (x: number, y: number) => number;

function perSecond({ xs, ys }: { xs: Int32Array; ys: Int32Array }, locate: Locate): { rate: number; sum: number } {
  let sum = 0;
  const ms = timed(RUNS, () => {
    sum = 0;
    for (let i = 0; i < xs.length; i++) sum += locate(xs[i], ys[i]);
  });
  return { rate: (xs.length / ms) * 1000, sum };
}

function flatbushTwin(grids: readonly Shape[]): Locate {
  const tree = new Flatbush(grids.length, 16, Int32Array);
  for (const box of grids.map(boxOf)) tree.add(box.minX, box.minY, box.maxX, box.maxY);
  tree.finish();
  return (x, y) => tree.search(x, y, x, y).find((row) => containsPoint(grids[row], x, y)) ?? -1;
}

/** Builds 50,000 micro-grids with four tiers above and measures build, size, lookups and the coverage check. */
export async function benchPointIndex(): Promise<PointIndexFigures> {
  const { rows, grids } = nestedTown();
  let index = buildPointIndex(rows);
  const buildCpuMs = timed(RUNS, () => {
    index = buildPointIndex(rows);
  });
  const points = pointsIn();
  // As the twin knows micro-grids only, a point outside them all counts as -1 for both.
  const locate: Locate = (x, y) => {
    const row = index.locate(x, y, 0, 1);
    return row < grids.length ? row : -1;
  };
  const packed = perSecond(points, locate);
  const sorted = perSecond(sortedByPlace(points), locate);
  const twin = perSecond(points, flatbushTwin(grids));
  if (packed.sum !== twin.sum || packed.sum !== sorted.sum) throw new Error('The index and its twin disagree.');
  return {
    grids: grids.length,
    verticesPerGrid: grids.reduce((sum, shape) => sum + countVertices(shape), 0) / grids.length,
    rows: rows.length,
    buildCpuMs,
    megabytes: index.bytes / 1e6,
    locatePerCpuSecond: packed.rate,
    locateSortedPerCpuSecond: sorted.rate,
    flatbushPerCpuSecond: twin.rate,
    coverageCheckCpuMs: timed(RUNS, () => findCoverageFaults(grids)),
    dissolveCpuMs: timed(RUNS, () => dissolve(grids)),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await benchPointIndex());
