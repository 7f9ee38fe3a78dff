import { CITY_NAME, type CitySpec, XIHE } from '../gazetteer.ts';
import { apportion } from '../terrain/regions.ts';
import type { Governance } from './governance.ts';
import { byFace, chainOf, childRegion, facesOf, type Land, ofTier, type Region, rootRegion } from './region.ts';

const WATCH_PAIRS = 6;
const LAKE_FACES = 36;

/**
 * city bureau → county bureau → station → district → beat. Below the counties it cuts through governance as it likes.
 */
export function buildPolice(land: Land, spec: CitySpec, governance: Governance): Region {
  const root = rootRegion('police', {
    tier: 'city_bureau',
    name: `${CITY_NAME}公安局`,
    scheme: 'police',
    code: '5299',
  });
  const sizes = governance.countyFaces.map((faces) => faces.length);
  const bureaus = governance.countyFaces.map((faces, i) => {
    const name = `${spec.counties[i].name}公安分局`;
    return childRegion(root, { tier: 'bureau', name, scheme: 'police', code: `5299${twoDigits(i + 1)}`, faces });
  });
  const towns = townOfFace(governance.root);
  cut(land, bureaus, apportion(spec.stations, sizes), 'station', (faces, taken) => {
    const town = mostCommon(faces.map((face) => towns.get(face)));
    const name = town.replace(/(镇|乡|街道|新区)$/, '');
    const known = [`${name}派出所`, `${name}北派出所`, `${name}南派出所`, `${name}东派出所`, `${name}西派出所`];
    return known.find((candidate) => !taken.has(candidate)) ?? `${name}第${taken.size}派出所`;
  });
  const stations = ofTier(root, 'station');
  cut(
    land,
    stations,
    apportion(spec.districts, lengths(stations)),
    'district',
    (_, __, at, parent) => `${parent.name.replace('派出所', '')}第${at + 1}警务区`,
  );
  const districts = ofTier(root, 'district');
  cut(
    land,
    districts,
    apportion(spec.beats, lengths(districts)),
    'beat',
    (_, __, at, parent) => `${parent.name}${at + 1}号警格`,
  );
  return root;
}

type Namer = (faces: readonly number[], taken: ReadonlySet<string>, at: number, parent: Region) => string;

/** Cuts each region into children of a tier, in its own scheme, and moves its faces to them. */
function cut(land: Land, parents: readonly Region[], counts: readonly number[], tier: string, nameOf: Namer): void {
  const taken = new Set<string>();
  parents.forEach((parent, i) => {
    const { scheme, code } = parent.codes[0];
    land.regions.split(parent.faces, new Array(counts[i]).fill(1)).forEach((faces, j) => {
      const name = nameOf(faces, taken, j, parent);
      taken.add(name);
      childRegion(parent, { tier, name, scheme, code: `${code}${twoDigits(j + 1)}`, faces });
    });
    parent.faces = [];
  });
}

/** Street patrol: 3 areas, 17 zones, 244 grids, whatever the size of the city. */
export function buildPatrol(land: Land, cityFaces: readonly number[]): Region {
  const root = rootRegion('patrol', {
    tier: 'command',
    name: `${CITY_NAME}街面巡逻`,
    scheme: 'local',
    code: 'XL',
    faces: cityFaces,
  });
  cut(land, [root], [3], 'area', (_, __, at) => `第${at + 1}巡区`);
  const areas = ofTier(root, 'area');
  cut(land, areas, apportion(17, lengths(areas)), 'zone', (_, taken) => `${taken.size + 1}号战区`);
  const zones = ofTier(root, 'zone');
  cut(
    land,
    zones,
    apportion(244, lengths(zones)),
    'patrol_grid',
    (_, __, at, parent) => `${parent.name}${at + 1}号网格`,
  );
  return root;
}

/** A lake across towns, and the river that leaves it for the edge of the city in three reaches. */
export function buildWater(land: Land, governance: Governance, cityFaces: readonly number[]): Region {
  const { mesh, regions } = land;
  const holder = byFace(governance.root);
  const special = new Set<number>(Object.values(governance.marks));
  const free = cityFaces.filter((face) => !special.has(face) && holder.get(face)?.kind === 'BASIC');
  const towns = townOfFace(governance.root);
  const shores = free.filter(
    (face) =>
      towns.get(face) === XIHE && mesh.neighbours(face).some((next) => towns.get(next) !== XIHE && holder.has(next)),
  );
  const lakes = shores.map((face) => regions.wavefront(free, face, LAKE_FACES));
  const spans = lakes.map((faces) => new Set(faces.map((face) => towns.get(face))).size);
  const lake = lakes[spans.indexOf(Math.max(...spans))];
  const wet = new Set(lake);
  const inCity = new Set(cityFaces);
  const shore = lake.find((face) => mesh.neighbours(face).some((next) => !wet.has(next) && free.includes(next)))!;
  const dry = free.filter((face) => !wet.has(face) || face === shore);
  const river = regions.way(dry, shore, (face) => mesh.neighbours(face).some((next) => !inCity.has(next))).slice(1);
  const root = rootRegion('water', { tier: 'basin', name: '月亮湖流域', scheme: 'local', code: 'HH' });
  childRegion(root, { tier: 'water', name: '月亮湖', scheme: 'local', code: 'HH-01', faces: lake });
  const stream = childRegion(root, { tier: 'water', name: '清水河', scheme: 'local', code: 'HH-02' });
  const third = Math.ceil(river.length / 3);
  for (const [i, name] of ['上游', '中游', '下游'].entries()) {
    const faces = river.slice(i * third, (i + 1) * third);
    if (faces.length > 0)
      childRegion(stream, { tier: 'reach', name: `清水河${name}`, scheme: 'local', code: `HH-02-${i + 1}`, faces });
  }
  return root;
}

/** Volunteer zones in pairs that overlap: the second starts within the first. */
export function buildWatch(land: Land, cityFaces: readonly number[]): Region[] {
  const { regions, random } = land;
  const zone = (start: number, name: string, code: string) => {
    const faces = regions.wavefront(cityFaces, start, 9 + random.below(12));
    return rootRegion('watch', { tier: 'watch_zone', name, scheme: 'local', code, faces });
  };
  return Array.from({ length: WATCH_PAIRS }, (_, i) => {
    const school = zone(random.pick(cityFaces), `护校志愿区${i + 1}`, `ZY-HX${twoDigits(i + 1)}`);
    return [school, zone(school.faces[5], `夜巡志愿区${i + 1}`, `ZY-YX${twoDigits(i + 1)}`)];
  }).flat();
}

function townOfFace(root: Region): Map<number, string> {
  const towns = new Map<number, string>();
  for (const [face, region] of byFace(root)) {
    const town = chainOf(region).find((grid) => grid.tier === 'town');
    if (town) towns.set(face, town.name);
  }
  return towns;
}

function mostCommon(names: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const name of names) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0][0];
}

function lengths(regions: readonly Region[]): number[] {
  return regions.map((region) => facesOf(region).length);
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
