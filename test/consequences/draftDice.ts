import { randomUUID } from 'node:crypto';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import { applyOps } from '../../src/changesets/ops/applyOps.ts';
import type { Op, Point } from '../../src/changesets/ops/op.ts';
import type { DraftGrid } from '../../src/changesets/territory/draftGrid.ts';
import { compose, type Lineage, type Patch } from '../../src/changesets/territory/patch.ts';
import type { Territory } from '../../src/changesets/territory/territory.ts';
import { DomainError } from '../../src/errors.ts';
import { boxOf, type Shape } from '../../src/geometry/polygon.ts';
import { SIDE, squareAround } from '../changesets/checks/nestedLayer.ts';

type Random = () => number;

/** A draft of these ops; those that are refused are left out. */
export function draftOf(base: Territory, ops: readonly Op[], rest: Partial<Draft['record']> = {}): Draft {
  let territory = base;
  let patch: Patch = new Map();
  const lineage: Lineage[] = [];
  for (const op of ops) {
    try {
      const applied = applyOps(territory, [op]);
      territory = applied.territory;
      patch = compose([patch, applied.patch]);
      lineage.push(...applied.lineage);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  const day = new Date('2026-01-01T00:00:00Z');
  const record: Draft['record'] = {
    ...{
      id: randomUUID(),
      title: 'Draft',
      status: 'DRAFT',
      revision: 1,
      author: 'test',
      baseEdition: 1,
      baseAsOf: day,
    },
    ...{ reverts: null, openedAt: day, submittedAt: null, approvedBy: null, approvedAt: null },
    ...{ edition: null, effectiveAt: null, waivers: [] },
    ...rest,
  };
  return { record, base, territory, patch, lineage, steps: [], issues: () => [] };
}

/** Some ops on random cells as the territory then stands: each is told to `draftOf` in its turn. */
export function randomDraft(base: Territory, random: Random, count: number): Draft {
  const ops: Op[] = [];
  let draft = draftOf(base, []);
  for (let i = 0; i < count; i++) {
    ops.push(randomOp(draft.territory, random, i));
    draft = draftOf(base, ops);
  }
  return draft;
}

function randomOp(territory: Territory, random: Random, i: number): Op {
  const cells = [...territory.grids('town', 'cell')].sort((a, b) => (a.id < b.id ? -1 : 1));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const cell = pick(cells);
  const other = pick(cells.filter((each) => each !== cell && meets(each, cell)));
  const { minX, minY, maxX, maxY } = boxOf(cell.shape);
  const at = (): Point => [around(minX, maxX, random), around(minY, maxY, random)];
  const [x, y] = at();
  const [line, [[ring]]] = [[at(), at()], cell.shape];
  const vertex = 2 * Math.floor((random() * ring.length) / 2);
  const from: Point = [ring[vertex], ring[vertex + 1]];
  const square: Shape = [[squareAround(x, y, Math.round((0.05 + random() * 0.8) * SIDE))]];
  const districts = [...territory.grids('town', 'district')];
  const [codes, ids] = [
    [`n-1-${i}0`, `n-1-${i}1`],
    [`new-${i}-0`, `new-${i}-1`],
  ];
  const long: Point[] = [
    [2 * line[0][0] - line[1][0] - SIDE, 2 * line[0][1] - line[1][1] - SIDE],
    [2 * line[1][0] - line[0][0] + SIDE, 2 * line[1][1] - line[0][1] + SIDE],
  ];
  const made: Op[] = [
    { reshape: { grid: cell.id, boundary: square } },
    {
      moveVertex: {
        layer: 'town',
        from,
        to: [from[0] + around(-900, 900, random), from[1] + around(-900, 900, random)],
      },
    },
    { split: { grid: cell.id, line: long, codes, names: codes, ids } },
    { reparent: { grid: cell.id, parent: pick(districts).id } },
    { transfer: { grid: cell.id, manager: null } },
    { carve: { area: square, tier: 'cell', to: pick(districts).id } },
    {
      create: { id: ids[0], layer: 'town', tier: 'cell', code: codes[0], name: codes[0], boundary: square },
    },
    { retire: { grid: cell.id, heir: other?.id } },
    { merge: { grids: [cell.id, other?.id ?? cell.id], into: cell.id } },
    { retire: { grid: cell.id } },
  ];
  return pick(made);
}

const around = (from: number, to: number, random: Random) => Math.round(from + random() * (to - from));

function meets(a: DraftGrid, b: DraftGrid): boolean {
  const [p, q] = [boxOf(a.shape), boxOf(b.shape)];
  return p.minX <= q.maxX && q.minX <= p.maxX && p.minY <= q.maxY && q.minY <= p.maxY;
}
