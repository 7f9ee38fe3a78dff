import { setImmediate } from 'node:timers/promises';
import { OPEN_EDITION } from '../moment.ts';
import type { CodeEntry, GapEntry, GridEntry, LayerEntry, SchemeEntry, TierEntry, VersionEntry } from './rows.ts';
import type { TerritoryLog } from './territoryLog.ts';

/** Entries by the ids of their rows, for the entries after them to find. */
export interface Known {
  readonly schemes: Map<number, SchemeEntry>;
  readonly layers: Map<number, LayerEntry>;
  readonly tiers: Map<number, TierEntry>;
  readonly grids: Map<string, GridEntry>;
}

/** What a log opens, as entries that nothing shown refers to yet. */
export interface Draft extends Known {
  readonly codes: Map<number, CodeEntry>;
  readonly versions: Map<number, VersionEntry>;
  readonly gaps: Map<number, GapEntry>;
}

/**
 * Makes the entries that the log opens. They refer to each other and to what is shown, which stays untouched.
 * A closing by an edition after `upTo` is left to the read that shows that edition. Leaves room for other work.
 */
export async function draftOf(log: TerritoryLog, upTo: number, shown: Known): Promise<Draft> {
  const drafting = new Drafting(upTo, shown);
  drafting.addTiers(log);
  drafting.addGrids(log.grids);
  await setImmediate();
  drafting.addCodes(log.codes);
  await setImmediate();
  drafting.addVersions(log.versions);
  drafting.addGaps(log.gaps);
  return drafting.draft;
}

class Drafting {
  readonly draft: Draft = {
    schemes: new Map(),
    layers: new Map(),
    tiers: new Map(),
    grids: new Map(),
    codes: new Map(),
    versions: new Map(),
    gaps: new Map(),
  };
  readonly #upTo: number;
  readonly #shown: Known;

  constructor(upTo: number, shown: Known) {
    this.#upTo = upTo;
    this.#shown = shown;
  }

  addTiers({ schemes, layers, tiers }: TerritoryLog): void {
    const { draft } = this;
    for (const row of schemes) draft.schemes.set(row.id, row);
    for (const row of layers) draft.layers.set(row.id, { ...row, tiers: [] });
    for (const { layerId, schemeId, ...row } of tiers) {
      const scheme = schemeId === null ? null : this.#scheme(schemeId);
      draft.tiers.set(row.id, { ...row, layer: this.#layer(layerId), scheme });
    }
  }

  addGrids(rows: TerritoryLog['grids']): void {
    for (const { id, tierId } of rows) {
      const tier = this.#tier(tierId);
      this.draft.grids.set(id, { id, tier, layer: tier.layer, codes: [], versions: [], childVersions: [] });
    }
  }

  addCodes(rows: TerritoryLog['codes']): void {
    for (const row of rows) {
      const { code, main, editionFrom } = row;
      const scheme = this.#scheme(row.schemeId);
      const grid = this.#grid(row.gridId);
      this.draft.codes.set(row.id, { scheme, code, main, grid, editionFrom, editionTo: this.#endOf(row) });
    }
  }

  addVersions(rows: TerritoryLog['versions']): void {
    for (const row of rows) {
      const parent = row.parentId === null ? null : this.#grid(row.parentId);
      this.draft.versions.set(row.id, versionOf(row, this.#grid(row.gridId), parent, this.#endOf(row)));
    }
  }

  addGaps(rows: TerritoryLog['gaps']): void {
    for (const { layerId, ...row } of rows) {
      this.draft.gaps.set(row.id, { ...row, layer: this.#layer(layerId), editionTo: this.#endOf(row) });
    }
  }

  // The log names nothing that neither it nor an earlier edition opened: the database holds its foreign keys.
  #scheme(id: number): SchemeEntry {
    return this.draft.schemes.get(id) ?? this.#shown.schemes.get(id)!;
  }

  #layer(id: number): LayerEntry {
    return this.draft.layers.get(id) ?? this.#shown.layers.get(id)!;
  }

  #tier(id: number): TierEntry {
    return this.draft.tiers.get(id) ?? this.#shown.tiers.get(id)!;
  }

  #grid(id: string): GridEntry {
    return this.draft.grids.get(id) ?? this.#shown.grids.get(id)!;
  }

  #endOf({ editionTo }: { editionTo: number | null }): number {
    return editionTo !== null && editionTo <= this.#upTo ? editionTo : OPEN_EDITION;
  }
}

// Written out field by field, so that every version has one form in memory: spread objects were several times slower.
function versionOf(
  row: TerritoryLog['versions'][number],
  grid: GridEntry,
  parent: GridEntry | null,
  editionTo: number,
): VersionEntry {
  return {
    id: row.id,
    grid,
    parent,
    validFrom: row.validFrom,
    validTo: row.validTo,
    editionFrom: row.editionFrom,
    editionTo,
    name: row.name,
    kind: row.kind,
    managerId: row.managerId,
    shape: row.shape,
    areaSquareMetres: row.areaSquareMetres,
    loads: row.loads,
    keptChain: undefined,
    keptFor: undefined,
  };
}
