import { setImmediate } from 'node:timers/promises';
import { type Draft, draftOf, type Known } from './draft.ts';
import type { CodeEntry, GapEntry, GridEntry, LayerEntry, VersionEntry } from './rows.ts';
import type { BuildSegment } from './segments/buildSegment.ts';
import { LayerIndex } from './segments/layerIndex.ts';
import type { Closing, TerritoryLog } from './territoryLog.ts';

/** One layer with the indexes of its grids and gaps. */
export interface LayerShelf {
  readonly layer: LayerEntry;
  readonly grids: LayerIndex<VersionEntry>;
  readonly gaps: LayerIndex<GapEntry>;
}

/** Everything ever said of the territory, as entries that know each other, built from the log of editions. */
export class Shelves {
  readonly #build: BuildSegment;
  readonly #byLayer = new Map<number, LayerShelf>();
  readonly #known: Known = { schemes: new Map(), layers: new Map(), tiers: new Map(), grids: new Map() };
  readonly #codes = new Map<string, CodeEntry[]>();
  readonly #closable = {
    codes: new Map<number, CodeEntry>(),
    versions: new Map<number, VersionEntry>(),
    gaps: new Map<number, GapEntry>(),
  };

  constructor(build: BuildSegment) {
    this.#build = build;
  }

  /** In the order of the layers. */
  get all(): Iterable<LayerShelf> {
    return this.#byLayer.values();
  }

  get grids(): ReadonlyMap<string, GridEntry> {
    return this.#known.grids;
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

  /**
   * Makes the entries and builds the indexes of what the log opened, while the shelves stay as they are. The function
   * it returns shows them, and what the log closed, at once.
   */
  async prepare(log: TerritoryLog, upTo: number): Promise<() => void> {
    const draft = await draftOf(log, upTo, this.#known);
    const added = [...draft.layers.values()].map((layer) => this.#newShelf(layer));
    const shelfOf = (layer: LayerEntry) => added.find((shelf) => shelf.layer === layer) ?? this.of(layer);
    const jobs = [
      ...byLayer(draft.versions.values(), ({ grid }) => grid.layer).map(
        ([layer, versions]) =>
          () =>
            shelfOf(layer).grids.prepare(versions),
      ),
      ...byLayer(draft.gaps.values(), (gap) => gap.layer).map(
        ([layer, gaps]) =>
          () =>
            shelfOf(layer).gaps.prepare(gaps),
      ),
    ];
    const swaps = await eachInItsTurn(jobs);
    // What waited while the last index was put together comes before the showing.
    await setImmediate();
    return () => {
      for (const shelf of added) this.#byLayer.set(shelf.layer.id, shelf);
      this.#add(draft);
      for (const swap of swaps) swap();
      // After the swaps: an index was built without knowing what this log closes.
      this.#close(log.closed);
    };
  }

  #newShelf(layer: LayerEntry): LayerShelf {
    return {
      layer,
      grids: new LayerIndex<VersionEntry>((version) => version.grid.tier.rank, this.#build),
      gaps: new LayerIndex<GapEntry>(() => 0, this.#build),
    };
  }

  #add(draft: Draft): void {
    const { schemes, layers, tiers, grids } = this.#known;
    for (const [id, scheme] of draft.schemes) schemes.set(id, scheme);
    for (const [id, layer] of draft.layers) layers.set(id, layer);
    for (const [id, tier] of draft.tiers) {
      tiers.set(id, tier);
      tier.layer.tiers.push(tier);
      tier.layer.tiers.sort((a, b) => a.rank - b.rank);
    }
    for (const [id, grid] of draft.grids) grids.set(id, grid);
    for (const [id, code] of draft.codes) this.#addCode(id, code);
    for (const [id, version] of draft.versions) {
      version.grid.versions.push(version);
      version.parent?.childVersions.push(version);
      this.#closable.versions.set(id, version);
    }
    for (const [id, gap] of draft.gaps) this.#closable.gaps.set(id, gap);
  }

  #addCode(id: number, entry: CodeEntry): void {
    entry.grid.codes.push(entry);
    const sameText = this.#codes.get(entry.code);
    if (sameText) sameText.push(entry);
    else this.#codes.set(entry.code, [entry]);
    this.#closable.codes.set(id, entry);
  }

  #close({ codes, versions, gaps }: TerritoryLog['closed']): void {
    setEnds(codes, this.#closable.codes);
    for (const version of setEnds(versions, this.#closable.versions)) this.of(version.grid.layer).grids.close(version);
    for (const gap of setEnds(gaps, this.#closable.gaps)) this.of(gap.layer).gaps.close(gap);
  }
}

/** Starts every job in a turn of the event loop of its own, so that answers go on between them. */
function eachInItsTurn<T>(jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  let turn = Promise.resolve();
  return Promise.all(
    jobs.map((job) => {
      turn = turn.then(() => setImmediate());
      return turn.then(job);
    }),
  );
}

function setEnds<T extends { editionTo: number }>(closings: readonly Closing[], entries: Map<number, T>): T[] {
  return closings.map(({ id, editionTo }) => {
    const entry = entries.get(id)!;
    entry.editionTo = editionTo;
    return entry;
  });
}

/** The entries of each layer, in their order. */
function byLayer<T>(entries: Iterable<T>, layerOf: (entry: T) => LayerEntry): [LayerEntry, T[]][] {
  const groups = new Map<LayerEntry, T[]>();
  for (const entry of entries) {
    const group = groups.get(layerOf(entry));
    if (group) group.push(entry);
    else groups.set(layerOf(entry), [entry]);
  }
  return [...groups];
}
