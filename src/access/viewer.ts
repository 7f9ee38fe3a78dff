import { DomainError } from '../errors.ts';
import { type Action, RIGHTS, type Role } from './rights.ts';

/** Every grid, or some grids with all that lies below them in the tree of the current edition, by id. */
export type Areas = 'everywhere' | readonly string[];

/** One role in some areas. A viewer may have several, as an officer who is also a dispatcher elsewhere. */
export interface Grant {
  readonly role: Role;
  readonly areas: Areas;
}

/** Who asks. Made only by the authenticator, by PUBLIC and by `systemViewer`; never by a resolver. */
export interface Viewer {
  readonly kind: 'public' | 'person' | 'key' | 'system';
  /** Stable name of the one who asks, for the audit: issuer and subject of a token, or the id of a key. Not a person's name. */
  readonly subject: string;
  readonly grants: readonly Grant[];
  /** The member of staff who signed in, by the id of the registry, where the token says so. */
  readonly staffId?: string;
  /** What an API key was issued for; it narrows what the role may do. Undefined: everything the role may. */
  readonly actions?: ReadonlySet<Action>;
  /** Kinds of events an API key may receive; undefined: all. */
  readonly eventTypes?: ReadonlySet<string>;
  /** When the token or key ends, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** Everybody who does not sign in. One and the same object, so that nothing about the caller can stick to it. */
export const PUBLIC: Viewer = Object.freeze({
  kind: 'public',
  subject: 'public',
  grants: Object.freeze([{ role: 'public', areas: 'everywhere' } as const]),
});

/** The registry's own work: the command line, seeds, the follower of the log. Rights of the API do not concern it. */
export function systemViewer(subject: string): Viewer {
  return { kind: 'system', subject: `system:${subject}`, grants: [] };
}

/** Whether the viewer has the right somewhere. */
export function may(viewer: Viewer, action: Action): boolean {
  if (viewer.kind === 'system') return true;
  if (viewer.actions && !viewer.actions.has(action)) return false;
  return viewer.grants.some((grant) => RIGHTS[action][grant.role] !== undefined && grant.areas.length > 0);
}

/** Where the viewer has the right; an empty list is nowhere. */
export function areasOf(viewer: Viewer, action: Action): Areas {
  if (viewer.kind === 'system') return 'everywhere';
  if (!may(viewer, action)) return [];
  const roots = new Set<string>();
  for (const { role, areas } of viewer.grants) {
    const reach = RIGHTS[action][role];
    if (reach === undefined || areas.length === 0) continue;
    if (reach === 'ANYWHERE' || areas === 'everywhere') return 'everywhere';
    for (const area of areas) roots.add(area);
  }
  return [...roots];
}

/** The role by which the viewer has the right, for the audit. */
export function roleFor(viewer: Viewer, action: Action): Role | 'system' | undefined {
  if (viewer.kind === 'system') return 'system';
  return viewer.grants.find((grant) => RIGHTS[action][grant.role] !== undefined && grant.areas.length > 0)?.role;
}

/**
 * Throws UNAUTHENTICATED for the public and FORBIDDEN for anybody else who lacks the right everywhere. What lies outside
 * a viewer's areas is not refused but not there: services answer as they do for an unknown id.
 */
export function assertMay(viewer: Viewer, action: Action, what: string): void {
  if (may(viewer, action)) return;
  if (viewer.kind === 'public') {
    const message = `${what}: sign in to ask this; send the header authorization: Bearer TOKEN.`;
    throw new DomainError('UNAUTHENTICATED', message, { field: what, right: action });
  }
  const message = `${what}: this takes the right ${action}, which you do not have. \`viewer\` says what you may do.`;
  throw new DomainError('FORBIDDEN', message, { field: what, right: action });
}
