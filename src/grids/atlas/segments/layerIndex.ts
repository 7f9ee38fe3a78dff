import { PointIndex } from '../../../geometry/pointIndex.ts';
import type { Box, Shape } from '../../../geometry/polygon.ts';
import type { Moment } from '../../moment.ts';
import type { DatedEntry } from '../rows.ts';
import { BorderIndex } from './borderIndex.ts';
import type { BuildSegment } from './buildSegment.ts';
import type { SegmentParts } from './segmentParts.ts';

interface Located extends DatedEntry {
  readonly id: number;
  readonly shape: Shape;
}

interface Segment<T> {
  readonly entries: readonly T[];
  /** Id of an entry → its row. */
  readonly rowOf: ReadonlyMap<number, number>;
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
  readonly #build: BuildSegment;
  #segments: readonly Segment<T>[] = [];

  /** `levelOf` orders the entries that hold one point: the largest level is the answer. */
  constructor(levelOf: (entry: T) => number, build: BuildSegment) {
    this.#levelOf = levelOf;
    this.#build = build;
  }

  /** Memory of the packed indexes, in bytes. */
  get bytes(): number {
    return this.#segments.reduce((sum, { index, borders }) => sum + index.bytes + borders.bytes, 0);
  }

  /**
   * Builds what will show the entries besides those that are there, and returns the function that puts it in place,
   * at once. Nothing may be put in place or closed in between.
   */
  async prepare(entries: readonly T[]): Promise<() => void> {
    if (entries.length === 0) return () => {};
    const kept = [...this.#segments];
    let merged = entries;
    while (kept.length > 0 && merged.length * 2 >= kept.at(-1)!.entries.length) {
      merged = kept.pop()!.entries.concat(merged);
    }
    const parts = await this.#build(
      merged.map((entry) => entry.shape),
      Int32Array.from(merged, this.#levelOf),
    );
    const segments = [...kept, segmentOf(merged, parts)];
    return () => {
      this.#segments = segments;
    };
  }

  /** Tells the index that an entry's `editionTo` was set. */
  close(entry: T): void {
    for (const { index, rowOf } of this.#segments) {
      const row = rowOf.get(entry.id);
      if (row !== undefined) index.close(row, entry.editionTo);
    }
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

// In plain loops: of a hundred thousand entries this is what still holds up other answers.
function segmentOf<T extends Located>(entries: readonly T[], { index, borders }: SegmentParts): Segment<T> {
  const count = entries.length;
  const validFrom = new Float64Array(count);
  const validTo = new Float64Array(count);
  const editionFrom = new Int32Array(count);
  const editionTo = new Int32Array(count);
  const rowOf = new Map<number, number>();
  for (let row = 0; row < count; row++) {
    const entry = entries[row];
    validFrom[row] = entry.validFrom;
    validTo[row] = entry.validTo;
    editionFrom[row] = entry.editionFrom;
    editionTo[row] = entry.editionTo;
    rowOf.set(entry.id, row);
  }
  return {
    entries,
    rowOf,
    index: new PointIndex(index, count, { validFrom, validTo, editionFrom, editionTo }),
    borders: new BorderIndex(index.xy, borders),
  };
}
