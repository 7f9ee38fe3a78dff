import type { Kysely, Transaction } from 'kysely';
import { type AreaTree, findWithin } from '../../../access/areaTree.ts';
import type { RequestContext } from '../../../access/requestContext.ts';
import { areasOf, assertMay } from '../../../access/viewer.ts';
import type { Clock } from '../../../clock.ts';
import { inAreas } from '../../../db/areas.ts';
import type { Database } from '../../../db/tables.ts';
import { DomainError } from '../../../errors.ts';
import type { LateGrid, OversightRepository, Period, Punctuality, Scope, TierCount } from './oversight.repository.ts';
import { sharesOf } from './shares.ts';

const READ = 'figures.read';

/** An area, by the id or code of its grid, and a period. */
export interface OversightQuestion extends Period {
  readonly within: string;
}

export interface PunctualityRow extends Punctuality {
  /** In time, of those that were handled or are late; null: none is either yet. */
  readonly rate: number | null;
}

export interface PunctualityList {
  readonly gridId: string;
  /** The children of the grid, and the grid for posts of its own; slowest first. */
  readonly rows: readonly PunctualityRow[];
  /** Of all rows together. */
  readonly total: PunctualityRow;
}

export interface LadderClosings {
  /** Null: incidents for which no ladder was configured. */
  readonly ladder: string | null;
  readonly total: number;
  /** Incidents that left out a tier on their way up, with a reason or because there is none here. */
  readonly skipped: number;
  /** Most first. `share` is of the total, to four decimals, and all of a ladder sum to 1. */
  readonly tiers: readonly { readonly tier: string | null; readonly closed: number; readonly share: number }[];
}

export interface OversightRoom {
  readonly db: Kysely<Database>;
  readonly repository: OversightRepository;
}

/** Who is slow, and how far matters climb before they end: sums out of the trail, never a matter. */
export class OversightService {
  readonly #room: OversightRoom;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: OversightRoom, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** How punctual each part of an area is. Throws NOT_FOUND for an area that is unknown or foreign, BAD_INPUT. */
  async slow(by: RequestContext, question: OversightQuestion): Promise<PunctualityList> {
    const counted = await this.#ask(by, 'taskPunctuality', question, (trx, scope) =>
      this.#room.repository.countPunctuality(trx, scope).then((rows) => ({ gridId: scope.gridId, rows })),
    );
    const { gridId } = counted;
    const rows = counted.rows.map(withRate).sort(bySlowness);
    return { gridId, rows, total: withRate(sumOf(gridId, counted.rows)) };
  }

  /** The grids of an area whose posts have late tasks, or handled some late; most waiting first. Throws as `slow`. */
  async overdue(by: RequestContext, question: OversightQuestion & { readonly first: number }): Promise<LateGrid[]> {
    return this.#ask(by, 'overdueTasks', question, (trx, scope) =>
      this.#room.repository.listLate(trx, scope, question.first),
    );
  }

  /** On which tiers the incidents of an area ended, by ladder. Throws as `slow`. */
  async closedPerTier(by: RequestContext, question: OversightQuestion): Promise<LadderClosings[]> {
    const counts = await this.#ask(by, 'closedPerTier', question, (trx, scope) =>
      this.#room.repository.countClosed(trx, scope),
    );
    const ladders = new Map<string | null, TierCount[]>();
    for (const count of counts) ladders.set(count.ladder, [...(ladders.get(count.ladder) ?? []), count]);
    return [...ladders].map(([ladder, tiers]) => closingsOf(ladder, tiers));
  }

  #ask<T>(
    { viewer }: RequestContext,
    query: string,
    { within, from, to }: OversightQuestion,
    work: (trx: Transaction<Database>, scope: Scope) => Promise<T>,
  ): Promise<T> {
    assertMay(viewer, READ, `Query.${query}`);
    if (from >= to) throw new DomainError('BAD_INPUT', 'to: must be after `from`.', { field: 'to' });
    const areas = areasOf(viewer, READ);
    const gridId = findWithin(this.#tree, areas, within);
    if (gridId === undefined) {
      const message = 'within: there is no such grid, or it is not in your area; `viewer` says what is.';
      throw new DomainError('NOT_FOUND', message, { field: 'within' });
    }
    const now = this.#clock();
    return inAreas(this.#room.db, areas, now, (trx) => work(trx, { gridId, period: { from, to }, now }));
  }
}

function withRate(row: Punctuality): PunctualityRow {
  const judged = row.inTime + row.handledLate + row.lateNow + row.missed;
  return { ...row, rate: judged === 0 ? null : row.inTime / judged };
}

function sumOf(gridId: string, rows: readonly Punctuality[]): Punctuality {
  const sum = (part: Exclude<keyof Punctuality, 'gridId'>) => rows.reduce((total, row) => total + row[part], 0);
  return {
    ...{ gridId, issued: sum('issued'), inTime: sum('inTime'), handledLate: sum('handledLate') },
    ...{ lateNow: sum('lateNow'), missed: sum('missed'), open: sum('open'), dropped: sum('dropped') },
  };
}

/** Lowest rate first; what is not judged yet comes last; among equals most late first. */
function bySlowness(a: PunctualityRow, b: PunctualityRow): number {
  const late = (row: PunctualityRow) => row.handledLate + row.lateNow + row.missed;
  return (a.rate ?? 2) - (b.rate ?? 2) || late(b) - late(a) || (a.gridId < b.gridId ? -1 : 1);
}

function closingsOf(ladder: string | null, counts: readonly TierCount[]): LadderClosings {
  const sorted = [...counts].sort((a, b) => b.closed - a.closed || ((a.tier ?? '') < (b.tier ?? '') ? -1 : 1));
  const shares = sharesOf(sorted.map(({ closed }) => closed));
  return {
    ladder,
    total: sorted.reduce((sum, { closed }) => sum + closed, 0),
    skipped: sorted.reduce((sum, { skipped }) => sum + skipped, 0),
    tiers: sorted.map(({ tier, closed }, i) => ({ tier, closed, share: shares[i] })),
  };
}
