import type { RuleCode } from '../../../src/changesets/checks/rules.ts';
import type { DraftGrid } from '../../../src/changesets/territory/draftGrid.ts';
import type { Change } from '../../../src/changesets/territory/patch.ts';
import type { Territory } from '../../../src/changesets/territory/territory.ts';
import { metricAt } from '../../../src/geometry/distance.ts';
import { orientation, type Ring, representativePoint, type Shape } from '../../../src/geometry/polygon.ts';
import { findRingFault } from '../../../src/geometry/rings/ringFaults.ts';
import { SIDE, squareAround, X0, Y0 } from './nestedLayer.ts';

type Point = readonly [x: number, y: number];

/** What a defect must be reported as, and nothing else: rule, grids, and a spot that the place must hold or be near to. */
export interface Expected {
  readonly rule: RuleCode;
  readonly severity: 'ERROR' | 'WARNING';
  readonly grids: readonly string[];
  readonly at: Point;
}

export interface Defect {
  readonly kind: DefectKind;
  readonly changes: readonly Change[];
  readonly expected: readonly Expected[];
}

/** A clean layer, and a cell and neighbours of it that no other defect of the batch touches. */
export interface Site {
  readonly base: Territory;
  readonly column: number;
  readonly row: number;
  readonly random: () => number;
  readonly vacant: Set<string>;
  readonly strange: Set<string>;
}

const metric = metricAt(Y0);
const steps = (metres: number) => metres / metric.metresPerY;
const cell = ({ base, column, row }: Site, dc = 0, dr = 0) => base.get(`cell-${column + dc}-${row + dr}`, 'test');
const change = (before: DraftGrid, after: Partial<DraftGrid>): Change => ({ before, after: { ...before, ...after } });
const spotOf = ({ shape }: DraftGrid): Point => {
  const { x, y } = representativePoint(shape)!;
  return [x, y];
};

function withRing(shape: Shape, ring: (outer: Ring) => number[]): Shape {
  return [[Int32Array.from(ring(shape[0][0])), ...shape[0].slice(1)]];
}

/** The edges that two grids share, as positions in the ring of the first; with gcd over 1 a lattice point lies on it. */
function sharedEdges(a: DraftGrid, b: DraftGrid): { i: number; from: Point; to: Point }[] {
  const others = new Set<string>();
  const ring = b.shape[0][0];
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    others.add(`${ring[j]},${ring[j + 1]},${ring[i]},${ring[i + 1]}`);
  }
  const own = a.shape[0][0];
  const found: { i: number; from: Point; to: Point }[] = [];
  for (let i = 0; i < own.length; i += 2) {
    const j = (i + 2) % own.length;
    const [from, to]: Point[] = [
      [own[i], own[i + 1]],
      [own[j], own[j + 1]],
    ];
    if (others.has(`${from},${to}`)) found.push({ i, from, to });
  }
  return found;
}

/** A point beside the middle of an edge, so many metres to its right (out of a counter-clockwise ring). */
function beside(from: Point, to: Point, metres: number): Point {
  const [dx, dy] = [(to[0] - from[0]) * metric.metresPerX, (to[1] - from[1]) * metric.metresPerY];
  const length = Math.hypot(dx, dy);
  return [
    Math.round((from[0] + to[0]) / 2 + ((dy / length) * metres) / metric.metresPerX),
    Math.round((from[1] + to[1]) / 2 - ((dx / length) * metres) / metric.metresPerY),
  ];
}

function inserted(shape: Shape, i: number, ...points: Point[]): Shape {
  return withRing(shape, (ring) => [...ring.subarray(0, i + 2), ...points.flat(), ...ring.subarray(i + 2)]);
}

const centreOf = (points: readonly Point[]): Point => [
  Math.round(points.reduce((sum, [x]) => sum + x, 0) / points.length),
  Math.round(points.reduce((sum, [, y]) => sum + y, 0) / points.length),
];

/** A corner drawn into (positive) or away from a neighbour in one of two grids: a triangle of overlap or gap. */
function corner(site: Site, metres: number, rule: RuleCode): Pick<Defect, 'changes' | 'expected'> {
  const [a, b] = [cell(site), cell(site, 1)];
  const edges = sharedEdges(a, b);
  const { i, from, to } = edges[3 + Math.floor(site.random() * (edges.length - 6))];
  const tip = beside(from, to, metres);
  const changes = [change(a, { shape: inserted(a.shape, i, tip) })];
  return { changes, expected: [{ rule, severity: 'ERROR', grids: [a.id, b.id], at: centreOf([from, to, tip]) }] };
}

/** A hole in a cell, and what fills it. */
function enclave(
  site: Site,
  halfX: number,
  halfY: number,
  rest: Partial<DraftGrid>,
): { grid: DraftGrid; host: Change } {
  const host = cell(site);
  const square = squareAround(X0 + (site.column + 0.5) * SIDE, Y0 + (site.row + 0.5) * SIDE, halfX, halfY);
  const hole = Int32Array.of(square[0], square[1], square[6], square[7], square[4], square[5], square[2], square[3]);
  const id = `spot-${site.column}-${site.row}`;
  const grid = { ...host, id, codes: [{ scheme: 'local', code: id }], shape: [[square]], ...rest };
  return { grid, host: change(host, { shape: [[...host.shape[0], hole]] }) };
}

function newEnclave(site: Site, halfX: number, halfY: number, rule: RuleCode, severity: Expected['severity']) {
  const { grid, host } = enclave(site, halfX, halfY, {});
  const expected: Expected[] = [{ rule, severity, grids: [grid.id], at: spotOf(grid) }];
  return { changes: [host, { before: null, after: grid }], expected };
}

/** A vertex at the southern rim of the layer between two of a cell, in every grid that has the edge and is asked. */
function rimCorner(site: Site, metres: number, tiers: readonly string[]) {
  const ring = cell(site).shape[0][0];
  const i = 2 * (3 + Math.floor(site.random() * 8));
  const [from, to]: Point[] = [
    [ring[i], ring[i + 1]],
    [ring[i + 2], ring[i + 3]],
  ];
  const tip = beside(from, to, metres);
  const box = { minX: from[0], minY: from[1], maxX: from[0], maxY: from[1] };
  const changes = site.base
    .meeting(box, 'town')
    .filter(({ tier }) => tiers.includes(tier))
    .flatMap((grid) => {
      const own = grid.shape[0][0];
      for (let k = 0; k < own.length; k += 2) {
        if (own[k] === from[0] && own[k + 1] === from[1])
          return [change(grid, { shape: inserted(grid.shape, k, tip) })];
      }
      return [];
    });
  return {
    changes,
    at: centreOf([from, to, tip]),
    byTier: (tier: string) => changes.find(({ after }) => after!.tier === tier)!.after!,
  };
}

function crossing([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point, [dx, dy]: Point): Point {
  const t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / ((bx - ax) * (dy - cy) - (by - ay) * (dx - cx));
  return [Math.round(ax + t * (bx - ax)), Math.round(ay + t * (by - ay))];
}

/** Two vertices of a ring in the wrong order: it crosses itself. */
function swapped(site: Site): Pick<Defect, 'changes' | 'expected'> | undefined {
  const grid = cell(site);
  const i = 2 * (2 + Math.floor(site.random() * 8));
  const ring = grid.shape[0][0];
  const [p, v, w, q] = [0, 2, 4, 6].map((k): Point => [ring[i + k], ring[i + k + 1]]);
  const crosses =
    orientation(...p, ...w, ...v) * orientation(...p, ...w, ...q) < 0 &&
    orientation(...v, ...q, ...p) * orientation(...v, ...q, ...w) < 0;
  const shape = withRing(grid.shape, (old) => [...old.subarray(0, i + 2), ...w, ...v, ...old.subarray(i + 6)]);
  if (!crosses || !findRingFault(shape)) return undefined;
  const at = crossing(p, w, v, q);
  return {
    changes: [change(grid, { shape })],
    expected: [{ rule: 'invalid_boundary', severity: 'ERROR', grids: [grid.id], at }],
  };
}

function junction(site: Site): Pick<Defect, 'changes' | 'expected'> | undefined {
  const [a, b] = [cell(site), cell(site, 1)];
  for (const { i, from, to } of sharedEdges(a, b)) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    for (const part of [2, 3, 5, 7]) {
      if (dx % part !== 0 || dy % part !== 0) continue;
      const at: Point = [from[0] + dx / part, from[1] + dy / part];
      const expected: Expected[] = [{ rule: 't_junction', severity: 'ERROR', grids: [a.id, b.id], at }];
      return { changes: [change(a, { shape: inserted(a.shape, i, at) })], expected };
    }
  }
  return undefined;
}

/** A cell that is changed as a whole. */
function whole(site: Site, rule: RuleCode, severity: Expected['severity'], after: Partial<DraftGrid>) {
  const grid = cell(site);
  return { changes: [change(grid, after)], expected: [{ rule, severity, grids: [grid.id], at: spotOf(grid) }] };
}

const between = ({ random }: Site, low: number, high: number) => low + random() * (high - low);

/** Each makes one defect in its site, or none where the site does not lend itself to it. At the rim, or in the middle. */
const MIDDLE = {
  invalid_boundary: swapped,
  overlap: (site) => corner(site, between(site, 6, 30), 'overlap'),
  gap: (site) => corner(site, -between(site, 6, 30), 'gap'),
  sliver_overlap: (site) => corner(site, between(site, 0.03, 0.8), 'sliver'),
  sliver_gap: (site) => corner(site, -between(site, 0.03, 0.8), 'sliver'),
  t_junction: junction,
  not_contiguous: (site) => {
    const { grid, host } = enclave(site, steps(12), steps(12), {});
    const far = cell(site, 2);
    const expected: Expected = { rule: 'not_contiguous', severity: 'WARNING', grids: [far.id], at: spotOf(grid) };
    return { changes: [host, change(far, { shape: [...far.shape, ...grid.shape] })], expected: [expected] };
  },
  too_small: (site) => newEnclave(site, Math.round(steps(4.5)), Math.round(steps(4.5)), 'too_small', 'WARNING'),
  refused_size: (site) => newEnclave(site, Math.round(steps(1.4)), Math.round(steps(1.4)), 'too_small', 'ERROR'),
  too_thin: (site) => newEnclave(site, Math.round(steps(0.4)), Math.round(steps(70)), 'too_thin', 'WARNING'),
  code_wrong: (site) =>
    whole(site, 'code_wrong', 'ERROR', { codes: [{ scheme: 'local', code: `${site.column}?${site.row}` }] }),
  code_missing: (site) =>
    whole(site, 'code_wrong', 'WARNING', { codes: [{ scheme: 'other', code: `x-${site.column}-${site.row}` }] }),
  code_doubled: (site) => {
    const { changes, expected } = whole(site, 'code_doubled', 'ERROR', { codes: cell(site, 1).codes });
    return { changes, expected: [{ ...expected[0], grids: [cell(site).id, cell(site, 1).id] }] };
  },
  outside_area: (site) => {
    site.strange.add(cell(site).id);
    return whole(site, 'outside_area', 'ERROR', { name: 'Renamed' });
  },
  post_without_holder: (site) => {
    site.vacant.add(cell(site).id);
    return whole(site, 'post_without_holder', 'WARNING', { kind: 'EXCLUSIVE' });
  },
  load_outside_band: (site) => {
    const loads = [
      { measure: 'households', value: 501 + Math.floor(site.random() * 900), date: '2026-01-01', source: 'census' },
    ];
    return whole(site, 'load_outside_band', 'WARNING', { loads: [...cell(site).loads, ...loads] });
  },
  missing_parent: (site) => whole(site, 'missing_parent', 'ERROR', { parentId: `district-${site.column}-nowhere` }),
} satisfies Record<string, (site: Site) => Pick<Defect, 'changes' | 'expected'> | undefined>;

const RIM = {
  not_nested: (site) => {
    const { changes, at, byTier } = rimCorner(site, between(site, 10, 30), ['cell']);
    const grid = byTier('cell');
    return {
      changes,
      expected: [{ rule: 'not_nested', severity: 'ERROR', grids: [grid.id, grid.parentId!].sort(), at }],
    };
  },
  rim_gap: (site) => {
    const { changes, at, byTier } = rimCorner(site, -between(site, 6, 30), ['cell']);
    return { changes, expected: [{ rule: 'gap', severity: 'ERROR', grids: [byTier('cell').id], at }] };
  },
  ground_lost: (site) => {
    const { changes, at, byTier } = rimCorner(site, -between(site, 6, 30), ['cell', 'district', 'sector']);
    return { changes, expected: [{ rule: 'ground_lost', severity: 'WARNING', grids: [byTier('sector').id], at }] };
  },
  derived_differs: (site) => {
    const { changes, at, byTier } = rimCorner(site, between(site, 1, 30), ['sector']);
    return { changes, expected: [{ rule: 'derived_differs', severity: 'ERROR', grids: [byTier('sector').id], at }] };
  },
} satisfies Record<string, (site: Site) => Pick<Defect, 'changes' | 'expected'> | undefined>;

export type DefectKind = keyof typeof MIDDLE | keyof typeof RIM;
export const DEFECT_KINDS = [...Object.keys(MIDDLE), ...Object.keys(RIM)] as readonly DefectKind[];

/** Whether a defect of the kind is put at the southern rim of the layer. */
export function isAtRim(kind: DefectKind): boolean {
  return kind in RIM;
}

export function makeDefect(kind: DefectKind, site: Site): Defect | undefined {
  const make = { ...MIDDLE, ...RIM }[kind];
  const made = make(site);
  return made && { kind, ...made, expected: made.expected.map((each) => ({ ...each, grids: [...each.grids].sort() })) };
}
