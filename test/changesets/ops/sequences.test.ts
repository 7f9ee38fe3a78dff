import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOps } from '../../../src/changesets/ops/applyOps.ts';
import type { Applied, Op, Point } from '../../../src/changesets/ops/op.ts';
import type { Change, Patch } from '../../../src/changesets/territory/patch.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { DomainError } from '../../../src/errors.ts';
import { findCoverageFaults, latticeArea2 } from '../../../src/geometry/coverage.ts';
import { boxOf, countVertices, representativePoint } from '../../../src/geometry/polygon.ts';
import { jitteredPartition, seededRandom } from '../../geometry/jitteredPartition.ts';
import { grid, tier } from './drawing.ts';
import { breachesOf } from './laws.ts';
import { bentTown, MAKERS, randomOp } from './randomOps.ts';

const SEED = 20240911;
const SEQUENCES = Number(process.env.OP_SEQUENCES ?? 40);
const LENGTH = 8;

type Apply = (territory: Territory, ops: readonly Op[]) => Applied;
type Tally = Map<string, { done: number; refused: number }>;

/** The first breach of any law along a random sequence of ops. Ops that are refused leave everything as it is. */
function firstBreach(seed: number, apply: Apply, tally: Tally = new Map()): string | undefined {
  const random = seededRandom(seed);
  let territory = bentTown(random);
  for (let i = 0; i < LENGTH; i++) {
    const stated = randomOp(random, territory, i);
    const count = tally.get(stated.kind) ?? { done: 0, refused: 0 };
    tally.set(stated.kind, count);
    let applied: Applied;
    try {
      applied = apply(territory, [stated.op]);
      count.done++;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (!error.message.startsWith(`ops[0].${stated.kind}`)) return `a refusal without a field: ${error.message}`;
      // What an op makes itself never overlaps; only vertices are put where the caller says.
      if (error.code === 'OVERLAP' && !stated.kind.endsWith('Vertex')) return `${seed}, op ${i}: ${error.message}`;
      count.refused++;
      continue;
    }
    const breaches = breachesOf(random, territory, stated, applied);
    if (breaches.length > 0) return `${seed}, op ${i}, ${stated.kind}: ${breaches.slice(0, 3).join('; ')}`;
    territory = applied.territory;
  }
  return undefined;
}

function spoil(apply: Apply, forgets: (change: Change) => boolean): Apply {
  return (territory, ops) => {
    const applied = apply(territory, ops);
    const patch: Patch = new Map([...applied.patch].filter(([, change]) => !forgets(change)));
    return { ...applied, patch, territory: territory.with(patch) };
  };
}

/** Whether only vertices were put on the borders of a grid. */
function isNodedOnly({ before, after }: Change): boolean {
  if (!before || !after || before.shape === after.shape) return false;
  const bent = Math.abs(latticeArea2(after.shape) - latticeArea2(before.shape));
  return countVertices(after.shape) > countVertices(before.shape) && bent < 10_000;
}

describe('random sequences of ops', () => {
  it('keep every law after each op, and the inverse restores the bytes', { timeout: 3_600_000 }, () => {
    const tally: Tally = new Map();
    const property = fc.property(fc.nat(2 ** 30), (seed) => {
      expect(firstBreach(seed, applyOps, tally)).toBeUndefined();
    });
    fc.assert(property, { seed: SEED, numRuns: SEQUENCES, endOnFailure: true });
    if (process.env.OP_SEQUENCES) console.table(Object.fromEntries(tally));
    if (SEQUENCES < 40) return;
    for (const kind of Object.keys(MAKERS)) expect(tally.get(kind)?.done, kind).toBeGreaterThan(0);
  });

  it.each<[string, (change: Change) => boolean]>([
    ['forgets the vertices of neighbours', isNodedOnly],
    [
      'forgets the children of what is merged',
      ({ before, after }) => before?.parentId !== after?.parentId && after !== null && before !== null,
    ],
    [
      'forgets the grids of the tier above',
      ({ before, after }) => before?.tier === 'block' && before?.shape !== after?.shape,
    ],
  ])('an engine that %s is caught', (_title, forgets) => {
    const property = fc.property(fc.nat(2 ** 30), (seed) => firstBreach(seed, spoil(applyOps, forgets)) === undefined);
    expect(fc.check(property, { seed: SEED, numRuns: 40, endOnFailure: true }).failed).toBe(true);
  });

  it('a cut that meets borders at flat angles leaves no sliver, however large the grids are', () => {
    const shapes = jitteredPartition({ columns: 20, rows: 10, side: 30_000, pieces: 13, x0: 1.16e9, y0: 3e8, seed: 5 });
    const cells = shapes.map((shape, i) => grid('l', 'cell', `c${i}`, shape));
    const town = Territory.of([{ code: 'l', kind: 'PARTITION', tiers: [tier('cell', 1)] }], cells);
    for (const { id, shape } of cells) {
      const { x, y } = representativePoint(shape)!;
      const line: Point[] = [
        [x - 40_000, y],
        [x, y + 500],
        [x + 40_000, y],
      ];
      const { territory } = applyOps(town, [{ split: { grid: id, line, codes: ['x'], names: ['x'], ids: ['x'] } }]);
      const near = territory.meeting(boxOf(shape), 'l', 'cell');
      expect(findCoverageFaults(near.map((each) => each.shape))).toEqual([]);
    }
  });
});
