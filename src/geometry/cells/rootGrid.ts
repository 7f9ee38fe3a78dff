import type { PackedRows } from './packedRows.ts';
import type { CellGrid } from './raster.ts';

// Coarse enough to stay in the cache of a core with 50,000 grids; crowded cells get finer grids of their own.
const EDGES_PER_ROOT_CELL = 64;

function columnsFor(extent: number, shift: number): number {
  return Math.floor(extent / 2 ** shift) + 1;
}

/** The coarse grid over all rows: about so many cells as keep their edges few, fewer if large rows overlap a lot. */
export function chooseRoot(rows: PackedRows): CellGrid {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  const { boxes } = rows;
  for (let i = 0; i < boxes.length; i += 4) {
    if (boxes[i] > boxes[i + 2]) continue;
    minX = Math.min(minX, boxes[i]);
    minY = Math.min(minY, boxes[i + 1]);
    maxX = Math.max(maxX, boxes[i + 2]);
    maxY = Math.max(maxY, boxes[i + 3]);
  }
  if (minX > maxX) return { x0: 0, y0: 0, shift: 0, columns: 0, rows: 0 };
  const edges = rows.xy.length / 2;
  const gridFor = (shift: number): CellGrid => ({
    x0: minX,
    y0: minY,
    shift,
    columns: columnsFor(maxX - minX, shift),
    rows: columnsFor(maxY - minY, shift),
  });
  let shift = 0;
  const cellsOf = (grid: CellGrid) => grid.columns * grid.rows;
  while (shift < 31 && cellsOf(gridFor(shift)) > Math.max(1, edges / EDGES_PER_ROOT_CELL)) shift++;
  while (shift < 31 && countCovered(boxes, shift) > 4 * edges + 4096) shift++;
  return gridFor(shift);
}

/** How many cells of a grid all boxes cover together. */
function countCovered(boxes: Int32Array, shift: number): number {
  let covered = 0;
  for (let i = 0; i < boxes.length; i += 4) {
    if (boxes[i] <= boxes[i + 2]) {
      covered += columnsFor(boxes[i + 2] - boxes[i], shift) * columnsFor(boxes[i + 3] - boxes[i + 1], shift);
    }
  }
  return covered;
}
