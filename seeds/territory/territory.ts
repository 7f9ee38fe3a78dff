import type { CitySpec } from '../gazetteer.ts';
import { Mesh } from '../terrain/mesh.ts';
import { Random } from '../terrain/random.ts';
import { Regions, sum } from '../terrain/regions.ts';
import { buildGovernance, type Governance } from './governance.ts';
import { buildPatrol, buildPolice, buildWatch, buildWater } from './otherLayers.ts';
import { byFace, type Land, type Region } from './region.ts';

const SEED = 20_230_817;
const CENTRE = { lon: 105.2, lat: 25.2 };
const SIDE_METRES = 130;

/** All layers of a demo city, drawn on one mesh. */
export interface Territory {
  readonly land: Land;
  readonly governance: Governance;
  readonly police: Region;
  readonly patrol: Region;
  readonly water: Region;
  readonly watch: readonly Region[];
  /** Per layer, the smallest grid that holds each face; for `watch` the first of those that do. */
  readonly holders: Readonly<Record<string, ReadonlyMap<number, Region>>>;
}

export function drawTerritory(spec: CitySpec): Territory {
  const random = new Random(SEED);
  const count = sum(spec.counties.flatMap((county) => county.towns.map((town) => town.faces)));
  const columns = Math.ceil(Math.sqrt(count) * 1.45) + 8;
  const rows = Math.ceil(Math.sqrt(count) * 1.7) + 8;
  const mesh = new Mesh({ columns, rows, sideMetres: SIDE_METRES, segments: spec.segments, centre: CENTRE, random });
  const land = { mesh, random, regions: new Regions(mesh, random) };
  const cityFaces = land.regions.cityOutline(count);
  const governance = buildGovernance(land, spec, cityFaces);
  const police = buildPolice(land, spec, governance);
  const patrol = buildPatrol(land, cityFaces);
  const water = buildWater(land, governance, cityFaces);
  const watch = buildWatch(land, cityFaces);
  const zones = new Map([...watch].reverse().flatMap((zone) => zone.faces.map((face) => [face, zone] as const)));
  const holders = {
    governance: byFace(governance.root),
    police: byFace(police),
    patrol: byFace(patrol),
    water: byFace(water),
    watch: zones,
  };
  return { land, governance, police, patrol, water, watch, holders };
}
