import { OPEN_EDITION } from '../moment.ts';
import { LayerIndex } from './layerIndex.ts';
import type { CodeEntry, GapEntry, GridEntry, LayerEntry, SchemeEntry, TierEntry, VersionEntry } from './rows.ts';
import type { Closing, TerritoryLog } from './territoryLog.ts';

/** One layer with the indexes of its grids and gaps. */
export interface LayerShelf {
  readonly layer: LayerEntry;
  readonly grids: LayerIndex<VersionEntry>;
  readonly gaps: LayerIndex<GapEntry>;
}

/** Everything ever said of the territory, as entries that know each other, built from the log of editions. */
export class Shelves {
  readonly #byLayer = new Map<number, LayerShelf>();
  readonly #schemes = new Map<number, SchemeEntry>();
  readonly #tiers = new Map<number, TierEntry>();
  readonly #grids = new Map<string, GridEntry>();
  readonly #codes = new Map<string, CodeEntry[]>();
  readonly #closable = {
    codes: new Map<number, CodeEntry>(),
    versions: new Map<number, VersionEntry>(),
    gaps: new Map<number, GapEntry>(),
  };

  /** In the order of the layers. */
  get all(): Iterable<LayerShelf> {
    return this.#byLayer.values();
  }

  get grids(): ReadonlyMap<string, GridEntry> {
    return this.#grids;
  }

  /** Every use of each code text, in any scheme and edition. */
  get codes(): ReadonlyMap<string, readonly CodeEntry[]> {
    return this.#codes;
  }

  of(layer: LayerEntry): LayerShelf {
    const shelf = this.#byLayer.get(layer.id);
    if (!shelf) throw new Error(`The atlas has no layer ${layer.code}`);
    return shelf;
  }

  /** Shows what the log opened and closed. A closing by an edition after `upTo` is left to the read that shows that edition. */
  show(log: TerritoryLog, upTo: number): void {
    const editionTo = (row: { editionTo: number | null }) =>
      row.editionTo !== null && row.editionTo <= upTo ? row.editionTo : OPEN_EDITION;
    this.#close(log.closed.codes, this.#closable.codes);
    for (const gap of this.#close(log.closed.gaps, this.#closable.gaps)) this.of(gap.layer).gaps.close(gap);
    for (const version of this.#close(log.closed.versions, this.#closable.versions)) {
      this.of(version.grid.layer).grids.close(version);
    }
    for (const row of log.schemes) this.#schemes.set(row.id, row);
    for (const row of log.layers) this.#addLayer({ ...row, tiers: [] });
    for (const row of log.tiers) this.#addTier(row);
    for (const row of log.grids) {
      const tier = this.#tiers.get(row.tierId)!;
      this.#grids.set(row.id, { id: row.id, tier, layer: tier.layer, codes: [], versions: [], childVersions: [] });
    }
    for (const row of log.codes) this.#addCode(row, editionTo(row));
    this.#addVersions(log.versions, editionTo);
    this.#addGaps(log.gaps, editionTo);
  }

  #close<T extends { editionTo: number }>(closings: readonly Closing[], entries: Map<number, T>): T[] {
    return closings.map(({ id, editionTo }) => {
      const entry = entries.get(id)!;
      entry.editionTo = editionTo;
      return entry;
    });
  }

  #addLayer(layer: LayerEntry): void {
    this.#byLayer.set(layer.id, {
      layer,
      grids: new LayerIndex<VersionEntry>((version) => version.grid.tier.rank),
      gaps: new LayerIndex<GapEntry>(() => 0),
    });
  }

  #addTier(row: TerritoryLog['tiers'][number]): void {
    const layer = this.#byLayer.get(row.layerId)!.layer;
    const scheme = row.schemeId === null ? null : this.#schemes.get(row.schemeId)!;
    const tier = {
      id: row.id,
      code: row.code,
      name: row.name,
      rank: row.rank,
      editionFrom: row.editionFrom,
      layer,
      scheme,
    };
    this.#tiers.set(row.id, tier);
    layer.tiers.push(tier);
    layer.tiers.sort((a, b) => a.rank - b.rank);
  }

  #addCode(row: TerritoryLog['codes'][number], editionTo: number): void {
    const grid = this.#grids.get(row.gridId)!;
    const { code, main, editionFrom } = row;
    const entry = { scheme: this.#schemes.get(row.schemeId)!, code, main, grid, editionFrom, editionTo };
    grid.codes.push(entry);
    const sameText = this.#codes.get(code);
    if (sameText) sameText.push(entry);
    else this.#codes.set(code, [entry]);
    this.#closable.codes.set(row.id, entry);
  }

  #addVersions(rows: TerritoryLog['versions'], editionTo: (row: { editionTo: number | null }) => number): void {
    const added = new Map<LayerEntry, VersionEntry[]>();
    for (const row of rows) {
      const grid = this.#grids.get(row.gridId)!;
      const parent = row.parentId === null ? null : this.#grids.get(row.parentId)!;
      const version = versionOf(row, grid, parent, editionTo(row));
      grid.versions.push(version);
      parent?.childVersions.push(version);
      this.#closable.versions.set(row.id, version);
      const ofLayer = added.get(grid.layer);
      if (ofLayer) ofLayer.push(version);
      else added.set(grid.layer, [version]);
    }
    for (const [layer, versions] of added) this.of(layer).grids.add(versions);
  }

  #addGaps(rows: TerritoryLog['gaps'], editionTo: (row: { editionTo: number | null }) => number): void {
    for (const row of rows) {
      const { layer, gaps } = this.#byLayer.get(row.layerId)!;
      const gap: GapEntry = { ...row, layer, editionTo: editionTo(row) };
      gaps.add([gap]);
      this.#closable.gaps.set(row.id, gap);
    }
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
  };
}
