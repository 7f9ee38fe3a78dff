import type { Body, Person, Role } from './api/staff.type.ts';
import type { AppointmentRank } from './post.type.ts';
import type { Span } from './roster/pattern/shiftPattern.ts';

/** What rosters say of one holder. */
export interface HolderDuty {
  readonly onDuty: boolean;
  /** The holder's shifts that overlap a span of milliseconds, in their order, as the edition of the answer knows them. */
  shiftsIn(span: Span): readonly Span[];
}

export interface HolderEntry {
  readonly appointmentId: string;
  readonly rank: AppointmentRank;
  readonly holder: Person | Body;
  /** The body named as the lender of a reinforcement. */
  readonly homeUnit?: Body;
  /** By the rosters of the post; left out where it has none, and everybody is on duty. */
  readonly duty?: HolderDuty;
}

/** A post on a grid with who holds it, best rank first. */
export interface GridPost {
  readonly role: Role;
  /** The id of a post that is required but was never made is `vacant~<gridId>~<roleCode>`. */
  readonly post: { readonly id: string; readonly vacant: boolean };
  readonly holders: readonly HolderEntry[];
}

/** The posts of one grid or place, exact for every instant of [from, until) in one edition. */
export interface Board {
  readonly edition: number;
  readonly from: number;
  readonly until: number;
  readonly posts: readonly GridPost[];
  /** With the required posts that were never made; worked out when first asked for. */
  complete: readonly GridPost[] | undefined;
}

/** One post by itself: where it is, and until when all of this stays so. No entry: it does not exist then. */
export interface WatchedPost {
  readonly entry: GridPost | undefined;
  readonly until: number;
  readonly gridId: string;
  readonly placeId: string | null;
}

/** A post that someone holds, and the grid it is on; one on a place counts in the area of that grid. */
export interface HeldPost {
  readonly entry: GridPost;
  readonly gridId: string;
  /** The building, site, premises or line it answers for; null for a post on the grid. */
  readonly placeId: string | null;
}

/** A role that sits at a tier. */
export interface TierRole {
  readonly role: Role;
  readonly required: boolean;
}

const RANKS: Record<AppointmentRank, number> = { PRIMARY: 0, DEPUTY: 1, REINFORCEMENT: 2, SUPPORT: 3 };

/** The posts and, shown vacant, those that the roles of the tier require but that were never made. */
export function withRequired(
  posts: readonly GridPost[],
  roles: readonly TierRole[],
  gridId: string,
): readonly GridPost[] {
  const missing = roles.filter(({ role, required }) => required && !posts.some((entry) => entry.role === role));
  if (missing.length === 0) return posts;
  const vacant = missing.map(({ role }) => ({
    role,
    post: { id: `vacant~${gridId}~${role.code}`, vacant: true },
    holders: [],
  }));
  return [...posts, ...vacant].sort((a, b) => inRoleOrder(a.role, b.role));
}

/** By position, then by code. */
export function inRoleOrder(a: Role, b: Role): number {
  return a.position - b.position || compare(a.code, b.code);
}

/** What a post is listed under: the building, site, premises or line it answers for, else its grid. */
export function seatOf({ gridId, placeId }: { readonly gridId: string; readonly placeId?: string | null }): string {
  return placeId ?? gridId;
}

/** Those who only back others up last, then who is on duty first, then best rank first, then by name and id. */
export function inHolderOrder(a: HolderEntry, b: HolderEntry): number {
  return (
    Number(a.rank === 'SUPPORT') - Number(b.rank === 'SUPPORT') ||
    Number(b.duty?.onDuty ?? true) - Number(a.duty?.onDuty ?? true) ||
    RANKS[a.rank] - RANKS[b.rank] ||
    compare(a.holder.name, b.holder.name) ||
    compare(a.holder.id, b.holder.id) ||
    compare(a.appointmentId, b.appointmentId)
  );
}

/** By code units: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
