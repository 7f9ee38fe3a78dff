import { beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../../seeds/terrain/random.ts';
import { day } from '../grids/squareGrids.ts';
import type { Answer } from '../support/api.ts';
import { ADDRESSES, openWorld, type World } from './addressWorld.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

const MATCHES = `query ($search: String!, $within: ID, $first: Int, $asOf: DateTime, $edition: Int) {
  addresses(search: $search, within: $within, first: $first, asOf: $asOf, edition: $edition) {
    score address { id text aliases point { lon lat } building { id name point { lon lat } } elements { kind text } }
    matched { kind text } unmatched { kind text } assumed { kind text } } }`;
const search = async (search: string, more: object = {}) =>
  (await world.api.ask(MATCHES, { search, ...more })).addresses;
const texts = (matches: { address: { text: string } }[]) => matches.map(({ address }) => address.text);
const refusal = async (query: string, variables: object = {}) =>
  (await world.api.askRaw(query, variables)).errors?.[0].extensions;

describe('addresses by text', () => {
  it('come best first, with what matched, what did not and what was assumed', async () => {
    const [best, ...others] = await search('东湖镇幸福小区3号楼1单元101室，6层');
    expect(best.address.text).toBe(ADDRESSES[1].text);
    expect(best.score).toBeGreaterThan(0.9);
    expect(best.matched).toContainEqual({ kind: 'COMPOUND', text: '幸福小区' });
    expect(best.unmatched).toEqual([{ kind: 'FLOOR', text: '6层' }]);
    expect(best.assumed).toContainEqual({ kind: 'STREET', text: '中山路' });
    expect(best.address.elements.at(-1)).toEqual({ kind: 'ROOM', text: '101室' });
    for (const each of others) expect(each.score).toBeLessThanOrEqual(best.score);
  });

  it('are looked for in one grid only, where one is named', async () => {
    const { west, east, town } = world.grids;
    expect(texts(await search('人民路5号', { within: west.id }))).toEqual([ADDRESSES[2].text]);
    expect(texts(await search('人民路5号', { within: east.id }))).toEqual([ADDRESSES[3].text]);
    expect(await search('人民路5号', { within: town.id })).toHaveLength(2);
    expect(await search('松林路1号', { within: town.id })).toEqual([]);
  });

  it('are as many as asked for, and none where nothing is like it', async () => {
    expect(await search('人民路5号', { first: 1 })).toHaveLength(1);
    expect(await search('桃花源路')).toEqual([]);
    expect(await search('12')).toEqual([]);
  });

  it('are found by a text that is no harm to the database', async () => {
    for (const hostile of [
      "'; drop table address; --",
      '%',
      '_',
      '\\',
      '"',
      '{}',
      '\u0000',
      '😀路5号',
      '(((',
      '-'.repeat(200),
    ]) {
      expect(Array.isArray(await search(hostile)), hostile).toBe(true);
    }
  });

  it.each([
    ['no text', { search: ' ' }, 'search'],
    ['a text too long', { search: 'x'.repeat(201) }, 'search'],
    ['too many', { search: '中山路', first: 51 }, 'first'],
    ['none', { search: '中山路', first: 0 }, 'first'],
  ])('are refused for %s', async (_, variables, field) => {
    expect(await refusal(MATCHES, variables)).toMatchObject({ code: 'BAD_INPUT', field });
  });

  it('are refused in a grid that is not there', async () => {
    expect(await refusal(MATCHES, { search: '中山路', within: idOf('no grid') })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'within',
    });
  });

  it('are those of the instant and of the edition asked for', async () => {
    const before = world.api.app.editions.latest;
    await world.file([
      { text: '东湖镇前进村旧街3号', on: [9, 9], validFrom: day('2020-01-01'), validTo: day('2024-01-01') },
    ]);
    expect(await search('旧街3号')).toEqual([]);
    expect(await search('旧街3号', { asOf: '2023-06-01T00:00:00Z' })).toHaveLength(1);
    expect(await search('旧街3号', { asOf: '2023-06-01T00:00:00Z', edition: before })).toEqual([]);
  });
});

describe('an address by id', () => {
  it('is itself, or null where there is none', async () => {
    const id = idOf(ADDRESSES[0].text);
    const query = 'query ($id: ID!) { address(id: $id) { id text aliases point { lon lat } building { id } } }';
    expect((await world.api.ask(query, { id })).address).toMatchObject({ id, text: ADDRESSES[0].text, building: null });
    for (const other of [idOf('none'), 'x', '']) expect((await world.api.ask(query, { id: other })).address).toBeNull();
  });
});

describe('addresses that no grid owns', () => {
  const OUTSIDE = `query ($layer: String!, $first: Int, $after: String) {
    addressesOutside(layer: $layer, first: $first, after: $after) {
      edges { cursor node { text } } pageInfo { hasNextPage endCursor } lookedAt } }`;

  it('are listed page by page, each once', async () => {
    const far = Array.from({ length: 7 }, (_, i) => ({
      text: `万格市远山县西山镇松林路${i + 2}号`,
      on: [60 + i, 60] as const,
    }));
    await world.file(far);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: Answer = (await world.api.ask(OUTSIDE, { layer: 'gov', first: 3, after })).addressesOutside;
      seen.push(...page.edges.map(({ node }: { node: { text: string } }) => node.text));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen.sort()).toEqual([ADDRESSES[8].text, ...far.map(({ text }) => text)].sort());
  });

  it('are refused for an unknown layer and a foreign cursor', async () => {
    expect(await refusal(OUTSIDE, { layer: 'none' })).toMatchObject({ code: 'NOT_FOUND', field: 'layer' });
    expect(await refusal(OUTSIDE, { layer: 'gov', after: 'Z3JpZDp4' })).toMatchObject({
      code: 'BAD_INPUT',
      field: 'after',
    });
  });
});
