import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrangement, arrange, type Line, nodeInto } from '../../../src/geometry/arrangement.ts';
import { dissolve, findCoverageFaults, latticeArea2, ringArea2 } from '../../../src/geometry/coverage.ts';
import { containsPoint, representativePoint, type Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { jitteredPartition } from '../jitteredPartition.ts';
import { drawing } from './drawings.ts';
import { countFaces } from './plainCheck.ts';

const RUNS = Number(process.env.ARRANGEMENT_RUNS ?? 25);
const SEED = 20240706;
const anySeed = fc.integer({ min: 0, max: 2 ** 31 });

function square(x: number, y: number, size: number): Shape {
  return [[Int32Array.of(x, y, x + size, y, x + size, y + size, x, y + size)]];
}

/** Shapes and lines of a seed, noded; undefined where one of them would round to nothing. */
function noded(side: number, seed: number): { shapes: Shape[]; lines: readonly Line[] } | undefined {
  const each = drawing(side, seed);
  if (!each) return undefined;
  const noding = nodeInto(each.lines, each.shapes);
  try {
    return { shapes: [...each.shapes, each.polygon].map((shape) => noding.replace(shape)), lines: noding.lines };
  } catch {
    return undefined;
  }
}

/** Whatever an arrangement must never say. */
function faultsOf({ faces, neighboursOf }: Arrangement, shapes: readonly Shape[], lines: readonly Line[]): string[] {
  const faults: string[] = [];
  const pieces = faces.map((face): Shape => [face.polygon]);
  if (faces.length !== countFaces(shapes, lines)) faults.push('number of faces');
  for (const fault of findCoverageFaults(pieces)) faults.push(`${fault.kind} of faces ${fault.shapes}`);
  shapes.forEach((shape, number) => {
    const held = pieces.filter((_, face) => faces[face].holders.includes(number));
    const area = held.reduce((sum, piece) => sum + latticeArea2(piece), 0);
    if (area !== latticeArea2(shape)) faults.push(`area of shape ${number}`);
    if (latticeArea2(dissolve(held)) !== area) faults.push(`union of shape ${number}`);
  });
  pieces.forEach((piece, face) => {
    if (findRingFault(piece)) faults.push(`face ${face} is not valid`);
    if (piece[0].some((ring, i) => ringArea2(ring) > 0 !== (i === 0))) faults.push(`directions of face ${face}`);
    const place = representativePoint(piece);
    const holders = place && shapes.flatMap((shape, i) => (containsPoint(shape, place.x, place.y) ? [i] : []));
    if (holders && holders.join() !== faces[face].holders.join()) faults.push(`holders of face ${face}`);
    for (const { face: other, lengthMetres } of neighboursOf(face)) {
      const back = other < 0 ? undefined : neighboursOf(other).find((neighbour) => neighbour.face === face);
      if (other >= 0 && back?.lengthMetres.toFixed(9) !== lengthMetres.toFixed(9)) faults.push(`neighbours of ${face}`);
    }
  });
  return faults;
}

/** Whether a check finds something, or cannot even make sense of what it gets. */
function isCaught(check: () => string[]): boolean {
  try {
    return check().length > 0;
  } catch {
    return true;
  }
}

describe('arrange', () => {
  it.each([
    ['a town of 30 m blocks', 30_000, 1],
    ['blocks of half a metre', 40, 2],
    ['blocks of 15 cm', 14, 3],
  ])('gives disjoint faces that cover every shape exactly, rightly labelled: %s', (_title, side, factor) => {
    let judged = 0;
    const property = fc.property(anySeed, (seed) => {
      const each = noded(side, seed);
      if (!each) return;
      judged++;
      expect(faultsOf(arrange(each.shapes, each.lines), each.shapes, each.lines)).toEqual([]);
    });
    fc.assert(property, { seed: SEED, numRuns: RUNS * factor });
    expect(judged).toBeGreaterThan(RUNS / 4);
  });

  it('the same check catches one holder too few, and shapes noded on one side only', () => {
    let [labels, sides] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      const each = noded(3_000, seed);
      const before = drawing(3_000, seed);
      if (!each || !before) continue;
      const { shapes, lines } = each;
      const { faces, neighboursOf } = arrange(shapes, lines);
      const one = faces.map((face, i) => (i === seed % faces.length ? { ...face, holders: [] } : face));
      if (faultsOf({ faces: one, neighboursOf }, shapes, lines).length > 0) labels++;
      const changed = before.shapes.findIndex((shape, i) => shape !== shapes[i]);
      const mixed = shapes.map((shape, i) => (i === changed ? before.shapes[i] : shape));
      if (changed >= 0 && isCaught(() => faultsOf(arrange(mixed, lines), mixed, lines))) sides++;
    }
    expect(labels).toBeGreaterThan(15);
    expect(sides).toBeGreaterThan(15);
  });

  it('counts a face in the hole of another as its own, and pieces within as holes', () => {
    const board = square(0, 0, 100);
    const { faces, neighboursOf } = arrange([board, square(20, 20, 20), square(60, 60, 20), square(25, 25, 5)]);
    expect(faces.map((face) => face.holders.join())).toEqual(['0', '0,1', '0,2', '0,1,3']);
    expect(faces.map((face) => face.polygon.length)).toEqual([3, 2, 1, 1]);
    expect(neighboursOf(0).map((neighbour) => neighbour.face)).toEqual([-1, 1, 2]);
    const perimeter = neighboursOf(3).reduce((sum, { lengthMetres }) => sum + lengthMetres, 0);
    expect(perimeter).toBeCloseTo(20 * 0.0111, 3);
  });

  it('leaves dangling ends and loose lines out of the faces, and keeps gaps as faces of nobody', () => {
    const ring = [square(0, 0, 30), square(30, 0, 30), square(0, 30, 30)];
    const lines = [Int32Array.of(30, 60, 60, 60, 60, 30), Int32Array.of(0, 0, 10, 10), Int32Array.of(40, 45, 50, 45)];
    const { faces } = arrange(ring, lines);
    expect(faces.map((face) => face.holders)).toEqual([[0], [1], [2], []]);
    expect(faces.map((face) => face.polygon.map((each) => each.length))).toEqual([[8], [8], [8], [8]]);
    expect(arrange([]).faces).toEqual([]);
    expect(arrange([], [Int32Array.of(0, 0, 5, 5)]).faces).toEqual([]);
  });

  it('cuts a grid in two along a line between its borders, and a bridge to a hole cuts nothing', () => {
    const grid: Shape = [[square(0, 0, 90)[0][0], square(30, 30, 30)[0][0]]];
    const cut = (line: Line) => {
      const noding = nodeInto([line], [grid]);
      return arrange([noding.replace(grid)], noding.lines).faces.filter((face) => face.holders.length > 0);
    };
    expect(cut(Int32Array.of(-5, 45, 95, 45))).toHaveLength(2);
    const [whole, ...others] = cut(Int32Array.of(-5, 45, 45, 45));
    expect(others).toEqual([]);
    expect(whole.polygon).toHaveLength(2);
  });

  it('gives a town back grid by grid when nothing is drawn over it', () => {
    const town = jitteredPartition({ columns: 9, rows: 8, side: 5_000, pieces: 6, x0: 0, y0: 0, seed: 4 });
    const { faces } = arrange(town);
    expect(faces.map((face) => face.holders.join()).sort()).toEqual(town.map((_, i) => String(i)).sort());
  });
});
