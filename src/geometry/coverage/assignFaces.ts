/** One face of the noded rings of a layer: a piece of ground that no border crosses. Grids are named by number. */
export interface CoverageFace {
  readonly index: number;
  readonly areaSquareMetres: number;
  /** Mean width; 2 × area / perimeter will do. */
  readonly widthMetres: number;
  /** Grids whose boundary holds the face: none is a gap, several an overlap. */
  readonly holders: readonly number[];
  /** Grids that hold a neighbouring face, with the length of the common border. A grid may appear more than once. */
  readonly neighbours: readonly { readonly grid: number; readonly sharedLengthMetres: number }[];
}

/** A face narrower or smaller than this is a sliver: a fault of drawing, not a place. */
export interface SliverTolerance {
  readonly widthMetres: number;
  readonly areaSquareMetres: number;
}

export const DEFAULT_TOLERANCE: SliverTolerance = { widthMetres: 1, areaSquareMetres: 10 };

export type FaceReason = 'HELD' | 'SLIVER_GAP' | 'SLIVER_OVERLAP';

/** Who gets a face: one grid, and why; or nobody, because it is a gap or an overlap too large to decide by rule. */
export type FaceAssignment =
  | { readonly face: number; readonly grid: number; readonly reason: FaceReason }
  | { readonly face: number; readonly gap: true }
  | { readonly face: number; readonly overlap: readonly number[] };

/** What a grid gained (positive) or lost (negative) by one decided sliver. */
export interface SliverChange {
  readonly face: number;
  readonly grid: number;
  readonly reason: Exclude<FaceReason, 'HELD'>;
  readonly gainedSquareMetres: number;
}

function isSliver(face: CoverageFace, tolerance: SliverTolerance): boolean {
  return face.widthMetres < tolerance.widthMetres || face.areaSquareMetres < tolerance.areaSquareMetres;
}

/** Of the grids, the one with the longest common border, then the lowest code. */
function bestOf(grids: Iterable<number>, face: CoverageFace, codes: readonly string[]): number | undefined {
  const lengths = new Map<number, number>();
  for (const grid of grids) lengths.set(grid, 0);
  for (const { grid, sharedLengthMetres } of face.neighbours) {
    const known = lengths.get(grid);
    if (known !== undefined) lengths.set(grid, known + sharedLengthMetres);
  }
  const ranked = [...lengths].sort(
    ([a, lengthA], [b, lengthB]) => lengthB - lengthA || compareCodes(codes[a], codes[b]) || a - b,
  );
  return ranked[0]?.[0];
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The rule for slivers: of the grids that hold it (or, for a gap, that touch it) the one with the longest common border
 * gets the face, then the one with the lowest code. Larger gaps stay gaps and larger overlaps stay overlaps, for the
 * caller to name or refuse. A sliver gap that touches no grid stays a gap. `codes[grid]` is the grid's main code.
 */
export function assignFaces(
  faces: readonly CoverageFace[],
  codes: readonly string[],
  tolerance: SliverTolerance = DEFAULT_TOLERANCE,
): { assignments: FaceAssignment[]; changes: SliverChange[] } {
  const changes: SliverChange[] = [];
  const assignments = faces.map((face): FaceAssignment => {
    const { holders, index, areaSquareMetres } = face;
    if (holders.length === 1) return { face: index, grid: holders[0], reason: 'HELD' };
    const isGap = holders.length === 0;
    const asked = isGap ? face.neighbours.map((neighbour) => neighbour.grid) : holders;
    const grid = isSliver(face, tolerance) ? bestOf(asked, face, codes) : undefined;
    if (grid === undefined) return isGap ? { face: index, gap: true } : { face: index, overlap: holders };
    const reason = isGap ? 'SLIVER_GAP' : 'SLIVER_OVERLAP';
    if (isGap) changes.push({ face: index, grid, reason, gainedSquareMetres: areaSquareMetres });
    for (const loser of holders) {
      if (loser !== grid) changes.push({ face: index, grid: loser, reason, gainedSquareMetres: -areaSquareMetres });
    }
    return { face: index, grid, reason };
  });
  return { assignments, changes };
}
