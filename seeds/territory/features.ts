import type { Feature } from '../gazetteer.ts';
import { facesOf, type Land, ofTier, type Region } from './region.ts';

/** What is carved while the tree grows. */
export interface Carving {
  readonly land: Land;
  readonly marks: Partial<Record<Feature, number>>;
  readonly left: { hole: readonly number[]; gap: readonly number[] };
}

/** Names one grid in one upstream scheme and another in the next. */
export const AMBIGUOUS_CODE = '88001';

/** Changes which villages hold a few faces, or leaves faces to nobody. */
export function carveVillages(carving: Carving, feature: Feature, villages: number[][]): void {
  const { land, marks, left } = carving;
  const holder = new Map(villages.flatMap((faces, i) => faces.map((face) => [face, i] as const)));
  const around = (face: number) => land.mesh.neighbours(face);
  const enclosed = (face: number) => around(face).every((next) => holder.get(next) === holder.get(face));
  const inner = [...holder.keys()].filter(enclosed);
  const drop = (face: number) => {
    const village = villages[holder.get(face)!];
    village.splice(village.indexOf(face), 1);
  };
  if (feature === 'enclave') {
    const face = inner[0];
    const host = holder.get(face)!;
    const neighbour = villages.findIndex(
      (faces, i) => i !== host && faces.some((far) => around(far).some((next) => holder.get(next) === host)),
    );
    drop(face);
    villages[neighbour].push(face);
    marks.enclave = face;
  } else if (feature === 'hole') {
    const face = inner.find((first) => around(first).some((next) => inner.includes(next)))!;
    left.hole = [face, around(face).find((next) => inner.includes(next))!];
    left.hole.forEach(drop);
    marks.hole = face;
  } else if (feature === 'gap') {
    const isGap = (face: number) => {
      const nearby = new Set(around(face).map((next) => holder.get(next)));
      const rest = villages[holder.get(face)!].filter((other) => other !== face);
      return nearby.size > 1 && !nearby.has(undefined) && land.regions.components(rest).length === 1;
    };
    marks.gap = [...holder.keys()].find(isGap)!;
    left.gap = [marks.gap];
    drop(marks.gap);
  }
}

/** Gives one grid of the town a peculiarity of its own. */
export function markGrid(feature: Feature, town: Region, marks: Partial<Record<Feature, number>>): void {
  const [largest, second, third, fourth] = ofTier(town, 'grid').sort((a, b) => b.faces.length - a.faces.length);
  if (feature === 'farm') {
    largest.kind = 'EXCLUSIVE';
    largest.name = '金穗农场专属网格';
    marks.farm = largest.faces[0];
  } else if (feature === 'compound') {
    largest.kind = 'COMPOUND';
    largest.name = '万象城小区';
    marks.compound = largest.faces[0];
  } else if (feature === 'codeConflict') {
    const upstream = { zongzhi: 'ZZ-004217', minzheng: 'ZZ-004217', police_platform: '5299JW0317', hotline: 'R12-88' };
    second.codes.push(...Object.entries(upstream).map(([scheme, code]) => ({ scheme, code })));
    third.codes.push({ scheme: 'zongzhi', code: AMBIGUOUS_CODE });
    fourth.codes.push({ scheme: 'hotline', code: AMBIGUOUS_CODE });
    marks.codeConflict = second.faces[0];
  }
}

/** A micro-grid that can move to the next grid of its village without breaking its own grid apart. */
export function borderMicro(land: Land, town: Region): Region {
  const micros = ofTier(town, 'micro');
  const movable = micros.find((micro) => {
    const grid = micro.parent!;
    const rest = facesOf(grid).filter((face) => !micro.faces.includes(face));
    return receiverOf(land, micro) && rest.length > 2 && land.regions.components(rest).length === 1;
  });
  if (!movable) throw new Error(`No micro-grid of ${town.name} can change its grid.`);
  return movable;
}

/** The other grid of the village that a micro-grid borders on. */
export function receiverOf(land: Land, micro: Region): Region | undefined {
  const near = new Set(micro.faces.flatMap((face) => land.mesh.neighbours(face)));
  const others = micro.parent!.parent!.children.filter((grid) => grid !== micro.parent && grid.children.length > 0);
  return others.find((grid) => facesOf(grid).some((face) => near.has(face)));
}
