import { CHENGDONG, CITY_NAME, type CitySpec, LONGGUANG, type TownSpec } from '../gazetteer.ts';
import type { Cast } from '../territory/cast.ts';
import type { Region } from '../territory/region.ts';
import type { Territory } from '../territory/territory.ts';
import type { Establishment } from './establishment.ts';

const VACANT_SHARE = 0.03;
const NO_VILLAGE_TEAM_SHARE = 0.1;
const INFORMANT_SHARE = 0.12;

/** Governments, committees, mediation teams and everyone who answers for a grid of the governance layer. */
export function staffGovernance(staff: Establishment, spec: CitySpec, territory: Territory, cast: Cast): void {
  const { root } = territory.governance;
  root.managerId = staff.body('GOVERNMENT', `${CITY_NAME}人民政府`);
  staff.post('leader', root, { personId: staff.person(root.managerId) });
  root.children.forEach((county, i) => {
    county.managerId = staff.body('GOVERNMENT', `${county.name}人民政府`, root.managerId!);
    staff.post('leader', county, { personId: staff.person(county.managerId) });
    county.children.forEach((town, j) => {
      staffTown(staff, spec.counties[i].towns[j], town, cast);
    });
  });
  shareEightGrids(staff, cast);
}

function staffTown(staff: Establishment, spec: TownSpec, town: Region, cast: Cast): void {
  const county = town.parent!.managerId!;
  const government = town.name === CHENGDONG ? county : staff.body('GOVERNMENT', `${town.name}人民政府`, county);
  const runner = spec.manager;
  const above = runner?.kind === 'DEVELOPMENT_ZONE' ? town.parent!.parent!.managerId! : county;
  town.managerId = runner ? staff.body(runner.kind, runner.name, above) : government;
  staff.post('leader', town, { personId: staff.person(town.managerId) });
  const team = staff.body('MEDIATION_TEAM', `${town.name}人民调解委员会`, town.managerId);
  const post = staff.post('mediation', town, { bodyId: team });
  if (town.name === LONGGUANG) {
    const bouyei = staff.body('MEDIATION_TEAM', '布依联调队', town.managerId, ['zh', 'pcc']);
    staff.appoint(post, { bodyId: bouyei }, 'SUPPORT');
  }
  for (const village of town.children) staffVillage(staff, spec, village, cast);
}

function staffVillage(staff: Establishment, spec: TownSpec, village: Region, cast: Cast): void {
  const committee = staff.body(
    'COMMITTEE',
    `${village.name}民委员会`.replace('社区民委员会', '社区居民委员会'),
    village.parent!.managerId!,
  );
  village.managerId = committee;
  if (spec.villageLeaders) staff.post('leader', village, { personId: staff.person(village.parent!.managerId!) });
  if (cast.kept.has(village.id) || !staff.chance(NO_VILLAGE_TEAM_SHARE)) {
    const team = staff.body('MEDIATION_TEAM', `${village.name}调解小组`, committee);
    staff.post('mediation', village, { bodyId: team });
  }
  const instructor = staff.person(village.parent!.managerId!);
  const aide = staff.person(committee);
  for (const grid of village.children) {
    const filled = (holder: string) =>
      staff.chance(VACANT_SHARE) && !cast.kept.has(grid.id) ? null : { personId: holder };
    staff.post('grid_head', grid, filled(staff.person(committee)));
    if (grid !== cast.threePostGrid) staff.post('instructor', grid, filled(instructor));
    staff.post('police_aide', grid, filled(aide));
    if (grid === cast.vacantGrid) staff.post('grid_worker', grid, null);
    else if (!cast.eightGrids.includes(grid)) staff.post('grid_worker', grid, filled(staff.person(committee)));
    for (const micro of grid.children) staffMicro(staff, micro, committee);
  }
}

/** Any number of informants, from none to three. */
function staffMicro(staff: Establishment, micro: Region, committee: string): void {
  if (!staff.chance(INFORMANT_SHARE)) return;
  const count = 1 + staff.random.below(3);
  for (let serial = 1; serial <= count; serial++)
    staff.post('informant', micro, { personId: staff.person(committee) }, serial);
}

function shareEightGrids(staff: Establishment, cast: Cast): void {
  const worker = staff.person(cast.eightGrids[0].parent!.parent!.managerId!);
  for (const grid of cast.eightGrids) staff.post('grid_worker', grid, { personId: worker });
}
