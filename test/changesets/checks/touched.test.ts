import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLayer, checkTouched } from '../../../src/changesets/checks/check.ts';
import type { Issue } from '../../../src/changesets/checks/issue.ts';
import type { CheckContext } from '../../../src/changesets/checks/scope.ts';
import type { DraftGrid } from '../../../src/changesets/territory/draftGrid.ts';
import type { Patch } from '../../../src/changesets/territory/patch.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { contextOf, nestedLayer, TOWN } from './nestedLayer.ts';

const base = nestedLayer({ columns: 8, rows: 8, seed: 9, districtSide: 2, sectorSide: 2, pieces: 3, enclaves: 7 });
const grids = [...base.grids('town')].sort((a, b) => (a.id < b.id ? -1 : 1));
const RUNS = Number(process.env.TOUCHED_RUNS ?? 60);

/** Vertices of single grids moved, grids ended and given other parents: drafts as no op would leave them. */
const drafts = fc
  .array(
    fc.record({
      grid: fc.nat(grids.length - 1),
      vertex: fc.nat(1000),
      dx: fc.integer({ min: -9000, max: 9000 }),
      dy: fc.integer({ min: -9000, max: 9000 }),
      what: fc.constantFrom('move', 'move', 'move', 'end', 'reparent'),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) => {
    const patch: Map<string, { before: DraftGrid | null; after: DraftGrid | null }> = new Map();
    for (const { grid, vertex, dx, dy, what } of edits) {
      const before = grids[grid];
      const ring = before.shape[0][0].slice();
      const i = 2 * (vertex % (ring.length / 2));
      ring[i] += dx;
      ring[i + 1] += dy;
      const shape = [[ring, ...before.shape[0].slice(1)], ...before.shape.slice(1)];
      const parentId = grids[vertex % grids.length].id;
      const after = what === 'end' ? null : what === 'move' ? { ...before, shape } : { ...before, parentId };
      patch.set(before.id, { before, after });
    }
    return patch as Patch;
  });

type Check = (draft: Territory, patch: Patch, context: CheckContext) => Issue[];
const grave = (issues: readonly Issue[]) => issues.filter(({ severity }) => severity !== 'INFO').map(({ id }) => id);

/** As many faults as the check of the whole layer finds, since a clean layer has none that the patch did not make. */
function agree(check: Check) {
  return fc.check(
    fc.property(drafts, (patch) => {
      const draft = base.with(patch);
      const context = contextOf(base);
      expect(grave(check(draft, patch, context))).toEqual(grave(checkLayer(draft, 'town', patch, context)));
    }),
    { seed: 3, numRuns: RUNS },
  );
}

describe(`the check of touched grids over ${RUNS} random drafts`, () => {
  it('finds exactly what the check of the layer finds', () => {
    const { failed, counterexample } = agree(checkTouched);
    expect([failed, counterexample]).toEqual([false, null]);
  });

  it('fails when it is broken: it looks at the touched grids alone, not at their neighbours', () => {
    const alone: Check = (draft, patch, context) => {
      const touched = [...patch.keys()].map((id) => draft.find(id)).filter((grid) => grid !== undefined);
      return checkTouched(Territory.of([TOWN], touched), patch, context);
    };
    expect(agree(alone).failed).toBe(true);
  });

  it('meets boundaries that are not valid among them', () => {
    const broken = fc
      .sample(drafts, { seed: 3, numRuns: RUNS })
      .filter((patch) => [...patch.values()].some(({ after }) => after && findRingFault(after.shape)));
    expect(broken.length).toBeGreaterThan(0);
  });
});
