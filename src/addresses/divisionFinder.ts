import type { Atlas } from '../grids/atlas/atlas.ts';
import { chainOf, type GridEntry, type VersionEntry, versionAt } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import { coreOf, depthOf, type Element, isDivision, isPlaceName } from './text/element.ts';
import { normaliseText } from './text/normalise.ts';
import { readingsOf } from './text/parseAddress.ts';

/** Finds the grid of the deepest division that a text names, for texts whose address is not known. */
export class DivisionFinder {
  readonly #atlas: Pick<Atlas, 'grids'>;
  #index: { edition: number; byName: Map<string, GridEntry[]> } = { edition: 0, byName: new Map() };

  constructor(atlas: Pick<Atlas, 'grids'>) {
    this.#atlas = atlas;
  }

  /**
   * By the names that grids had at the moment, without 市, 镇, 村 …; of several grids of one name the one whose chain has
   * most of the other divisions named. Undefined where no division is recognised, or where nothing tells several apart.
   */
  findDivision(text: string, moment: Moment): VersionEntry | undefined {
    for (const { elements } of readingsOf(text)) {
      const named = elements.filter((element) => isDivision(element) || isPlaceName(element));
      const deepestFirst = [...named].sort((a, b) => depthOf(b.kind) - depthOf(a.kind));
      for (const element of deepestFirst) {
        const found = this.#bestOf(this.#named(element, moment), named, moment);
        if (found) return found;
      }
    }
    return undefined;
  }

  #named({ value }: Element, moment: Moment): VersionEntry[] {
    const grids = this.#byName(moment.edition).get(coreOf(value)) ?? [];
    return grids.flatMap((grid) => {
      const version = versionAt(grid, moment);
      return version && nameOf(version) === coreOf(value) ? [version] : [];
    });
  }

  #bestOf(found: readonly VersionEntry[], named: readonly Element[], moment: Moment): VersionEntry | undefined {
    const names = new Set(named.map(({ value }) => coreOf(value)));
    const ranked = found
      .map((version) => {
        const chain = chainOf(version, moment);
        return { version, agrees: chain.filter((above) => names.has(nameOf(above))).length };
      })
      .sort((a, b) => b.agrees - a.agrees || a.version.grid.layer.position - b.version.grid.layer.position);
    const [best, second] = ranked;
    const isTied = second && second.agrees === best.agrees && second.version.grid.layer === best.version.grid.layer;
    return isTied ? undefined : best?.version;
  }

  // Read once for each edition: only texts that no address answers to need it.
  #byName(edition: number): Map<string, GridEntry[]> {
    if (this.#index.edition !== edition) {
      const byName = new Map<string, GridEntry[]>();
      for (const grid of this.#atlas.grids) {
        for (const name of new Set(grid.versions.map(nameOf))) byName.set(name, [...(byName.get(name) ?? []), grid]);
      }
      this.#index = { edition, byName };
    }
    return this.#index.byName;
  }
}

function nameOf({ name }: VersionEntry): string {
  return coreOf(normaliseText(name));
}
