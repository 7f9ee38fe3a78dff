import { latticeArea2 } from '../../../geometry/coverage.ts';
import { boxOf, containsPoint, representativePoint, type Shape } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import { areaWords, type Finding, nameOf } from '../issue.ts';
import { gridsIn, isReshaped, ringFaultOf, type Scope } from '../scope.ts';
import { type Face, facesOf, holds } from './lines/faces.ts';
import { type Lines, lineFinder, netEdges } from './lines/netEdges.ts';
import { type Family, familyOf, tilingOf } from './lines/tilings.ts';
import { squareMetresOf } from './measure.ts';

/** A child may leave its parent by this share of its own area: as `assert_nested` in migrations/0005_laws.sql. */
const MOST_OUTSIDE = 0.001;

/** Families up to this size are looked at as a whole, because children that tile their parent need no closer look. */
const WHOLE_FAMILY = 200;

/** Grids of which too much lies outside their parents: those asked about, and the children of those. */
export function findStrays(scope: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const { parent, children, left } of familiesOf(scope)) {
    if (left.length === 0 || ringFaultOf(scope, parent)) continue;
    const leftNear = lineFinder(left);
    const parentNear = lineFinder(netEdges([parent.shape]));
    for (const child of children) {
      const box = boxOf(child.shape);
      if (ringFaultOf(scope, child) || (leftNear(box).length === 0 && isTiledAround(scope, child, parent))) continue;
      const outside = groundOutside(child.shape, parent.shape, parentNear(box));
      if (outside) findings.push(strayOf(child, parent, outside));
    }
  }
  return findings;
}

/** The children whose place in their parents may have changed, by parent and tier. */
function* familiesOf(scope: Scope): Generator<Family> {
  const { territory, layer, focus } = scope;
  if (focus === null) {
    for (const { code } of layer.tiers) yield* tilingOf(scope, code).families;
    return;
  }
  for (const [parent, asked] of askedFamilies(scope)) {
    for (const tier of new Set([...asked].map((child) => child.tier))) {
      const children = [...asked].filter((child) => child.tier === tier);
      const whole = territory.childrenOf(parent.id).filter((child) => child.tier === tier);
      if (whole.length <= WHOLE_FAMILY) yield { ...familyOf(parent, tier, whole), children };
      else
        yield {
          parent,
          children,
          left: netEdges(
            children.map(({ shape }) => shape),
            [parent.shape],
          ),
        };
    }
  }
}

function askedFamilies(scope: Scope): Map<DraftGrid, Set<DraftGrid>> {
  const { territory, context } = scope;
  const families = new Map<DraftGrid, Set<DraftGrid>>();
  const add = (parent: DraftGrid | undefined, child: DraftGrid) => {
    if (!parent) return;
    const known = families.get(parent);
    if (known) known.add(child);
    else families.set(parent, new Set([child]));
  };
  for (const grid of gridsIn(scope)) {
    const moved = isReshaped(scope, grid) || context.base.find(grid.id)?.parentId !== grid.parentId;
    if (moved && grid.parentId !== null) add(territory.find(grid.parentId), grid);
    if (isReshaped(scope, grid)) for (const child of territory.childrenOf(grid.id)) add(grid, child);
  }
  return families;
}

/** What of a child lies outside its parent, when it is more than may be. `near`: the edges of the parent about the child. */
function groundOutside(child: Shape, parent: Shape, near: Lines): readonly Face[] | undefined {
  const outside = facesOf([...netEdges([child]), ...near]).filter((face) => holds(child, face) && !holds(parent, face));
  const area2 = outside.reduce((sum, { shape }) => sum + latticeArea2(shape), 0);
  return area2 > MOST_OUTSIDE * latticeArea2(child) ? outside : undefined;
}

/**
 * Where no left-over edge comes near, the number of children of the tier less the parent is the same all about the child. If it is
 * none at one place of the child, the parent holds the whole of it.
 */
function isTiledAround(scope: Scope, child: DraftGrid, parent: DraftGrid): boolean {
  const spot = representativePoint(child.shape);
  if (!spot || !containsPoint(parent.shape, spot.x, spot.y)) return false;
  const box = { minX: spot.x, minY: spot.y, maxX: spot.x, maxY: spot.y };
  return scope.territory
    .meeting(box, scope.layer.code, child.tier)
    .every((other) => other === child || other.parentId !== parent.id || !containsPoint(other.shape, spot.x, spot.y));
}

function strayOf(child: DraftGrid, parent: DraftGrid, outside: readonly Face[]): Finding {
  const [largest] = [...outside].sort((a, b) => latticeArea2(b.shape) - latticeArea2(a.shape));
  const area = outside.reduce((sum, { shape }) => sum + squareMetresOf(shape), 0);
  const share = ((100 * area) / squareMetresOf(child.shape)).toFixed(2);
  const message = `${nameOf(child)} leaves its parent ${nameOf(parent)} by ${areaWords(area)}, ${share} % of its area (0.1 % is allowed). Redraw one of them, or name the parent that holds it (reparent).`;
  return { rule: 'not_nested', message, grids: [child.id, parent.id], place: largest.shape };
}
