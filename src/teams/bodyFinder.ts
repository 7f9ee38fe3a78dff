import { DomainError } from '../errors.ts';
import { assertPosition, type Position, toLattice } from '../geometry/lattice.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { chainOf, type VersionEntry, versionAt } from '../grids/atlas/rows.ts';
import type { DatedRow } from '../grids/log/datedLog.ts';
import type { Moment } from '../grids/moment.ts';
import { Body } from '../posts/api/staff.type.ts';
import type { Directory } from '../posts/directory.ts';
import type { BodyState } from '../posts/post.type.ts';
import { answersFor, coveringTeams } from './coveringTeams.ts';
import { compare, type TeamBook } from './memory/teamBook.ts';
import type { TeamState } from './team.type.ts';

/** Which bodies are wanted; every field given narrows. */
export interface BodyCriteria {
  readonly kind?: string | null;
  readonly memberKind?: string | null;
  readonly parent?: string | null;
  readonly line?: string | null;
  readonly standing?: string | null;
  readonly category?: string | null;
  /** Id of a grid. */
  readonly covering?: string | null;
  readonly coveringPoint?: Position | null;
  readonly search?: string | null;
}

/** A body that meets the criteria, with what is known of it as a team. */
export interface FoundBody {
  readonly body: Body;
  readonly team: TeamState;
}

/** The order in which bodies are listed: by name, then id. */
export function bodyKey({ name, id }: BodyState): string {
  return `${name}\n${id}`;
}

export function sizeOf({ members }: TeamState): number {
  return members.reduce((sum, { count }) => sum + count, 0);
}

/** Finds bodies by what they are, whom they stand under and what they cover. */
export class BodyFinder {
  readonly #directory: Directory;
  readonly #book: TeamBook;
  readonly #atlas: Atlas;
  #listing: { edition: number; rows: DatedRow<BodyState>[] } = { edition: 0, rows: [] };

  constructor(directory: Directory, book: TeamBook, atlas: Atlas) {
    this.#directory = directory;
    this.#book = book;
    this.#atlas = atlas;
  }

  /** Every body that meets the criteria, in listing order. Throws NOT_FOUND for an unknown grid or parent. */
  list(criteria: BodyCriteria, moment: Moment): FoundBody[] {
    const { kind, category, parent } = criteria;
    if (parent && !this.#directory.findBody(parent, moment)) {
      throw new DomainError('NOT_FOUND', `parent: there is no body ${parent} then.`, { field: 'parent' });
    }
    const search = criteria.search ? fold(criteria.search) : undefined;
    const covering = this.#covering(criteria, moment);
    const found: FoundBody[] = [];
    for (const { value, validFrom, validTo } of this.#inOrder(moment.edition)) {
      if (moment.asOf < validFrom || moment.asOf >= validTo) continue;
      if (kind && value.kind !== kind) continue;
      if (!answersFor(value.categories, category)) continue;
      if (search && !fold(value.name).includes(search)) continue;
      if (covering && !covering.has(value.id)) continue;
      if (!this.#standsUnder(value.id, criteria, moment)) continue;
      const team = this.#book.teamOf(value.id, moment);
      if (isSuch(team, criteria)) found.push({ body: new Body(value, moment), team });
    }
    return found;
  }

  #standsUnder(bodyId: string, { parent, line }: BodyCriteria, moment: Moment): boolean {
    if (!parent && !line) return true;
    const parents = this.#book.parentsOf(bodyId, moment);
    return parents.some((above) => (!parent || above.body.id === parent) && (!line || above.line === line));
  }

  /** The bodies that cover the grid and the point that are named; undefined where neither is. */
  #covering({ covering, coveringPoint, category }: BodyCriteria, moment: Moment): Set<string> | undefined {
    if (!covering && !coveringPoint) return undefined;
    const chains = [
      ...(covering ? [[this.#chainOfGrid(covering, moment)]] : []),
      ...(coveringPoint ? [this.#chainsAt(coveringPoint, moment)] : []),
    ];
    const [first, second] = chains.map(
      (each) => new Set(coveringTeams(each, this.#book, moment, { category }).map(({ body }) => body.id)),
    );
    return second ? new Set([...first].filter((id) => second.has(id))) : first;
  }

  #chainOfGrid(id: string, moment: Moment): readonly VersionEntry[] {
    const grid = this.#atlas.findGrid(id);
    const version = grid && versionAt(grid, moment);
    if (version) return chainOf(version, moment);
    throw new DomainError('NOT_FOUND', `covering: there is no grid ${id} then.`, { field: 'covering' });
  }

  #chainsAt({ lon, lat }: Position, moment: Moment): (readonly VersionEntry[])[] {
    assertPosition({ lon, lat }, 'coveringPoint');
    const [x, y] = [toLattice(lon), toLattice(lat)];
    const versions = this.#atlas.layersAt(moment.edition).flatMap((layer) => {
      if (layer.kind === 'OVERLAY') return this.#atlas.locateAll(layer, x, y, moment);
      return this.#atlas.locate(layer, x, y, moment) ?? [];
    });
    return versions.map((version) => chainOf(version, moment));
  }

  // The newest edition is what nearly everyone lists, so its order is kept.
  #inOrder(edition: number): readonly DatedRow<BodyState>[] {
    if (this.#listing.edition !== edition) {
      const keyed = this.#directory.knownIn(edition).bodies.map((row) => ({ row, key: bodyKey(row.value) }));
      const rows = keyed.sort((a, b) => compare(a.key, b.key)).map(({ row }) => row);
      this.#listing = { edition, rows };
    }
    return this.#listing.rows;
  }
}

function isSuch({ standing, members }: TeamState, wanted: BodyCriteria): boolean {
  if (wanted.standing && standing !== wanted.standing) return false;
  return !wanted.memberKind || members.some(({ kind, count }) => kind === wanted.memberKind && count > 0);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
