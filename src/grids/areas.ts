import type { AreaTree } from '../access/areaTree.ts';
import type { Atlas } from './atlas/atlas.ts';
import { chainOf, versionAt } from './atlas/rows.ts';
import type { GridFinder } from './gridFinder.ts';
import type { MomentReader } from './momentReader.ts';

/** The tree by which access is judged: the newest edition, now. */
export class GridAreas implements AreaTree {
  readonly #atlas: Atlas;
  readonly #finder: GridFinder;
  readonly #moments: MomentReader;

  constructor(atlas: Atlas, finder: GridFinder, moments: MomentReader) {
    this.#atlas = atlas;
    this.#finder = finder;
    this.#moments = moments;
  }

  findGridId(idOrCode: string): string | undefined {
    const moment = this.#moments.read();
    const byId = this.#finder.findById(idOrCode, moment);
    if (byId) return byId.grid.id;
    try {
      return this.#finder.findByCode(idOrCode, undefined, moment)?.grid.id;
    } catch {
      // An ambiguous code names nobody's area.
      return undefined;
    }
  }

  chainOf(gridId: string): readonly string[] {
    const moment = this.#moments.read();
    const grid = this.#atlas.findGrid(gridId);
    const version = grid && versionAt(grid, moment);
    return version ? chainOf(version, moment).map((above) => above.grid.id) : [];
  }
}
