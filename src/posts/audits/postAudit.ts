import { DomainError } from '../../errors.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import { type GridFinder, listingKey } from '../../grids/gridFinder.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Directory } from '../directory.ts';
import type { GridPost } from '../gridPost.ts';
import { getRole } from '../vacancyFinder.ts';
import { lastChain, lastVersion } from './lastPlace.ts';

/** What may be wrong with a post. */
export type PostFaultKind = 'VACANT' | 'NO_STANDING_OWNER' | 'DEPUTY_ONLY' | 'RETIRED_GRID';

/** A post with something wrong, and the grid it is on: as it was last, where it does not exist any more. */
export interface PostFault {
  readonly kind: PostFaultKind;
  readonly entry: GridPost;
  readonly version: VersionEntry;
  /** Unique, and in listing order. */
  readonly key: string;
}

export interface PostAuditQuestion {
  readonly kind: PostFaultKind;
  readonly role?: string | null;
  readonly within?: string | null;
}

const CHECKS: Readonly<Record<Exclude<PostFaultKind, 'RETIRED_GRID'>, (entry: GridPost) => boolean>> = {
  VACANT: ({ post }) => post.vacant,
  NO_STANDING_OWNER: ({ post, holders }) =>
    !post.vacant && holders.every(({ rank }) => rank !== 'PRIMARY' && rank !== 'DEPUTY'),
  DEPUTY_ONLY: ({ holders }) =>
    holders.some(({ rank }) => rank === 'DEPUTY') && holders.every(({ rank }) => rank !== 'PRIMARY'),
};

/** Finds posts with something wrong, on any date, from memory. It says nothing about people. */
export class PostAudit {
  readonly #atlas: Atlas;
  readonly #grids: GridFinder;
  readonly #directory: Directory;

  constructor(atlas: Atlas, grids: GridFinder, directory: Directory) {
    this.#atlas = atlas;
    this.#grids = grids;
    this.#directory = directory;
  }

  /** In listing order of their grids. Throws NOT_FOUND for an unknown role or grid. */
  list({ kind, role, within }: PostAuditQuestion, moment: Moment): PostFault[] {
    if (role != null) getRole(this.#directory, role, moment.edition);
    const faults = kind === 'RETIRED_GRID' ? this.#onRetired(within, moment) : this.#onGrids(kind, within, moment);
    return role == null ? faults : faults.filter(({ entry }) => entry.role.code === role);
  }

  #onGrids(kind: Exclude<PostFaultKind, 'RETIRED_GRID'>, within: string | null | undefined, moment: Moment) {
    return this.#grids.list({ within }, moment).flatMap((version) => {
      const grid = { id: version.grid.id, tierId: version.grid.tier.id };
      const wrong = this.#directory.holdingsOnGrid(grid, moment).filter(CHECKS[kind]);
      return inKeyOrder(wrong.map((entry) => faultOf(kind, entry, version, moment)));
    });
  }

  /** Posts that exist on grids that do not, below where the grid lay last. */
  #onRetired(within: string | null | undefined, moment: Moment): PostFault[] {
    if (within != null && !this.#atlas.findGrid(within)) {
      throw new DomainError('NOT_FOUND', `within: there is no grid ${within}.`, { field: 'within' });
    }
    const gridIds = new Set(this.#directory.knownIn(moment.edition).posts.map(({ value }) => value.gridId));
    const faults: PostFault[] = [];
    for (const gridId of gridIds) {
      const grid = this.#atlas.findGrid(gridId)!;
      const version = lastVersion(grid, moment);
      if (!version || versionAt(grid, moment) || (within != null && !liesBelow(version, within, moment))) continue;
      for (const entry of this.#directory.postsOn(gridId, moment))
        faults.push(faultOf('RETIRED_GRID', entry, version, moment));
    }
    return inKeyOrder(faults);
  }
}

function liesBelow(version: VersionEntry, within: string, moment: Moment): boolean {
  return lastChain(version, moment).slice(1).includes(within);
}

function faultOf(kind: PostFaultKind, entry: GridPost, version: VersionEntry, { edition }: Moment): PostFault {
  const position = String(entry.role.position).padStart(10, '0');
  return { kind, entry, version, key: `${listingKey(version.grid, edition)}/${position}/${entry.post.id}` };
}

function inKeyOrder(faults: PostFault[]): PostFault[] {
  return faults.sort((a, b) => (a.key < b.key ? -1 : 1));
}
