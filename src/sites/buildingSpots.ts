import { toLattice } from '../geometry/lattice.ts';
import type { DatedRow } from '../grids/log/datedLog.ts';
import type { BuildingState } from './site.type.ts';

/** Buildings by the point that is their own. */
export class BuildingSpots {
  /** By a number made of the point, which others may share. */
  readonly #rows = new Map<number, DatedRow<BuildingState>[]>();

  add(row: DatedRow<BuildingState>): void {
    const key = spotKey(toLattice(row.value.point.lon), toLattice(row.value.point.lat));
    const there = this.#rows.get(key);
    if (there) there.push(row);
    else this.#rows.set(key, [row]);
  }

  /** Of every date and edition. */
  at(x: number, y: number): DatedRow<BuildingState>[] {
    const there = this.#rows.get(spotKey(x, y));
    if (!there) return [];
    return there.filter(({ value }) => toLattice(value.point.lon) === x && toLattice(value.point.lat) === y);
  }
}

function spotKey(x: number, y: number): number {
  return x * 65_537 + y;
}
