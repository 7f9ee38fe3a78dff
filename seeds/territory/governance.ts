import {
  CITY_CODE,
  CITY_NAME,
  type CitySpec,
  type CountySpec,
  type Feature,
  LIQUE,
  type TownSpec,
  villageNames,
  XIHE,
} from '../gazetteer.ts';
import { apportion, sum } from '../terrain/regions.ts';
import { borderMicro, type Carving, carveVillages, markGrid } from './features.ts';
import { childRegion, facesOf, type Land, ofTier, type Region, rootRegion } from './region.ts';

export interface Governance {
  readonly root: Region;
  /** All faces of each county, those that governance leaves out included. */
  readonly countyFaces: readonly (readonly number[])[];
  /** One face that shows each feature. */
  readonly marks: Readonly<Record<Feature, number>>;
  readonly holeFaces: readonly number[];
  readonly gapFaces: readonly number[];
}

export const RENAMED_VILLAGE = '寨湾村';
const LIQUE_POPULATION = 30_000;
const CENSUS = { measure: 'population', date: '2021-06-30', source: '年度统计（虚构）' };

/** city → county → town → village → grid → micro-grid, cut from the city's faces top down. */
export function buildGovernance(land: Land, spec: CitySpec, cityFaces: readonly number[]): Governance {
  const root = rootRegion('governance', { tier: 'city', name: CITY_NAME, scheme: 'national', code: CITY_CODE });
  const carving: Carving = { land, marks: {}, left: { hole: [], gap: [] } };
  const sizes = spec.counties.map(({ towns }) => sum(towns.map((town) => town.faces)));
  const countyFaces = land.regions.split(cityFaces, sizes);
  spec.counties.forEach((county, i) => {
    growCounty(carving, root, county, countyFaces[i]);
  });
  for (const town of ofTier(root, 'town')) countPeople(land, town);
  const marks = carving.marks as Record<Feature, number>;
  return { root, countyFaces, marks, holeFaces: carving.left.hole, gapFaces: carving.left.gap };
}

function growCounty(carving: Carving, root: Region, spec: CountySpec, faces: readonly number[]): void {
  const county = childRegion(root, { tier: 'county', name: spec.name, scheme: 'national', code: spec.code });
  const parts = carving.land.regions.split(
    faces,
    spec.towns.map((town) => town.faces),
  );
  spec.towns.forEach((town, i) => {
    growTown(carving, county, town, parts[i]);
  });
}

function growTown(carving: Carving, county: Region, spec: TownSpec, faces: readonly number[]): void {
  const { land, marks } = carving;
  const named = spec.code ? { scheme: 'national', code: spec.code } : { scheme: 'local', code: 'CDXQ' };
  const town = childRegion(county, { tier: 'town', name: spec.name, ...named });
  const parts = land.regions.split(faces, new Array(spec.villages).fill(1));
  for (const feature of spec.features ?? []) carveVillages(carving, feature, parts);
  const names = villageNames(spec.villages, land.random);
  if (spec.name === XIHE) names[0] = RENAMED_VILLAGE;
  const counts = apportion(
    spec.grids,
    parts.map((part) => part.length),
    parts.map((part) => part.length),
  );
  parts.forEach((part, i) => {
    const pieces = Math.max(counts[i], land.regions.components(part).length);
    if (pieces > counts[i]) counts[counts.indexOf(Math.max(...counts))] -= pieces - counts[i];
    counts[i] = pieces;
  });
  parts.forEach((part, i) => {
    const code = `${spec.codeBase}${201 + i}`;
    const village = childRegion(town, { tier: 'village', name: names[i], scheme: 'national', code });
    land.regions.split(part, new Array(counts[i]).fill(1)).forEach((piece, j) => {
      const name = `${names[i].replace(/村$/, '')}第${j + 1}网格`;
      childRegion(village, {
        tier: 'grid',
        name,
        scheme: 'national',
        code: `${code}${threeDigits(j + 1)}`,
        faces: piece,
      });
    });
  });
  for (const feature of spec.features ?? []) markGrid(feature, town, marks);
  growMicros(land, town, spec.micros);
  if (spec.features?.includes('border')) marks.border = borderMicro(land, town).faces[0];
}

function growMicros(land: Land, town: Region, count: number): void {
  if (count === 0) return;
  const grids = ofTier(town, 'grid').filter((grid) => grid.kind === 'BASIC');
  const room = grids.map((grid) => grid.faces.length);
  const counts = apportion(count, room, room);
  grids.forEach((grid, i) => {
    land.regions.split(grid.faces, new Array(counts[i]).fill(1)).forEach((faces, j) => {
      const code = `${grid.codes[0].code}${threeDigits(j + 1)}`;
      childRegion(grid, { tier: 'micro', name: `${grid.name}${j + 1}号微网格`, scheme: 'local', code, faces });
    });
  });
}

function countPeople(land: Land, town: Region): void {
  const grids = ofTier(town, 'grid');
  const sizes = grids.map((grid) => facesOf(grid).length * (0.6 + land.random.next()));
  const total = town.name === LIQUE ? LIQUE_POPULATION : Math.round(sum(sizes) * 14);
  const people = apportion(total, sizes);
  grids.forEach((grid, i) => {
    grid.loads.push({ ...CENSUS, value: people[i] });
  });
  town.loads.push({ ...CENSUS, value: total });
}

function threeDigits(number: number): string {
  return String(number).padStart(3, '0');
}
