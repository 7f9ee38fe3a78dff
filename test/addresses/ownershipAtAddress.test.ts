import { beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../../seeds/terrain/random.ts';
import { day, placeAt, rectangle } from '../grids/squareGrids.ts';
import { ADDRESSES, openWorld, type World } from './addressWorld.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

const codes = (answer: { notices: { code: string }[] }) => answer.notices.map(({ code }) => code);
const TOLD = ['AMBIGUOUS_ADDRESS', 'ADDRESS_NOT_FOUND'];
const told = (answer: { notices: { code: string; message: string }[] }) =>
  answer.notices.filter(({ code }) => TOLD.includes(code));

describe('who answers at an address', () => {
  it('is who answers at its point, however the address is said', async () => {
    for (const address of [
      '红旗社区中山路12号',
      '东湖镇中山路十二號',
      '老供销社大院3号楼101',
      '幸福小区3-1-101',
      '沿河街１５号',
    ]) {
      const answer = await world.ownership({ address });
      expect(answer.officer.holder.name, address).toBe('民警红旗社区');
      expect(answer.place.confidence, address).toBeGreaterThan(0.8);
      expect(told(answer), address).toEqual([]);
    }
    const answer = await world.ownership({ address: '前进村4组18号' });
    expect(answer.officer.holder.name).toBe('民警前进村');
    expect(answer.place.point).toEqual(placeAt(8, 8));
    expect(answer.place.address.text).toBe('万格市平安县东湖镇前进村4组18号');
  });

  it('is for the best of several, which are listed, and says so when their owners differ', async () => {
    const answer = await world.ownership({ address: '人民路5号' });
    expect(answer.place.candidates).toHaveLength(2);
    expect(answer.place.confidence).toBeLessThanOrEqual(0.5);
    expect(answer.place.address.id).toBe(answer.place.candidates[0].address.id);
    expect(told(answer)).toHaveLength(1);
    expect(told(answer)[0]).toMatchObject({
      code: 'AMBIGUOUS_ADDRESS',
      message: expect.stringContaining('前进村人民路5号'),
    });
  });

  it('says nothing of several that have the same owner', async () => {
    const answer = await world.ownership({ address: '学院路9号' });
    expect(answer.place.candidates).toHaveLength(2);
    expect(told(answer)).toEqual([]);
    expect(answer.officer.holder.name).toBe('民警红旗社区');
  });

  it('of an unknown address is whoever answers for the deepest division that is known', async () => {
    const village = await world.ownership({ address: '东湖镇前进村桃花路77号' });
    expect(village.place).toMatchObject({ address: null, confidence: 0 });
    expect(told(village)).toEqual([{ code: 'ADDRESS_NOT_FOUND', message: expect.stringContaining('前进村') }]);
    expect(village.officer.holder.name).toBe('民警前进村');
    const town = await world.ownership({ address: '平安县东湖镇桃花路77号' });
    expect(town.layers[0]).toMatchObject({ grid: { name: '东湖镇' }, chain: [{ name: '东湖镇' }] });
    expect(town.officer.holder.name).toBe('民警东湖镇');
    // The town lies in two zones of the other layer, so none of them is sure.
    expect(town.layers[1]).toMatchObject({ layer: { code: 'patrol' }, grid: null, chain: [] });
  });

  it('of an address of which nothing is known is an answer without layers, not an error', async () => {
    for (const address of ['桃花源路77号', 'hello', '12', '！！']) {
      const answer = await world.ownership({ address });
      expect(answer).toMatchObject({ layers: [], officer: null, place: { address: null, confidence: 0 } });
      expect(codes(answer), address).toEqual(['ADDRESS_NOT_FOUND']);
    }
  });

  it('by an id is exact, and an unknown id is an error that names the field', async () => {
    const { text, on } = ADDRESSES[1];
    const answer = await world.ownership({ addressId: idOf(text) });
    expect(answer.place).toMatchObject({ confidence: 1, point: placeAt(...on), address: { text } });
    for (const addressId of [idOf('nobody'), 'not an id']) {
      const { errors } = await world.api.askRaw('query ($at: PlaceInput!) { ownership(at: $at) { edition } }', {
        at: { addressId },
      });
      expect(errors?.[0].extensions).toMatchObject({ code: 'NOT_FOUND', field: 'at.addressId' });
    }
  });

  it.each([
    ['two ways at once', { address: '中山路12号', point: { lon: 1, lat: 1 } }],
    ['an empty text', { address: '  ' }],
    ['a text too long', { address: '路'.repeat(201) }],
  ])('is refused for %s', async (_, at) => {
    const { errors } = await world.api.askRaw('query ($at: PlaceInput!) { ownership(at: $at) { edition } }', { at });
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_INPUT', field: expect.stringMatching(/^at/) });
  });

  it('is told for many at once as for each alone, and one bad one fails no other', async () => {
    const at = [
      { address: '中山路12号' },
      { point: placeAt(7, 7) },
      { addressId: idOf('nobody') },
      { address: '人民路5号' },
      { address: '' },
      { address: '桃花源路77号' },
      { addressId: idOf(ADDRESSES[6].text) },
    ];
    const fields = 'place { confidence address { id } } officer { holder { ... on Person { name } } } notices { code }';
    const { ownerships } = await world.api.ask(`query ($at: [PlaceInput!]!) { ownerships(at: $at) { ${fields} } }`, {
      at,
    });
    expect(ownerships.map(codes)).toEqual([
      [],
      [],
      ['BAD_PLACE'],
      ['AMBIGUOUS_ADDRESS'],
      ['BAD_PLACE'],
      ['ADDRESS_NOT_FOUND'],
      [],
    ]);
    const alone = await world.ownership(at[3]);
    expect(ownerships[3].place.address.id).toBe(alone.place.address.id);
    expect(ownerships[6].officer.holder.name).toBe('民警前进村');
  });

  it('is refused for more than 200 texts at once', async () => {
    const query = 'query ($at: [PlaceInput!]!) { ownerships(at: $at) { edition } }';
    const ask = (count: number) => world.api.askRaw(query, { at: Array(count).fill({ address: '中山路12号' }) });
    expect((await ask(201)).errors?.[0].extensions).toMatchObject({ code: 'TOO_MANY_PLACES', allowed: 200 });
    expect((await ask(200)).data.ownerships).toHaveLength(200);
  });

  it('may change when an address begins or ends', async () => {
    await world.file([
      { text: '东湖镇前进村新街1号', on: [8, 2], validFrom: day('2027-03-01'), validTo: day('2028-01-01') },
    ]);
    expect((await world.ownership({ address: '中山路12号' })).validUntil).toBe('2027-03-01T00:00:00.000Z');
    expect(codes(await world.ownership({ address: '新街1号' }))).toContain('ADDRESS_NOT_FOUND');
    const later = await world.ownership({ address: '新街1号' }, { asOf: '2027-06-01T00:00:00Z' });
    expect(later.place.address.text).toBe('东湖镇前进村新街1号');
    expect(later.validUntil).toBe('2028-01-01T00:00:00.000Z');
  });
});

describe('a border that moves', () => {
  it('changes owners and not addresses, and the earlier edition answers as before', async () => {
    const { api, grids } = world;
    const at = { address: '沿河菜场' };
    const before = await world.ownership(at);
    const count = () =>
      api.app.database.db
        .selectFrom('address_version')
        .select(({ fn }) => fn.countAll().as('n'))
        .executeTakeFirst();
    const rows = await count();
    const from = day('2026-01-01');
    await api.app.editions.publish('The border moves west', (trx, edition) =>
      api.app.writers.grids.reviseGrids(trx, edition, [
        { gridId: grids.west.id, from, set: { boundary: rectangle([0, 0, 4, 10]) } },
        { gridId: grids.east.id, from, set: { boundary: rectangle([4, 0, 6, 10]) } },
      ]),
    );
    const after = await world.ownership(at);
    expect([before, after].map(({ officer }) => officer.holder.name)).toEqual(['民警红旗社区', '民警前进村']);
    expect(after.place).toEqual(before.place);
    expect(await count()).toEqual(rows);
    expect(await world.ownership(at, { edition: before.edition })).toEqual(before);
  });
});
