import type { Box } from '../../geometry/polygon.ts';
import type { EditionReader } from '../edition.service.ts';
import { type Moment, OPEN_EDITION } from '../moment.ts';
import type { Closing, TerritoryLog, TerritoryRepository } from '../territory.repository.ts';
import { LayerIndex } from './layerIndex.ts';
import {
  type CodeEntry,
  type GapEntry,
  type GridEntry,
  isKnown,
  type LayerEntry,
  type SchemeEntry,
  type TierEntry,
  type VersionEntry,
} from './rows.ts';

interface LayerShelf {
  readonly layer: LayerEntry;
  readonly grids: LayerIndex<VersionEntry>;
  readonly gaps: LayerIndex<GapEntry>;
}

/**
 * All territory in memory: every grid version and gap of every edition, with its two ranges. One index answers every
 * asOf and every edition, because candidates are filtered by both. It follows the log of editions; between two
 * editions nothing in it changes.
 */
export class Atlas implements EditionReader {
  readonly #repository: TerritoryRepository;
  readonly #shelves = new Map<number, LayerShelf>();
  readonly #schemes = new Map<number, SchemeEntry>();
  readonly #tiers = new Map<number, TierEntry>();
  readonly #grids = new Map<string, GridEntry>();
  readonly #codes = new Map<string, CodeEntry[]>();
  readonly #closable = {
    codes: new Map<number, CodeEntry>(),
    versions: new Map<number, VersionEntry>(),
    gaps: new Map<number, GapEntry>(),
  };

  constructor(repository: TerritoryRepository) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return () => this.#show(log, upTo);
  }

  /** The layers an edition knows, in their order. */
  layersAt(edition: number): LayerEntry[] {
    return [...this.#shelves.values()].map((shelf) => shelf.layer).filter((layer) => layer.editionFrom <= edition);
  }

  findLayer(code: string): LayerEntry | undefined {
    for (const { layer } of this.#shelves.values()) if (layer.code === code) return layer;
    return undefined;
  }

  findTier(layer: string, tier: string): TierEntry | undefined {
    return this.findLayer(layer)?.tiers.find((entry) => entry.code === tier);
  }

  findGrid(id: string): GridEntry | undefined {
    return this.#grids.get(id);
  }

  /** Every use of a code text that the edition knows, in any scheme. */
  listCodes(code: string, edition: number): CodeEntry[] {
    return (this.#codes.get(code) ?? []).filter((entry) => isKnown(entry, edition));
  }

  /** Every code the edition knows. */
  *codesAt(edition: number): Generator<CodeEntry> {
    for (const entries of this.#codes.values()) for (const entry of entries) if (isKnown(entry, edition)) yield entry;
  }

  get grids(): Iterable<GridEntry> {
    return this.#grids.values();
  }

  /** The smallest grid of the layer that holds the lattice point at the moment. */
  locate(layer: LayerEntry, x: number, y: number, moment: Moment): VersionEntry | undefined {
    return this.#shelf(layer).grids.locate(x, y, moment);
  }

  /** Every grid of the layer that holds the point; in an OVERLAY several trees may. */
  locateAll(layer: LayerEntry, x: number, y: number, moment: Moment): VersionEntry[] {
    return this.#shelf(layer).grids.locateAll(x, y, moment);
  }

  /** The named gap that holds the point, if any. */
  locateGap(layer: LayerEntry, x: number, y: number, moment: Moment): GapEntry | undefined {
    return this.#shelf(layer).gaps.locate(x, y, moment);
  }

  /** Metres to the border of each version, of any validity and edition, whose border is so near. */
  bordersWithin(layer: LayerEntry, x: number, y: number, metres: number): Map<VersionEntry, number> {
    return this.#shelf(layer).grids.bordersWithin(x, y, metres);
  }

  /** Versions of any validity, known to the edition, whose box meets the box: candidates for exact questions. */
  candidates(layer: LayerEntry, box: Box, edition: number): VersionEntry[] {
    return this.#shelf(layer)
      .grids.candidates(box)
      .filter((version) => isKnown(version, edition));
  }

  gapCandidates(layer: LayerEntry, box: Box, edition: number): GapEntry[] {
    return this.#shelf(layer)
      .gaps.candidates(box)
      .filter((gap) => isKnown(gap, edition));
  }

  /** Memory of the packed indexes, in bytes; the boundaries themselves come on top. */
  get indexBytes(): number {
    return [...this.#shelves.values()].reduce((sum, { grids, gaps }) => sum + grids.bytes + gaps.bytes, 0);
  }

  #shelf(layer: LayerEntry): LayerShelf {
    const shelf = this.#shelves.get(layer.id);
    if (!shelf) throw new Error(`The atlas has no layer ${layer.code}`);
    return shelf;
  }

  #show(log: TerritoryLog, upTo: number): void {
    const editionTo = (row: { editionTo: number | null }) =>
      row.editionTo !== null && row.editionTo <= upTo ? row.editionTo : OPEN_EDITION;
    this.#close(log.closed.codes, this.#closable.codes);
    for (const gap of this.#close(log.closed.gaps, this.#closable.gaps)) this.#shelf(gap.layer).gaps.close(gap);
    for (const version of this.#close(log.closed.versions, this.#closable.versions)) {
      this.#shelf(version.grid.layer).grids.close(version);
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
    this.#shelves.set(layer.id, {
      layer,
      grids: new LayerIndex<VersionEntry>((version) => version.grid.tier.rank),
      gaps: new LayerIndex<GapEntry>(() => 0),
    });
  }

  #addTier(row: TerritoryLog['tiers'][number]): void {
    const layer = this.#shelves.get(row.layerId)!.layer;
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
    for (const [layer, versions] of added) this.#shelf(layer).grids.add(versions);
  }

  #addGaps(rows: TerritoryLog['gaps'], editionTo: (row: { editionTo: number | null }) => number): void {
    for (const row of rows) {
      const { layer, gaps } = this.#shelves.get(row.layerId)!;
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
