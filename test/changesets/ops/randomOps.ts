import type { Op, OpKind, Point } from '../../../src/changesets/ops/op.ts';
import type { DraftGrid, TierSource } from '../../../src/changesets/territory/draftGrid.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { dissolve } from '../../../src/geometry/coverage.ts';
import { type Box, boxOf, containsPoint, representativePoint, type Shape } from '../../../src/geometry/polygon.ts';
import { jitteredPartition } from '../../geometry/jitteredPartition.ts';
import { drawn, grid, tier } from './drawing.ts';

export type Random = () => number;

const SIDE = 1_000;
const COLUMNS = 4;
const [X0, Y0] = [1.16e9, 4e8];

/** A bent town of three tiers: cells, blocks of two by two of them, and the whole. */
export function bentTown(random: Random, columns = COLUMNS): Territory {
  const sourceOf = (): TierSource => (random() < 0.5 ? 'CHILDREN' : 'DRAWN');
  const seed = Math.floor(random() * 2 ** 31);
  const shapes = jitteredPartition({ columns, rows: columns, side: SIDE, pieces: 4, x0: X0, y0: Y0, seed });
  const blockOf = (i: number) => `b${Math.floor((i % columns) / 2)}${Math.floor(i / columns / 2)}`;
  const cells = shapes.map((shape, i) => grid('l', 'cell', `c${i}`, shape, { parentId: blockOf(i) }));
  const blocks = [...new Set(cells.map((cell) => cell.parentId!))].map((id) => {
    const children = cells.filter((cell) => cell.parentId === id).sort((a, b) => (a.id < b.id ? -1 : 1));
    return grid('l', 'block', id, dissolve(children.map((cell) => cell.shape)), { parentId: 'town' });
  });
  const town = grid('l', 'town', 'town', dissolve(blocks.map((block) => block.shape)));
  const tiers = [tier('town', 1, sourceOf()), tier('block', 2, sourceOf()), tier('cell', 3)];
  return Territory.of([{ code: 'l', kind: 'PARTITION', tiers }], [town, ...blocks, ...cells]);
}

/** An op with the ground that it states: where owners may change. */
export interface Stated {
  readonly op: Op;
  readonly kind: OpKind;
  mayChange(x: number, y: number): boolean;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)];
}

function vertexOf(random: Random, shape: Shape): { at: Point; before: Point; after: Point } {
  const ring = pick(random, pick(random, shape));
  const count = ring.length / 2;
  const i = Math.floor(random() * count);
  const point = (k: number): Point => [ring[2 * (k % count)], ring[2 * (k % count) + 1]];
  return { at: point(i), before: point(i + count - 1), after: point(i + 1) };
}

function within(points: readonly Point[]): (x: number, y: number) => boolean {
  const box: Box = {
    minX: Math.min(...points.map(([x]) => x)) - 2,
    minY: Math.min(...points.map(([, y]) => y)) - 2,
    maxX: Math.max(...points.map(([x]) => x)) + 2,
    maxY: Math.max(...points.map(([, y]) => y)) + 2,
  };
  return (x, y) => x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY;
}

function inside(...shapes: readonly Shape[]): (x: number, y: number) => boolean {
  // A border may be bent by half a step, so points beside it count as part of the ground.
  const near = [-2, 0, 2].flatMap((dx) => [-2, 0, 2].map((dy) => [dx, dy]));
  return (x, y) => shapes.some((shape) => near.some(([dx, dy]) => containsPoint(shape, x + dx, y + dy)));
}

function blob(random: Random, [x, y]: Point, radius: number): Shape {
  const count = 3 + Math.floor(random() * 6);
  const points = Array.from({ length: count }, (_, i) => {
    const angle = ((i + 0.8 * random()) / count) * 2 * Math.PI;
    const reach = radius * (0.4 + 0.6 * random());
    return [Math.round(x + Math.cos(angle) * reach), Math.round(y + Math.sin(angle) * reach)];
  });
  return drawn(points.flat());
}

function somewhere(random: Random): Point {
  return [
    Math.round(X0 + (random() * (COLUMNS + 0.4) - 0.2) * SIDE),
    Math.round(Y0 + (random() * (COLUMNS + 0.4) - 0.2) * SIDE),
  ];
}

function around(random: Random, [x, y]: Point, reach: number): Point {
  return [Math.round(x + (random() - 0.5) * 2 * reach), Math.round(y + (random() - 0.5) * 2 * reach)];
}

/** A grid's own outline with some vertices moved, so that it is reshaped along a part of its border. */
function dented(random: Random, shape: Shape): Shape {
  return shape.map((polygon) =>
    polygon.map((ring) => {
      const points = Array.from({ length: ring.length / 2 }, (_, i): Point => [ring[2 * i], ring[2 * i + 1]]);
      return Int32Array.from(points.flatMap((point) => (random() < 0.2 ? around(random, point, 150) : point)));
    }),
  );
}

type Maker = (random: Random, territory: Territory, id: string) => Stated['op'] | undefined;
const anyGrid = (random: Random, territory: Territory, code = random() < 0.8 ? 'cell' : 'block') =>
  pick(
    random,
    [...territory.grids('l', code)].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
const middleOf = (shape: Shape): Point => {
  const { x, y } = representativePoint(shape)!;
  return [x, y];
};

function besideOf(random: Random, territory: Territory, { id, shape, tier: code }: DraftGrid): DraftGrid | undefined {
  const near = territory.meeting(boxOf(shape), 'l', code).filter((other) => other.id !== id);
  return near.length === 0 ? undefined : pick(random, near);
}

export const MAKERS: { readonly [Kind in OpKind]?: Maker } = {
  rename: (random, territory, id) => ({ rename: { grid: anyGrid(random, territory).id, name: `Named ${id}` } }),
  moveVertex(random, territory) {
    const { at } = vertexOf(random, anyGrid(random, territory).shape);
    return { moveVertex: { layer: 'l', from: at, to: around(random, at, 120) } };
  },
  insertVertex(random, territory) {
    const { at, after } = vertexOf(random, anyGrid(random, territory).shape);
    const middle: Point = [(at[0] + after[0]) / 2, (at[1] + after[1]) / 2];
    return { insertVertex: { layer: 'l', edge: [at, after], at: around(random, middle, 40) } };
  },
  removeVertex: (random, territory) => ({
    removeVertex: { layer: 'l', at: vertexOf(random, anyGrid(random, territory).shape).at },
  }),
  reshape(random, territory) {
    const { id, shape } = anyGrid(random, territory);
    const isDent = random() < 0.6;
    const boundary = isDent ? dented(random, shape) : blob(random, around(random, middleOf(shape), 300), 700);
    return { reshape: { grid: id, boundary } };
  },
  create(random, _territory, id) {
    const boundary = blob(random, somewhere(random), 100 + 500 * random());
    return { create: { id, layer: 'l', tier: 'cell', code: id, name: id, parent: 'town', boundary } };
  },
  split(random, territory, id) {
    const { id: of, shape } = anyGrid(random, territory);
    const [x, y] = around(random, middleOf(shape), 200);
    const angle = random() * Math.PI;
    const end = (by: number): Point => [Math.round(x + Math.cos(angle) * by), Math.round(y + Math.sin(angle) * by)];
    const names = random() < 0.5 ? [`${id}a`] : [`${id}a`, `${id}b`];
    return {
      split: {
        grid: of,
        line: [end(-2_500), around(random, [x, y], 100), end(2_500)],
        codes: names,
        names,
        ids: names,
      },
    };
  },
  merge(random, territory) {
    const into = anyGrid(random, territory);
    const other = besideOf(random, territory, into);
    return other && { merge: { grids: [into.id, other.id], into: into.id } };
  },
  retire(random, territory) {
    const { id, ...rest } = anyGrid(random, territory);
    const heir = random() < 0.5 ? besideOf(random, territory, { id, ...rest }) : undefined;
    return { retire: heir ? { grid: id, heir: heir.id } : { grid: id } };
  },
  reparent: (random, territory) => ({
    reparent: { grid: anyGrid(random, territory, 'cell').id, parent: anyGrid(random, territory, 'block').id },
  }),
  carve(random, territory) {
    const area = blob(random, somewhere(random), 1_500);
    return { carve: { area, tier: 'cell', to: anyGrid(random, territory, 'block').id } };
  },
  fixGap(random, territory) {
    const inner = (): Point => [
      Math.round(X0 + (0.3 + random() * (COLUMNS - 0.6)) * SIDE),
      Math.round(Y0 + (0.3 + random() * (COLUMNS - 0.6)) * SIDE),
    ];
    const free = Array.from({ length: 60 }, inner).find(([x, y]) => {
      const here = territory.meeting({ minX: x, minY: y, maxX: x, maxY: y }, 'l', 'cell');
      return !here.some((cell) => containsPoint(cell.shape, x, y));
    });
    return free && { fixGap: { layer: 'l', tier: 'cell', at: free } };
  },
};

/** Where the op says that owners may change, of any tier. */
function groundOf(op: Op, territory: Territory): (x: number, y: number) => boolean {
  const shapesOf = (...ids: readonly string[]) => inside(...ids.map((id) => territory.get(id, 'id').shape));
  if ('reshape' in op) return inside(op.reshape.boundary, territory.get(op.reshape.grid, 'id').shape);
  if ('create' in op) return inside(op.create.boundary);
  if ('split' in op) return shapesOf(op.split.grid);
  if ('merge' in op) return shapesOf(...op.merge.grids);
  if ('retire' in op) return shapesOf(op.retire.grid);
  if ('reparent' in op) return shapesOf(op.reparent.grid);
  if ('carve' in op) {
    const { area } = op.carve;
    const given = [...territory.grids('l', 'cell')].filter((cell) => containsPoint(area, ...middleOf(cell.shape)));
    return inside(...given.map((cell) => cell.shape));
  }
  if ('fixGap' in op) {
    const near = [-2, 0, 2].flatMap((dx) => [-2, 0, 2].map((dy) => [dx, dy]));
    const cells = [...territory.grids('l', 'cell')];
    return (x, y) => near.some(([dx, dy]) => !cells.some((cell) => containsPoint(cell.shape, x + dx, y + dy)));
  }
  if ('insertVertex' in op) return within([...op.insertVertex.edge, op.insertVertex.at]);
  const at = 'moveVertex' in op ? op.moveVertex.from : 'removeVertex' in op ? op.removeVertex.at : undefined;
  if (at === undefined) return () => false;
  const points: Point[] = [at, ...('moveVertex' in op ? [op.moveVertex.to] : [])];
  for (const ring of [...territory.grids('l')].flatMap((each) => each.shape.flat())) {
    for (let i = 0; i < ring.length; i += 2) {
      if (ring[i] !== at[0] || ring[i + 1] !== at[1]) continue;
      for (const k of [i - 2, i + 2]) points.push([ring.at(k % ring.length)!, ring.at((k + 1) % ring.length)!]);
    }
  }
  return within(points);
}

/** A random op that might well be asked for, with the ground it states; ids are new by `number`. */
export function randomOp(random: Random, territory: Territory, number: number): Stated {
  for (;;) {
    const kind = random() < 0.2 ? 'fixGap' : pick(random, Object.keys(MAKERS) as OpKind[]);
    const op = MAKERS[kind]!(random, territory, `n${number}`);
    if (op) return { op, kind, mayChange: groundOf(op, territory) };
  }
}
