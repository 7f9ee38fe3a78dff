import type { Atlas } from '../../grids/atlas/atlas.ts';
import { chainOf, type GridEntry, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';

export type GroundAtlas = Pick<Atlas, 'layersAt' | 'locate' | 'locateAll'>;

/** The smallest grids that hold a lattice point, layer by layer; in an OVERLAY several may. */
export function smallestAt(atlas: GroundAtlas, x: number, y: number, moment: Moment): VersionEntry[] {
  return atlas.layersAt(moment.edition).flatMap((layer) => {
    if (layer.kind === 'PARTITION') return atlas.locate(layer, x, y, moment) ?? [];
    const holders = atlas.locateAll(layer, x, y, moment);
    return holders.filter((each) => !holders.some((other) => other !== each && isBelow(other, each.grid, moment)));
  });
}

/** Whether a version is of the grid or of one below it. */
export function isBelow(version: VersionEntry, grid: GridEntry, moment: Moment): boolean {
  return chainOf(version, moment).some((above) => above.grid === grid);
}

/** Ids of the grids and of all above them, nearest first, chain after chain: what a practice is looked up by. */
export function chainIds(smallest: readonly VersionEntry[], moment: Moment): string[] {
  return [...new Set(smallest.flatMap((version) => chainOf(version, moment).map(({ grid }) => grid.id)))];
}
