import { pathToFileURL } from 'node:url';
import { checkLayer, checkTouched } from '../src/changesets/checks/check.ts';
import type { DraftGrid } from '../src/changesets/territory/draftGrid.ts';
import type { Patch } from '../src/changesets/territory/patch.ts';
import type { Territory } from '../src/changesets/territory/territory.ts';
import { boxOf, type Shape } from '../src/geometry/polygon.ts';
import { contextOf, nestedLayer } from '../test/changesets/checks/nestedLayer.ts';
import { seededRandom } from '../test/geometry/jitteredPartition.ts';

const EDITS = 1000;
const RUNS = 5;
const TOWNS = {
  edits: { columns: 50, rows: 40, seed: 1, districtSide: 5, sectorSide: 5 },
  county: { columns: 70, rows: 50, seed: 2, districtSide: 5, sectorSide: 5 },
  province: { columns: 250, rows: 200, seed: 3, districtSide: 5, sectorSide: 10 },
};

function moved(shape: Shape, [x, y]: readonly number[], dx: number, dy: number): Shape {
  return shape.map((polygon) =>
    polygon.map((ring) => {
      const copy = ring.slice();
      for (let i = 0; i < copy.length; i += 2) {
        if (copy[i] !== x || copy[i + 1] !== y) continue;
        copy[i] += dx;
        copy[i + 1] += dy;
      }
      return copy;
    }),
  );
}

/** A vertex of a random cell moved by some metres in every grid of every tier that has it. */
function randomEdit(territory: Territory, cells: readonly DraftGrid[], random: () => number): Patch {
  const [ring] = cells[Math.floor(random() * cells.length)].shape[0];
  const i = 2 * Math.floor((random() * ring.length) / 2);
  const at = [ring[i], ring[i + 1]];
  const [dx, dy] = [Math.round((random() - 0.5) * 400), Math.round((random() - 0.5) * 400)];
  const box = boxOf([[Int32Array.of(at[0], at[1])]]);
  const patch = new Map<string, { before: DraftGrid; after: DraftGrid }>();
  for (const before of territory.meeting(box, 'town')) {
    const has = before.shape
      .flat()
      .some((each) => each.some((x, k) => k % 2 === 0 && x === at[0] && each[k + 1] === at[1]));
    if (has) patch.set(before.id, { before, after: { ...before, shape: moved(before.shape, at, dx, dy) } });
  }
  return patch;
}

/** CPU time, so that other work on the machine counts less than on the clock. */
export interface CheckFigures {
  readonly editP50Ms: number;
  readonly editP99Ms: number;
  /** The first check of a layer, and the median of those after it, which know the families that did not change. */
  readonly layer3500Ms: { readonly first: number; readonly median: number };
  readonly layer50000Ms: { readonly first: number; readonly median: number };
}

function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function timesOfEdits(): number[] {
  const base = nestedLayer(TOWNS.edits);
  const cells = [...base.grids('town', 'cell')];
  const random = seededRandom(5);
  const times: number[] = [];
  for (let i = 0; i < EDITS; i++) {
    const patch = randomEdit(base, cells, random);
    const draft = base.with(patch);
    times.push(timed(() => checkTouched(draft, patch, contextOf(base))));
  }
  return times.sort((a, b) => a - b);
}

/** A whole layer with one edit in it. */
function layerMs(plan: (typeof TOWNS)['county']): { first: number; median: number } {
  const base = nestedLayer(plan);
  const patch = randomEdit(base, [...base.grids('town', 'cell')], seededRandom(6));
  const draft = base.with(patch);
  const times = Array.from({ length: RUNS }, () => timed(() => checkLayer(draft, 'town', patch, contextOf(base))));
  return { first: times[0], median: times.sort((a, b) => a - b)[RUNS >> 1] };
}

/** One edit in 2,000 cells of 56 vertices in 100 districts and sectors above; whole layers of three tiers. */
export function benchChecks(): CheckFigures {
  const edits = timesOfEdits();
  return {
    editP50Ms: edits[EDITS >> 1],
    editP99Ms: edits[Math.floor(EDITS * 0.99)],
    layer3500Ms: layerMs(TOWNS.county),
    layer50000Ms: layerMs(TOWNS.province),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(benchChecks());
