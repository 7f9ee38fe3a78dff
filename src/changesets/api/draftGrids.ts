import { areaSquareMetres } from '../../geometry/coverage.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import {
  type CodeEntry,
  type GridEntry,
  historyOf,
  type SchemeEntry,
  type VersionEntry,
} from '../../grids/atlas/rows.ts';
import { FOREVER, type Moment, OPEN_EDITION } from '../../grids/moment.ts';
import type { DraftGrid } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';

/**
 * Shows grids of a draft as the same `Grid` that the registry shows: with the parent, children and codes of the draft,
 * the history up to now, and the staff that the grid has now.
 */
export class DraftGrids {
  readonly #territory: Territory;
  readonly #atlas: Atlas;
  readonly #moment: Moment;
  readonly #entries = new Map<string, GridEntry>();

  constructor(territory: Territory, atlas: Atlas, moment: Moment) {
    this.#territory = territory;
    this.#atlas = atlas;
    this.#moment = moment;
  }

  show(grid: DraftGrid): Grid {
    return new Grid(this.#entryOf(grid).versions[0], this.#moment);
  }

  #entryOf(grid: DraftGrid): GridEntry {
    const made = this.#entries.get(grid.id);
    if (made) return made;
    const tier = this.#atlas.findTier(grid.layer, grid.tier)!;
    const known = this.#atlas.findGrid(grid.id);
    const { edition, asOf } = this.#moment;
    const past = (known ? historyOf(known, edition) : [])
      .filter(({ validFrom }) => validFrom < asOf)
      .map((version) => ({ ...version, validTo: Math.min(version.validTo, asOf) }));
    const versions: VersionEntry[] = [...past];
    const territory = this.#territory;
    const entryOf = this.#entryOf.bind(this);
    const entry: GridEntry = {
      id: grid.id,
      layer: tier.layer,
      tier,
      codes: [],
      versions,
      // Only worked out when it is asked for: a root would otherwise draw in its whole tree.
      get childVersions() {
        return territory.childrenOf(grid.id).map((child) => entryOf(child).versions[0]);
      },
    };
    this.#entries.set(grid.id, entry);
    entry.codes.push(...this.#codesOf(grid, entry, known));
    versions.unshift(this.#versionOf(grid, entry, known));
    return entry;
  }

  #versionOf(grid: DraftGrid, entry: GridEntry, known: GridEntry | undefined): VersionEntry {
    const parent = grid.parentId === null ? undefined : this.#territory.find(grid.parentId);
    const same = known?.versions.find(({ shape }) => shape === grid.shape);
    const { name, kind, managerId, shape, loads } = grid;
    return {
      ...{ id: grid.versionId ?? 0, grid: entry, name, kind, managerId, shape, loads },
      parent: parent ? this.#entryOf(parent) : null,
      areaSquareMetres: same?.areaSquareMetres ?? areaSquareMetres(shape),
      ...{ validFrom: this.#moment.asOf, validTo: FOREVER, editionFrom: this.#moment.edition, editionTo: OPEN_EDITION },
      ...{ keptChain: undefined, keptFor: undefined },
    };
  }

  #codesOf({ codes }: DraftGrid, grid: GridEntry, known: GridEntry | undefined): CodeEntry[] {
    const dates = { editionFrom: this.#moment.edition, editionTo: OPEN_EDITION };
    const schemeOf = (code: string): SchemeEntry => {
      const used = known?.codes.find(({ scheme }) => scheme.code === code)?.scheme;
      const expected = grid.tier.scheme?.code === code ? grid.tier.scheme : undefined;
      return used ?? expected ?? { id: 0, code, name: code, family: null };
    };
    return codes.map(({ scheme, code }, i) => ({ scheme: schemeOf(scheme), code, main: i === 0, grid, ...dates }));
  }
}
