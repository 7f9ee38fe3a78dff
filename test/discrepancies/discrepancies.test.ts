import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../src/db/areas.ts';
import { NOW } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { at, box, openReportWorld, REPORT, type ReportWorld } from './reportWorld.ts';

let world: ReportWorld;
beforeAll(async () => {
  world = await openReportWorld();
});
afterAll(() => world.api.close());

const LIST = `query ($within: ID, $status: DiscrepancyStatus, $kind: DiscrepancyKind, $first: Int, $after: String) {
  discrepancies(within: $within, status: $status, kind: $kind, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { id note count kind status } } } }`;
const ANSWER = `mutation ($id: ID!, $outcome: DiscrepancyOutcome!, $answer: String!, $changesetId: ID) {
  answerDiscrepancy(id: $id, outcome: $outcome, answer: $answer, changesetId: $changesetId) { ${REPORT} note } }`;

const byId = (id: string, headers = {}) =>
  world.api.ask(`query ($id: ID!) { discrepancy(id: $id) { ${REPORT} } }`, { id }, headers);
const list = async (headers: Record<string, string>, variables = {}) =>
  (await world.api.ask(LIST, variables, headers)).discrepancies;
const codeOf = async (query: string, variables: object, headers = {}) =>
  (await world.api.askRaw(query, variables, headers)).errors?.[0].extensions.code;
const auditRows = () =>
  openTestDatabase().then(({ db }) =>
    inEveryArea(
      db,
      async (trx) => (await sql<Record<string, unknown>>`select * from audit_entry order by seq`.execute(trx)).rows,
    ),
  );

describe('a report', () => {
  it('goes to whoever manages the deepest grid, or the next above, and says what every layer said', async () => {
    const inA = await world.report({ kind: 'WRONG_OWNER', at: at(3, 5) });
    expect(inA).toMatchObject({
      ...{ status: 'OPEN', count: 1, confirmed: false, edition: 1, layer: null, outcome: null, answer: null },
      ...{ grid: { code: 'A' }, managedThenBy: { name: 'A committee' }, managedBy: { name: 'A committee' } },
      grounds: [
        { layer: { code: 'land' }, status: 'OWNED', grid: { code: 'A' }, distanceMetres: 0 },
        { layer: { code: 'water' }, status: 'NOT_SERVED', grid: null, distanceMetres: null },
      ],
    });
    const inB = await world.report({ kind: 'WRONG_OWNER', at: at(15, 5), layer: 'land' });
    expect(inB).toMatchObject({ grid: { code: 'B' }, managedBy: { name: 'First hall' }, layer: { code: 'land' } });
    const river = await world.report({ kind: 'BAD_BOUNDARY', at: at(15, 1), layer: 'water' });
    expect(river).toMatchObject({ grid: { code: 'R' }, managedBy: { name: 'River office' } });
  });

  it('is confirmed where the registry shows what it claims, and nowhere else', async () => {
    const gap = await world.report({ kind: 'GAP', at: at(9.5, 5) });
    expect(gap).toMatchObject({ confirmed: true, grid: { code: 'T1' }, managedBy: { name: 'First hall' } });
    expect(await world.report({ kind: 'GAP', at: at(5, 5) })).toMatchObject({ confirmed: false, grid: { code: 'A' } });
    expect(await world.report({ kind: 'OVERLAP', at: at(9.5, 5) })).toMatchObject({ confirmed: false });
    expect(await world.report({ kind: 'BAD_BOUNDARY', at: at(5, 5) })).toMatchObject({ confirmed: false });
  });

  it('outside goes to the nearest grid, and far outside to none', async () => {
    const near = await world.report({ kind: 'GAP', at: at(25, 12) });
    expect(near).toMatchObject({ confirmed: false, grid: { code: 'C' }, managedBy: { name: 'Second hall' } });
    const [land] = (near as unknown as { grounds: { status: string; distanceMetres: number }[] }).grounds;
    expect(land.status).toBe('OUTSIDE');
    expect(land.distanceMetres).toBeGreaterThan(215);
    expect(land.distanceMetres).toBeLessThan(225);
    expect(await world.report({ kind: 'GAP', at: at(25, 90) })).toMatchObject({ grid: null, managedBy: null });
  });

  it('in GCJ-02 is about the same place', async () => {
    const [report] = await Promise.all([world.report({ kind: 'WRONG_OWNER', at: { ...at(33, 5), datum: 'GCJ02' } })]);
    const place = (report as unknown as { at: { lon: number } }).at;
    expect(Math.abs(place.lon - at(33, 5).lon)).toBeGreaterThan(0.0005);
  });

  it.each([
    ['a mobile phone number', '找王老师 138 0000-1234'],
    ['a mobile phone number written out', '电话一三八零零零零一二三四'],
    ['an identity card number', '身份 52232319900101123X'],
    ['a licence plate', '一辆贵E·12345挡住了界碑'],
    ['a licence plate of an electric car', '贵E D12345'],
  ])('with %s is refused in a plain sentence that does not repeat it', async (what, note) => {
    const { errors } = await world.api.askRaw(
      'mutation ($input: DiscrepancyInput!) { reportDiscrepancy(input: $input) { id } }',
      { input: { kind: 'GAP', at: at(1, 1), note } },
    );
    expect(errors![0].extensions.code).toBe('BAD_INPUT');
    expect(errors![0].message).toMatch(
      new RegExp(`^input.note: this looks like ${what.split(' ').slice(0, 2).join(' ')}`),
    );
    expect(errors![0].message).not.toMatch(/\d{4}/);
  });

  it('takes 500 characters about a place and no more', async () => {
    const about = 'mutation ($input: DiscrepancyInput!) { reportDiscrepancy(input: $input) { id } }';
    const note = (length: number) => ({ input: { kind: 'GAP', at: at(1, 1), note: '界'.repeat(length) } });
    expect(await codeOf(about, note(501))).toBe('BAD_INPUT');
    expect(await codeOf(about, note(500))).toBeUndefined();
    const plain = {
      input: { kind: 'GAP', at: at(1, 2), note: '桥南 12 栋归谁？编号 522323001001001 的界线画错了\u200b' },
    };
    expect(await codeOf(about, plain)).toBeUndefined();
  });

  it.each([
    ['a layer that is not there', { kind: 'GAP', at: at(1, 1), layer: 'air' }, 'NOT_FOUND'],
    ['no place on Earth', { kind: 'GAP', at: { lon: 105, lat: 95 } }, 'BAD_INPUT'],
    ['a key that is too short', { kind: 'GAP', at: at(1, 1), clientKey: 'short' }, 'BAD_INPUT'],
  ])('about %s is refused', async (_, input, code) => {
    const about = 'mutation ($input: DiscrepancyInput!) { reportDiscrepancy(input: $input) { id } }';
    expect(await codeOf(about, { input })).toBe(code);
  });

  it('sent again under its key is the same report, not counted twice; a stranger with that key makes another', async () => {
    const input = { kind: 'OVERLAP', at: at(35, 5), clientKey: 'my-own-key', note: '两边都来' };
    const first = await world.report(input);
    const again = await Promise.all([1, 2, 3].map(() => world.report(input)));
    expect(again.map(({ id, count }) => [id, count])).toEqual(again.map(() => [first.id, 1]));
    const stranger = await world.report({ kind: 'OVERLAP', at: at(38, 5), clientKey: 'my-own-key' });
    expect(stranger.id).not.toBe(first.id);
  });

  it('of the same place is counted, sixty at once too, until a day has passed', async () => {
    const before = (await list(await world.api.as('admin', '*'))).totalCount;
    const flood = Array.from({ length: 60 }, (_, i) =>
      world.report({ kind: 'GAP', at: at(21 + i / 1e5, 5), note: `第${i}次` }),
    );
    const ids = new Set((await Promise.all(flood)).map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    expect((await byId(id)).discrepancy.count).toBe(60);
    const others = [
      { kind: 'OVERLAP', at: at(21, 5) },
      { kind: 'GAP', at: at(21, 5), layer: 'land' },
      { kind: 'GAP', at: at(21.5, 5) },
    ];
    for (const other of others) expect((await world.report(other)).id).not.toBe(id);
    expect((await list(await world.api.as('admin', '*'))).totalCount).toBe(before + 4);
    world.now = new Date(NOW.getTime() + 25 * 3_600_000);
    const nextDay = await world.report({ kind: 'GAP', at: at(21, 5) });
    world.now = NOW;
    expect([nextDay.id === id, nextDay.count]).toEqual([false, 1]);
  });
});

describe('who has the id of a report', () => {
  it('reads status and answer without signing in, never the note; and nobody reads one of an unknown id', async () => {
    const { id } = await world.report({ kind: 'WRONG_OWNER', at: at(2, 8), note: '秘密' });
    expect((await byId(id)).discrepancy).toMatchObject({ status: 'OPEN', answer: null });
    expect(await codeOf(`{ discrepancy(id: "${id}") { note } }`, {})).toBe('UNAUTHENTICATED');
    const note = async (...within: string[]) => {
      const headers = await world.api.as('officer', ...within);
      return (await world.api.ask(`{ discrepancy(id: "${id}") { note } }`, {}, headers)).discrepancy.note;
    };
    expect([await note('T1'), await note('A'), await note('T2'), await note('B')]).toEqual([
      '秘密',
      '秘密',
      null,
      null,
    ]);
    for (const unknown of [randomUUID(), 'x', `${id}' or true`]) expect((await byId(unknown)).discrepancy).toBeNull();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it('leaves no trace of who reported, signed in or not', async () => {
    const headers = { ...(await world.api.as('officer', 'T1')), 'x-purpose': 'a-purpose-of-mine' };
    const lines = world.api.logged().length;
    const { id } = await world.report(
      { kind: 'GAP', at: at(8, 8), note: '围墙外', clientKey: 'key-of-somebody' },
      headers,
    );
    const entry = (await auditRows()).find(({ object_id }) => object_id === id)!;
    expect(entry).toMatchObject({
      subject: 'public',
      role: 'public',
      action: 'discrepancies.report',
      grid_id: world.ids.A,
    });
    expect([entry.request_id, entry.purpose]).toEqual([null, null]);
    const { db } = await openTestDatabase();
    const kept = await inEveryArea(db, async (trx) => [
      ...(await sql`select * from discrepancy where id = ${id}::uuid`.execute(trx)).rows,
      entry,
      world.api.logged().slice(lines),
    ]);
    expect(JSON.stringify(kept)).not.toMatch(/test-officer|a-purpose|key-of-somebody/);
    expect(JSON.stringify([entry, world.api.logged()])).not.toContain('围墙外');
  });
});

describe('whoever maintains an area', () => {
  it('lists its reports, newest first, page by page; what goes to no grid is listed for whoever sees everything', async () => {
    const [t1, t2, all] = [
      await world.api.as('officer', 'T1'),
      await world.api.as('officer', 'T2'),
      await world.api.as('officer', '*'),
    ];
    const mine = await world.report({ kind: 'WRONG_OWNER', at: at(12, 3), note: '新的' });
    const far = await world.report({ kind: 'WRONG_OWNER', at: at(25, 90) });
    const first = await list(t1, { first: 2 });
    expect(first.edges[0].node).toMatchObject({ id: mine.id, note: '新的' });
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await list(t1, { first: 2, after });
      seen.push(...page.edges.map((edge: { node: { id: string } }) => edge.node.id));
      expect(page.totalCount).toBe(first.totalCount);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect([new Set(seen).size, seen.length]).toEqual([first.totalCount, first.totalCount]);
    const idsOf = async (headers: Record<string, string>, variables = {}) =>
      (await list(headers, { first: 200, ...variables })).edges.map((edge: { node: { id: string } }) => edge.node.id);
    expect(await idsOf(t2)).not.toContain(mine.id);
    expect([(await idsOf(all)).includes(far.id), (await idsOf(t1)).includes(far.id)]).toEqual([true, false]);
    expect(await idsOf(t1, { within: 'B' })).toContain(mine.id);
    expect(await idsOf(t1, { within: 'A' })).not.toContain(mine.id);
    for (const within of ['T2', 'nowhere']) expect(await idsOf(t1, { within })).toEqual([]);
    expect(await idsOf(t1, { status: 'ANSWERED' })).toEqual([]);
    expect(
      new Set((await list(t1, { kind: 'GAP' })).edges.map((e: { node: { kind: string } }) => e.node.kind)),
    ).toEqual(new Set(['GAP']));
    expect(await codeOf(LIST, {})).toBe('UNAUTHENTICATED');
    expect(await codeOf(LIST, { after: 'x' }, t1)).toBe('BAD_INPUT');
    expect(await codeOf(LIST, { first: 201 }, t1)).toBe('BAD_INPUT');
  });

  it('answers: a promise once more, anything else once; the reporter reads it', async () => {
    const editor = await world.api.as('gis_editor', 'T1');
    const { id } = await world.report({ kind: 'GAP', at: at(9.5, 1), note: '没人管' });
    const answer = (outcome: string, text: string, more = {}) => ({ id, outcome, answer: text, ...more });
    const promised = (await world.api.ask(ANSWER, answer('WILL_FIX', '五月修'), editor)).answerDiscrepancy;
    expect(promised).toMatchObject({ status: 'ANSWERED', outcome: 'WILL_FIX', answer: '五月修', note: '没人管' });
    // It still waits, so it is still counted.
    expect(await world.report({ kind: 'GAP', at: at(9.5, 1) })).toMatchObject({ id, count: 2 });
    await world.api.ask(ANSWER, answer('FIXED', '已修'), editor);
    expect((await byId(id)).discrepancy).toMatchObject({ outcome: 'FIXED', answer: '已修' });
    for (const outcome of ['FIXED', 'WILL_FIX', 'NOT_A_FAULT']) {
      expect(await codeOf(ANSWER, answer(outcome, '再答'), editor)).toBe('CONFLICT');
    }
    expect((await byId(id)).discrepancy.answer).toBe('已修');
    expect((await world.report({ kind: 'GAP', at: at(9.5, 1) })).id).not.toBe(id);
  });

  it('answers nothing outside, nothing personal, nothing empty and by no changeset that is not there', async () => {
    const { id } = await world.report({ kind: 'WRONG_OWNER', at: at(11, 9) });
    const [own, foreign, officer] = [
      await world.api.as('gis_editor', 'B'),
      await world.api.as('gis_editor', 'T2'),
      await world.api.as('officer', 'B'),
    ];
    const input = { id, outcome: 'NOT_A_FAULT', answer: '无误' };
    const told = async (variables: object, headers: Record<string, string>) =>
      (await world.api.askRaw(ANSWER, variables, headers)).errors![0];
    const [outside, unknown] = [await told(input, foreign), await told({ ...input, id: randomUUID() }, foreign)];
    expect([outside.extensions.code, outside.message]).toEqual(['NOT_FOUND', unknown.message]);
    expect(await codeOf(ANSWER, { ...input, id: 'no id' }, own)).toBe('NOT_FOUND');
    expect(await codeOf(ANSWER, input)).toBe('UNAUTHENTICATED');
    expect(await codeOf(ANSWER, input, officer)).toBe('FORBIDDEN');
    expect(await codeOf(ANSWER, { ...input, answer: ' ' }, own)).toBe('BAD_INPUT');
    expect(await codeOf(ANSWER, { ...input, answer: '打 13800001234' }, own)).toBe('BAD_INPUT');
    for (const changesetId of [randomUUID(), 'none']) {
      expect(await codeOf(ANSWER, { ...input, changesetId }, own)).toBe('NOT_FOUND');
    }
    expect((await byId(id)).discrepancy.status).toBe('OPEN');
  });

  it('is recorded with the grid and the outcome, without note or answer; refusals too', async () => {
    const { id } = await world.report({ kind: 'WRONG_OWNER', at: at(14, 9), note: '只在备注里' });
    const editor = await world.api.as('gis_editor', 'T1');
    await world.api.ask(ANSWER, { id, outcome: 'NOT_A_FAULT', answer: '只在答复里' }, editor);
    await codeOf(ANSWER, { id, outcome: 'FIXED', answer: '只在答复里' }, editor);
    const entries = (await auditRows()).filter(({ object_id }) => object_id === id);
    expect(entries.map(({ action, result }) => [action, result])).toEqual([
      ['discrepancies.report', 'DONE'],
      ['discrepancies.answer', 'DONE'],
      ['discrepancies.answer', 'REFUSED'],
    ]);
    expect(entries[1]).toMatchObject({ grid_id: world.ids.B, role: 'gis_editor' });
    expect(entries[1].details).toMatchObject({ outcome: 'NOT_A_FAULT' });
    expect(JSON.stringify(entries)).not.toMatch(/只在/);
  });

  it('is whoever manages the grid now, however it was managed then', async () => {
    const { id } = await world.report({ kind: 'WRONG_OWNER', at: at(36, 9) });
    const { editions, writers } = world.api.app;
    await editions.publish('Hand over', (trx, edition) =>
      writers.grids.reviseGrids(trx, edition, [
        { gridId: world.ids.D, from: NOW, set: { managerId: world.bodies['River office'] } },
      ]),
    );
    expect((await byId(id)).discrepancy).toMatchObject({
      managedThenBy: { name: 'Second hall' },
      managedBy: { name: 'River office' },
    });
  });

  it('is whoever has the grid in which an ended one went on', async () => {
    const [t1, t2] = [await world.api.as('gis_editor', 'T1'), await world.api.as('gis_editor', 'T2')];
    const { id } = await world.report({ kind: 'WRONG_OWNER', at: at(31, 8), note: '并网前' });
    const { editions, writers } = world.api.app;
    const { C, D } = world.ids;
    await editions.publish('Merge', async (trx, edition) => {
      await writers.grids.retireGrids(trx, edition, [D], NOW);
      await writers.grids.reviseGrids(trx, edition, [{ gridId: C, from: NOW, set: { boundary: box(20, 0, 20, 10) } }]);
      await sql`insert into grid_lineage (from_id, to_id, how, at, edition_from)
        values (${D}::uuid, ${C}::uuid, 'MERGED', ${NOW.toISOString()}::timestamptz, ${edition}::int)`.execute(trx);
    });
    expect((await byId(id)).discrepancy).toMatchObject({ grid: { code: 'D' }, managedBy: { name: 'Second hall' } });
    const idsOf = async (headers: Record<string, string>, within?: string) =>
      (await list(headers, { within, first: 200 })).edges.map((edge: { node: { id: string } }) => edge.node.id);
    expect([(await idsOf(t2)).includes(id), (await idsOf(t2, 'C')).includes(id)]).toEqual([true, true]);
    expect((await idsOf(t1)).includes(id)).toBe(false);
    const answer = { id, outcome: 'NOT_A_FAULT', answer: '已并入' };
    expect(await codeOf(ANSWER, answer, t1)).toBe('NOT_FOUND');
    expect((await world.api.ask(ANSWER, answer, t2)).answerDiscrepancy.note).toBe('并网前');
    const entry = (await auditRows()).find(
      ({ object_id, result, action }) => object_id === id && result === 'DONE' && action === 'discrepancies.answer',
    )!;
    expect(entry.grid_id).toBe(C);
  });
});
