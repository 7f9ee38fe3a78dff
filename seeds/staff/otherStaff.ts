import { CITY_NAME } from '../gazetteer.ts';
import type { Cast } from '../territory/cast.ts';
import { facesOf, type Region } from '../territory/region.ts';
import type { Territory } from '../territory/territory.ts';
import type { Establishment } from './establishment.ts';

/**
 * Water wardens, patrol squads, volunteers, the farm's and the compound's own people, and the officer with three
 * posts.
 */
export function staffOthers(staff: Establishment, territory: Territory, cast: Cast): void {
  staffWater(staff, territory);
  staffPatrol(staff, territory);
  for (const zone of territory.watch) {
    zone.managerId = staff.body('VOLUNTEERS', `${zone.name}志愿队`);
    staff.post('watch_team', zone, { bodyId: zone.managerId });
  }
  const { holders, governance } = territory;
  const farm = holders.governance.get(governance.marks.farm)!;
  farm.managerId = staff.body('FARM', '金穗农场', farm.parent!.managerId!);
  staff.post('exclusive_head', farm, { personId: staff.person(farm.managerId) });
  const compound = holders.governance.get(governance.marks.compound)!;
  compound.managerId = staff.body('FIRM', '万象城物业服务公司', compound.parent!.managerId!);
  giveThreePosts(staff, territory, cast);
}

/** One joint office with four departments looks after all water; each water has a warden of its own. */
function staffWater(staff: Establishment, { water, police, governance }: Territory): void {
  const joint = staff.body('WATER_OFFICE', `${CITY_NAME}河湖联合管护办公室`, governance.root.managerId!);
  const departments = [
    staff.body('SQUAD', `${CITY_NAME}公安局水上警务队`, police.managerId!),
    ...['水务局', '生态环境局', '农业农村局'].map((name) =>
      staff.body('DEPARTMENT', `${CITY_NAME}${name}`, governance.root.managerId!),
    ),
  ];
  water.managerId = joint;
  for (const unit of water.children) {
    unit.managerId = joint;
    const post = staff.post('water_head', unit, { personId: staff.person(departments[0]) });
    for (const bodyId of [joint, ...departments]) staff.appoint(post, { bodyId }, 'SUPPORT');
  }
}

function staffPatrol(staff: Establishment, { patrol, police }: Territory): void {
  patrol.managerId = staff.body('SQUAD', `${CITY_NAME}公安局巡逻警察支队`, police.managerId!);
  for (const area of patrol.children) {
    area.managerId = staff.body('SQUAD', `${area.name}巡逻大队`, patrol.managerId);
    for (const zone of area.children) {
      zone.managerId = staff.body('SQUAD', `${zone.name}巡逻中队`, area.managerId);
      staff.post('patrol_squad', zone, { bodyId: zone.managerId });
    }
  }
}

function giveThreePosts(staff: Establishment, territory: Territory, cast: Cast): void {
  const officer = { personId: staff.holderId('community_officer', threePostBeat(territory, cast))! };
  staff.post('instructor', cast.threePostGrid, officer);
  staff.post('deputy_secretary', cast.threePostGrid.parent!, officer);
}

/** The beat in which the grid of the officer with three posts begins. */
export function threePostBeat({ holders }: Territory, { threePostGrid }: Cast): Region {
  return holders.police.get(facesOf(threePostGrid)[0])!;
}
