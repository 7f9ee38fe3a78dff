import { latticeArea2 } from '../../../geometry/coverage.ts';
import { distanceToShapeMetres } from '../../../geometry/distance.ts';
import { boxOf, containsPoint, representativePoint, type Shape } from '../../../geometry/polygon.ts';
import type { DraftGrid } from '../../territory/draftGrid.ts';
import type { Territory } from '../../territory/territory.ts';
import { areaWords, type Finding, lengthWords, nameOf, namesOf } from '../issue.ts';
import { gridsIn, ringFaultOf, type Scope } from '../scope.ts';
import { type Face, facesOf, holds } from './lines/faces.ts';
import { linesMeeting, netEdges } from './lines/netEdges.ts';
import { openFacesOf } from './lines/tilings.ts';
import { findLost } from './lostGround.ts';
import { isSliver, squareMetresOf, widthMetresOf } from './measure.ts';

/** A gap, and whether the ground was held by nobody before the draft too. */
export interface GapFinding extends Finding {
  readonly isOld: boolean;
}

/** Ground of a PARTITION that no grid of a tier holds although it is enclosed by the tier or was held before. */
export function findGaps(scope: Scope): GapFinding[] {
  if (scope.layer.kind !== 'PARTITION') return [];
  return scope.layer.tiers.flatMap(({ code }) => gapsOf(scope, code));
}

function gapsOf(scope: Scope, tier: string): GapFinding[] {
  const { focus } = scope;
  const { lost, isEven } = findLost(scope, tier);
  // Where the draft neither loses nor gains ground no hole can open or close.
  if (focus !== null && isEven) return [];
  const touched = [...gridsIn({ ...scope, focus: scope.touched }, tier)];
  const findings: GapFinding[] = [];
  const holes = openFacesOf(scope, tier).filter((face) => isHole(scope, tier, face));
  const opened: Face[] = [];
  for (const hole of holes) {
    const beside = gridsBeside(scope, tier, hole.shape);
    const isOld = isOldHole(scope, tier, hole);
    if (!isOld) opened.push(hole);
    // What touches a boundary that is not valid is judged when it is.
    if (beside.some((grid) => ringFaultOf(scope, grid))) continue;
    const isNear = () => beside.some((grid) => touched.includes(grid)) || lost.some((face) => holds(hole.shape, face));
    if (focus === null || isNear()) findings.push(gapOf(hole.shape, beside, undefined, isOld));
  }
  for (const face of lost) {
    // Ground that was lost beside an old hole is a gap of its own.
    if (opened.some((hole) => holds(hole.shape, face))) continue;
    const beside = gridsBeside(scope, tier, face.shape);
    if (beside.some((grid) => ringFaultOf(scope, grid))) continue;
    if (face.parent) findings.push(gapOf(face.shape, beside, face.parent, false));
    else if (face.isOutermost) findings.push(lossOf(face.shape, beside, scope));
  }
  return findings;
}

/** Whether nobody of the tier holds an enclosed place, and it is not all ground that the tier does not divide. */
function isHole(scope: Scope, tier: string, face: Face): boolean {
  return holderOf(scope.territory, scope, tier, face) === undefined && !isUndivided(scope, tier, face.shape);
}

/** Whether ground is made up of grids of higher tiers without any children: there the tier is absent, and misses nothing. */
function isUndivided({ territory, layer }: Scope, tier: string, ground: Shape): boolean {
  const { rank } = layer.tiers.find(({ code }) => code === tier)!;
  const isAbove = new Set(layer.tiers.filter((each) => each.rank < rank).map(({ code }) => code));
  let undivided = 0;
  for (const grid of territory.meeting(boxOf(ground), layer.code)) {
    if (!isAbove.has(grid.tier) || territory.childrenOf(grid.id).length > 0) continue;
    const inside = representativePoint(grid.shape);
    if (inside && containsPoint(ground, inside.x, inside.y)) undivided += latticeArea2(grid.shape);
  }
  const area = latticeArea2(ground);
  // The ground of a face is noded, which bends its border by half a step.
  return Math.abs(undivided - area) <= 1e-6 * area;
}

function holderOf(territory: Territory, scope: Scope, tier: string, { x, y }: Face): DraftGrid | undefined {
  const box = { minX: Math.floor(x), minY: Math.floor(y), maxX: Math.ceil(x), maxY: Math.ceil(y) };
  return territory.meeting(box, scope.layer.code, tier).find(({ shape }) => holds(shape, { x, y }));
}

/** Old when the base held next to nothing of it: what is left of an old hole is no new one. */
function isOldHole({ context, layer, territory }: Scope, tier: string, hole: Face): boolean {
  if (territory === context.base) return true;
  const before = context.base.meeting(boxOf(hole.shape), layer.code, tier).map(({ shape }) => shape);
  const lines = [...netEdges([hole.shape]), ...linesMeeting(netEdges(before), boxOf(hole.shape))];
  let held = 0;
  for (const face of facesOf(lines)) {
    if (holds(hole.shape, face) && before.some((shape) => holds(shape, face))) held += latticeArea2(face.shape);
  }
  return held < 0.01 * latticeArea2(hole.shape);
}

// Faces are noded to half a lattice step: their borders lie as near as that to those of the grids.
const SAME_BORDER_METRES = 0.015;

/** The grids of the tier that have a stretch of border in common with the ground. */
function gridsBeside({ territory, layer }: Scope, tier: string, ground: Shape): DraftGrid[] {
  return territory.meeting(boxOf(ground), layer.code, tier).filter(({ shape }) => {
    const isOn = (x: number, y: number) => distanceToShapeMetres(shape, x, y) < SAME_BORDER_METRES;
    for (const ring of ground.flat()) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const [ax, ay, bx, by] = [ring[j], ring[j + 1], ring[i], ring[i + 1]];
        if (isOn(ax, ay) && isOn(bx, by) && isOn((ax + bx) / 2, (ay + by) / 2)) return true;
      }
    }
    return false;
  });
}

function gapOf(ground: Shape, beside: DraftGrid[], parent: DraftGrid | undefined, isOld: boolean): GapFinding {
  const named = beside.length > 0 || !parent ? beside : [parent];
  const grids = named.map(({ id }) => id);
  const area = areaWords(squareMetresOf(ground));
  const where = `between ${namesOf(named)}${parent && beside.length > 0 ? `, in ${nameOf(parent)}` : ''}`;
  const wayOut = 'Give it to one of them (fixGap), or redraw their borders.';
  if (!isSliver(ground)) {
    return { rule: 'gap', message: `Nobody holds ${area} ${where}. ${wayOut}`, grids, place: ground, isOld };
  }
  const message = `Nobody holds a sliver of ${area}, ${lengthWords(widthMetresOf(ground))} wide, ${where}. ${wayOut}`;
  return { rule: 'sliver', message, grids, place: ground, isOld };
}

function lossOf(ground: Shape, beside: DraftGrid[], { layer }: Scope): GapFinding {
  const grids = beside.map(({ id }) => id);
  const names = beside.length > 0 ? ` by ${namesOf(beside)}` : '';
  const message = `The outer border of layer ${layer.code} recedes${names}: ${areaWords(squareMetresOf(ground))} would have no owner. Draw the border where it was, or waive this with the reason.`;
  return { rule: 'ground_lost', message, grids, place: ground, isOld: false };
}
