import type { Kysely } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Directory } from '../../posts/directory.ts';
import type { GridPost } from '../../posts/gridPost.ts';
import { groupBy } from '../../posts/import/subject.ts';
import type { QuotaPractice } from '../../practice/practice.type.ts';
import type { FrameReader } from '../frame/frameReader.ts';
import { monthOf } from '../frame/period.ts';
import type { HandledTasks, QuotaRepository } from './quota.repository.ts';

/** What a post did of what is wanted of it in a month. */
export interface QuotaRow {
  readonly grid: VersionEntry;
  readonly entry: GridPost;
  readonly quota: QuotaPractice;
  readonly done: number;
  readonly shortBy: number;
}

export interface Quotas {
  readonly area: VersionEntry;
  readonly moment: Moment;
  readonly from: Date;
  readonly to: Date;
  /** Whether the month is over. */
  readonly isOver: boolean;
  /** In listing order of their grids. */
  readonly rows: readonly QuotaRow[];
}

export interface QuotaRoom {
  readonly db: Kysely<Database>;
  readonly repository: QuotaRepository;
}

/**
 * Who is short of what the practice of the grid wants of each post in a month: handled tasks that went to the post, by
 * whom it was handled does not matter. Posts and practice are those of the end of the month, or of now.
 */
export class QuotaService {
  readonly #room: QuotaRoom;
  readonly #frames: FrameReader;
  readonly #directory: Directory;

  constructor(room: QuotaRoom, frames: FrameReader, directory: Directory) {
    this.#room = room;
    this.#frames = frames;
    this.#directory = directory;
  }

  /** Throws FORBIDDEN, UNAUTHENTICATED, NOT_FOUND, BAD_INPUT for what is no month. */
  async quotas(context: RequestContext, within: string, month: string): Promise<Quotas> {
    const { starts } = monthOf(month, this.#frames.clock.timeZone);
    const [from, to] = [starts[0], starts[starts.length - 1]];
    const now = this.#frames.clock.now();
    const isOver = to <= now;
    const asOf = isOver ? new Date(to.getTime() - 1) : now;
    const { areas, within: area, moment } = this.#frames.area(context, within, asOf);
    const wanted = [area, ...this.#frames.below({ within: area, moment })].flatMap((grid) =>
      this.#wanted(grid, moment),
    );
    const roles = [...new Set(wanted.map(({ quota }) => quota.role))];
    const handled = await inAreas(this.#room.db, areas, now, (trx) =>
      this.#room.repository.listHandled(trx, roles, from, to),
    );
    const byPost = groupBy(handled, ({ gridId, role }) => `${gridId} ${role}`);
    const rows = wanted.map(({ grid, entry, quota }): QuotaRow => {
      const done = sumOf(byPost.get(`${grid.grid.id} ${quota.role}`) ?? [], quota);
      return { grid, entry, quota, done, shortBy: Math.max(0, quota.perMonth - done) };
    });
    return { area, moment, from, to, isOver, rows };
  }

  #wanted(grid: VersionEntry, moment: Moment) {
    const { id, tier } = grid.grid;
    const posts = this.#directory.holdingsOnGrid({ id, tierId: tier.id }, moment);
    if (posts.length === 0) return [];
    const { quotas } = this.#frames.practiceOf(grid, moment);
    return quotas.flatMap((quota) => {
      // Tasks go to role and grid, so posts of one role on one grid are one.
      const entry = posts.find(({ role }) => role.code === quota.role);
      return entry ? [{ grid, entry, quota }] : [];
    });
  }
}

function sumOf(handled: readonly HandledTasks[], { purpose, categories }: QuotaPractice): number {
  return handled
    .filter((each) => each.purpose === purpose && (categories.length === 0 || categories.includes(each.category)))
    .reduce((sum, { count }) => sum + count, 0);
}
