import type { AreaTree } from '../areaTree.ts';
import { isRole, type Role } from '../rights.ts';
import { type Areas, type Grant, PUBLIC } from '../viewer.ts';

/** A role in one area as a token claims it: an id or code of a grid, or `*` for everywhere. Not yet looked up. */
export interface ClaimedGrant {
  readonly role: Role;
  readonly area: string;
}

const MOST_ENTRIES = 50;
const LONGEST_AREA = 200;
const EVERYWHERE = '*';

// Everybody is public, and integrators have keys.
const ROLES_NOT_BY_TOKEN: ReadonlySet<Role> = new Set(['public', 'integrator']);

/** The grants in the claim of a verified token: a list of `role@area`. What is not exactly that grants nothing. */
export function readClaimedGrants(claim: unknown): ClaimedGrant[] {
  if (!Array.isArray(claim)) return [];
  return claim.slice(0, MOST_ENTRIES).flatMap((entry) => readEntry(entry) ?? []);
}

function readEntry(entry: unknown): ClaimedGrant | undefined {
  if (typeof entry !== 'string') return undefined;
  const at = entry.indexOf('@');
  const role = entry.slice(0, Math.max(at, 0));
  const area = entry.slice(at + 1);
  if (!isRole(role) || ROLES_NOT_BY_TOKEN.has(role)) return undefined;
  return area !== '' && area.length <= LONGEST_AREA ? { role, area } : undefined;
}

/**
 * The grants as the tree stands now, one for each role; a grid that is unknown or ambiguous grants nothing. Whoever signs
 * in may always do what the public may, so the last grant is the public's.
 */
export function resolveGrants(claimed: readonly ClaimedGrant[], tree: AreaTree): Grant[] {
  const areasByRole = new Map<Role, 'everywhere' | string[]>();
  for (const { role, area } of claimed) {
    const known = areasByRole.get(role) ?? [];
    if (known === 'everywhere') continue;
    if (area === EVERYWHERE) {
      areasByRole.set(role, 'everywhere');
      continue;
    }
    const id = tree.findGridId(area);
    if (id === undefined || known.includes(id)) continue;
    known.push(id);
    areasByRole.set(role, known);
  }
  const grants = [...areasByRole].map(([role, areas]: [Role, Areas]) => ({ role, areas }));
  return [...grants, ...PUBLIC.grants];
}
