import { findCoverageFaults } from '../../../geometry/coverage.ts';
import { distanceToShapeMetres } from '../../../geometry/distance.ts';
import { type Box, boxOf } from '../../../geometry/polygon.ts';
import type { Point } from '../../ops/op.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import { areaWords, type Finding, isPoint, lengthWords, nameOf, namesOf } from '../issue.ts';
import { gridsIn, isReshaped, ringFaultOf, type Scope } from '../scope.ts';
import { facesOf, holds } from './lines/faces.ts';
import { linesMeeting, netEdges } from './lines/netEdges.ts';
import { tilingOf } from './lines/tilings.ts';
import { isSliver, squareMetresOf, widthMetresOf } from './measure.ts';
import { mixedSiblings } from './siblings.ts';

/** Two grids that share ground, and a vertex or crossing where that was seen. */
interface Pair {
  readonly a: DraftGrid;
  readonly b: DraftGrid;
  readonly at: Point;
}

/** Grids of which a vertex of one lies on an edge of another. */
interface Junction {
  readonly at: Point;
  readonly grids: Set<DraftGrid>;
}
type Junctions = Map<string, Junction>;

/** Nearer than this to the border of an overlap a T-junction is part of it. */
const SAME_PLACE_METRES = 0.05;

/** Ground that two grids of one tier, or of one parent, hold in a PARTITION; and borders that share no whole edges. */
export function findOverlaps(scope: Scope): Finding[] {
  if (scope.layer.kind !== 'PARTITION') return [];
  const pairs = new Map<string, Pair>();
  const junctions: Junctions = new Map();
  for (const { code } of scope.layer.tiers) compareTier(scope, code, pairs, junctions);
  for (const [a, b] of mixedSiblings(scope)) {
    const fault = overlapBetween(a, b);
    if (fault) pairs.set(keyOf(a, b), { a, b, at: fault });
  }
  const overlaps = [...pairs.values()].flatMap(overlapsOf);
  return [...overlaps, ...junctionsBeside(junctions.values(), overlaps)];
}

function keyOf(a: DraftGrid, b: DraftGrid): string {
  return a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`;
}

function compareTier(scope: Scope, tier: string, pairs: Map<string, Pair>, junctions: Junctions): void {
  const asked = askedIn(scope, tier, pairs.values(), junctions.values());
  if (asked.size === 0) return;
  const near = withNeighbours(scope, asked);
  const judged = near.filter((grid) => !ringFaultOf(scope, grid));
  const suspects = new Set<DraftGrid>();
  for (const { kind, shapes, x, y } of findCoverageFaults(judged.map((grid) => grid.shape))) {
    const [a, b] = shapes.map((shape) => judged[shape]);
    if (!asked.has(a) && !asked.has(b)) continue;
    if (kind === 'T_JUNCTION') {
      const known: Junction = junctions.get(`${tier} ${x} ${y}`) ?? { at: [x, y], grids: new Set() };
      junctions.set(`${tier} ${x} ${y}`, known);
      known.grids.add(a).add(b);
      continue;
    }
    if (!pairs.has(keyOf(a, b))) pairs.set(keyOf(a, b), { a, b, at: [x, y] });
    suspects.add(a).add(b);
  }
  // Whoever lies well within a grid that overlaps others shows by no border of its own.
  for (const suspect of suspects) {
    for (const other of scope.territory.meeting(boxOf(suspect.shape), scope.layer.code, tier)) {
      if (other === suspect || pairs.has(keyOf(suspect, other)) || ringFaultOf(scope, other)) continue;
      const at = asked.has(suspect) || asked.has(other) ? overlapBetween(suspect, other) : undefined;
      if (at) pairs.set(keyOf(suspect, other), { a: suspect, b: other, at });
    }
  }
}

/**
 * In a whole layer, children that tile their parents share whole edges and overlap nobody, as long as the parents do so
 * and are of one tier.
 */
function askedIn(scope: Scope, tier: string, pairs: Iterable<Pair>, junctions: Iterable<Junction>): Set<DraftGrid> {
  if (scope.focus !== null) return new Set([...gridsIn(scope, tier)].filter((grid) => isReshaped(scope, grid)));
  const { tiled, loose } = tilingOf(scope, tier);
  if (new Set(tiled.map((parent) => parent.tier)).size > 1) return new Set(gridsIn(scope, tier));
  const asked = new Set(loose);
  const suspects = new Set<DraftGrid>();
  for (const { a, b } of pairs) suspects.add(a).add(b);
  for (const { grids } of junctions) for (const grid of grids) suspects.add(grid);
  for (const { id } of suspects) {
    for (const child of scope.territory.childrenOf(id)) if (child.tier === tier) asked.add(child);
  }
  return asked;
}

function withNeighbours({ territory, layer }: Scope, asked: ReadonlySet<DraftGrid>): DraftGrid[] {
  const near = new Set(asked);
  for (const grid of asked) {
    for (const other of territory.meeting(boxOf(grid.shape), layer.code, grid.tier)) near.add(other);
  }
  return [...near];
}

function overlapBetween(a: DraftGrid, b: DraftGrid): Point | undefined {
  const fault = findCoverageFaults([a.shape, b.shape]).find(({ kind }) => kind !== 'T_JUNCTION');
  return fault && [fault.x, fault.y];
}

/** Each piece of ground that two grids hold both. */
function overlapsOf({ a, b, at }: Pair): Finding[] {
  const grids = [a.id, b.id];
  const lines = linesMeeting(netEdges([a.shape, b.shape]), common(boxOf(a.shape), boxOf(b.shape)));
  const shared = facesOf(lines).filter((face) => holds(a.shape, face) && holds(b.shape, face));
  const what = [a, b].map(nameOf).sort().join(' and ');
  const wayOut = 'Let one of them keep it (fixOverlap), or redraw their border.';
  if (shared.length === 0) {
    const message = `${what} overlap by less than the lattice of 1e-7 degree (1 cm) shows. ${wayOut}`;
    return [{ rule: 'sliver', message, grids, place: at }];
  }
  return shared.map(({ shape }) => {
    const area = areaWords(squareMetresOf(shape));
    if (!isSliver(shape))
      return { rule: 'overlap', message: `${what} both hold ${area}. ${wayOut}`, grids, place: shape };
    const message = `${what} both hold a sliver of ${area}, ${lengthWords(widthMetresOf(shape))} wide. ${wayOut}`;
    return { rule: 'sliver', message, grids, place: shape };
  });
}

function common(a: Box, b: Box): Box {
  return {
    minX: Math.max(a.minX, b.minX),
    minY: Math.max(a.minY, b.minY),
    maxX: Math.min(a.maxX, b.maxX),
    maxY: Math.min(a.maxY, b.maxY),
  };
}

/** T-junctions, but for those that an overlap of the same grids brings with it. */
function junctionsBeside(junctions: Iterable<Junction>, overlaps: Finding[]): Finding[] {
  const found: Finding[] = [];
  for (const { at, grids } of junctions) {
    const ids = [...grids].map((grid) => grid.id);
    const implied = overlaps.some(
      ({ grids: pair, place }) =>
        place !== null &&
        pair.every((id) => ids.includes(id)) &&
        !isPoint(place) &&
        distanceToShapeMetres(place, at[0], at[1]) < SAME_PLACE_METRES,
    );
    if (implied) continue;
    const message = `A vertex of one of ${namesOf([...grids])} lies on an edge of another that has none there. Insert it in all of them (insertVertex), so that they share whole edges.`;
    found.push({ rule: 't_junction', message, grids: ids, place: at });
  }
  return found;
}
