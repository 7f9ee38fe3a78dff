import { latticeArea2 } from '../../../geometry/coverage.ts';
import type { DraftGrid, TierSource } from '../../territory/draftGrid.ts';
import type { Territory } from '../../territory/territory.ts';
import { areaWords, type Finding, nameOf, spotIn } from '../issue.ts';
import { gridsIn, ringFaultOf, type Scope, tierOf } from '../scope.ts';
import { facesOf, holds } from './lines/faces.ts';
import { netEdges } from './lines/netEdges.ts';
import { squareMetresOf } from './measure.ts';

/** Grids of derived tiers that are not the union of what they are made of. */
export function findDerivedDifferences(scope: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const grid of gridsIn(scope)) {
    const { source } = tierOf(scope, grid);
    if (source === 'DRAWN' || ringFaultOf(scope, grid)) continue;
    const members = membersOf(scope.territory, grid, source);
    if (members.some((member) => ringFaultOf(scope, member))) continue;
    const finding = difference(grid, members);
    if (finding) findings.push(finding);
  }
  return findings;
}

function membersOf(territory: Territory, grid: DraftGrid, source: TierSource): DraftGrid[] {
  if (source === 'CHILDREN') return territory.childrenOf(grid.id);
  return (grid.memberIds ?? []).map((id) => territory.find(id)).filter((member) => member !== undefined);
}

function difference(grid: DraftGrid, members: readonly DraftGrid[]): Finding | undefined {
  const grids = [grid.id];
  if (members.length === 0) {
    const message = `${nameOf(grid)} is of a tier that is derived from its members, and has none. Assign members to it, or retire it.`;
    return { rule: 'derived_differs', message, grids, place: spotIn(grid) };
  }
  const shapes = members.map(({ shape }) => shape);
  const differing = facesOf(netEdges(shapes, [grid.shape])).filter(
    (face) => holds(grid.shape, face) !== shapes.some((shape) => holds(shape, face)),
  );
  if (differing.length === 0) return undefined;
  const [largest] = differing.sort((a, b) => latticeArea2(b.shape) - latticeArea2(a.shape));
  const area = areaWords(differing.reduce((sum, { shape }) => sum + squareMetresOf(shape), 0));
  const message = `${nameOf(grid)} differs from the union of its ${members.length} members by ${area}. Its border is not drawn by hand: redraw or assign the members.`;
  return { rule: 'derived_differs', message, grids, place: largest.shape };
}
