import { buildPointIndex, type PointIndex } from '../../geometry/pointIndex.ts';
import type { Box, Shape } from '../../geometry/polygon.ts';
import type { Moment } from '../moment.ts';
import { BorderIndex } from './borderIndex.ts';
import type { DatedEntry } from './rows.ts';

interface Located extends DatedEntry {
  readonly shape: Shape;
}

interface Segment<T> {
  readonly entries: T[];
  readonly index: PointIndex;
  readonly borders: BorderIndex;
}

/**
 * Finds the entries of one layer by place, for every edition at once. New editions add a segment of their own; a
 * segment is merged into its elder when it has grown to half its size, so lookups meet few segments (a logarithm of
 * the number of rows) and an edition costs about what it changed.
 */
export class LayerIndex<T extends Located> {
  readonly #levelOf: (entry: T) => number;
  readonly #positions = new Map<T, { segment: Segment<T>; at: number }>();
  #segments: Segment<T>[] = [];

  /** `levelOf` orders the entries that hold one point: the largest level is the answer. */
  constructor(levelOf: (entry: T) => number) {
    this.#levelOf = levelOf;
  }

  /** Memory of the packed indexes, in bytes. */
  get bytes(): number {
    return this.#segments.reduce((sum, { index, borders }) => sum + index.bytes + borders.bytes, 0);
  }

  add(entries: readonly T[]): void {
    if (entries.length === 0) return;
    let merged = [...entries];
    while (this.#segments.length > 0 && merged.length * 2 >= this.#segments.at(-1)!.entries.length) {
      merged = this.#segments.pop()!.entries.concat(merged);
    }
    this.#segments.push(this.#build(merged));
  }

  /** Tells the index that an entry's `editionTo` was set. */
  close(entry: T): void {
    const position = this.#positions.get(entry);
    position?.segment.index.close(position.at, entry.editionTo);
  }

  #build(entries: T[]): Segment<T> {
    const dates = {
      validFrom: Float64Array.from(entries, (entry) => entry.validFrom),
      validTo: Float64Array.from(entries, (entry) => entry.validTo),
      editionFrom: Int32Array.from(entries, (entry) => entry.editionFrom),
      editionTo: Int32Array.from(entries, (entry) => entry.editionTo),
    };
    const rows = entries.map((entry) => ({ shape: entry.shape, level: this.#levelOf(entry) }));
    const borders = new BorderIndex(entries.map((entry) => entry.shape));
    const segment = { entries, index: buildPointIndex(rows, dates), borders };
    entries.forEach((entry, at) => {
      this.#positions.set(entry, { segment, at });
    });
    return segment;
  }

  /** The entry of the largest level that holds the point at the moment. */
  locate(x: number, y: number, { asOf, edition }: Moment): T | undefined {
    let best: T | undefined;
    for (const { index, entries } of this.#segments) {
      const row = index.locate(x, y, asOf, edition);
      if (row < 0) continue;
      const entry = entries[row];
      if (!best || this.#levelOf(entry) > this.#levelOf(best)) best = entry;
    }
    return best;
  }

  /** Every entry that holds the point at the moment. */
  locateAll(x: number, y: number, { asOf, edition }: Moment): T[] {
    const found: T[] = [];
    for (const { index, entries } of this.#segments) {
      const rows: number[] = [];
      index.locateAll(x, y, asOf, edition, rows);
      for (const row of rows) found.push(entries[row]);
    }
    return found;
  }

  /** Metres to the border of each entry whose border is so near, of any validity and edition. */
  bordersWithin(x: number, y: number, metres: number): Map<T, number> {
    const found = new Map<T, number>();
    for (const { borders, entries } of this.#segments) {
      for (const [row, distance] of borders.within(x, y, metres)) found.set(entries[row], distance);
    }
    return found;
  }

  /** Entries whose box meets the box, of any validity and edition: candidates for exact questions. */
  candidates(box: Box): T[] {
    const found: T[] = [];
    for (const segment of this.#segments) {
      for (const row of segment.index.candidates(box)) found.push(segment.entries[row]);
    }
    return found;
  }
}
