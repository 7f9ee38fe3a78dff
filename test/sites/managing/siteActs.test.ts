import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTwoAreas, type TwoAreas } from '../../access/twoAreas.ts';
import { asSuperuser } from '../../support/database.ts';
import { addPlaces, type ManagedPlaces, placesIn } from './managedPlaces.ts';

type Headers = Record<string, string>;

let world: TwoAreas;
let admin: Headers;
let own: ManagedPlaces;
let foreign: ManagedPlaces;
beforeAll(async () => {
  world = await openTwoAreas();
  await addPlaces(world);
  [own, foreign] = [placesIn(world.own), placesIn(world.foreign)];
  admin = await world.headersOf('admin');
});
afterAll(() => world.api.close());

const FROM = '2026-07-01T00:00:00.000Z';
const VARIABLES: Record<string, string> = {
  openSite: '$input: OpenSiteInput!',
  endSite: '$id: ID!, $at: DateTime!',
  rateSite: '$id: ID!, $scheme: String!, $stars: Int!, $most: Int!, $from: DateTime!',
  honourSite: '$id: ID!, $name: String!, $givenOn: String!',
  houseBody: '$id: ID!, $bodyId: ID!, $from: DateTime!',
  unhouseBody: '$id: ID!, $bodyId: ID!, $at: DateTime!',
};

function documentOf(name: string): string {
  const values = VARIABLES[name].replace(/\$(\w+): [\w!]+/g, '$1: $$$1');
  return `mutation (${VARIABLES[name]}, $expectedEdition: Int, $clientKey: String) {
    ${name}(${values}, expectedEdition: $expectedEdition, clientKey: $clientKey) { edition asOf site { id name } } }`;
}

const perform = async (name: string, variables: object) =>
  (await world.api.ask(documentOf(name), variables, admin))[name];

/** The code and message of a refusal; no edition is published. */
async function refusal(name: string, variables: object): Promise<string> {
  const before = world.api.app.editions.latest;
  const { errors = [] } = await world.api.askRaw(documentOf(name), variables, admin);
  await world.api.app.editions.catchUp();
  expect(world.api.app.editions.latest).toBe(before);
  return errors.map(({ message, extensions }) => `${extensions.code} ${message}`).join('; ');
}

async function siteAt(id: string, asOf: string) {
  const query = `query ($id: ID!, $asOf: DateTime) { site(id: $id, asOf: $asOf) {
    name kind radiusMetres bodies { id } services { code openNow } rating { scheme stars most } honours { name } } }`;
  return (await world.api.ask(query, { id, asOf })).site;
}

const desk = (more: object = {}) => ({
  ...{ name: 'Desk', kind: 'DESK', point: own.point, radiusMetres: 25, timeZone: 'Asia/Shanghai', from: FROM },
  services: [{ code: 'permits', name: 'Permits', hours: '24/7' }],
  bodyIds: [own.bodyId],
  ...more,
});

describe('a site of the own area', () => {
  it('is opened, rated, honoured and ended, each seen in the next request and from its instant on', async () => {
    const clientKey = randomUUID();
    const input = desk({ name: 'Desk one' });
    const opened = await perform('openSite', { input, clientKey });
    expect(await perform('openSite', { input, clientKey })).toEqual(opened);
    const { id } = opened.site;
    expect(await siteAt(id, '2026-06-30T00:00:00Z')).toBeNull();
    const first = { name: 'Desk one', kind: 'DESK', radiusMetres: 25, bodies: [{ id: own.bodyId }] };
    expect(await siteAt(id, FROM)).toEqual({
      ...{ ...first, services: [{ code: 'permits', openNow: true }], rating: null, honours: [] },
    });
    await perform('rateSite', { id, scheme: 'stars', stars: 3, most: 5, from: FROM });
    await perform('rateSite', { id, scheme: 'stars', stars: 4, most: 5, from: '2026-08-01T00:00:00Z' });
    expect((await siteAt(id, '2026-07-31T00:00:00Z')).rating).toEqual({ scheme: 'stars', stars: 3, most: 5 });
    expect((await siteAt(id, '2026-08-01T00:00:00Z')).rating).toEqual({ scheme: 'stars', stars: 4, most: 5 });
    await perform('honourSite', { id, name: 'Model desk', givenOn: '2026-08-01' });
    expect((await siteAt(id, '2026-07-31T15:59:59Z')).honours).toEqual([]);
    expect((await siteAt(id, '2026-07-31T16:00:00Z')).honours).toEqual([{ name: 'Model desk' }]);
    await perform('unhouseBody', { id, bodyId: own.bodyId, at: '2026-08-01T00:00:00Z' });
    await perform('houseBody', { id, bodyId: foreign.bodyId, from: '2026-08-01T00:00:00Z' });
    expect((await siteAt(id, '2026-07-31T00:00:00Z')).bodies).toEqual([{ id: own.bodyId }]);
    expect((await siteAt(id, '2026-08-01T00:00:00Z')).bodies).toEqual([{ id: foreign.bodyId }]);
    const ended = await perform('endSite', { id: id.toUpperCase(), at: '2026-09-01T00:00:00Z' });
    expect(ended.site).toBeNull();
    expect(await siteAt(id, '2026-09-01T00:00:00Z')).toBeNull();
    expect((await siteAt(id, '2026-08-31T00:00:00Z')).rating.stars).toBe(4);
    expect(await refusal('endSite', { id, at: '2026-09-01T00:00:00Z' })).toMatch(/^CONFLICT at: the site has ended/);
  });

  it('is refused in plain words, naming the field, and nothing is written', async () => {
    const { id } = (await perform('openSite', { input: desk({ name: 'Desk two' }) })).site;
    const [from, at] = [FROM, FROM];
    const service = { code: 'permits', name: 'Permits', hours: 'whenever' };
    const wrong: [string, object, RegExp][] = [
      ['openSite', { input: desk({ name: 'Desk two' }) }, /^CONFLICT name: a site of this name/],
      ['openSite', { input: desk({ name: '' }) }, /^BAD_INPUT name: give the name/],
      ['openSite', { input: desk({ kind: ' ' }) }, /^BAD_INPUT kind: it is empty/],
      ['openSite', { input: desk({ point: { lon: 200, lat: 0 } }) }, /^\w+ point/],
      ['openSite', { input: desk({ radiusMetres: 9000 }) }, /^BAD_INPUT radiusMetres: give 0 to 5000/],
      ['openSite', { input: desk({ timeZone: 'Mars/North' }) }, /^BAD_INPUT timeZone: this is no time zone/],
      ['openSite', { input: desk({ services: [service] }) }, /^BAD_INPUT services.hours: /],
      ['openSite', { input: desk({ bodyIds: [randomUUID()] }) }, /^NOT_FOUND bodyIds: no body of this id/],
      ['openSite', { input: desk({ bodyIds: ['x'] }) }, /^NOT_FOUND bodyIds: no body of this id/],
      ['rateSite', { id, scheme: 'stars', stars: 6, most: 5, from }, /^BAD_INPUT stars: give 1 to 5/],
      ['rateSite', { id, scheme: 'stars', stars: 1, most: 0, from }, /^BAD_INPUT most: /],
      [
        'rateSite',
        { id, scheme: 'stars', stars: 1, most: 5, from: '2026-01-01T00:00:00Z' },
        /^BAD_INPUT from: the site/,
      ],
      ['honourSite', { id, name: 'Model', givenOn: '2026-02-30' }, /^BAD_INPUT givenOn: this is no day/],
      ['houseBody', { id, bodyId: own.bodyId, from }, /^CONFLICT bodyId: it works there/],
      ['unhouseBody', { id, bodyId: foreign.bodyId, at }, /^CONFLICT bodyId: it works there neither/],
    ];
    for (const [name, variables, words] of wrong) expect(await refusal(name, variables)).toMatch(words);
    await perform('honourSite', { id, name: 'Model', givenOn: '2026-07-02' });
    expect(await refusal('honourSite', { id, name: 'Model', givenOn: '2026-07-02' })).toMatch(/^CONFLICT name: /);
  });

  it('is not ended while a post answers for it', async () => {
    const { id } = (await perform('openSite', { input: desk({ name: 'Desk three' }) })).site;
    await world.town.publish('A post on a site', async (trx, edition) => {
      const place = { kind: 'SITE' as const, id };
      const post = { id: randomUUID(), roleCode: 'matrix_role', place, gridId: own.villageId };
      const dates = { validFrom: new Date(FROM), validTo: null };
      await world.api.app.writers.sites.insertPlacePosts(trx, edition, [{ ...post, ...dates }]);
    });
    expect(await refusal('endSite', { id, at: '2026-09-01T00:00:00Z' })).toMatch(/^CONFLICT id: posts answer/);
  });
});

describe('a site of a foreign area', () => {
  it('is answered as one that is not there, and so is a place where one would be opened', async () => {
    const unknown = await refusal('endSite', { id: randomUUID(), at: FROM });
    expect(unknown).toMatch(/^NOT_FOUND id: there is no such site/);
    expect(await refusal('endSite', { id: foreign.siteId, at: FROM })).toBe(unknown);
    const nowhere = await refusal('openSite', { input: desk({ point: { lon: -30, lat: 0 } }) });
    expect(nowhere).toMatch(/^NOT_FOUND point: there is no such place/);
    expect(await refusal('openSite', { input: desk({ point: foreign.point }) })).toBe(nowhere);
  });
});

describe('the audit', () => {
  it('has the acts on sites with the grid that decided, and refusals', async () => {
    const { id } = (await perform('openSite', { input: desk({ name: 'Desk four' }) })).site;
    await refusal('endSite', { id: foreign.siteId, at: FROM });
    const entries = await asSuperuser(world.api.app.database.db, async (trx) => {
      const { rows } = await sql<Record<string, unknown>>`select object_kind, object_id, grid_id, result, details
        from audit_entry where action = 'staff.manage' order by seq desc limit 2`.execute(trx);
      return rows;
    });
    expect(entries).toMatchObject([
      { result: 'REFUSED', details: { field: 'Mutation.endSite', code: 'NOT_FOUND' } },
      { object_kind: 'site', object_id: id, result: 'DONE', details: { did: 'opened', kind: 'DESK' } },
    ]);
    expect(world.own.gridIds.has(entries[1].grid_id as string)).toBe(true);
  });
});
