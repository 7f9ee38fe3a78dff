import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import type { Lineage } from '../changesets/territory/patch.ts';
import type { Territory } from '../changesets/territory/territory.ts';
import type { Role } from '../posts/api/staff.type.ts';
import type { GridPost, TierRole } from '../posts/gridPost.ts';
import { type ChangedGround, type GroundReason, orderOf } from './changedGround.ts';
import type { GroundBalance } from './groundShares.ts';

/** A post whose grid ends, changes its ground, or changes who stands above it. */
export interface PostChange {
  readonly entry: GridPost;
  readonly before: DraftGrid;
  /** The same grid afterwards; null where it ends. */
  readonly after: DraftGrid | null;
  /** Where a grid ends, the grids in which it goes on. */
  readonly heirs: readonly DraftGrid[];
  readonly reasons: readonly GroundReason[];
  /** Undefined where the ground stays, where the grid ends, and where it was not worked out. */
  readonly balance: GroundBalance | undefined;
}

/** A required post that nobody holds on a grid that the draft makes. */
export interface NewVacancy {
  readonly grid: DraftGrid;
  readonly role: Role;
}

interface Sources {
  readonly territory: Territory;
  readonly lineage: readonly Lineage[];
  readonly balances: ReadonlyMap<string, GroundBalance>;
  postsOn(gridId: string): readonly GridPost[];
}

/** In the order of the grids, then of the roles. A border that only got a vertex more changes nobody's ground. */
export function listPostChanges(grounds: readonly ChangedGround[], sources: Sources): PostChange[] {
  return grounds.flatMap(({ id, before, after, reasons }) => {
    if (!before) return [];
    const balance = sources.balances.get(id);
    const isStill = balance?.gainedShare === 0 && balance.lostShare === 0;
    const kept = isStill ? reasons.filter((reason) => reason !== 'BOUNDARY') : reasons;
    if (kept.length === 0) return [];
    const heirs = after ? [] : heirsOf(id, sources);
    return sources.postsOn(id).map((entry) => ({ entry, before, after, heirs, reasons: kept, balance }));
  });
}

/** Through grids that came and went within the draft, too. */
function heirsOf(id: string, { lineage, territory }: Sources): DraftGrid[] {
  const heirs = new Map<string, DraftGrid>();
  const reached = new Set([id]);
  for (const from of reached) {
    for (const { to } of lineage.filter((link) => link.from === from)) {
      const grid = territory.find(to);
      if (grid) heirs.set(to, grid);
      else reached.add(to);
    }
  }
  return [...heirs.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** In the order of the grids, then of the roles. */
export function listNewVacancies(
  grounds: readonly ChangedGround[],
  rolesOf: (grid: DraftGrid) => readonly TierRole[],
): NewVacancy[] {
  return grounds.flatMap(({ before, after }) => {
    if (before || !after) return [];
    return rolesOf(after).flatMap(({ role, required }) => (required ? [{ grid: after, role }] : []));
  });
}
