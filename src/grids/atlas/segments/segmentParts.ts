import { packRows } from '../../../geometry/cells/packedRows.ts';
import { buildIndexParts, type PointIndexParts } from '../../../geometry/pointIndex.ts';
import type { Shape } from '../../../geometry/polygon.ts';
import { type BorderParts, buildBorderParts } from './borderIndex.ts';

/** The indexes of a segment in plain arrays. They do not depend on when an entry holds. */
export interface SegmentParts {
  readonly index: PointIndexParts;
  readonly borders: BorderParts;
}

/** Builds both indexes over the shapes. The same shapes give the same arrays in every thread. */
export function buildSegmentParts(shapes: readonly Shape[], levels: Int32Array): SegmentParts {
  const packed = packRows(shapes, levels);
  return { index: buildIndexParts(packed), borders: buildBorderParts(packed) };
}

/** The memory of the parts, to be handed over to another thread without a copy. */
export function buffersOf({ index, borders }: SegmentParts): ArrayBuffer[] {
  const { xy, cells, boxTree } = index;
  const { rows, starts, ends, tree } = borders;
  const arrays = [xy, cells.words, rows, starts, ends].map((array) => array.buffer as ArrayBuffer);
  return [...arrays, ...[boxTree, tree].filter((buffer) => buffer !== undefined)];
}
