import { setImmediate as giveWay } from 'node:timers/promises';
import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import { DomainError } from '../errors.ts';
import { arrange, linesOf, nodeInto } from '../geometry/arrangement.ts';
import { areaSquareMetres, latticeArea2 } from '../geometry/coverage.ts';
import type { ChangedGround } from './changedGround.ts';
import { byTier, groupsOf, takersNear, treeOf, verticesOf } from './groundGroups.ts';

/** Where the ground of a grid that ends or changes is afterwards, among the grids of its tier. */
export interface GroundShares {
  readonly from: DraftGrid;
  /** Largest first; of the area of `from`, 0 to 1. In a PARTITION they and `lost` sum to 1. */
  readonly shares: readonly { readonly to: DraftGrid; readonly share: number }[];
  /** The part that no grid of the tier holds afterwards. */
  readonly lost: number;
}

/** What a grid that stays gains and loses. */
export interface GroundBalance {
  readonly gainedSquareMetres: number;
  readonly lostSquareMetres: number;
  /** Of what it was, 0 to 1. */
  readonly lostShare: number;
  /** Of what it is afterwards, 0 to 1. */
  readonly gainedShare: number;
}

export interface Crosswalk {
  /** In the order of the grids. */
  readonly rows: readonly GroundShares[];
  readonly balances: ReadonlyMap<string, GroundBalance>;
  /** Grids whose ground was not worked out: too many vertices, or thinner than the lattice. */
  readonly leftOut: readonly ChangedGround[];
}

/** Vertices, before and after, that one crosswalk works out: some three seconds. */
const MOST_VERTICES = 300_000;
/** Vertices worked out at once, some tenth of a second; then other requests have their turn. */
const VERTICES_AT_ONCE = 10_000;

/**
 * How the ground of changed grids is shared out afterwards, tier by tier, exactly on the lattice: both drawings are
 * noded into one arrangement, and each face counts for whoever holds it before and after. Nodes round to the lattice,
 * so a border that crosses another away from it moves by at most half a step (6 mm) for this.
 */
export async function shareGround(
  grounds: readonly ChangedGround[],
  { most = MOST_VERTICES, atOnce = VERTICES_AT_ONCE } = {},
): Promise<Crosswalk> {
  const rows = new Map<string, GroundShares>();
  const balances = new Map<string, GroundBalance>();
  const leftOut: ChangedGround[] = [];
  let left = most;
  for (const moved of byTier(grounds)) {
    const tree = treeOf(moved);
    for (const group of groupsOf(moved, atOnce)) {
      left -= verticesOf(group);
      const pieces = left >= 0 ? piecesOf(group, takersNear(group, moved, tree)) : undefined;
      if (!pieces) leftOut.push(...group);
      for (const { id, before, after } of pieces ? group : []) {
        const own = pieces!.get(id)!;
        if (before) rows.set(id, sharesOf(before, own));
        if (before && after) balances.set(id, balanceOf(id, own));
      }
      await giveWay();
    }
  }
  return { rows: grounds.flatMap(({ id }) => rows.get(id) ?? []), balances, leftOut };
}

/** A piece of ground that no border crosses, with the grids that hold it before and after. */
interface Piece {
  readonly area2: number;
  readonly squareMetres: number;
  readonly before: readonly string[];
  readonly after: readonly DraftGrid[];
}

/** The pieces of each grid, before or after. Undefined where a shape is thinner than the lattice and cannot be noded. */
function piecesOf(
  group: readonly ChangedGround[],
  takers: readonly DraftGrid[],
): ReadonlyMap<string, readonly Piece[]> | undefined {
  const holders = [
    ...group.flatMap(({ before }) => (before ? [{ grid: before, isAfter: false }] : [])),
    ...group.flatMap(({ after }) => (after ? [{ grid: after, isAfter: true }] : [])),
    ...takers.map((grid) => ({ grid, isAfter: true })),
  ];
  const shapes = holders.map(({ grid }) => grid.shape);
  try {
    const noding = nodeInto(shapes.flatMap(linesOf), []);
    const { faces } = arrange(shapes.map((shape) => noding.replace(shape)));
    const pieces = new Map<string, Piece[]>(group.map(({ id }) => [id, []]));
    for (const { polygon, holders: held } of faces) {
      const piece = {
        area2: latticeArea2([polygon]),
        squareMetres: areaSquareMetres([polygon]),
        before: held.filter((i) => !holders[i].isAfter).map((i) => holders[i].grid.id),
        after: held.filter((i) => holders[i].isAfter).map((i) => holders[i].grid),
      };
      for (const id of new Set(held.map((i) => holders[i].grid.id))) pieces.get(id)?.push(piece);
    }
    return pieces;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'BAD_BOUNDARY') return undefined;
    throw error;
  }
}

function sharesOf(from: DraftGrid, pieces: readonly Piece[]): GroundShares {
  const held = new Map<DraftGrid, number>();
  let [whole, lost] = [0, 0];
  for (const { area2, before, after } of pieces) {
    if (!before.includes(from.id)) continue;
    whole += area2;
    if (after.length === 0) lost += area2;
    for (const to of after) held.set(to, (held.get(to) ?? 0) + area2);
  }
  const shares = [...held]
    .map(([to, area2]) => ({ to, share: area2 / whole }))
    .sort((a, b) => b.share - a.share || (a.to.id < b.to.id ? -1 : 1));
  return { from, shares, lost: lost / whole };
}

function balanceOf(id: string, pieces: readonly Piece[]): GroundBalance {
  const sum = { before: 0, after: 0, gained: 0, lost: 0, gainedSquareMetres: 0, lostSquareMetres: 0 };
  for (const { area2, squareMetres, before, after } of pieces) {
    const [was, is] = [before.includes(id), after.some((grid) => grid.id === id)];
    if (was) sum.before += area2;
    if (is) sum.after += area2;
    if (is && !was) {
      sum.gained += area2;
      sum.gainedSquareMetres += squareMetres;
    }
    if (was && !is) {
      sum.lost += area2;
      sum.lostSquareMetres += squareMetres;
    }
  }
  const { gainedSquareMetres, lostSquareMetres } = sum;
  return {
    gainedSquareMetres,
    lostSquareMetres,
    lostShare: sum.lost / sum.before,
    gainedShare: sum.gained / sum.after,
  };
}
