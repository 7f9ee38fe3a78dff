import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { auditOf, DAY, HOUR, NOW, openVisitWorld, signedIn, type VisitWorld } from './visitWorld.ts';

let world: VisitWorld;
const officer = () => signedIn('cap', 'officer', [world.grids.T1.id]);
const FIELDS = 'id activityClass title grids { code } campaign from to endedAt';
const RECORD = `mutation ($input: ActivityInput!) { recordActivity(input: $input) { ${FIELDS} } }`;
const END = `mutation ($id: ID!, $at: DateTime) { endActivity(id: $id, at: $at) { ${FIELDS} } }`;
const from = new Date(NOW.getTime() + DAY);
const to = new Date(NOW.getTime() + 3 * DAY);
const fair = { activityClass: 'fair', title: 'Spring fair', gridIds: ['A'], from, to };

beforeAll(async () => {
  world = await openVisitWorld();
  const { T1, T2 } = world.grids;
  const campaign = { code: 'hundred_days', name: '百日', from: NOW, to, categories: [] };
  world.practice.sections.set(T1.id, {
    activities: ['fair', 'talk'].map((code) => ({ code, name: code })),
    campaigns: [campaign],
    responses: [
      { code: '1', minutes: 1, roles: ['worker'] },
      { code: '3', minutes: 3, roles: ['officer', 'beat'] },
    ],
  });
  world.practice.sections.set(T2.id, { activities: [{ code: 'march', name: 'March' }] });
});

async function listed(more: Record<string, unknown>, viewer = officer()): Promise<string[]> {
  const query = `query ($within: ID, $activityClass: String, $campaign: String, $on: DateTime) { activities(within: $within,
    activityClass: $activityClass, campaign: $campaign, on: $on) { totalCount edges { node { title } } } }`;
  const { data, message } = await world.ask(viewer, query, more);
  expect(message).toBeUndefined();
  expect(data.activities.totalCount).toBe(data.activities.edges.length);
  return data.activities.edges.map(({ node }: { node: { title: string } }) => node.title);
}

describe('1.4 and 2.24 activities', () => {
  it('show on their grid and above for their dates only, by class and campaign', async () => {
    const { data } = await world.ask(officer(), RECORD, { input: { ...fair, campaign: 'hundred_days' } });
    expect(data.recordActivity).toMatchObject({ title: 'Spring fair', grids: [{ code: 'A' }], endedAt: null });
    await world.ask(officer(), RECORD, { input: { ...fair, activityClass: 'talk', title: 'Talk', gridIds: ['B'] } });
    const both = ['Talk', 'Spring fair'];
    const during = new Date(NOW.getTime() + 2 * DAY);
    for (const [more, titles] of [
      [{ on: during }, both],
      [{ on: from }, both],
      [{ on: new Date(from.getTime() - 1) }, []],
      [{ on: new Date(to.getTime() - 1) }, both],
      [{ on: to }, []],
      [{ within: 'A', on: during }, ['Spring fair']],
      [{ within: 'T1', on: during }, both],
      [{ activityClass: 'talk' }, ['Talk']],
      [{ campaign: 'hundred_days' }, ['Spring fair']],
      [{}, both],
    ] as [Record<string, unknown>, string[]][]) {
      expect(await listed(more)).toEqual(titles);
    }
    expect(await listed({}, signedIn('far', 'officer', [world.grids.T2.id]))).toEqual([]);
  });

  it('are taken as the practice of every grid knows them, within the area, once under one key', async () => {
    const everywhere = signedIn('all', 'dispatcher', 'everywhere');
    const tell = async (input: object, viewer = officer()) => {
      const { code, message } = await world.ask(viewer, RECORD, { input: { ...fair, ...input } });
      return [code, message?.split(':')[0]];
    };
    expect(await tell({ activityClass: 'march' })).toEqual(['BAD_INPUT', 'input.activityClass']);
    expect(await tell({ gridIds: ['A', 'C'] }, everywhere)).toEqual(['BAD_INPUT', 'input.activityClass']);
    expect(await tell({ gridIds: ['A', 'C'] })).toEqual(['NOT_FOUND', 'input.gridIds']);
    expect(await tell({ gridIds: [] })).toEqual(['BAD_INPUT', 'input.gridIds']);
    expect(await tell({ campaign: 'other' })).toEqual(['BAD_INPUT', 'input.campaign']);
    expect(await tell({ to: from })).toEqual(['BAD_INPUT', 'input.to']);
    expect(await tell({ title: ' ' })).toEqual(['BAD_INPUT', 'input.title']);
    expect(await tell({ title: '13800138000' })).toEqual(['BAD_INPUT', 'input.title']);
    const input = { ...fair, title: 'Keyed', clientKey: 'activity key' };
    const [one, two] = [await world.ask(officer(), RECORD, { input }), await world.ask(officer(), RECORD, { input })];
    expect(two).toEqual(one);
    expect((await tell({ ...input, title: 'Other' }))[0]).toBe('CONFLICT');
  });

  it('end once, within their dates, by whoever answers for all of their grids', async () => {
    const everywhere = signedIn('all', 'dispatcher', 'everywhere');
    world.practice.sections.set(world.grids.T2.id, { activities: [{ code: 'fair', name: 'Fair' }] });
    const make = async (input: object) => {
      const { data } = await world.ask(everywhere, RECORD, { input: { ...fair, title: 'Ends', ...input } });
      return data.recordActivity.id as string;
    };
    const wide = await make({ gridIds: ['A', 'C'] });
    expect((await world.ask(officer(), END, { id: wide })).code).toBe('NOT_FOUND');
    expect((await world.ask(officer(), END, { id: randomUUID() })).code).toBe('NOT_FOUND');
    expect((await world.ask(everywhere, END, { id: wide, at: new Date(to.getTime() + 1) })).code).toBe('BAD_INPUT');
    const at = new Date(from.getTime() + HOUR);
    expect((await world.ask(everywhere, END, { id: wide, at })).data.endActivity.endedAt).toEqual(at);
    expect((await world.ask(everywhere, END, { id: wide, at })).code).toBe('CONFLICT');
    const open = await make({ to: null, from: NOW, title: 'Open' });
    expect(await listed({ on: new Date(NOW.getTime() + 400 * DAY) })).toEqual(['Open']);
    expect((await world.ask(officer(), END, { id: open })).data.endActivity.endedAt).toEqual(NOW);
    expect(await listed({ on: NOW })).toEqual([]);
    const acts = (await auditOf(world.db, 'activity')).map(({ action, result }) => `${action} ${result}`);
    expect(new Set(acts)).toEqual(new Set(['visits.record DONE', 'visits.record REFUSED']));
  });
});

describe('1.12 places with no post of a response class', () => {
  const gaps = async (more: Record<string, unknown>) => {
    const query = `query ($responseClass: String!, $layer: String!, $tier: String!, $within: ID, $asOf: DateTime) {
      responseGaps(responseClass: $responseClass, layer: $layer, tier: $tier, within: $within, asOf: $asOf) {
        totalCount edges { node { grid { code } configured minutes roles } } } }`;
    const asked = { responseClass: '1', layer: 'gov', tier: 'village', ...more };
    return world.ask(officer(), query, asked);
  };
  const nodes = async (more: Record<string, unknown>) =>
    (await gaps(more)).data.responseGaps.edges.map(({ node }: { node: object }) => node);

  it('are listed, and where no such class is configured that is said', async () => {
    const unknown = (code: string) => ({ grid: { code }, configured: false, minutes: null, roles: [] });
    // A and B have a worker; C and D lie where the practice knows no class.
    expect(await nodes({})).toEqual([unknown('C'), unknown('D')]);
    expect(await nodes({ within: world.grids.T1.id })).toEqual([]);
    expect(await nodes({ responseClass: '3', within: world.grids.T1.id })).toEqual(
      ['A', 'B'].map((code) => ({ grid: { code }, configured: true, minutes: 3, roles: ['officer', 'beat'] })),
    );
    // A town is served by a post on it or below it.
    expect(await nodes({ tier: 'town', responseClass: '3' })).toEqual([unknown('T2')]);
    expect(await nodes({ tier: 'town', within: world.grids.T1.id })).toEqual([]);
  });

  it('are those of the instant, of known layers and tiers, for whoever is signed in', async () => {
    const { T2 } = world.grids;
    world.practice.sections.set(T2.id, { responses: [{ code: '1', minutes: 1, roles: ['worker'] }] });
    const codes = async (asOf: string) =>
      (await nodes({ within: T2.id, asOf: new Date(asOf) })).map(({ grid }: { grid: { code: string } }) => grid.code);
    expect(await codes('2026-05-30T00:00:00Z')).toEqual(['C', 'D']);
    expect(await codes('2026-05-31T00:00:00Z')).toEqual(['D']);
    expect((await gaps({ tier: 'none' })).code).toBe('NOT_FOUND');
    expect((await gaps({ layer: 'none' })).code).toBe('NOT_FOUND');
    const query = '{ responseGaps(responseClass: "1", layer: "gov", tier: "town") { totalCount } }';
    expect((await world.ask({ kind: 'public', subject: 'public', grants: [] }, query)).code).toBe('UNAUTHENTICATED');
  });
});
