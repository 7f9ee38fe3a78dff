import { DomainError } from '../../errors.ts';
import {
  areaSquareMetres,
  assignFaces,
  type CoverageFace,
  dissolve,
  type FaceAssignment,
  findCoverageFaults,
  type SliverTolerance,
} from '../../geometry/coverage.ts';
import type { Position } from '../../geometry/lattice.ts';
import type { Shape } from '../../geometry/polygon.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';
import type { CoverageChange } from '../exchange.type.ts';
import { eachEdge, type Face, measureFaces, placeOf } from './faceTable.ts';

/** A grid of the tier as it was drawn. */
export interface CoverageMember {
  readonly code: string;
  readonly shape: Shape;
}

/** An overlap that is no sliver: members by number. */
export interface LargeOverlap {
  readonly members: readonly number[];
  readonly areaSquareMetres: number;
  readonly widthMetres: number;
  readonly place: Position;
}

/** An enclosed place without owner that is no sliver. */
export interface LargeGap {
  readonly shape: Shape;
  /** Codes of the grids around it, in order. */
  readonly around: readonly string[];
  readonly areaSquareMetres: number;
  readonly place: Position;
}

export interface ExactCoverage {
  /** One for each member, in order; as drawn where there are large overlaps. */
  readonly shapes: readonly Shape[];
  readonly changes: readonly CoverageChange[];
  readonly overlaps: readonly LargeOverlap[];
  readonly gaps: readonly LargeGap[];
}

type NodeIntoFaces = (shapes: readonly Shape[]) => Promise<Shape[]>;

const MOST_ROUNDS = 10;

/**
 * The members as an exact coverage: neighbours share whole edges, nothing is held twice. What is exact already stays as
 * it is, to the vertex. Otherwise all rings are noded into faces, each face goes to the member that holds it, slivers go
 * by the rule of `assignFaces`, and each member becomes the union of its faces. Larger overlaps and gaps are told.
 */
export async function makeExactCoverage(
  members: readonly CoverageMember[],
  nodeIntoFaces: NodeIntoFaces,
  tolerance: SliverTolerance,
): Promise<ExactCoverage> {
  const drawn = members.map((member) => member.shape);
  const exact = { shapes: drawn, changes: [], overlaps: [], gaps: [] };
  if (drawn.length === 0 || isExactWithoutHoles(drawn)) return exact;
  const faces = measureFaces(await nodeIntoFaces(drawn), drawn);
  const { owners, changes, overlaps } = assignAll(faces, members, tolerance);
  if (overlaps.length > 0) return { ...exact, changes, overlaps };
  const shapes = dissolveByOwner(faces, owners, drawn);
  const [fault] = findCoverageFaults(shapes, 1);
  if (fault) {
    const [a, b] = fault.shapes.map((number) => members[number].code);
    const message = `The borders of ${a} and ${b} could not be made exact near ${fault.x / 1e7}, ${fault.y / 1e7}. Nothing was written; redraw them there.`;
    throw new DomainError('INTERNAL', message, { fault: fault.kind, grids: [a, b] });
  }
  return { shapes, changes, overlaps, gaps: findGaps(faces, owners, shapes, members) };
}

function isExactWithoutHoles(shapes: readonly Shape[]): boolean {
  if (findCoverageFaults(shapes, 1).length > 0) return false;
  return dissolve(shapes).every((polygon) => polygon.length === 1);
}

interface Decision {
  /** Face → member; undefined for a gap. */
  readonly owners: (number | undefined)[];
  readonly changes: CoverageChange[];
  readonly overlaps: LargeOverlap[];
}

function assignAll(faces: readonly Face[], members: readonly CoverageMember[], tolerance: SliverTolerance): Decision {
  const codes = members.map((member) => member.code);
  const borders = findBorders(faces);
  const holders = faces.map((face) => face.holders);
  const decision: Decision = { owners: faces.map(() => undefined), changes: [], overlaps: [] };
  let open = faces.map((_, index) => index);
  // A sliver among slivers touches a grid only once those have found theirs.
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
    const asked = open.map((index): CoverageFace => {
      const { areaSquareMetres, widthMetres } = faces[index];
      const neighbours = (borders.get(index) ?? []).flatMap(({ face, lengthMetres }) =>
        holders[face].map((grid) => ({ grid, sharedLengthMetres: lengthMetres })),
      );
      return { index, areaSquareMetres, widthMetres, holders: holders[index], neighbours };
    });
    const { assignments } = assignFaces(asked, codes, tolerance);
    const before = open.length;
    open = assignments.filter((assignment) => 'gap' in assignment).map((assignment) => assignment.face);
    for (const assignment of assignments) record(assignment, faces[assignment.face], codes, decision);
    for (const { face } of assignments) {
      const owner = decision.owners[face];
      if (owner !== undefined) holders[face] = [owner];
    }
    if (open.length === before) break;
  }
  return decision;
}

function record(assignment: FaceAssignment, face: Face, codes: readonly string[], decision: Decision): void {
  const { areaSquareMetres, widthMetres, place } = face;
  if ('overlap' in assignment) {
    decision.overlaps.push({ members: assignment.overlap, areaSquareMetres, widthMetres, place });
    return;
  }
  if ('gap' in assignment) return;
  decision.owners[assignment.face] = assignment.grid;
  if (assignment.reason === 'HELD') return;
  const from = face.holders.map((holder) => codes[holder]);
  decision.changes.push({ from, to: codes[assignment.grid], areaSquareMetres, widthMetres, place });
}

/** The faces beside each face that is not held by exactly one member, with the lengths of their common borders. */
function findBorders(faces: readonly Face[]): Map<number, { face: number; lengthMetres: number }[]> {
  const wanted = new Map<string, number[]>();
  faces.forEach((face, index) => {
    if (face.holders.length === 1) return;
    eachEdge(face.shape, (key) => wanted.set(key, [...(wanted.get(key) ?? []), index]));
  });
  const borders = new Map<number, { face: number; lengthMetres: number }[]>();
  faces.forEach((face, index) => {
    eachEdge(face.shape, (key, lengthMetres) => {
      for (const beside of wanted.get(key) ?? []) {
        if (beside === index) continue;
        const known = borders.get(beside);
        if (known) known.push({ face: index, lengthMetres });
        else borders.set(beside, [{ face: index, lengthMetres }]);
      }
    });
  });
  return borders;
}

function dissolveByOwner(
  faces: readonly Face[],
  owners: readonly (number | undefined)[],
  drawn: readonly Shape[],
): Shape[] {
  const owned: Shape[][] = drawn.map(() => []);
  owners.forEach((owner, face) => {
    if (owner !== undefined) owned[owner].push(faces[face].shape);
  });
  return owned.map((shapes, member) => {
    const shape = dissolve(shapes);
    return isSameShape(shape, drawn[member]) ? drawn[member] : shape;
  });
}

function findGaps(
  faces: readonly Face[],
  owners: readonly (number | undefined)[],
  shapes: readonly Shape[],
  members: readonly CoverageMember[],
): LargeGap[] {
  const open = faces.filter((_, index) => owners[index] === undefined).map((face) => face.shape);
  if (open.length === 0) return [];
  const gaps = dissolve(open).map((polygon): Shape => [polygon]);
  const gapOfEdge = new Map<string, number>();
  gaps.forEach((gap, index) => {
    eachEdge(gap, (key) => gapOfEdge.set(key, index));
  });
  const around = gaps.map(() => new Set<string>());
  shapes.forEach((shape, member) => {
    eachEdge(shape, (key) => {
      const gap = gapOfEdge.get(key);
      if (gap !== undefined) around[gap].add(members[member].code);
    });
  });
  return gaps.map((shape, index) => ({
    shape,
    around: [...around[index]].sort(),
    areaSquareMetres: areaSquareMetres(shape),
    place: placeOf(shape),
  }));
}
