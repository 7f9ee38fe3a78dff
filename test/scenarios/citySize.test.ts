import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCityOf } from '../../seeds/city.ts';
import { citySpec, type TownSpec } from '../../seeds/gazetteer.ts';
import type { CityPlan } from '../../seeds/plan.type.ts';
import type { Answer } from '../support/api.ts';
import { CROSSWALK, gridsOf, listGrids, lookupMany, openTown, placeIn, type Town, totalShares } from './demoTown.ts';

let town: Town;

beforeAll(async () => {
  town = await openTown(coarseCity());
});
afterAll(() => town?.api.close());

/** The full-size city, drawn with straight borders and without the micro-grids of its invented towns: 8,000 grids. */
function coarseCity(): CityPlan {
  const spec = citySpec('city');
  const named = new Set(citySpec('town').counties.flatMap(({ towns }) => towns.map(({ name }) => name)));
  const coarse = (place: TownSpec): TownSpec =>
    named.has(place.name) ? place : { ...place, micros: 0, faces: place.grids * 4 };
  const counties = spec.counties.map((county) => ({ ...county, towns: county.towns.map(coarse) }));
  return buildCityOf({ ...spec, counties, segments: 1 });
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
    const answers = await lookupMany(town, places, 'layers { layer { code } chain { id tier { code } } }');
    const gridsIn = ({ layers }: Answer, code: string, tier: string) =>
      layers
        .find((each: Answer) => each.layer.code === code)
        .chain.filter((grid: Answer) => grid.tier.code === tier)
        .map((grid: Answer) => grid.id);
    expect(answers.map((answer) => gridsIn(answer, 'governance', 'grid'))).toEqual(drawn.map(({ id }) => [id]));
    const known = new Set(districts.map(({ id }) => id));
    const held = answers.map((answer) => gridsIn(answer, 'police', 'district'));
    expect(held.filter((own) => own.length !== 1 || !known.has(own[0]))).toEqual([]);
    expect(new Set(held.flat()).size).toBe(118);

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
