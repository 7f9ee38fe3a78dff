/**
 * Reports and acts a second on PostgreSQL: `DATABASE_URL=… npx tsx bench/incidents.ts`, on an empty database. Sixteen
 * writers report matters all over 900 villages, each to its owners of that instant with two tasks, its trail and its entry
 * of the audit, in one transaction; then they take the tasks on and handle, verify and close them, each task of a matter
 * of its own. Beside it, in turns, the same writers insert bare rows into the table `incident`, alone and with an entry
 * of the audit in one transaction: that entry is the law for every act, and its chain serialises them.
 */

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { GridAreas } from '../src/grids/areas.ts';
import { TaskActs } from '../src/incidents/acts/taskActs.service.ts';
import type { WarningPractice } from '../src/practice/practice.type.ts';
import { CORNER, drawGrid, placeAt, STEP } from '../test/grids/squareGrids.ts';
import { buildMatters } from '../test/incidents/reporting/matterHouse.ts';
import { signedIn } from '../test/incidents/reporting/matterWorld.ts';
import { handler, ladder, practiceOf, route } from '../test/incidents/routing/routingWorld.ts';
import { drawRole } from '../test/ownership/staffedPaper.ts';
import { appoint, makePerson, makePost } from '../test/posts/postsFixture.ts';

const WRITERS = Number(process.env.BENCH_WRITERS ?? 16);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const TURNS = 3;
const SIDE = 30;

const config = readConfig({ POOL_SIZE: String(WRITERS + 4), ...process.env });
if (!config.databaseUrl) throw new Error('Set DATABASE_URL to an empty database.');
const app = await buildApp(await openDatabase(config), config);
await app.database.asOwner((owner) => migrate(owner));
if (app.editions.latest > 0) throw new Error('The database has editions already; name an empty one.');

const town = drawGrid('gov/town', 'T', [0, 0, SIDE, SIDE]);
const villages = Array.from({ length: SIDE * SIDE }, (_, i) =>
  drawGrid('gov/village', `V${i}`, [i % SIDE, Math.floor(i / SIDE), 1, 1], { parent: town }),
);
await app.editions.publish('Ground', async (trx, edition) => {
  const { grids, posts } = app.writers;
  await grids.insertScheme(trx, edition, { code: 'local', name: 'local' });
  await grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'PARTITION' });
  await grids.insertTier(trx, edition, { layer: 'gov', code: 'town', name: 'Town', rank: 1 });
  await grids.insertTier(trx, edition, { layer: 'gov', code: 'village', name: 'Village', rank: 2 });
  await grids.insertGrids(trx, edition, [town, ...villages]);
  await posts.insertRoles(trx, edition, [
    drawRole('head', 1, ['gov/village']),
    drawRole('mediator', 2, ['gov/village']),
  ]);
  const made = villages.flatMap(({ id }) => ['head', 'mediator'].map((role) => makePost(role, id)));
  const people = made.map((_, i) => makePerson(`Holder ${i}`));
  await posts.insertPeople(trx, edition, people);
  await posts.insertPosts(trx, edition, made);
  await posts.insertAppointments(
    trx,
    edition,
    made.map((post, i) => appoint(post, people[i])),
  );
});

const WARNING: WarningPractice = {
  ...{ code: 'again', name: 'Again', enabled: true, categories: [], same: 'ADDRESS', metres: null, count: 2 },
  ...{ withinDays: 30, fromHour: null, toHour: null, instruct: [handler('WARNING head')] },
};
const routed = {
  routes: [route('gov/village', 'HANDLE head', 'MEDIATE mediator')],
  ladders: [ladder('small', ['village', 'town'])],
};
let practice = practiceOf(routed);
const { reports, desk } = buildMatters(
  app,
  () => new Date(),
  () => practice,
);
const tree = new GridAreas(app.atlas, app.finder, app.moments);
const officer = signedIn('officer');
const somewhere = () => Math.random() * SIDE;
const report = (more: object = {}) =>
  reports.report(officer, {
    category: 'dispute',
    at: { point: placeAt(somewhere(), somewhere()) },
    summary: 'A wall',
    ...more,
  });

const bare = await Promise.all(
  Array.from({ length: WRITERS }, async () => {
    const client = new pg.Client({ connectionString: config.databaseUrl });
    await client.connect();
    return client;
  }),
);
const INSERT = `insert into incident (id, category, summary, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
  values ($1, 'dispute', 'A wall', now(), now(), now(), 1, $2, $3, 15, 'bench')`;
const AUDIT = `insert into audit_entry (at, subject, role, action, object_kind, object_id, grid_id, result, request_id, details)
  values (now(), 'bench', 'officer', 'incidents.report', 'incident', $1, null, 'DONE', 'bench', '{}')`;
const insert = (writer: number, id = randomUUID()) => {
  const [x, y] = [somewhere(), somewhere()].map((steps) => Math.round(steps * STEP));
  return bare[writer].query({ name: 'bare', text: INSERT, values: [id, CORNER.x + x, CORNER.y + y] });
};
async function insertAudited(writer: number): Promise<unknown> {
  const id = randomUUID();
  await bare[writer].query('begin');
  await insert(writer, id);
  await bare[writer].query({ name: 'audit', text: AUDIT, values: [id] });
  return bare[writer].query('commit');
}

/** Tasks by what is next for them. */
const waiting: Record<string, string[]> = { acknowledge: [], handle: [], verify: [], close: [] };
const dispatcher = signedIn('dispatcher');
const acts = new TaskActs(desk, tree);
async function reported(more?: object): Promise<unknown> {
  const { tasks } = await report(more);
  return waiting.acknowledge.push(tasks[0].id);
}
/** Does it to a task that waits for it, which waits for the next act then; false where none waits. */
async function onward(
  from: string,
  to: string | undefined,
  act: (taskId: string) => Promise<unknown>,
): Promise<boolean> {
  const taskId = waiting[from].shift();
  if (taskId === undefined) return false;
  await act(taskId);
  if (to !== undefined) waiting[to].push(taskId);
  return true;
}

const done = { result: 'DONE', answer: 'Both agreed.' } as const;
const ways = {
  'bare INSERT into incident': insert,
  'bare INSERT and entry of audit': insertAudited,
  report: () => reported(),
  'report with a client key': () => reported({ clientKey: randomUUID() }),
  'report under a rule of warning': () => reported(),
  acknowledge: () => onward('acknowledge', 'handle', (id) => acts.acknowledge(dispatcher, id)),
  handle: () => onward('handle', 'verify', (id) => acts.handle(dispatcher, id, done)),
  verify: () => onward('verify', 'close', (id) => acts.verify(officer, id, true)),
  close: () => onward('close', undefined, (id) => acts.close(officer, id)),
};
type Way = keyof typeof ways;
const times = new Map<Way, number[]>();
const rates = new Map<Way, number[]>();

/** Everybody writes for some seconds, or until there is nothing left; gives what each write took, and writes a second. */
async function everybody(work: (writer: number) => Promise<unknown>, seconds: number) {
  const took: number[] = [];
  const began = performance.now();
  const writer = async (number: number) => {
    while (performance.now() < began + seconds * 1000) {
      const started = performance.now();
      if ((await work(number)) === false) return;
      took.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
  return { took, rate: (took.length / (performance.now() - began)) * 1000 };
}

for (const work of Object.values(ways)) await everybody((number) => work(number), 1);
for (let turn = 0; turn < TURNS; turn++) {
  for (const way of Object.keys(ways) as Way[]) {
    practice = practiceOf(way.includes('warning') ? { ...routed, warnings: [WARNING] } : routed);
    const { took, rate } = await everybody((number) => ways[way](number), SECONDS);
    times.set(way, [...(times.get(way) ?? []), ...took]);
    rates.set(way, [...(rates.get(way) ?? []), rate]);
  }
}

const at = (sorted: readonly number[], share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
const show = (value: number, digits = 1) => value.toFixed(digits).padStart(11);
const median = (way: Way) =>
  at(
    rates.get(way)!.sort((a, b) => a - b),
    0.5,
  );
process.stdout.write(`${WRITERS} writers, ${TURNS} turns of ${SECONDS} s each; the median turn; milliseconds\n`);
process.stdout.write(
  `${''.padEnd(32)}${['a second', 'p50', 'p99', 'of audited'].map((name) => name.padStart(11)).join('')}\n`,
);
for (const [way, took] of times) {
  const sorted = took.sort((a, b) => a - b);
  const share = median(way) / median('bare INSERT and entry of audit');
  const row = [show(median(way), 0), show(at(sorted, 0.5)), show(at(sorted, 0.99)), show(share, 3)].join('');
  process.stdout.write(`${way.padEnd(32)}${row}\n`);
}
for (const client of bare) await client.end();
await app.close();
