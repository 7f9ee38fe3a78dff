import type { Body, Person, Role } from './api/staff.type.ts';
import type { AppointmentRank } from './post.type.ts';

export interface HolderEntry {
  readonly appointmentId: string;
  readonly rank: AppointmentRank;
  readonly holder: Person | Body;
}

/** A post on a grid with who holds it, best rank first. */
export interface GridPost {
  readonly role: Role;
  /** The id of a post that is required but was never made is `vacant~<gridId>~<roleCode>`. */
  readonly post: { readonly id: string; readonly vacant: boolean };
  readonly holders: readonly HolderEntry[];
}

/** A post that someone holds, and the grid it is on. */
export interface HeldPost {
  readonly entry: GridPost;
  readonly gridId: string;
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

/** Best rank first, then by name and id. */
export function inHolderOrder(a: HolderEntry, b: HolderEntry): number {
  return (
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
