import { type Arrangement, arrange, linesOf, nodeInto } from '../../../geometry/arrangement.ts';
import { dissolve, findCoverageFaults, latticeArea2 } from '../../../geometry/coverage.ts';
import type { Shape } from '../../../geometry/polygon.ts';
import { findRingFault } from '../../../geometry/rings/ringFaults.ts';
import { type DraftGrid, mainCodeOf } from '../../territory/draftGrid.ts';

/** The grids of a tier around some ground, laid upon each other; the numbers of holders are those of `grids`. */
export interface Faces extends Arrangement {
  readonly grids: readonly DraftGrid[];
}

/**
 * The faces of grids. The first may cross the others once it is noded into them; where others cross each other, as in a
 * draft that is not exact, or as a parent crosses the grids of a lower tier, they are noded too.
 */
export function facesOf(grids: readonly DraftGrid[]): Faces {
  return { grids, ...arrange(noded(grids.map((grid) => grid.shape))) };
}

function noded(shapes: readonly Shape[]): Shape[] {
  const crossing = new Set(
    findCoverageFaults(shapes)
      .filter(({ kind }) => kind !== 'OVERLAP')
      .flatMap((fault) => fault.shapes),
  );
  if (crossing.size === 0) return [...shapes];
  const noding = nodeInto(
    [...crossing].flatMap((shape) => linesOf(shapes[shape])),
    shapes,
  );
  return shapes.map((shape) => noding.replace(shape));
}

/** The union of shapes: exact where they form an exact coverage, and with overlaps laid on each other elsewhere. */
export function unionOf(shapes: readonly Shape[]): Shape {
  if (shapes.length === 1) return shapes[0];
  const total = shapes.reduce((sum, shape) => sum + latticeArea2(shape), 0);
  try {
    const union = dissolve(shapes);
    if (latticeArea2(union) === total && findRingFault(union) === undefined) return union;
  } catch {
    // They overlap along an edge: the slower way holds for any shapes.
  }
  const held = arrange(noded(shapes)).faces.filter((face) => face.holders.length > 0);
  return dissolve(held.map((face) => [face.polygon]));
}

/**
 * Who gets a face that nobody is to hold any longer: of the grids that hold the faces beside it, those below `parentId`
 * first, then the one with the longest common border, then the one with the lowest main code. Undefined: none touches it.
 */
export function takerOf(
  faces: Faces,
  face: number,
  mayTake: (grid: number, beside: number) => boolean,
  parentId: string | null,
): DraftGrid | undefined {
  const lengths = new Map<number, number>();
  for (const { face: beside, lengthMetres } of faces.neighboursOf(face)) {
    if (beside < 0) continue;
    for (const grid of faces.faces[beside].holders) {
      if (mayTake(grid, beside)) lengths.set(grid, (lengths.get(grid) ?? 0) + lengthMetres);
    }
  }
  const isSibling = (grid: number) => Number(faces.grids[grid].parentId === parentId);
  const ranked = [...lengths].sort(
    ([a, lengthA], [b, lengthB]) =>
      isSibling(b) - isSibling(a) ||
      lengthB - lengthA ||
      compare(mainCodeOf(faces.grids[a]), mainCodeOf(faces.grids[b])),
  );
  return ranked.length === 0 ? undefined : faces.grids[ranked[0][0]];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The union of some faces. */
export function groundOf(faces: Faces, numbers: readonly number[]): Shape {
  return unionOf(numbers.map((number) => [faces.faces[number].polygon]));
}
