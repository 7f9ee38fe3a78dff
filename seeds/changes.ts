import { HUAGUAN, XIHE } from './gazetteer.ts';
import type { ChangePlan } from './plan.type.ts';
import { appointmentTo, type Establishment } from './staff/establishment.ts';
import { outline } from './terrain/outline.ts';
import type { Cast } from './territory/cast.ts';
import { receiverOf } from './territory/features.ts';
import { RENAMED_VILLAGE } from './territory/governance.ts';
import { facesOf, ofTier, type Region } from './territory/region.ts';
import type { Territory } from './territory/territory.ts';

/** The micro-grid that changes its grid, and the grid that takes it. */
export function movedMicro({ holders, governance, land }: Territory): { micro: Region; to: Region } {
  const micro = holders.governance.get(governance.marks.border)!;
  return { micro, to: receiverOf(land, micro)! };
}

/** A village renamed, a town's manager changed, an officer relieved, a border moved, and one change still to come. */
export function planChanges(territory: Territory, cast: Cast, staff: Establishment): ChangePlan[] {
  const { root } = territory.governance;
  const townNamed = (name: string) => ofTier(root, 'town').find((town) => town.name === name)!;
  const xihe = townNamed(XIHE);
  const village = xihe.children.find((child) => child.name === RENAMED_VILLAGE)!;
  return [
    change('寨湾村改名为寨湾社区', '2023-01-01', village, { name: '寨湾社区' }),
    change('淅河镇由高新区移交曾都区管理', '2024-01-01', xihe, { managerId: xihe.parent!.managerId }),
    relieveOfficer(cast, staff),
    moveBorder(territory),
    change('花官镇拟改设花官街道', '2035-01-01', townNamed(HUAGUAN), { name: '花官街道' }),
  ];
}

function midnight(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

function change(title: string, day: string, region: Region, set: ChangePlan['grids'][number]['set']): ChangePlan {
  const effectiveAt = midnight(day);
  return { title, effectiveAt, grids: [{ gridId: region.id, from: effectiveAt, set }] };
}

function relieveOfficer({ relievedBeat }: Cast, staff: Establishment): ChangePlan {
  const effectiveAt = midnight('2024-07-01');
  const { id, postId } = staff.find('community_officer', relievedBeat)!;
  const successor = { personId: staff.person(relievedBeat.parent!.parent!.managerId!) };
  const appointment = appointmentTo(postId, successor, 'PRIMARY', { validFrom: effectiveAt, validTo: null });
  return {
    title: '社区民警轮换',
    effectiveAt,
    grids: [],
    endAppointments: [{ id, at: effectiveAt }],
    appointments: [appointment],
  };
}

function moveBorder(territory: Territory): ChangePlan {
  const from = midnight('2025-04-01');
  const { micro, to } = movedMicro(territory);
  const union = (regions: readonly Region[]) => outline(territory.land.mesh, regions.flatMap(facesOf));
  const left = micro.parent!.children.filter((sibling) => sibling !== micro);
  return {
    title: '相邻网格边界调整',
    effectiveAt: from,
    grids: [
      { gridId: micro.parent!.id, from, set: { boundary: union(left) } },
      { gridId: to.id, from, set: { boundary: union([...to.children, micro]) } },
      { gridId: micro.id, from, set: { parentId: to.id } },
    ],
  };
}
