import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { Areas } from '../../../src/access/viewer.ts';
import { inAreas } from '../../../src/db/areas.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import { Hands } from '../../../src/incidents/desk/hands.ts';
import { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import { IncidentReaderService } from '../../../src/incidents/incidentReader.service.ts';
import { ListsRepository } from '../../../src/incidents/store/lists.repository.ts';
import { type TaskRecord, TaskRepository } from '../../../src/incidents/tasks/task.repository.ts';
import { type TaskQuestion, TaskReaderService } from '../../../src/incidents/tasks/taskReader.service.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { addTasks, county, fillCrowd, isBelow, NOW, town, tree, village } from './crowd.ts';

const TASKS = Number(process.env.TASKS ?? 1000);
/** Times are told where many tasks are asked for. */
const RUNS = process.env.TASKS ? 5 : 1;

let database: OpenDatabase;
let tasks: TaskReaderService;
let incidents: IncidentReaderService;
let all: TaskRecord[];

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  await fillCrowd(database, TASKS);
  const directory = { findPost: () => undefined, postsOn: () => [], findPerson: () => undefined };
  const hands = new Hands({ directory, moments: { read: () => ({ asOf: NOW.getTime(), edition: 1 }) }, tree });
  const audit = { record: async () => {} };
  const room = {
    db: database.db,
    repository: new IncidentRepository(),
    tasks: new TaskRepository(),
    lists: new ListsRepository(),
    audit,
  };
  const clock = () => NOW;
  tasks = new TaskReaderService(room, hands, tree, clock);
  incidents = new IncidentReaderService(room, hands, tree, clock);
  all = await walk(as('everywhere'), {});
}, 300_000);

const as = (areas: Areas): RequestContext => ({
  viewer: { kind: 'person', subject: 'test', grants: [{ role: 'officer', areas }] },
  requestId: 'test',
  log: { error: () => {} },
});

/** All pages, one after the other; `between` runs before each but the first. */
async function walk(by: RequestContext, question: TaskQuestion, between = async (_page: number) => {}, first = 200) {
  const nodes: TaskRecord[] = [];
  let after: string | null = null;
  for (let page = 0; ; page += 1) {
    if (page > 0) await between(page);
    const { edges, pageInfo } = await tasks.list(by, question, { first, after });
    nodes.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return nodes;
    after = pageInfo.endCursor;
  }
}

const idsOf = (records: readonly { id: string }[]) => records.map(({ id }) => id);
const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0);

describe(`${TASKS} tasks`, () => {
  it('are read page by page, newest first, each once', () => {
    expect(all).toHaveLength(TASKS);
    expect(new Set(idsOf(all)).size).toBe(TASKS);
    const positions = all.map(({ position }) => position);
    expect(positions).toEqual(positions.toSorted((a, b) => b - a));
  });

  it.each<readonly [string, Areas, TaskQuestion, (task: TaskRecord) => boolean]>([
    ['of a county', [county(0)], {}, ({ gridId }) => isBelow(gridId, county(0))],
    ['of a town, to everybody', 'everywhere', { within: town(3) }, ({ gridId }) => isBelow(gridId, town(3))],
    [
      'of a village with what went on in it',
      'everywhere',
      { within: village(1) },
      ({ gridId }) => isBelow(gridId, village(1)),
    ],
    [
      'of two areas',
      [town(1), village(60)],
      {},
      ({ gridId }) => [town(1), village(60)].some((a) => isBelow(gridId, a)),
    ],
    ['outside the own area', [county(0)], { within: town(9) }, () => false],
    ['of a grid that is not', [county(0)], { within: 'nonsense' }, () => false],
    [
      'in one state',
      [county(1)],
      { statuses: ['ACKNOWLEDGED'] },
      (t) => t.status === 'ACKNOWLEDGED' && isBelow(t.gridId, county(1)),
    ],
    ['in no state', 'everywhere', { statuses: [] }, () => false],
    ['that are late', 'everywhere', { overdue: true }, ({ dueAt }) => dueAt! < NOW],
    ['that are not', 'everywhere', { overdue: false }, ({ dueAt }) => dueAt! >= NOW],
    [
      'for one purpose',
      [town(2)],
      { purpose: 'SUPERVISE' },
      (t) => t.purpose === 'SUPERVISE' && isBelow(t.gridId, town(2)),
    ],
    ['for one post', 'everywhere', { postId: `post-${town(4)}` }, ({ gridId }) => gridId === town(4)],
    ['due soon', 'everywhere', { dueBefore: new Date('2026-05-01') }, ({ dueAt }) => dueAt! < new Date('2026-05-01')],
  ])('%s are those that a plain filter finds, counted alike by state', async (_, areas, question, is) => {
    const found = await walk(as(areas), question);
    expect(idsOf(found)).toEqual(idsOf(all.filter(is)));
    const { totalCount } = await tasks.list(as(areas), question, { first: 0 });
    expect(totalCount).toBe(found.length);
    const counts = await tasks.count(as(areas), question, 'STATUS');
    expect(sum(counts)).toBe(found.length);
    for (const { status, count } of counts) expect(count).toBe(found.filter((task) => task.status === status).length);
  });

  it.each<readonly [string, Areas, string | undefined]>([
    ['everywhere', 'everywhere', undefined],
    ['a county', 'everywhere', county(0)],
    ['a town', [county(0)], town(0)],
    ['a village, which has none below', [county(0)], village(1)],
    ['two areas', [town(1), village(60)], undefined],
  ])('add up over the areas below %s', async (_, areas, within) => {
    const by = as(areas);
    const { totalCount } = await tasks.list(by, { within }, { first: 0 });
    const counts = await tasks.count(by, { within }, 'GRID');
    expect(sum(counts)).toBe(totalCount);
    expect(new Set(counts.map(({ gridId }) => gridId)).size).toBe(counts.length);
    for (const { gridId, count } of counts.filter((each) => each.gridId !== null).slice(0, 6)) {
      expect(count).toBe((await tasks.list(by, { within: gridId }, { first: 0 })).totalCount);
    }
  });

  it('lose and repeat none on their pages while new ones arrive', async () => {
    const seen = await walk(
      as([county(0)]),
      {},
      async (page) => {
        await inAreas(database.db, 'everywhere', NOW, (trx) => addTasks(trx, 1_000_000 + page * 10, 20));
      },
      Math.min(200, Math.ceil(TASKS / 20)),
    );
    expect(idsOf(seen)).toEqual(idsOf(all.filter(({ gridId }) => isBelow(gridId, county(0)))));
    expect((await tasks.list(as('everywhere'), {}, { first: 0 })).totalCount).toBeGreaterThan(TASKS);
  });

  it.each(['x', Buffer.from('incidents:5').toString('base64url'), Buffer.from('tasks:-1').toString('base64url')])(
    'are not paged with a cursor that is none of theirs: %s',
    async (after) => {
      await expect(tasks.list(as('everywhere'), {}, { after })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  it.each([-1, 201])('come in pages of 0 to 200, not %d', async (first) => {
    await expect(tasks.list(as('everywhere'), {}, { first })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

/** Milliseconds of the fastest of some runs. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return Math.round(Math.min(...times) * 10) / 10;
}

describe('row security', () => {
  const lists: readonly (readonly [string, (by: RequestContext) => Promise<unknown>])[] = [
    ['tasks', (by) => tasks.list(by, {}, {})],
    ['tasks late', (by) => tasks.list(by, { overdue: true }, {})],
    ['count by state', (by) => tasks.count(by, {}, 'STATUS')],
    ['count by grid', (by) => tasks.count(by, {}, 'GRID')],
    ['incidents', (by) => incidents.list(by, {}, {})],
    ['incidents open, one category', (by) => incidents.list(by, { status: 'OPEN', category: 'lamp' }, {})],
    [
      'parts of 50',
      async (by) =>
        incidents.partsOf(
          by,
          (await incidents.list(by, {}, {})).edges.map(({ node }) => node.id),
        ),
    ],
  ];

  it.each(['task', 'incident', 'incident_party', 'incident_event', 'incident_push'])(
    'asks the tree of %s once for a statement, not once for a row',
    async (table) => {
      const { rows } = await inAreas(database.db, [town(3)], NOW, (trx) =>
        sql<{
          'QUERY PLAN': string;
        }>`explain (analyze, timing off, costs off) select count(*) from ${sql.table(table)}`.execute(trx),
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      if (process.env.SHOW_PLANS) console.log(plan);
      for (const [line, loops] of plan.matchAll(
        /ProjectSet[^\n]*loops=(\d+)|Function Scan on area_grids[^\n]*loops=(\d+)/g,
      )) {
        expect([line, Number(loops ?? 1)]).toEqual([line, 1]);
      }
      expect(plan).toMatch(/hashed SubPlan/);
    },
  );

  it('takes no longer than a page may', async () => {
    const viewers = {
      everywhere: as('everywhere'),
      county: as([county(0)]),
      town: as([town(3)]),
      village: as([village(60)]),
    };
    const table: Record<string, Record<string, number>> = {};
    for (const [list, ask] of lists) {
      table[list] = {};
      for (const [who, by] of Object.entries(viewers)) table[list][who] = await time(() => ask(by));
    }
    if (process.env.TASKS) console.table(table);
    for (const times of Object.values(table)) for (const ms of Object.values(times)) expect(ms).toBeLessThan(3000);
  });
});
