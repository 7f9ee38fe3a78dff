import type { Box } from '../../geometry/polygon.ts';
import type { EditionReader } from '../edition.service.ts';
import type { Moment } from '../moment.ts';
import {
  type CodeEntry,
  type GapEntry,
  type GridEntry,
  isKnown,
  type LayerEntry,
  type TierEntry,
  type VersionEntry,
} from './rows.ts';
import { type BuildSegment, buildSegment } from './segments/buildSegment.ts';
import { Shelves } from './shelves.ts';
import type { TerritoryRepository } from './territory.repository.ts';

/**
 * All territory in memory: every grid version and gap of every edition, with its two ranges. One index answers every
 * asOf and every edition, because candidates are filtered by both. It follows the log of editions; between two
 * editions nothing in it changes.
 */
export class Atlas implements EditionReader {
  readonly #repository: Pick<TerritoryRepository, 'readLog'>;
  readonly #shelves: Shelves;

  /** `build` makes the indexes; unless told, large ones in a thread of their own. */
  constructor(repository: Pick<TerritoryRepository, 'readLog'>, build: BuildSegment = buildSegment) {
    this.#repository = repository;
    this.#shelves = new Shelves(build);
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return this.#shelves.prepare(log, upTo);
  }

  /** The layers an edition knows, in their order. */
  layersAt(edition: number): LayerEntry[] {
    return [...this.#shelves.all].map((shelf) => shelf.layer).filter((layer) => layer.editionFrom <= edition);
  }

  findLayer(code: string): LayerEntry | undefined {
    for (const { layer } of this.#shelves.all) if (layer.code === code) return layer;
    return undefined;
  }

  findTier(layer: string, tier: string): TierEntry | undefined {
    return this.findLayer(layer)?.tiers.find((entry) => entry.code === tier);
  }

  findGrid(id: string): GridEntry | undefined {
    return this.#shelves.grids.get(id);
  }

  /** Every use of a code text that the edition knows, in any scheme. */
  listCodes(code: string, edition: number): CodeEntry[] {
    return (this.#shelves.codes.get(code) ?? []).filter((entry) => isKnown(entry, edition));
  }

  /** Every code the edition knows. */
  *codesAt(edition: number): Generator<CodeEntry> {
    for (const entries of this.#shelves.codes.values())
      for (const entry of entries) if (isKnown(entry, edition)) yield entry;
  }

  get grids(): Iterable<GridEntry> {
    return this.#shelves.grids.values();
  }

  /** The smallest grid of the layer that holds the lattice point at the moment. */
  locate(layer: LayerEntry, x: number, y: number, moment: Moment): VersionEntry | undefined {
    return this.#shelves.of(layer).grids.locate(x, y, moment);
  }

  /** Every grid of the layer that holds the point; in an OVERLAY several trees may. */
  locateAll(layer: LayerEntry, x: number, y: number, moment: Moment): VersionEntry[] {
    return this.#shelves.of(layer).grids.locateAll(x, y, moment);
  }

  /** The named gap that holds the point, if any. */
  locateGap(layer: LayerEntry, x: number, y: number, moment: Moment): GapEntry | undefined {
    return this.#shelves.of(layer).gaps.locate(x, y, moment);
  }

  /** Metres to the border of each version, of any validity and edition, whose border is so near. */
  bordersWithin(layer: LayerEntry, x: number, y: number, metres: number): Map<VersionEntry, number> {
    return this.#shelves.of(layer).grids.bordersWithin(x, y, metres);
  }

  /** Versions of any validity, known to the edition, whose box meets the box: candidates for exact questions. */
  candidates(layer: LayerEntry, box: Box, edition: number): VersionEntry[] {
    return this.#shelves
      .of(layer)
      .grids.candidates(box)
      .filter((version) => isKnown(version, edition));
  }

  gapCandidates(layer: LayerEntry, box: Box, edition: number): GapEntry[] {
    return this.#shelves
      .of(layer)
      .gaps.candidates(box)
      .filter((gap) => isKnown(gap, edition));
  }

  /** Memory of the packed indexes, in bytes; the boundaries themselves come on top. */
  get indexBytes(): number {
    return [...this.#shelves.all].reduce((sum, { grids, gaps }) => sum + grids.bytes + gaps.bytes, 0);
  }
}
