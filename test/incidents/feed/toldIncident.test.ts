import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentParts } from '../../../src/incidents/incident.type.ts';
import { placeAt } from '../../grids/squareGrids.ts';
import type { Answer } from '../../support/api.ts';
import { signedIn } from '../reporting/matterWorld.ts';
import { DISPATCHER, FeedWorld, take } from './feedWorld.ts';

let world: FeedWorld;
beforeAll(async () => {
  world = await FeedWorld.open();
});
afterAll(() => world?.matters.api.close());

const DEEP = `tasks { id status } ownedBy { grid { code } } attempts { number } pushes { id } related { kind } trail { version }
  finder { id } ownership { place { point { lon lat } accuracyMetres } layers { layer { code } shares { share grid { code } } } }`;

/** What a viewer is shown of an area, over HTTP. */
async function shown(within: 'A' | 'B' | 'T', selection: string): Promise<Answer[]> {
  const { api } = world.matters;
  const query = `query ($within: ID!) { incidentEvents(within: $within) { events { kind version incident { ${selection} } } hasMore } }`;
  const { incidentEvents } = await api.ask(query, { within }, await api.as('officer', world.id(within)));
  return incidentEvents.events;
}

const areaOf = (column: number, row: number, width: number, height: number) => {
  const [sw, ne] = [placeAt(column, row), placeAt(column + width, row + height)];
  const ring = [
    [sw.lon, sw.lat],
    [ne.lon, sw.lat],
    [ne.lon, ne.lat],
    [sw.lon, ne.lat],
    [sw.lon, sw.lat],
  ];
  return { type: 'Polygon', coordinates: [ring] };
};

describe('the incident of an event', () => {
  it('has what belongs to it where it is in the area, and only what its own posts were asked, without an error, where it has left', async () => {
    const id = await world.report(2.123, 7.123);
    await world.show();
    const [reported] = await shown('A', `id ${DEEP}`);
    expect(reported.incident.tasks.length).toBeGreaterThan(0);
    expect(reported.incident.ownedBy.map(({ grid }: Answer) => grid.code)).toEqual(['A', 'North']);
    await world.move(id, 'B');
    await world.show();
    const events = await shown('A', `id ${DEEP}`);
    const left = events.find(({ kind }) => kind === 'LEFT')!;
    expect(left.incident).toMatchObject({ id, attempts: [], pushes: [], related: [] });
    expect([left.incident.trail, left.incident.ownedBy]).toEqual([[], []]);
    // What its own posts were asked it still sees, as everywhere.
    expect(left.incident.tasks).toMatchObject(
      reported.incident.tasks.map(({ id: task }: Answer) => ({ id: task, status: 'WITHDRAWN' })),
    );
    expect(left.incident.ownership.layers.map(({ layer }: Answer) => layer.code)).toContain('gov');
    const entered = (await shown('B', `id ${DEEP}`)).find(({ kind }) => kind === 'ENTERED')!;
    expect(entered.incident.tasks.length).toBeGreaterThan(0);
    // Where it is exactly, nobody is told who does not handle it.
    const { lon, lat } = placeAt(2.123, 7.123);
    for (const { incident } of [left, entered]) {
      const { point } = incident.ownership.place;
      expect(point).not.toEqual({ lon, lat });
      expect([point.lon, point.lat].map((degrees) => Math.round(degrees * 1e7) % 10_000)).toEqual([0, 0]);
    }
    const sealed = await world.matters.api.askRaw(
      'query ($within: ID!) { incidentEvents(within: $within) { events { kind incident { id sealed { narrative } } } } }',
      { within: 'A' },
      await world.matters.api.as('officer', world.id('A')),
    );
    expect(sealed.data.incidentEvents.events.at(-1)).toEqual({ kind: 'LEFT', incident: { id, sealed: null } });
  });

  it('tells the owners of a place that is an area by the whole area, also to those whom it has left', async () => {
    const area = areaOf(6, 6, 5, 2);
    const { id } = await world.matters.reports.report(DISPATCHER, { category: 'land', at: { area } });
    await world.show();
    const of = async (within: 'A' | 'B') =>
      (await shown(within, `id category ${DEEP}`)).filter(({ incident }) => incident.category === 'land');
    const sharesOf = ({ incident }: Answer) =>
      incident.ownership.layers
        .find(({ layer }: Answer) => layer.code === 'gov')
        .shares.map(({ share, grid }: Answer) => [grid.code, Math.round(share * 100)]);
    const [reported] = await of('A');
    expect(sharesOf(reported).slice(0, 2)).toEqual([
      ['A', 60],
      ['B', 20],
    ]);
    await world.move(id, 'B');
    await world.show();
    const left = (await of('A')).find(({ kind }) => kind === 'LEFT')!;
    expect(left.incident.ownership).toEqual(reported.incident.ownership);
  });

  it('is one object for two readers of a feed, who each see of it what is theirs', async () => {
    const [all, own] = [DISPATCHER, signedIn('officer', [world.id('A')])];
    const { cursor: after } = (await world.replay('A')).at(-1)!;
    await world.move(await world.report(2, 7), 'B');
    await world.show();
    const [one, two] = await Promise.all([all, own].map(async (by) => take(await world.follow('A', { by, after }), 2)));
    expect(one.every((event, i) => event === two[i])).toBe(true);
    const { incident } = one[0];
    const [whole, part] = [await incident.parts(all), await incident.parts(own)];
    const gridsOf = ({ tasks }: IncidentParts) => new Set(tasks.map(({ gridId }) => gridId));
    expect(gridsOf(whole)).toEqual(new Set([world.id('A'), world.id('B')]));
    expect(gridsOf(part)).toEqual(new Set([world.id('A')]));
    expect([whole.parties.length > 0, part.parties]).toEqual([true, []]);
    expect(await incident.parts(all)).toBe(whole);
  });
});
