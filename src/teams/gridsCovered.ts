import { Grid } from '../grids/api/grid.type.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { type VersionEntry, versionAt } from '../grids/atlas/rows.ts';
import { listingKey } from '../grids/gridFinder.ts';
import type { Moment } from '../grids/moment.ts';
import { groupBy } from '../posts/import/subject.ts';
import type { TeamBook } from './memory/teamBook.ts';
import type { CircuitDays } from './team.type.ts';

/** A circuit with its grids, and until when it is a circuit day, or none. */
export interface FoundCircuit {
  readonly days: CircuitDays;
  readonly grids: readonly Grid[];
  readonly active: boolean;
  readonly changesAt: Date;
}

/** Tells the grids that bodies cover. Grids that do not exist at the moment are left out. */
export class GridsCovered {
  readonly #book: TeamBook;
  readonly #atlas: Atlas;

  constructor(book: TeamBook, atlas: Atlas) {
    this.#book = book;
    this.#atlas = atlas;
  }

  /** Up to `first` grids that the body covers at the moment, each once, in listing order, behind the grid `after`. */
  list(bodyId: string, moment: Moment, first: number, after: string | null | undefined): Grid[] {
    const active = this.#book.coverageOf(bodyId, moment).filter((each) => this.#book.isActive(each, moment.asOf));
    const seen = after ? this.#atlas.findGrid(after) : undefined;
    const behind = seen && listingKey(seen, moment.edition);
    const keyed = this.#inOrder(
      active.map(({ gridId }) => gridId),
      moment,
    );
    const rest = behind === undefined ? keyed : keyed.filter(({ key }) => key > behind);
    return rest.slice(0, first).map(({ version }) => new Grid(version, moment));
  }

  /** The circuits of a body on that date, those of the same days as one; by their first grids. */
  circuitsOf(bodyId: string, moment: Moment): FoundCircuit[] {
    const byDays = new Map<string, { key: string; circuit: FoundCircuit }>();
    const rows = this.#book.coverageOf(bodyId, moment).filter(({ days }) => days !== null);
    const groups = groupBy(rows, ({ days }) => JSON.stringify(days));
    for (const [said, group] of groups) {
      const keyed = this.#inOrder(
        group.map(({ gridId }) => gridId),
        moment,
      );
      if (keyed.length === 0) continue;
      const circuit = {
        days: group[0].days!,
        grids: keyed.map(({ version }) => new Grid(version, moment)),
        active: this.#book.isActive(group[0], moment.asOf),
        changesAt: new Date(this.#book.nextTurn(group[0], moment.asOf)),
      };
      byDays.set(said, { key: `${keyed[0].key} ${said}`, circuit });
    }
    return [...byDays.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ circuit }) => circuit);
  }

  #inOrder(gridIds: readonly string[], moment: Moment): { version: VersionEntry; key: string }[] {
    const keyed = [...new Set(gridIds)].flatMap((id) => {
      const grid = this.#atlas.findGrid(id);
      const version = grid && versionAt(grid, moment);
      return version ? [{ version, key: listingKey(grid, moment.edition) }] : [];
    });
    return keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}
