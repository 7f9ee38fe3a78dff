import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import type { VersionEntry } from '../../src/grids/atlas/rows.ts';
import type { Moment } from '../../src/grids/moment.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { coveringTeams } from '../../src/teams/coveringTeams.ts';
import { TeamBook } from '../../src/teams/memory/teamBook.ts';
import { TeamLogRepository } from '../../src/teams/memory/teamLog.repository.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { SlowTeams } from './slowTeams.ts';
import { cover, GRIDS, onDays, TeamsWorld } from './teamsWorld.ts';

const SEED = 20260601;
const ZONES = ['Asia/Shanghai', 'America/New_York'];
const monthAt = (month: number) => new Date(Date.UTC(2023, month, 1));
// Few dates, so that boundaries are often met exactly.
const months = fc.integer({ min: 0, max: 18 });
const kinds = [
  'team',
  'revise',
  'parent',
  'parent',
  'parent',
  'leave',
  'cover',
  'circuit',
  'circuit',
  'circuit',
  'end',
  'rename',
] as const;

const change = fc.record({
  kind: fc.constantFrom(...kinds, 'dissolve' as const),
  body: fc.nat(7),
  other: fc.nat(7),
  // Mostly one line, so that cycles are tried.
  line: fc.constantFrom('police', 'police', 'police', 'party'),
  grid: fc.constantFrom(...GRIDS),
  from: months,
  length: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null, freq: 2 }),
  matter: fc.constantFrom([], ['dispute'], ['fire']),
  days: fc.constantFrom<Parameters<typeof onDays>[0]>(
    { weekdays: [2, 5] },
    { monthDays: [5, 15, -1], timeZone: ZONES[1] },
    { weekdays: [3], monthWeeks: [1, -1] },
    { weekdays: [7], monthDays: [1, 2, 3, 31], timeZone: ZONES[1] },
  ),
  pick: fc.nat(1000),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

let world: TeamsWorld;
let slow: SlowTeams;
let refusedCycles = 0;
const covered: string[] = [];

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await TeamsWorld.make(db);
  for (const one of fc.sample(change, { seed: SEED, numRuns: 90 })) await publishChange(one);
  slow = await SlowTeams.read(db);
});

async function publishChange(one: Change): Promise<void> {
  const { length, pick } = one;
  const bodyId = world.bodies[one.body].id;
  const parentId = world.bodies[one.other].id;
  const from = monthAt(one.from);
  const dates = { validFrom: from, validTo: length === null ? null : monthAt(one.from + length) };
  const members = [{ kind: '民警', count: pick % 7 }, { kind: '辅警', count: pick % 11 }]; // biome-ignore format: one list
  const days = one.kind === 'circuit' ? onDays(one.days) : null;
  const three = [0, 1, 2].map((next) => world.bodies[(one.body + next) % 8].id);
  const coverage = three.map((id) => cover(id, world.gridId(one.grid), { categories: one.matter, days, ...dates }));
  const ended = covered[pick % Math.max(1, covered.length)];
  const { teams } = world;
  try {
    await world.publish(async (trx, e) => {
      if (one.kind === 'team') await teams.insertTeams(trx, e, [{ bodyId, standing: 'civil', members, ...dates }]);
      if (one.kind === 'revise') await teams.reviseTeams(trx, e, [{ bodyId, from, set: { members } }]);
      if (one.kind === 'parent') await teams.insertParents(trx, e, [{ bodyId, line: one.line, parentId, ...dates }]);
      if (one.kind === 'leave') await teams.endParents(trx, e, [{ bodyId, line: one.line }], from);
      if (days || one.kind === 'cover') await teams.insertCoverage(trx, e, coverage);
      if (one.kind === 'end' && ended) await teams.endCoverage(trx, e, [ended], from);
      if (one.kind === 'rename')
        await world.posts.reviseBodies(trx, e, [{ id: bodyId, from, set: { name: `N${pick}` } }]);
      if (one.kind === 'dissolve' && pick % 3 === 0) await teams.endTeam(trx, e, bodyId, from);
    });
    if (days || one.kind === 'cover') covered.push(...coverage.map(({ id }) => id));
  } catch (error) {
    // Two beliefs on one date, a cycle, and the end of what is over are refused; the history goes on without them.
    if (!(error instanceof DomainError)) throw error;
    if (error.message.includes('above itself')) refusedCycles += 1;
    const constraint = (error.cause as { constraint?: string } | undefined)?.constraint;
    const known =
      ['CONFLICT', 'NOT_FOUND', 'MISSING_PARENT'].includes(error.code) || constraint === 'body_parent_not_itself';
    if (!known) throw error;
  }
}

interface Asked {
  readonly grid: string;
  readonly body: number;
  readonly category: string | null;
  readonly moment: Moment;
}

const question = fc.record({
  grid: fc.constantFrom(...GRIDS),
  body: fc.nat(7),
  category: fc.constantFrom(null, 'dispute', 'fire'),
  month: fc.integer({ min: 4, max: 26 }),
  hours: fc.constantFrom(-1, 0, 1, 5, 16, 20, 28, 40, 100, 170, 350, 700),
  /** Back from the newest. */
  back: fc.oneof(fc.nat(10), fc.nat(200)),
});

function toAsked({
  grid,
  body,
  category,
  month,
  hours,
  back,
}: typeof question extends fc.Arbitrary<infer T> ? T : never): Asked {
  const asOf = monthAt(month).getTime() + hours * 3_600_000;
  const { latest } = world.editions;
  return { grid, body, category, moment: { asOf, edition: latest - (back % latest) } };
}

type Ask = (asked: Asked) => string[];

function ask(book: TeamBook, chainsOf = upwards): Ask {
  return ({ grid, body, category, moment }) => {
    const teams = coveringTeams(chainsOf(grid, moment), book, moment, { category });
    const { id } = world.bodies[body];
    const { standing, members } = book.teamOf(id, moment);
    return [
      ...teams.map((team) => `${team.depth} ${team.body.name} ${team.body.id}`),
      `${standing} ${members.map(({ kind, count }) => `${kind}:${count}`).join(';')}`,
      ...book.parentsOf(id, moment).map((above) => `${above.line}=${above.body.name} ${above.body.id}`),
      ...book.unitsOf(id, null, moment).map((unit) => `< ${unit.name} ${unit.id}`),
    ];
  };
}

function upwards(grid: string, moment: Moment) {
  return [world.chain(grid, moment)];
}

/** The broken twin: a grid inherits from what lies below it. */
function downwards(grid: string, moment: Moment): VersionEntry[][] {
  const below = GRIDS.filter((code) => code.startsWith(grid)).flatMap((code) => world.version(code, moment) ?? []);
  return [below];
}

const askSlowly: Ask = ({ grid, body, category, moment }) => [
  ...slow.teamsOn(world.gridId(grid), category, moment),
  ...slow.bodySays(world.bodies[body].id, moment),
];

function agrees(fast: Ask) {
  return fc.property(question, (one) => {
    const asked = toAsked(one);
    expect(fast(asked)).toEqual(askSlowly(asked));
  });
}

const isCaught = (fast: Ask) => fc.check(agrees(fast), { seed: SEED, numRuns: 500, endOnFailure: true }).failed;

async function rebuilt(): Promise<TeamBook> {
  const directory = new Directory(new DirectoryRepository(world.db));
  const book = new TeamBook(new TeamLogRepository(world.db), directory);
  const shows = [await directory.read(0, world.editions.latest), await book.read(0, world.editions.latest)];
  for (const show of shows) show();
  return book;
}

describe('the TeamBook against the tables, over a random history', () => {
  it('has a history worth asking about, in which cycles were tried and refused', () => {
    expect(world.editions.latest).toBeGreaterThan(45);
    expect(refusedCycles).toBeGreaterThan(0);
    const some = fc.sample(question, { seed: SEED, numRuns: 300 }).map((one) => askSlowly(toAsked(one)).length);
    expect(some.filter((lines) => lines > 3).length).toBeGreaterThan(25);
  });

  it('answers the same for random places, bodies, instants and editions', () => {
    fc.assert(agrees(ask(world.book)), { seed: SEED, numRuns: 1500 });
  });

  it('never changes before the instant it names as the next change, and names none without need', () => {
    let changed = 0;
    const some = fc.sample(question, { seed: SEED + 2, numRuns: 200 }).map(toAsked);
    for (const { grid, moment } of some) {
      const said = (asOf: number) => slow.teamsOn(world.gridId(grid), null, { ...moment, asOf }).join();
      const ids = world.chain(grid, moment).map((version) => version.grid.id);
      const until = Math.min(world.book.nextChange(ids, moment), moment.asOf + 40 * 86_400_000);
      expect(until).toBeGreaterThan(moment.asOf);
      const now = said(moment.asOf);
      for (let asOf = moment.asOf; asOf < until; asOf += 11 * 3_600_000) expect(said(asOf)).toBe(now);
      expect(said(until - 1)).toBe(now);
      if (said(until) !== now) changed += 1;
    }
    expect(changed).toBeGreaterThan(some.length / 5);
  });

  it('catches a twin in which coverage is inherited upwards, and one that ignores editions', () => {
    expect(isCaught(ask(world.book, downwards))).toBe(true);
    const { latest } = world.editions;
    const newest = ask(world.book);
    expect(isCaught(({ moment, ...asked }) => newest({ ...asked, moment: { ...moment, edition: latest } }))).toBe(true);
  });

  it('catches a twin whose circuit days begin at midnight elsewhere', async () => {
    const log = new TeamLogRepository(world.db);
    const elsewhere = {
      async readLog(after: number, upTo: number) {
        const { coverage, ...rest } = await log.readLog(after, upTo);
        const moved = coverage.opened.map((row) => {
          const days = row.value.days && { ...row.value.days, timeZone: 'UTC' };
          return { ...row, value: { ...row.value, days } };
        });
        return { ...rest, coverage: { ...coverage, opened: moved } };
      },
    };
    const twin = new TeamBook(elsewhere, world.directory);
    (await twin.read(0, world.editions.latest))();
    expect(isCaught(ask(twin))).toBe(true);
  });

  it('says the same for the same moment after later editions, here and after a restart', async () => {
    const asked = fc.sample(question, { seed: SEED + 3, numRuns: 800 }).map(toAsked);
    const before = asked.map(ask(world.book));
    const { latest } = world.editions;
    for (const one of fc.sample(change, { seed: SEED + 4, numRuns: 25 })) await publishChange(one);
    expect(world.editions.latest).toBeGreaterThan(latest + 8);
    expect(asked.map(ask(world.book))).toEqual(before);
    expect(asked.map(ask(await rebuilt()))).toEqual(before);
  });
});
