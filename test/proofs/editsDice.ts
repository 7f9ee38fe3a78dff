import { randomUUID } from 'node:crypto';
import type { Op, Point } from '../../src/changesets/ops/op.ts';
import type { DraftGrid } from '../../src/changesets/territory/draftGrid.ts';
import type { Territory } from '../../src/changesets/territory/territory.ts';
import { type Box, boxOf } from '../../src/geometry/polygon.ts';
import { STEP } from '../grids/squareGrids.ts';
import { LAYER } from './editsGround.ts';

/** Seeded, from 0 to below 1. */
export type Roll = () => number;

export function seededRoll(seed: number): Roll {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(roll: Roll, items: readonly T[]): T => items[Math.floor(roll() * items.length)];
const about = (roll: Roll, reach: number) => Math.round((roll() * 2 - 1) * reach);
/** An editor moves a border by some metres. */
const REACH = STEP / 8;

interface Ground {
  readonly territory: Territory;
  readonly fields: readonly DraftGrid[];
  readonly box: Box;
  readonly roll: Roll;
}

const isInside = ([x, y]: Point, { minX, minY, maxX, maxY }: Box) => x > minX && x < maxX && y > minY && y < maxY;

function pointsOf({ shape }: DraftGrid): Point[] {
  const ring = shape[0][0];
  return Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]] as const);
}

/** A vertex of a field that is not on the outer border, which stays where it is. */
function innerVertex({ fields, box, roll }: Ground): Point | undefined {
  const inner = pointsOf(pick(roll, fields)).filter((point) => isInside(point, box));
  return inner.length > 0 ? pick(roll, inner) : undefined;
}

function innerEdge({ fields, box, roll }: Ground): readonly [Point, Point] | undefined {
  const points = pointsOf(pick(roll, fields));
  const edges = points.map((point, i) => [point, points[(i + 1) % points.length]] as const);
  const inner = edges.filter(([a, b]) => isInside(a, box) || isInside(b, box));
  return inner.length > 0 ? pick(roll, inner) : undefined;
}

const near = (roll: Roll, [x, y]: Point, reach = REACH): Point => [x + about(roll, reach), y + about(roll, reach)];

type Make = (ground: Ground) => Op | undefined;

const moveVertex: Make = (ground) => {
  const from = innerVertex(ground);
  return from && { moveVertex: { layer: LAYER, from, to: near(ground.roll, from) } };
};

const insertVertex: Make = (ground) => {
  const edge = innerEdge(ground);
  if (!edge) return undefined;
  const [[ax, ay], [bx, by]] = edge;
  const middle: Point = [Math.round((ax + bx) / 2), Math.round((ay + by) / 2)];
  return { insertVertex: { layer: LAYER, edge, at: near(ground.roll, middle, STEP / 16) } };
};

const removeVertex: Make = (ground) => {
  const at = innerVertex(ground);
  return at && { removeVertex: { layer: LAYER, at } };
};

const reshape: Make = (ground) => {
  const grid = pick(ground.roll, ground.fields);
  const points = pointsOf(grid);
  const inner = points.map((_, i) => i).filter((i) => isInside(points[i], ground.box));
  if (inner.length === 0) return undefined;
  const moved = pick(ground.roll, inner);
  const drawn = points.map((point, i) => (i === moved ? near(ground.roll, point) : point));
  return { reshape: { grid: grid.id, boundary: [[Int32Array.from(drawn.flat())]] } };
};

const rename: Make = ({ fields, roll }) => ({
  rename: { grid: pick(roll, fields).id, name: `Field ${Math.floor(roll() * 1e6)}` },
});

const changeKind: Make = ({ fields, roll }) => ({
  changeKind: { grid: pick(roll, fields).id, kind: pick(roll, ['BASIC', 'EXCLUSIVE', 'MIXED']) },
});

/** In two, from the middle of one edge to the middle of another. */
const split: Make = ({ fields, roll }) => {
  if (fields.length > 60) return undefined;
  const grid = pick(roll, fields);
  const points = pointsOf(grid);
  const middle = (i: number): Point => {
    const [[ax, ay], [bx, by]] = [points[i % points.length], points[(i + 1) % points.length]];
    return [Math.round((ax + bx) / 2), Math.round((ay + by) / 2)];
  };
  const first = Math.floor(roll() * points.length);
  const line = [middle(first), middle(first + Math.floor(points.length / 2))];
  const code = `S${Math.floor(roll() * 1e9)}`;
  return { split: { grid: grid.id, line, codes: [code], names: [`Field ${code}`], ids: [randomUUID()] } };
};

/** Two of one village that share an edge. */
const merge: Make = ({ territory, fields, roll }) => {
  if (fields.length < 30) return undefined;
  const grid = pick(roll, fields);
  const own = new Set(pointsOf(grid).map(String));
  const beside = territory.meeting(boxOf(grid.shape), LAYER, 'field').filter((other) => {
    if (other.id === grid.id || other.parentId !== grid.parentId) return false;
    return pointsOf(other).filter((point) => own.has(String(point))).length >= 2;
  });
  return beside.length > 0 ? { merge: { grids: [grid.id, pick(roll, beside).id], into: grid.id } } : undefined;
};

const KINDS: readonly (readonly [share: number, make: Make])[] = [
  [0.45, moveVertex],
  [0.15, insertVertex],
  [0.05, removeVertex],
  [0.1, reshape],
  [0.1, rename],
  [0.05, changeKind],
  [0.05, split],
  [0.05, merge],
];

function pickKind(roll: Roll): Make {
  let rest = roll();
  for (const [share, make] of KINDS) {
    rest -= share;
    if (rest < 0) return make;
  }
  return moveVertex;
}

function groundOf(territory: Territory, roll: Roll): Ground {
  const fields = [...territory.grids(LAYER, 'field')].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [town] = territory.grids(LAYER, 'town');
  return { territory, fields, box: boxOf(town.shape), roll };
}

/** An edit of the ground as an editor sees it. */
export function rollOp(territory: Territory, roll: Roll): Op {
  const ground = groundOf(territory, roll);
  for (;;) {
    const op = pickKind(roll)(ground);
    if (op) return op;
  }
}

/** A vertex of the ground moved by some metres. */
export function rollMove(territory: Territory, roll: Roll): Op {
  const ground = groundOf(territory, roll);
  for (;;) {
    const op = moveVertex(ground);
    if (op) return op;
  }
}

/** The same vertex, or the two ends of one edge, moved by two editors at once: one border from both its sides. */
export function rollTwoSided(territory: Territory, roll: Roll): readonly [Op, Op] {
  const ground = groundOf(territory, roll);
  for (;;) {
    const edge = innerEdge(ground);
    if (!edge?.every((point) => isInside(point, ground.box))) continue;
    const [a, b] = roll() < 0.5 ? [edge[0], edge[0]] : edge;
    const move = (from: Point): Op => ({ moveVertex: { layer: LAYER, from, to: near(roll, from) } });
    return [move(a), move(b)];
  }
}
