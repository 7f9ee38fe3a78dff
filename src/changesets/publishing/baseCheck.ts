import { DomainError } from '../../errors.ts';
import type { ChangesetRecord } from '../changeset.type.ts';
import { codesOf, membersOf } from '../territory/codec.ts';
import { mainCodeOf } from '../territory/draftGrid.ts';
import type { Change, Patch } from '../territory/patch.ts';
import type { LastEdition, Standing, StandingVersion } from './publishing.repository.ts';

const MOST_NAMED = 5;

/** A grid that is not, at the instant and for ever after, what the draft took it for. */
export interface Crossing {
  readonly grid: string;
  readonly code: string;
  /** The version that the draft starts from; null for a grid that it makes. */
  readonly yours: number | null;
  /** The version that stands at the instant, or is planned after it; null: it has ended, or is planned to end. */
  readonly theirs: number | null;
  /** When it changes, where that is planned for later than the instant; in milliseconds. */
  readonly plannedAt: number | null;
}

/**
 * The grids of a patch that are not what it starts from. Throws BAD_INPUT for an instant before one of them became what
 * it is.
 */
export function listCrossings(patch: Patch, standing: Standing, at: Date): Crossing[] {
  const crossings: Crossing[] = [];
  for (const [grid, change] of patch) {
    const versions = standing.versions.get(grid) ?? [];
    const found = change.before ? crossed(change, versions, at) : taken(versions, at);
    const moved = found ?? (change.before && besides(grid, change.before, standing));
    if (!moved) continue;
    const code = mainCodeOf((change.before ?? change.after)!);
    crossings.push({ grid, code, yours: change.before?.versionId ?? null, plannedAt: null, ...moved });
  }
  return crossings;
}

type Found = Pick<Crossing, 'theirs'> & Partial<Pick<Crossing, 'plannedAt'>>;

function crossed({ before }: Change, versions: readonly StandingVersion[], at: Date): Found | undefined {
  const own = versions.find(({ id }) => id === before!.versionId);
  if (!own) return { theirs: standsAt(versions, at)?.id ?? null };
  const later = versions.find(({ validFrom }) => validFrom > own.validFrom);
  if (later || own.validTo !== null) return { theirs: later?.id ?? null, plannedAt: later?.validFrom ?? own.validTo };
  if (at.getTime() >= own.validFrom) return undefined;
  const since = new Date(own.validFrom).toISOString();
  const message = `effectiveAt: grid ${mainCodeOf(before!)} is what you changed only since ${since}. Take that instant or a later one.`;
  throw new DomainError('BAD_INPUT', message, { field: 'effectiveAt', grid: before!.id, since });
}

/** A grid that the draft makes is there already. */
function taken(versions: readonly StandingVersion[], at: Date): Found | undefined {
  const own = versions.find(({ validTo }) => validTo === null || validTo > at.getTime());
  return own && { theirs: own.id };
}

function standsAt(versions: readonly StandingVersion[], at: Date): StandingVersion | undefined {
  const instant = at.getTime();
  return versions.find(({ validFrom, validTo }) => validFrom <= instant && (validTo === null || instant < validTo));
}

/** Codes and members change without another version. */
function besides(grid: string, before: NonNullable<Change['before']>, { codes, members }: Standing): Found | undefined {
  const isSame =
    codesOf(before) === codesOf({ codes: codes.get(grid) ?? [] }) &&
    (before.memberIds === null || membersOf(before) === membersOf({ memberIds: members.get(grid) ?? [] }));
  return isSame ? undefined : { theirs: before.versionId };
}

/** The refusal, which names grids, versions and people, and the way out. */
export function crossingRefusal(
  crossings: readonly Crossing[],
  last: readonly LastEdition[],
  { author }: ChangesetRecord,
): DomainError {
  const byGrid = new Map(last.map((each) => [each.gridId, each]));
  const grids = crossings.map(({ plannedAt, ...crossing }) => {
    const { edition = null, publishedBy = null, changeset = null, author: by = null } = byGrid.get(crossing.grid) ?? {};
    const planned = plannedAt === null ? null : new Date(plannedAt).toISOString();
    return { ...crossing, edition, publishedBy, changeset, author: by, planned };
  });
  const named = grids.slice(0, MOST_NAMED).map((grid) => {
    const theirs = grid.theirs === null ? 'it ends' : `version ${grid.theirs} stands`;
    const yours = grid.yours === null ? 'you make it anew' : `you changed version ${grid.yours}`;
    const when = grid.planned ? `, planned for ${grid.planned}` : '';
    return `${grid.code} (${yours}, ${theirs} by edition ${grid.edition} of ${people(grid)}${when})`;
  });
  const more = grids.length > MOST_NAMED ? ` and ${grids.length - MOST_NAMED} more` : '';
  const wait = grids.some(({ planned }) => planned)
    ? ' What is planned must come first: rebase on that day, or revert its edition.'
    : '';
  const message = `grids: others have changed what ${author} changed here: ${named.join('; ')}${more}. \`rebaseChangeset\` moves the changeset onto the newest edition and keeps what does not clash.${wait}`;
  return new DomainError('CONFLICT', message, { field: 'grids', author, grids });
}

function people({ publishedBy, author }: Pick<LastEdition, 'publishedBy' | 'author'>): string {
  if (author === null || author === publishedBy) return publishedBy ?? 'somebody unknown';
  return `${author}, published by ${publishedBy}`;
}
