import { beforeAll, expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { redraw } from './changesetWay.ts';
import { placeIn, type Town } from './demoTown.ts';
import { ladderOf, routeOf, to } from './incidentOffices.ts';
import { acrossFrom, around, borderIn, partsOf, towards } from './incidentPlaces.ts';
import { act, desk, director, finish, incidentNow, report, setPractice, tasksOf, told } from './incidentWay.ts';

const HUAGUAN = '370523105';

/** Of a place, the owners in the governance layer as shares by code. */
const governed = (incident: Answer): [string, number][] =>
  incident.ownedBy
    .filter(({ layer }: Answer) => layer.code === 'governance')
    .map(({ grid, share }: Answer) => [grid.code, share]);
/** Whose an incident is: by share of an area, for ever by the day, and whatever is redrawn. */
export function incidentOwnerRows(town: () => Town): void {
  let route: object;
  beforeAll(() => {
    const handlers = [to('ATTEND', { role: 'grid_worker' })];
    route = { routes: [routeOf([], 'grid', handlers)], ladders: [ladderOf('in_grids', [], ['grid', 'village'])] };
  });

  it('3.14 a quarrel along a ridge between two fields has the grids of both as owners, each with its share', async () => {
    const { one, two, spot } = borderIn(partsOf(town(), `${HUAGUAN}203`));
    await setPractice(town(), one.parentId, route);
    const middle = towards(spot, placeIn(two.boundary), 0.02);
    const filed = await report(town(), { category: 'land', at: { area: around(middle, 3000) } });
    const owners = governed(filed);
    expect(owners.map(([code]) => code).sort()).toEqual([one, two].map(({ codes }) => codes[0].code).sort());
    expect(owners[0][1] + owners[1][1]).toBeCloseTo(1, 6);
    for (const [, share] of owners) expect(share).toBeGreaterThan(0.01);
    expect(owners[0][1]).toBeGreaterThanOrEqual(owners[1][1]);
    for (const grid of [one, two]) {
      const list = `query ($within: ID) { incidents(filter: { within: $within, category: "land" }) { edges { cursor node { id } } } }`;
      const by = await town().api.as('grid_worker', grid.id);
      const { incidents } = await town().api.ask(list, { within: grid.id }, by);
      expect(incidents.edges).toContainEqual({ cursor: expect.any(String), node: { id: filed.id } });
    }
  });

  it('4.4 where the caller will not say where, a circle ranks the owners by share, equal ones by the lower code, and each gets a task', async () => {
    const { one, two, spot } = borderIn(partsOf(town(), `${HUAGUAN}205`));
    await setPractice(town(), one.parentId, route);
    // Wide enough to reach into a third grid: three teams search.
    const wide = await report(town(), {
      category: 'missing',
      at: { area: around(spot, 30_000) },
    });
    const shares = governed(wide).map(([, share]) => share);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    const teams = tasksOf(wide, 'ATTEND').map(({ post }) => post.grid.id);
    const searched = wide.ownedBy.filter(({ layer }: Answer) => layer.code === 'governance');
    expect(teams).toHaveLength(3);
    expect(teams).toEqual(searched.map(({ grid }: Answer) => grid.id));

    const filed = await report(town(), { category: 'missing', at: { area: acrossFrom(spot, 1000) } });
    const [first, second] = governed(filed);
    expect(Math.abs(first[1] - second[1])).toBeLessThan(1e-9);
    expect([first[0], second[0]]).toEqual([one, two].map(({ codes }) => codes[0].code).sort());
    expect(governed(await incidentNow(town(), filed.id))).toEqual(governed(filed));
  });

  it('1.1 an incident of December 2022 stays with its owner of that day, though another runs the town since 2024', async () => {
    const { at, expect: facts } = town().highlight('townWithChangedManager');
    const filed = await town().on('2022-12-20', () => report(town(), { category: 'wages', at }));
    const managers = `ownership { asOf layers { layer { code } chain { id code manager { name } } } } ownedBy { grid { code } }`;
    const managerOf = ({ layers }: Answer) =>
      layers
        .find(({ layer }: Answer) => layer.code === 'governance')
        .chain.find(({ id }: Answer) => id === facts.gridId).manager.name;
    const kept = await incidentNow(town(), filed.id, undefined, managers);
    expect(managerOf(kept.ownership)).toBe('随州高新区管委会');
    expect(new Date(kept.ownership.asOf)).toEqual(new Date(filed.reportedAt));
    expect(filed.reportedAt).toMatch(/^2022-12-19T16:00/);
    const query = `query ($at: PlaceInput!) { ownership(at: $at) { layers { layer { code } chain { id manager { name } } } } }`;
    const now = await town().api.ask(query, { at: { incidentId: filed.id } }, await director(town()));
    expect(managerOf(now.ownership)).toBe('曾都区人民政府');
    // Who may see it follows the tree of today.
    const seen = await incidentNow(town(), filed.id, await town().api.as('dispatcher', facts.gridId!), managers);
    expect(managerOf(seen.ownership)).toBe('随州高新区管委会');
  });

  it('3.5 a root and what came of it stay linked through a redraw, and closing the root warns of what is open', async () => {
    const { one, two } = borderIn(partsOf(town(), `${HUAGUAN}207`));
    const handled = { routes: [routeOf([], 'grid', [to('HANDLE', { role: 'grid_worker' })])] };
    await setPractice(town(), one.parentId, { ...handled, ladders: [ladderOf('roots', [], ['grid', 'village'])] });
    const file = () => report(town(), { category: 'land', at: placeIn(one.boundary) });
    const [root, branch, beside] = [await file(), await file(), await file()];
    const link = { otherId: root.id, kind: 'ROOT' };
    await act(town(), 'linkIncidents', { id: branch.id, ...link }, await desk(town()));
    await act(town(), 'linkIncidents', { id: beside.id, otherId: root.id, kind: 'RELATED' }, await desk(town()));
    const linked = async () => {
      const { related } = await incidentNow(town(), root.id);
      return new Map(related.map(({ kind, open, incident }: Answer) => [incident.id, [kind, open]]));
    };
    const whole = new Map([
      [branch.id, ['BRANCH', true]],
      [beside.id, ['RELATED', true]],
    ]);
    expect(await linked()).toEqual(whole);
    expect((await incidentNow(town(), branch.id)).related).toMatchObject([{ kind: 'ROOT', incident: { id: root.id } }]);

    const done = await redraw(town(), '两格合并', [{ merge: { grids: [one.id, two.id], into: two.id } }]);
    expect(done.status).toBe('PUBLISHED');
    expect(await linked()).toEqual(whole);
    const kept = await incidentNow(town(), root.id);
    expect(governed(kept)).toEqual([[one.codes[0].code, 1]]);
    const query = `query ($within: ID) { incidents(filter: { within: $within, category: "land" }) { edges { node { id } } } }`;
    const { incidents } = await town().api.ask(query, { within: two.id }, await town().api.as('officer', two.id));
    const listed = incidents.edges.map(({ node }: Answer) => node.id);
    expect(listed).toEqual(expect.arrayContaining([root.id, branch.id, beside.id]));

    const close = async (incident: Answer) => {
      const [task] = tasksOf(await incidentNow(town(), incident.id), 'HANDLE');
      await finish(town(), task);
      const end = { id: incident.id, outcome: 'SETTLED', result: '界线已定' };
      return act(town(), 'closeIncident', end, await desk(town()));
    };
    const closed = await close(root);
    expect(closed.status).toBe('CLOSED');
    expect(closed.notices.find(({ code }: Answer) => code === 'OPEN_RELATED').message).toContain('2');
    // What came out of a root that is closed ends without a warning.
    expect(told(await close(branch))).not.toContain('OPEN_RELATED');
  });
}
