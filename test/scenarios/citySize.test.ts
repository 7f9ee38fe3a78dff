import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';
import type { CityPlan } from '../../seeds/plan.type.ts';
import type { Answer } from '../support/api.ts';
import { CROSSWALK, gridsOf, listGrids, lookupMany, openTown, placeIn, type Town, totalShares } from './demoTown.ts';

let town: Town;

beforeAll(async () => {
  town = await openTown(withoutMicros(buildCity('city')));
});
afterAll(() => town?.api.close());

/** The plan without its micro-grids: they are 50,000 of its 56,000 grids, and no part of this row. */
function withoutMicros(plan: CityPlan): CityPlan {
  const grids = plan.grids.filter(({ tier }) => tier !== 'micro');
  const kept = new Set(grids.map(({ id }) => id));
  const posts = plan.posts.filter(({ gridId }) => kept.has(gridId));
  const filed = new Set(posts.map(({ id }) => id));
  const appointments = plan.appointments.filter(({ postId }) => filed.has(postId));
  return { ...plan, grids, posts, appointments, changes: [] };
}

describe('scenario rows at the size of a city', () => {
  it('2.1 3,475 grids and 118 police districts load; every grid is in exactly one district and none is an orphan', async () => {
    const { api, plan } = town;
    const districts = await listGrids(town, { layer: 'police', tier: 'district' }, 'id areaSquareMetres');
    expect(districts.length).toBe(118);
    const upwards =
      'id parent { tier { code } parent { tier { code } parent { tier { code } parent { tier { code } } } } }';
    const grids = await listGrids(town, { layer: 'governance', tier: 'grid' }, upwards);
    expect(grids.length).toBe(3475);
    const orphans = grids.filter(({ parent: village }) => village?.parent?.parent?.parent?.tier.code !== 'city');
    expect(orphans).toEqual([]);
    const stations = await listGrids(
      town,
      { layer: 'police', tier: 'station' },
      'parent { tier { code } parent { id } }',
    );
    expect(stations.every(({ parent }) => parent.tier.code === 'bureau' && parent.parent)).toBe(true);

    // A grid stands in the district that holds the place it is known by, whatever of its edge another district has.
    const drawn = gridsOf(plan, 'governance', 'grid');
    const places = drawn.map(({ boundary }) => placeIn(boundary));
    const answers = await lookupMany(town, places, 'layers { layer { code } status chain { id tier { code } } }');
    const chainIn = ({ layers }: Answer, code: string) => layers.find((each: Answer) => each.layer.code === code).chain;
    expect(answers.map((answer) => chainIn(answer, 'governance')[0].id)).toEqual(drawn.map(({ id }) => id));
    const known = new Set(districts.map(({ id }) => id));
    const held = answers.map((answer) =>
      chainIn(answer, 'police').filter(({ tier }: Answer) => tier.code === 'district'),
    );
    expect(held.filter((own) => own.length !== 1 || !known.has(own[0].id))).toEqual([]);
    expect(new Set(held.map(([own]) => own.id)).size).toBe(118);

    // And by area: nothing of any grid is outside the districts or in two of them.
    const { crosswalk } = await api.ask(CROSSWALK, {
      from: { layer: 'governance', tier: 'grid' },
      to: { layer: 'police', tier: 'district' },
    });
    const totals = totalShares(crosswalk);
    expect(totals.size).toBe(3475);
    expect([...totals.values()].filter((total) => Math.abs(total - 1) > 1e-6)).toEqual([]);
  });

  it('2.1 the 97 police rooms and 107 police posts are filed below their stations (bodies without a post have no public list yet)', async () => {
    const { directory, editions } = town.api.app;
    const bodies = directory.knownIn(editions.latest).bodies.map(({ value }) => value);
    const count = (kind: string) => bodies.filter((body) => body.kind === kind).length;
    expect([count('POLICE_STATION'), count('POLICE_ROOM'), count('POLICE_POST')]).toEqual([44, 97, 107]);
  });
});
