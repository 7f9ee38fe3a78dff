import { boxOf, type Shape } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import type { Territory } from '../../territory/territory.ts';
import type { Scope } from '../scope.ts';
import { type Face, facesOf, holds } from './lines/faces.ts';
import { boxOfLines, linesMeeting, netEdges } from './lines/netEdges.ts';

/** Ground that a grid of a tier held before the draft and none holds now. */
export interface LostGround extends Face {
  /** The grid that holds it and has children of the tier, none of which does. */
  readonly parent: DraftGrid | undefined;
  /** Whether it was held by a grid without a parent: nobody else would miss it. */
  readonly isOutermost: boolean;
}

/** What the touched grids of a tier have lost; `isEven` when they hold, all together, exactly what they held. */
export function findLost(scope: Scope, tier: string): { lost: LostGround[]; isEven: boolean } {
  const { territory, context, layer } = scope;
  const [before, after] = [context.base, territory].map((at) => touchedShapes(scope, tier, at));
  const delta = netEdges(
    [...after].filter((shape) => !before.has(shape)),
    [...before].filter((shape) => !after.has(shape)),
  );
  if (delta.length === 0) return { lost: [], isEven: true };
  const box = boxOfLines(delta);
  const rank = layer.tiers.findIndex(({ code }) => code === tier);
  const parents = territory.meeting(box, layer.code).filter((grid) => isParent(scope, grid, tier, rank));
  const borders = parents.flatMap(({ shape }) => linesMeeting(netEdges([shape]), box));
  const lost: LostGround[] = [];
  for (const face of facesOf([...delta, ...borders])) {
    const holders = holdersOf(context.base, scope, tier, face);
    if (holders.length === 0 || holdersOf(territory, scope, tier, face).length > 0) continue;
    const above = parents.filter(({ shape }) => holds(shape, face));
    // A child of another tier may have taken it over.
    const parent = above.find(({ id }) => !territory.childrenOf(id).some(({ shape }) => holds(shape, face)));
    const isOutermost = above.length === 0 && holders.some((grid) => grid.parentId === null);
    lost.push({ ...face, parent, isOutermost });
  }
  return { lost, isEven: false };
}

function touchedShapes({ touched, layer }: Scope, tier: string, at: Territory): Set<Shape> {
  const shapes = new Set<Shape>();
  for (const id of touched) {
    const grid = at.find(id);
    if (grid && grid.layer === layer.code && grid.tier === tier) shapes.add(grid.shape);
  }
  return shapes;
}

function isParent({ territory, layer }: Scope, grid: DraftGrid, tier: string, rank: number): boolean {
  if (layer.tiers.findIndex(({ code }) => code === grid.tier) >= rank) return false;
  return territory.childrenOf(grid.id).some((child) => child.tier === tier);
}

function holdersOf(at: Territory, { layer }: Scope, tier: string, face: Face): DraftGrid[] {
  return at.meeting(boxOf(face.shape), layer.code, tier).filter(({ shape }) => holds(shape, face));
}
