import type { LastVisit } from '../visit.repository.ts';
import type { MustVisit } from './mustVisit.ts';

const DAY_MS = 86_400_000;

/** What must be visited and was not in time. */
export interface Unvisited extends MustVisit {
  /** Its last accepted visit of the kind; null: none. */
  readonly lastVisitedAt: Date | null;
  /** Since when it has been due; null where it was never visited. */
  readonly dueAt: Date | null;
}

/** How many places must be visited in a kind, and how many of them were. */
export interface KindCount {
  readonly code: string;
  readonly name: string;
  readonly must: number;
  readonly visited: number;
  readonly unvisited: number;
}

/**
 * Of what must be visited, that whose last accepted visit is more than `everyDays` days ago, or which has none: those
 * never visited first, then by how long ago. Days are of 24 hours. Without `everyDays` one visit is enough for ever.
 */
export function unvisitedOf(must: readonly MustVisit[], last: readonly LastVisit[], asOf: number): Unvisited[] {
  const visits = new Map(last.map(({ placeId, kind, at }) => [`${placeId} ${kind}`, at]));
  const found = must.flatMap((each): Unvisited[] => {
    const lastVisitedAt = visits.get(`${each.placeId} ${each.kind.code}`) ?? null;
    if (lastVisitedAt === null) return [{ ...each, lastVisitedAt, dueAt: null }];
    const { everyDays } = each.kind;
    if (everyDays === null) return [];
    const dueAt = new Date(lastVisitedAt.getTime() + everyDays * DAY_MS);
    return dueAt.getTime() < asOf ? [{ ...each, lastVisitedAt, dueAt }] : [];
  });
  return found.sort((a, b) => (unvisitedKey(a) < unvisitedKey(b) ? -1 : 1));
}

/** The order of the list as text. */
export function unvisitedKey({ lastVisitedAt, placeId, kind }: Unvisited): string {
  return `${lastVisitedAt?.toISOString() ?? ''}/${placeId}/${kind.code}`;
}

/** One count for each kind, in the order given; a kind that has no places counts none. */
export function countKinds(
  kinds: readonly { readonly code: string; readonly name: string }[],
  must: readonly MustVisit[],
  unvisited: readonly Unvisited[],
): KindCount[] {
  return kinds.map(({ code, name }) => {
    const all = must.filter(({ kind }) => kind.code === code).length;
    const missing = unvisited.filter(({ kind }) => kind.code === code).length;
    return { code, name, must: all, visited: all - missing, unvisited: missing };
  });
}
