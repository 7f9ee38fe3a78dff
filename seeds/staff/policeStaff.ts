import { CITY_NAME, type CitySpec } from '../gazetteer.ts';
import { apportion } from '../terrain/regions.ts';
import type { Cast } from '../territory/cast.ts';
import { at, facesOf, ofTier, type Region } from '../territory/region.ts';
import type { Territory } from '../territory/territory.ts';
import type { Establishment } from './establishment.ts';

const VACANT_SHARE = 0.03;
const SHARED_SHARE = 0.25;

/**
 * Command line from the province down to a station's rooms and squads, and the officers of districts, beats and
 * villages.
 */
export function staffPolice(staff: Establishment, spec: CitySpec, territory: Territory, cast: Cast): void {
  const { police } = territory;
  const province = staff.body('POLICE_DEPARTMENT', '西岭省公安厅');
  police.managerId = staff.body('POLICE_BUREAU', `${CITY_NAME}公安局`, province);
  for (const bureau of police.children) bureau.managerId = staff.body('POLICE_BUREAU', bureau.name, police.managerId);
  const stations = ofTier(police, 'station');
  const rooms = apportion(
    spec.policeRooms,
    stations.map((station) => station.children.length),
  );
  const posts = apportion(
    spec.policePosts,
    stations.map((station) => station.children.length),
  );
  stations.forEach((station, i) => {
    const body = staff.body('POLICE_STATION', station.name, station.parent!.managerId!);
    station.managerId = body;
    const short = station.name.replace('派出所', '');
    staff.body('COMMAND_ROOM', `${station.name}综合指挥室`, body);
    staff.body('SQUAD', `${station.name}案件办理队`, body);
    const squad = staff.body('SQUAD', `${station.name}社区警务队`, body);
    for (let j = 1; j <= rooms[i]; j++) staff.body('POLICE_ROOM', `${short}第${j}警务室`, body);
    for (let j = 1; j <= posts[i]; j++) staff.body('POLICE_POST', `${short}第${j}警务工作站`, body);
    for (const district of station.children) staffDistrict(staff, district, squad, cast);
  });
  staffVillages(staff, territory, cast);
}

function staffDistrict(staff: Establishment, district: Region, squad: string, cast: Cast): void {
  const isFallback = district === cast.fallbackBeat.parent;
  staff.post('community_officer', district, isFallback ? null : { personId: staff.person(squad) });
  let last: string | undefined;
  for (const beat of district.children) {
    const vacant = beat === cast.vacantBeat || beat === cast.fallbackBeat;
    const left = staff.chance(VACANT_SHARE) && !cast.kept.has(beat.id);
    if (vacant || left) {
      staff.post('community_officer', beat, null);
      continue;
    }
    if (!last || !staff.chance(SHARED_SHARE)) last = staff.person(squad);
    staff.post('community_officer', beat, { personId: last });
  }
}

/** 一村一警: the officer of a beat in the village, one for up to three villages of a town. */
function staffVillages(staff: Establishment, { governance, holders }: Territory, cast: Cast): void {
  for (const town of ofTier(governance.root, 'town')) {
    let officer: string | null = null;
    town.children.forEach((village, i) => {
      if (i % 3 === 0 || !officer) {
        officer = staff.holderId('community_officer', holders.police.get(facesOf(village)[0])!);
      }
      const left = staff.chance(VACANT_SHARE) && !cast.kept.has(village.id);
      const vacant = village === cast.vacantVillage || left || !officer;
      staff.post('village_officer', village, vacant ? null : { personId: officer! });
    });
  }
}

/** Three officers from another station lent to one district for some weeks; the standing owner stays. */
export function lendOfficers(staff: Establishment, { police, holders }: Territory, cast: Cast): void {
  const district = at(holders.police.get(cast.onTheLake)!, 'district');
  const postId = staff.find('community_officer', district)!.postId;
  const elsewhere = ofTier(police, 'station').find((station) => station !== district.parent)!;
  const window = { validFrom: new Date('2024-06-01T00:00:00+08:00'), validTo: new Date('2024-07-15T00:00:00+08:00') };
  for (let i = 0; i < 3; i++)
    staff.appoint(postId, { personId: staff.person(elsewhere.managerId!) }, 'REINFORCEMENT', window);
}
