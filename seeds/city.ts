import { planAddresses } from './addresses.ts';
import { planChanges } from './changes.ts';
import { type CitySpec, citySpec } from './gazetteer.ts';
import { planHighlights } from './highlights.ts';
import type { CityPlan, GapPlan } from './plan.type.ts';
import { LAYERS, ROLES, SCHEMES } from './practice.ts';
import { Establishment } from './staff/establishment.ts';
import { staffGovernance } from './staff/governanceStaff.ts';
import { staffOthers } from './staff/otherStaff.ts';
import { lendOfficers, staffPolice } from './staff/policeStaff.ts';
import { outline } from './terrain/outline.ts';
import { castTerritory } from './territory/cast.ts';
import { toGrids } from './territory/region.ts';
import { drawTerritory, type Territory } from './territory/territory.ts';

/**
 * The demo city: invented, and the same on every machine and at every call.
 *
 * One honeycomb of crooked faces is the ground of all layers (terrain/mesh.ts). Each layer cuts the faces into its
 * own tree from the root down by random waves (terrain/regions.ts), so police borders run through governance grids
 * while every border is shared exactly by those on both sides of it. A parent's boundary is the union of its
 * children's; nesting and coverage hold without any tolerance. Then staff take their posts, some stay vacant.
 *
 * `town` is the small demo of six towns; `city` has 3,475 governance grids and 50,000 micro-grids and all
 * peculiarities of `town` too.
 */
export function buildCity(size: 'town' | 'city'): CityPlan {
  return buildCityOf(citySpec(size));
}

/** The same for other sizes: a city of any counties and towns, if the named ones are among them. */
export function buildCityOf(spec: CitySpec): CityPlan {
  const territory = drawTerritory(spec);
  const cast = castTerritory(territory);
  const staff = new Establishment();
  staffPolice(staff, spec, territory, cast);
  staffGovernance(staff, spec, territory, cast);
  staffOthers(staff, territory, cast);
  lendOfficers(staff, territory, cast);
  const { governance, police, patrol, water, watch, land } = territory;
  const roots = [police, governance.root, patrol, water, ...watch];
  const grids = roots.flatMap((root) => toGrids(root, land.mesh));
  const changes = planChanges(territory, cast, staff);
  const highlights = planHighlights(territory, cast, staff);
  const { bodies, people, posts, appointments } = staff;
  const gaps = planGaps(territory);
  return {
    layers: LAYERS,
    schemes: SCHEMES,
    bodies,
    people,
    roles: ROLES,
    grids,
    posts,
    appointments,
    gaps,
    ...planAddresses(territory),
    changes,
    highlights,
  };
}

function planGaps({ governance, land }: Territory): GapPlan[] {
  const { holeFaces, gapFaces } = governance;
  return [
    { layer: 'governance', name: '军事管理区', status: 'NOT_SERVED', boundary: outline(land.mesh, holeFaces) },
    { layer: 'governance', name: '栖凤无人认领地块', status: 'GAP', boundary: outline(land.mesh, gapFaces) },
  ];
}
