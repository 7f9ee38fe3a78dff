import { LIQUE, XIHE } from '../gazetteer.ts';
import { at, chainOf, facesOf, ofTier, type Region } from './region.ts';
import type { Territory } from './territory.ts';

/** Where the peculiar cases are: faces, and the grids that must stand vacant or be shared. */
export interface Cast {
  readonly firstQuery: number;
  readonly onTheLake: number;
  readonly vacantBeat: Region;
  readonly fallbackBeat: Region;
  /** Its officer hands over to another on a later day. */
  readonly relievedBeat: Region;
  readonly vacantVillage: Region;
  readonly vacantGrid: Region;
  /** Grids of one worker. */
  readonly eightGrids: readonly Region[];
  /** Its beat's officer is its instructor and deputy secretary of its village. */
  readonly threePostGrid: Region;
  /** Ids of grids that chance must not leave vacant. */
  readonly kept: ReadonlySet<string>;
}

/** Chooses them by rule, the same in both sizes. */
export function castTerritory(territory: Territory): Cast {
  const { governance, water, holders } = territory;
  const lake = facesOf(water.children[0]).filter((face) => !holders.watch.has(face));
  const inXihe = (face: number) => at(holders.governance.get(face)!, 'town').name === XIHE;
  const firstQuery = lake.find(inXihe)!;
  const onTheLake = lake.find((face) => !inXihe(face))!;
  const lique = ofTier(governance.root, 'town').find((town) => town.name === LIQUE)!;
  const grids = ofTier(lique, 'grid');
  const threePostGrid = grids[grids.length - 1];
  const shown = [firstQuery, onTheLake, facesOf(threePostGrid)[0], facesOf(grids[0])[0]];
  const kept = chainsOver(territory, [...shown, ...Object.values(governance.marks)]);
  const [vacant, fallback] = fullyServedDistricts(territory).filter((district) => !kept.has(district.id));
  return {
    firstQuery,
    onTheLake,
    vacantBeat: vacant.children[1],
    fallbackBeat: fallback.children[1],
    relievedBeat: vacant.children[0],
    vacantVillage: lique.children[9],
    vacantGrid: lique.children[12].children[0],
    eightGrids: grids.slice(0, 8),
    threePostGrid,
    kept: kept.add(vacant.children[0].id),
  };
}

function chainsOver({ holders }: Territory, faces: readonly number[]): Set<string> {
  const smallest = [holders.governance, holders.police].flatMap((holder) => faces.map((face) => holder.get(face)));
  return new Set(smallest.flatMap((grid) => (grid ? chainOf(grid) : [])).map(({ id }) => id));
}

/** Police districts where governance leaves nothing out, so that only the officer can be missing. */
function fullyServedDistricts({ police, holders }: Territory): Region[] {
  const served = (district: Region) => facesOf(district).every((face) => holders.governance.has(face));
  return ofTier(police, 'district').filter((district) => district.children.length > 2 && served(district));
}
