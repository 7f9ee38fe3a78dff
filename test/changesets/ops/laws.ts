import type { Applied } from '../../../src/changesets/ops/op.ts';
import type { DraftGrid } from '../../../src/changesets/territory/draftGrid.ts';
import { afterwards, invert } from '../../../src/changesets/territory/patch.ts';
import type { Territory } from '../../../src/changesets/territory/territory.ts';
import { arrange, linesOf, nodeInto } from '../../../src/geometry/arrangement.ts';
import { dissolve, findCoverageFaults, latticeArea2 } from '../../../src/geometry/coverage.ts';
import { containsPoint, type Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { isSameShape } from '../../../src/geometry/rings/sameShape.ts';
import { bytesOf } from './drawing.ts';
import type { Random, Stated } from './randomOps.ts';

type Breach = string;

const TIERS = ['town', 'block', 'cell'];
/** What changes no ground of a drawn tier at all, but for vertices on its borders. */
const KEEPS_UNION = new Set(['rename', 'reparent', 'carve', 'merge', 'split']);
/** What keeps cells exactly within drawn parents that held them exactly. */
const KEEPS_NESTING = new Set(['moveVertex', 'insertVertex', 'removeVertex', 'rename']);

function ownersAt(territory: Territory, tier: string, x: number, y: number): string[] {
  const here = territory.meeting({ minX: x, minY: y, maxX: x, maxY: y }, 'l', tier);
  return here.filter((grid) => containsPoint(grid.shape, x, y)).map((grid) => grid.id);
}

/** Vertices and middles of edges of what was touched, places beside them, and places anywhere. */
function samplesOf(random: Random, territory: Territory, touched: readonly DraftGrid[]): [number, number][] {
  const samples: [number, number][] = [];
  for (const { shape } of touched) {
    for (const ring of shape.flat()) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        if (random() > 0.25) continue;
        samples.push([ring[i], ring[i + 1]]);
        samples.push([Math.round((ring[i] + ring[j]) / 2), Math.round((ring[i + 1] + ring[j + 1]) / 2)]);
        samples.push([Math.round(ring[i] + (random() - 0.5) * 40), Math.round(ring[i + 1] + (random() - 0.5) * 40)]);
      }
    }
  }
  const [[[outer]]] = [...territory.grids('l', 'town')].map((grid) => grid.shape);
  for (let i = 0; i < 30; i++) {
    samples.push([outer[0] + Math.round((random() - 0.2) * 8_000), outer[1] + Math.round((random() - 0.2) * 8_000)]);
  }
  return samples;
}

/** A union without the vertices that were put on its edges: those that another one does not have. */
function withoutNew(shape: Shape, known: ReadonlySet<string>): Shape {
  return shape.map((polygon) =>
    polygon.map((ring) => {
      const kept: number[] = [];
      for (let i = 0; i < ring.length; i += 2) {
        if (known.has(`${ring[i]},${ring[i + 1]}`)) kept.push(ring[i], ring[i + 1]);
      }
      return Int32Array.from(kept);
    }),
  );
}

function vertexNames(shape: Shape): Set<string> {
  const names = new Set<string>();
  for (const ring of shape.flat()) for (let i = 0; i < ring.length; i += 2) names.add(`${ring[i]},${ring[i + 1]}`);
  return names;
}

function isInside(child: Shape, parent: Shape): boolean {
  const noding = nodeInto([...linesOf(child), ...linesOf(parent)], [child, parent]);
  const { faces } = arrange([noding.replace(child), noding.replace(parent)]);
  return faces.every(({ holders }) => !(holders.includes(0) && !holders.includes(1)));
}

function breachesOfTier(
  random: Random,
  code: string,
  before: Territory,
  { kind, mayChange }: Stated,
  { territory, patch }: Applied,
): Breach[] {
  const breaches: Breach[] = [];
  const shapes = [...territory.grids('l', code)].map((grid) => grid.shape);
  const faults = findCoverageFaults(shapes);
  if (faults.length > 0) return [`${code}: ${faults[0].kind}`];
  if (shapes.some((shape) => findRingFault(shape))) return [`${code}: an invalid ring`];
  const union = dissolve(shapes);
  if (latticeArea2(union) !== shapes.reduce((sum, shape) => sum + latticeArea2(shape), 0))
    breaches.push(`${code}: area`);
  if (KEEPS_UNION.has(kind) && before.getTier('l', code).source === 'DRAWN') {
    const former = dissolve([...before.grids('l', code)].map((grid) => grid.shape));
    if (!isSameShape(withoutNew(union, vertexNames(former)), former)) breaches.push(`${code}: the union changed`);
  }
  for (const [x, y] of samplesOf(random, territory, afterwards(patch))) {
    const owners = ownersAt(territory, code, x, y);
    if (owners.length !== Number(containsPoint(union, x, y))) {
      breaches.push(`${code}: ${owners.length} owners at ${x}, ${y}`);
    }
    const former = ownersAt(before, code, x, y).join();
    if (former !== owners.join() && !mayChange(x, y) && !isOnBorder(before, code, x, y)) {
      breaches.push(`${code}: ${former} became ${owners} at ${x}, ${y}, outside the op`);
    }
  }
  return breaches;
}

/** Within two steps of a border, which an op may bend by half a step where it puts a vertex. */
function isOnBorder(territory: Territory, code: string, x: number, y: number): boolean {
  const here = ownersAt(territory, code, x, y).join();
  const beside = [-2, 2].flatMap((by) => [ownersAt(territory, code, x + by, y), ownersAt(territory, code, x, y + by)]);
  return beside.some((owners) => owners.join() !== here);
}

function breachesOfTree(before: Territory, { kind }: Stated, { territory, patch }: Applied): Breach[] {
  const breaches: Breach[] = [];
  for (const grid of territory.grids('l')) {
    const parent = grid.parentId === null ? undefined : territory.find(grid.parentId);
    if (grid.tier === 'town') continue;
    if (!parent) breaches.push(`${grid.id} has no parent`);
    else if (TIERS.indexOf(parent.tier) >= TIERS.indexOf(grid.tier)) breaches.push(`${grid.id} is below a lower tier`);
  }
  for (const grid of territory.grids('l')) {
    if (territory.getTier('l', grid.tier).source !== 'CHILDREN') continue;
    const children = territory.childrenOf(grid.id).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (children.length === 0) breaches.push(`${grid.id} is made of nothing`);
    // Children of several tiers may lie on each other; such unions are judged by the points alone.
    else if (new Set(children.map((child) => child.tier)).size === 1) {
      if (!isSameShape(dissolve(children.map((child) => child.shape)), grid.shape))
        breaches.push(`${grid.id} is not its children`);
    }
  }
  if (!KEEPS_NESTING.has(kind)) return breaches;
  for (const { before: was, after } of patch.values()) {
    const [parentWas, parent] = [was, after].map((grid) =>
      grid?.parentId ? (grid === was ? before : territory).find(grid.parentId) : undefined,
    );
    if (!was || !after || !parentWas || !parent || !isInside(was.shape, parentWas.shape)) continue;
    if (!isInside(after.shape, parent.shape)) breaches.push(`${after.id} left ${parent.id}`);
  }
  return breaches;
}

/** What an op broke of the laws that hold for every one of them; nothing when all is well. */
export function breachesOf(random: Random, before: Territory, stated: Stated, applied: Applied): Breach[] {
  const back = applied.territory.with(invert(applied.patch));
  const taken = bytesOf(back) === bytesOf(before) ? [] : ['the inverse does not restore the bytes'];
  const objects = [...applied.patch].filter(([id, change]) => (back.find(id) ?? null) !== change.before);
  return [
    ...taken,
    ...objects.map(([id]) => `${id} is not the object it was`),
    ...breachesOfTree(before, stated, applied),
    ...TIERS.flatMap((code) => breachesOfTier(random, code, before, stated, applied)),
  ];
}
