import { fromLattice } from '../src/geometry/lattice.ts';
import { movedMicro } from './changes.ts';
import { CHENGDONG, HUAGUAN, LIQUE, LONGGUANG, XIHE } from './gazetteer.ts';
import type { HighlightExpectation, HighlightPlan } from './plan.type.ts';
import type { Establishment } from './staff/establishment.ts';
import { threePostBeat } from './staff/otherStaff.ts';
import type { Cast } from './territory/cast.ts';
import { AMBIGUOUS_CODE } from './territory/features.ts';
import { RENAMED_VILLAGE } from './territory/governance.ts';
import { at, chainOf, facesOf, ofTier, type Region } from './territory/region.ts';
import type { Territory } from './territory/territory.ts';

type More = Partial<Pick<HighlightExpectation, 'status' | 'gridId' | 'holders' | 'facts'>>;
type Highlights = Record<string, HighlightPlan>;

/** Named places for README and tests. Each lies about half a face, some 90 m, from the nearest border. */
export function planHighlights(territory: Territory, cast: Cast, staff: Establishment): Highlights {
  const place = (face: number, more: More = {}) => placeAt(territory, face, more);
  return {
    ...answers(territory, cast, staff, place),
    ...shapes(territory, place),
    ...towns(territory, staff, place),
    ...practice(territory, cast, staff, place),
    ...changed(territory, staff, cast, place),
  };
}

type PlaceAt = (face: number, more?: More) => HighlightPlan;

function placeAt({ land, holders, watch, governance }: Territory, face: number, more: More): HighlightPlan {
  const [x, y] = land.mesh.centre(face);
  const chains: Record<string, string[]> = {};
  for (const [layer, holder] of Object.entries(holders)) {
    const grid = holder.get(face);
    if (grid) chains[layer] = chainOf(grid).map(({ id }) => id);
  }
  const also = watch
    .filter((zone) => zone.faces.includes(face) && zone !== holders.watch.get(face))
    .map(({ id }) => id);
  const left = governance.holeFaces.includes(face)
    ? 'NOT_SERVED'
    : governance.gapFaces.includes(face)
      ? 'GAP'
      : 'OUTSIDE';
  const status = chains.governance ? 'OWNED' : left;
  return {
    lon: fromLattice(x),
    lat: fromLattice(y),
    expect: { chains, status, ...(also.length > 0 ? { also } : {}), ...more },
  };
}

/** Who answers, and the ways in which a post can be empty or shared. */
function answers({ governance, holders }: Territory, cast: Cast, staff: Establishment, place: PlaceAt): Highlights {
  const governed = (face: number, tier: string) => at(holders.governance.get(face)!, tier);
  const { firstQuery, vacantBeat, fallbackBeat, vacantVillage, vacantGrid, eightGrids } = cast;
  const first = {
    officer: staff.holderId('community_officer', holders.police.get(firstQuery)!),
    gridWorker: staff.holderId('grid_worker', governed(firstQuery, 'grid')),
    mediationTeam: staff.holderId('mediation', governed(firstQuery, 'village')),
  };
  const district = staff.holderId('community_officer', vacantBeat.parent!);
  const teamless = ofTier(governance.root, 'village').find((village) => !staff.find('mediation', village))!;
  return {
    firstQuery: place(firstQuery, { holders: first }),
    vacantBeat: place(facesOf(vacantBeat)[0], { gridId: vacantBeat.id, holders: { officer: district } }),
    fallbackBeat: place(facesOf(fallbackBeat)[0], {
      gridId: fallbackBeat.id,
      holders: { officer: null },
      facts: { stationBodyId: fallbackBeat.parent!.parent!.managerId },
    }),
    inheritedMediation: place(facesOf(teamless)[0], {
      holders: { mediationTeam: staff.holderId('mediation', teamless.parent!) },
    }),
    vacantVillage: place(facesOf(vacantVillage)[0], { gridId: vacantVillage.id, holders: { village_officer: null } }),
    vacantGrid: place(facesOf(vacantGrid)[0], { gridId: vacantGrid.id, holders: { gridWorker: null } }),
    eightGridWorker: place(facesOf(eightGrids[0])[0], {
      holders: { gridWorker: staff.holderId('grid_worker', eightGrids[0]) },
      facts: { gridIds: eightGrids.map(({ id }) => id) },
    }),
  };
}

/** Lake, farm, enclave, hole and their like. */
function shapes({ governance, holders, water, watch, land }: Territory, place: PlaceAt): Highlights {
  const { marks } = governance;
  const enclave = at(holders.governance.get(marks.enclave)!, 'village');
  const around = at(holders.governance.get(land.mesh.neighbours(marks.enclave)[0])!, 'village');
  const riverFace = facesOf(water.children[1])[0];
  const both = watch[0].faces.find((face) => watch[1].faces.includes(face))!;
  const outside = land.mesh.faces()[0];
  return {
    onTheRiver: place(riverFace, { gridId: water.children[1].id }),
    enclave: place(marks.enclave, { gridId: enclave.id, facts: { surroundingVillageId: around.id } }),
    hole: place(marks.hole),
    gap: place(marks.gap),
    outside: place(outside),
    watchOverlap: place(both),
    cutGrid: place(facesOf(cutGrid(governance.root, holders))[0], { gridId: cutGrid(governance.root, holders).id }),
  };
}

/** A governance grid that lies in two police beats of different stations. */
function cutGrid(root: Region, holders: Territory['holders']): Region {
  const stations = (grid: Region) => new Set(facesOf(grid).map((face) => at(holders.police.get(face)!, 'station')));
  return ofTier(root, 'grid').find((grid) => stations(grid).size === 2)!;
}

/** Towns that differ in tiers, codes and managers. */
function towns({ governance }: Territory, staff: Establishment, place: PlaceAt): Highlights {
  const townNamed = (name: string) => ofTier(governance.root, 'town').find((town) => town.name === name)!;
  const show = (name: string, facts: Record<string, unknown>) => {
    const town = townNamed(name);
    return place(facesOf(town)[0], { gridId: town.id, facts: { name, managerId: town.managerId, ...facts } });
  };
  const bouyei = staff.bodies.find((body) => body.languages.includes('pcc'))!;
  const xihe = townNamed(XIHE);
  return {
    threeTierTown: show(HUAGUAN, { tiers: ['town', 'village', 'grid'], leaderTiers: ['town', 'county', 'city'] }),
    fourTierTown: show(XIHE, {
      tiers: ['town', 'village', 'grid', 'micro'],
      leaderTiers: ['village', 'town', 'county', 'city'],
    }),
    townWithChangedManager: show(XIHE, {
      code: '421303187',
      from: '2024-01-01',
      managerIdAfter: xihe.parent!.managerId,
    }),
    townWithoutNationalCode: show(CHENGDONG, { missingScheme: 'national' }),
    townRunFromElsewhere: show(LONGGUANG, { code: '522328103' }),
    bouyeiTown: show(LONGGUANG, { language: 'pcc', bodyId: bouyei.id }),
    manyGridsTown: show(LIQUE, { grids: 59, micros: 1337, population: 30_000 }),
  };
}

/** Exclusive and very large grids, clashing codes, an officer with three posts. */
function practice(territory: Territory, cast: Cast, staff: Establishment, place: PlaceAt): Highlights {
  const { governance, holders } = territory;
  const { marks } = governance;
  const farm = holders.governance.get(marks.farm)!;
  const clash = at(holders.governance.get(marks.codeConflict)!, 'grid');
  const upstream = clash.codes.slice(1).map(({ code }) => code);
  const head = staff.holderId('exclusive_head', farm);
  return {
    farm: place(marks.farm, {
      gridId: farm.id,
      holders: {
        exclusive_head: head,
        officer: staff.holderId('community_officer', holders.police.get(marks.farm)!),
        gridWorker: staff.holderId('grid_worker', farm),
      },
    }),
    compound: place(marks.compound, { facts: { kind: 'COMPOUND' } }),
    codeConflict: place(marks.codeConflict, {
      gridId: clash.id,
      facts: { codes: [...new Set(upstream)], schemes: 4, ambiguousCode: AMBIGUOUS_CODE },
    }),
    threePostOfficer: place(facesOf(cast.threePostGrid)[0], {
      holders: { officer: staff.holderId('community_officer', threePostBeat(territory, cast)) },
      facts: { roles: ['community_officer', 'instructor', 'deputy_secretary'] },
    }),
  };
}

/** Places whose answer depends on the day. */
function changed(territory: Territory, staff: Establishment, cast: Cast, place: PlaceAt): Highlights {
  const { governance, water } = territory;
  const village = ofTier(governance.root, 'village').find(({ name }) => name === RENAMED_VILLAGE)!;
  const { micro, to } = movedMicro(territory);
  const [lake] = water.children;
  const moved = place(micro.faces[0]);
  const governanceChain = [micro, to, ...chainOf(to).slice(1)].map(({ id }) => id);
  const relieved = cast.relievedBeat;
  return {
    renamedVillage: place(facesOf(village)[0], {
      gridId: village.id,
      facts: { before: RENAMED_VILLAGE, after: '寨湾社区', from: '2023-01-01' },
    }),
    onTheLake: place(cast.onTheLake, {
      gridId: lake.id,
      holders: { water_head: staff.holderId('water_head', lake) },
    }),
    relievedOfficer: place(facesOf(relieved)[0], {
      gridId: relieved.id,
      facts: { before: staff.holderId('community_officer', relieved), from: '2024-07-01' },
    }),
    movedMicro: {
      ...moved,
      expect: {
        ...moved.expect,
        chains: { ...moved.expect.chains, governance: governanceChain },
        facts: { before: micro.parent!.id, from: '2025-04-01' },
      },
    },
  };
}
