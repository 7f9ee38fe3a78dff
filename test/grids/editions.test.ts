import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/app.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { type EditionReader, EditionService } from '../../src/grids/edition.service.ts';
import { MomentReader } from '../../src/grids/momentReader.ts';
import { OwnershipService } from '../../src/ownership/ownership.service.ts';
import { ShareRepository } from '../../src/ownership/share.repository.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { SiteLogRepository } from '../../src/sites/log/siteLog.repository.ts';
import { SiteBook } from '../../src/sites/siteBook.ts';
import { TeamBook } from '../../src/teams/memory/teamBook.ts';
import { TeamLogRepository } from '../../src/teams/memory/teamLog.repository.ts';
import { appoint, makeBody, makePerson, makePost } from '../posts/postsFixture.ts';
import { type Answer, type Api, NOW } from '../support/api.ts';
import { countRows, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';
import { testConfig } from '../support/testConfig.ts';
import { day, drawGrid, openPaper, placeAt, publishGrids } from './squareGrids.ts';

let api: Api;
const role = { code: 'officer', name: 'Officer', answersAs: 'officer' as const, position: 1, categories: [] };
const whole = drawGrid('town/town', 'T', [0, 0, 2, 1]);
const west = drawGrid('town/village', 'W', [0, 0, 1, 1], { parent: whole, name: 'West 0' });
const east = drawGrid('town/village', 'E', [1, 0, 1, 1], { parent: whole, name: 'East 0' });

beforeAll(async () => {
  api = await openPaper([
    { code: 'town', kind: 'PARTITION', tiers: ['town', 'village'] },
    { code: 'beat', kind: 'PARTITION', tiers: ['beat'] },
    { code: 'loose', kind: 'OVERLAY', tiers: ['loose'] },
  ]);
  await publishGrids(api, [whole, west, east]);
  await api.app.editions.publish('Roles', (trx, edition) =>
    api.app.writers.posts.insertRoles(trx, edition, [
      { ...role, tiers: [{ layer: 'town', tier: 'town', required: true }] },
    ]),
  );
});
afterAll(() => api?.close());

/** The house of another process over the same database. */
async function openOther(): Promise<App> {
  return buildApp(await openTestDatabase(), testConfig(), { clock: () => NOW });
}

/** How many rows every table has. */
async function rows(): Promise<string> {
  return JSON.stringify(await countRows(api.app.database.db));
}

async function nameOf(code: string): Promise<string | undefined> {
  return (await api.ask('query ($code: String) { grid(code: $code) { name } }', { code })).grid?.name;
}

describe('a publication', () => {
  let before: { rows: string; latest: number };
  beforeEach(async () => {
    before = { rows: await rows(), latest: api.app.editions.latest };
  });

  async function staysOut(publishing: Promise<unknown>, refused: object): Promise<void> {
    await expect(publishing).rejects.toMatchObject(refused);
    expect(await rows()).toBe(before.rows);
    expect(api.app.editions.latest).toBe(before.latest);
    const { edition } = await api.app.editions.publish('The next', async () => {});
    expect(edition).toBe(before.latest + 1);
    expect(api.app.editions.editions.at(-1)).toMatchObject({ number: edition, title: 'The next' });
  }

  it('whose writer throws at its end leaves no edition and no row, and the next takes its number', async () => {
    const { grids, posts } = api.app.writers;
    const publishing = api.app.editions.publish('Thrown away', async (trx, edition) => {
      await grids.insertScheme(trx, edition, { code: 'thrown', name: 'Thrown' });
      await grids.insertGrids(trx, edition, [drawGrid('loose/loose', 'THROWN', [0, 0, 1, 1])]);
      await grids.reviseGrids(trx, edition, [{ gridId: west.id, from: day('2021-01-01'), set: { name: 'Thrown' } }]);
      await posts.insertBodies(trx, edition, [makeBody('Thrown')]);
      throw new Error('the writer gave up');
    });
    await staysOut(publishing, { message: 'the writer gave up' });
    expect([await nameOf('W'), await nameOf('THROWN')]).toEqual(['West 0', undefined]);
  });

  it('that breaks a law at its commit leaves nothing either', async () => {
    const overlap = drawGrid('town/village', 'OVER', [0.5, 0, 1, 1], { parent: whole });
    await staysOut(publishGrids(api, [overlap]), { code: 'OVERLAP' });
  });

  it('of a person without a post leaves nothing either', async () => {
    const publishing = api.app.editions.publish('Nobody', (trx, edition) =>
      api.app.writers.posts.insertPeople(trx, edition, [makePerson('Nobody')]),
    );
    await staysOut(publishing, { message: expect.stringContaining('without any post') });
  });
});

describe('twenty publications at once', () => {
  it('are numbered without a hole, and each publisher then reads its own', async () => {
    const other = await openOther();
    const first = api.app.editions.latest;
    const published = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { app } = n % 2 === 0 ? api : { app: other };
        const grid = drawGrid('loose/loose', `L${n}`, [n, 10, 1, 1]);
        const { edition } = await app.editions
          .publish(`Number ${n}`, async (trx, edition) => {
            await app.writers.grids.insertGrids(trx, edition, [grid]);
            // One of them fails in the middle of the queue and leaves no hole.
            if (n === 7) throw new Error('seven gave up');
          })
          .catch(() => ({ edition: 0 }));
        if (edition === 0) return edition;
        expect(app.editions.latest).toBeGreaterThanOrEqual(edition);
        expect(app.editions.editions[edition - 1]).toMatchObject({ number: edition, title: `Number ${n}` });
        const at = { point: placeAt(n + 0.5, 10.5) };
        const answer = await app.ownership.ownership(at);
        expect(answer.layers.find(({ layer }) => layer.code === 'loose')?.grid?.id).toBe(grid.id);
        const early = await app.ownership.ownership(at, { edition: edition - 1 });
        expect(early.layers.find(({ layer }) => layer.code === 'loose')?.grid ?? null).toBeNull();
        return edition;
      }),
    );
    const numbers = published.filter((edition) => edition > 0).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 19 }, (_, i) => first + 1 + i));
    await Promise.all([api.app.editions.catchUp(), other.editions.catchUp()]);
    const log = ({ editions }: App) => editions.editions.map(({ number, title }) => `${number} ${title}`);
    expect(log(api.app)).toEqual(log(other));
    const times = other.editions.editions.map(({ publishedAt }) => publishedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe('a house that another one publishes beside', () => {
  it('shows an edition after it has caught up, and not before', async () => {
    const other = await openOther();
    const grid = drawGrid('loose/loose', 'BESIDE', [0, 20, 1, 1]);
    await other.editions.publish('Beside', (trx, edition) => other.writers.grids.insertGrids(trx, edition, [grid]));
    expect(await nameOf('BESIDE')).toBeUndefined();
    await api.app.editions.catchUp();
    expect(await nameOf('BESIDE')).toBe('Grid BESIDE');
  });

  const post = makePost('officer', whole.id);
  const station = makeBody('Station 0');
  const ROUNDS = 12;
  const QUERY = `query ($west: PlaceInput!, $east: PlaceInput!) {
    west: ownership(at: $west) { edition layers { layer { code } grid { name } } officer { holder { ... on Body { name } } } }
    east: ownership(at: $east) { edition layers { layer { code } grid { name } } officer { holder { ... on Body { name } } } }
    grids(filter: { layer: "town", tier: "village" }) { edges { node { name } } }
  }`;
  const places = {
    west: { point: placeAt(0.5, 0.5) },
    east: { point: placeAt(1.5, 0.5) },
  };

  /** The number that each part of an answer speaks of; an answer of one edition has one number only. */
  function numbersIn(answer: Answer): Set<string> {
    const last = (name: string) => name.split(' ').at(-1)!;
    const sides = [answer.west, answer.east].flatMap((side) => [
      ...side.layers.filter(({ layer }: Answer) => layer.code === 'town').map(({ grid }: Answer) => last(grid.name)),
      last(side.officer.holder.name),
    ]);
    return new Set([...sides, ...answer.grids.edges.map(({ node }: Answer) => last(node.name))]);
  }

  async function rename({ editions, writers }: App, round: number): Promise<void> {
    const from = day('2020-01-01');
    await editions.publish(`Round ${round}`, async (trx, edition) => {
      await writers.grids.reviseGrids(trx, edition, [{ gridId: west.id, from, set: { name: `West ${round}` } }]);
      await writers.grids.reviseGrids(trx, edition, [{ gridId: east.id, from, set: { name: `East ${round}` } }]);
      await writers.posts.reviseBodies(trx, edition, [{ id: station.id, from, set: { name: `Station ${round}` } }]);
    });
  }

  async function staffAndRename(publisher: App): Promise<void> {
    const { posts } = publisher.writers;
    await publisher.editions.publish('Staffed', async (trx, edition) => {
      await posts.insertBodies(trx, edition, [station]);
      await posts.insertPosts(trx, edition, [post]);
      await posts.insertAppointments(trx, edition, [appoint(post, station)]);
    });
    for (let round = 1; round <= ROUNDS; round++) await rename(publisher, round);
  }

  /** Asks without a pause until told, and gives the answers that mixed editions and the numbers seen. */
  async function askOn(reader: Api, isOver: () => boolean) {
    const mixed: Answer[] = [];
    const seen = new Set<string>();
    while (!isOver()) {
      await reader.app.editions.catchUp();
      const burst = await Promise.all(Array.from({ length: 4 }, () => reader.ask(QUERY, places)));
      for (const answer of burst) {
        if (!answer.west.officer.holder) continue;
        const numbers = numbersIn(answer);
        if (numbers.size !== 1 || answer.west.edition !== answer.east.edition) mixed.push(answer);
        for (const number of numbers) seen.add(number);
      }
    }
    return { mixed, seen };
  }

  it('never mixes two editions in one answer while two grids and a body are renamed together', async () => {
    const publisher = await openOther();
    let isOver = false;
    const asking = askOn(api, () => isOver);
    await staffAndRename(publisher).finally(() => {
      isOver = true;
    });
    const { mixed, seen } = await asking;
    expect(mixed).toEqual([]);
    expect(seen.size).toBeGreaterThan(3);
    await api.app.editions.catchUp();
    expect(numbersIn(await api.ask(QUERY, places))).toEqual(new Set([String(ROUNDS)]));
  });

  /** What a house says of the west right after it caught up with a renaming; `late` shows its staff a turn later. */
  async function numbersAfterCatchUp(round: number, late: boolean): Promise<string[]> {
    const { db } = api.app.database;
    const directory = new Directory(new DirectoryRepository(db));
    const sources = {
      atlas: new Atlas(new TerritoryRepository(db)),
      directory,
      teams: new TeamBook(new TeamLogRepository(db), directory),
      sites: new SiteBook(new SiteLogRepository(db)),
    };
    const lateStaff: EditionReader = {
      async read(after, upTo) {
        const show = await sources.directory.read(after, upTo);
        return after === 0 ? show : () => void setImmediate(show);
      },
    };
    const editions = new EditionService(
      db,
      () => NOW,
      [sources.atlas, late ? lateStaff : sources.directory, sources.teams, sources.sites],
      editionBooks(() => NOW),
    );
    const house = new OwnershipService(sources, new ShareRepository(db), new MomentReader(editions, () => NOW), {
      read: async () => [],
    });
    await editions.catchUp();
    await rename(api.app, round);
    await editions.catchUp();
    const { layers, officer } = await house.ownership(places.west);
    return [layers[0].grid?.name, officer?.holder?.name].map((name) => String(name).split(' ').at(-1)!);
  }

  it('shows grids and staff in one tick, and one whose staff comes a turn later is seen to mix', async () => {
    expect(await numbersAfterCatchUp(100, false)).toEqual(['100', '100']);
    expect(await numbersAfterCatchUp(101, true)).toEqual(['101', '100']);
  });
});

describe('a crosswalk', () => {
  it('shares each grid out whole where the other layer covers it', async () => {
    // Four beats that are cut by a border askew to the border of the villages.
    const askew = [0.3, 0.6, 1.1, 2].map((east, i, all) => [all[i - 1] ?? 0, east]);
    const beats = askew.map(([from, to], i) => drawGrid('beat/beat', `B${i}`, [from, 0, to - from, 1]));
    await publishGrids(api, beats);
    const query = `query ($from: TierRef!, $to: TierRef!, $within: ID) {
      crosswalk(from: $from, to: $to, within: $within) { from { code } to { code } share }
    }`;
    const villages = { layer: 'town', tier: 'village' };
    const toBeats = { layer: 'beat', tier: 'beat' };
    const { crosswalk } = await api.ask(query, { from: villages, to: toBeats });
    const lines = crosswalk.map(({ from, to, share }: Answer) => `${from.code} ${to.code} ${share.toFixed(3)}`);
    expect(lines).toEqual(['E B3 0.900', 'E B2 0.100', 'W B2 0.400', 'W B0 0.300', 'W B1 0.300']);
    const back = (await api.ask(query, { from: toBeats, to: villages })).crosswalk;
    for (const rows of [crosswalk, back]) {
      const sums = new Map<string, number>();
      for (const { from, share } of rows) sums.set(from.code, (sums.get(from.code) ?? 0) + share);
      for (const sum of sums.values()) expect(sum).toBeCloseTo(1, 9);
    }
    const narrow = await api.ask(query, { from: villages, to: toBeats, within: beats[0].id });
    expect(narrow.crosswalk).toEqual([]);
  });
});
