import { toLattice } from '../../geometry/lattice.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { chainOf, type GridEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import { Window } from '../../posts/timeline.ts';
import type { ChannelState } from '../site.type.ts';
import type { SiteBook } from '../siteBook.ts';

/** The sum of some channels. */
export interface ChannelSum {
  readonly channels: number;
  readonly members: number;
  /** Channels whose heads nobody counted: they are in `channels`, not in `members`. */
  readonly uncounted: number;
  /** The first and last day on which heads were counted, YYYY-MM-DD. */
  readonly countedFrom: string | null;
  readonly countedTo: string | null;
}

/** Chat groups by the grid they belong to, and their sums. */
export class ChannelBook {
  readonly #book: SiteBook;
  readonly #atlas: Pick<Atlas, 'findGrid' | 'locateAll'>;

  constructor(book: SiteBook, atlas: Pick<Atlas, 'findGrid' | 'locateAll'>) {
    this.#book = book;
    this.#atlas = atlas;
  }

  /** The channels of a grid itself, by name, then by id. */
  ofGrid(gridId: string, moment: Moment): ChannelState[] {
    const window = new Window(moment);
    return this.#book.channels
      .rowsOf(gridId)
      .flatMap((row) => (window.admits(row) ? [row.value] : []))
      .sort(inOrder);
  }

  /** Sums the channels of a grid, of the grids below it and of the buildings in it; of everything without a grid. */
  sum(grid: GridEntry | undefined, kind: string | null | undefined, moment: Moment): ChannelSum {
    const window = new Window(moment);
    const days: string[] = [];
    let [channels, members, uncounted] = [0, 0, 0];
    for (const row of this.#book.channels.rowsIn(moment.edition)) {
      const channel = row.value;
      if (!window.admits(row) || (kind != null && channel.kind !== kind)) continue;
      if (grid && !this.#isIn(grid, channel, moment)) continue;
      channels += 1;
      members += channel.members ?? 0;
      if (channel.countedOn === null) uncounted += 1;
      else days.push(channel.countedOn);
    }
    days.sort();
    return { channels, members, uncounted, countedFrom: days.at(0) ?? null, countedTo: days.at(-1) ?? null };
  }

  #isIn(grid: GridEntry, { gridId, buildingId }: ChannelState, moment: Moment): boolean {
    if (gridId !== null) {
      const own = this.#atlas.findGrid(gridId);
      const version = own && versionAt(own, moment);
      return version !== undefined && chainOf(version, moment).some((above) => above.grid === grid);
    }
    const building = this.#book.findBuilding(buildingId!, moment);
    if (!building) return false;
    const { lon, lat } = building.point;
    const holders = this.#atlas.locateAll(grid.layer, toLattice(lon), toLattice(lat), moment);
    return holders.some((version) => chainOf(version, moment).some((above) => above.grid === grid));
  }
}

function inOrder(a: ChannelState, b: ChannelState): number {
  return a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1;
}
