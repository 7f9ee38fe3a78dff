import type { Kysely } from 'kysely';
import { type AreaTree, findWithin } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, areasOf } from '../../access/viewer.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Moment } from '../../grids/moment.ts';
import type { StaffCensus, StaffCount } from './staffCensus.ts';

const RIGHT = 'staff.audit';

/** What may be wrong with what a member of staff holds. */
export type StaffFaultKind = 'NO_POST' | 'NO_GRID' | 'MANY_POSTS';

export interface StaffAuditQuestion {
  readonly kind: StaffFaultKind;
  readonly within?: string | null;
  /** For MANY_POSTS: more than so many. */
  readonly moreThan: number;
}

/** Where audits are recorded. */
export interface AuditRoom {
  readonly db: Kysely<Database>;
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * Members of staff by what is wrong with their posts, for those who audit staff of their own area. A person counts where
 * he or she holds posts, or held the last ones; a grid that is gone lies where it lay last, so that those whom a merger
 * left without one are found by whoever has the area. Each reading is recorded.
 */
export class StaffAuditService {
  readonly #room: AuditRoom;
  readonly #census: StaffCensus;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: AuditRoom, census: StaffCensus, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#census = census;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** By name, then id. Throws NOT_FOUND for a grid outside the areas just as for an unknown one, BAD_INPUT. */
  async list(by: RequestContext, question: StaffAuditQuestion, moment: Moment, now: Moment): Promise<StaffCount[]> {
    const { kind, moreThan } = question;
    if (moreThan < 0) throw new DomainError('BAD_INPUT', 'moreThan: give 0 or more.', { field: 'moreThan' });
    const areas = areasOf(by.viewer, RIGHT);
    const within = question.within == null ? undefined : this.#gridWithin(areas, question.within);
    const found = this.#census
      .count(moment)
      .filter((count) => isFault(kind, count, moreThan))
      .filter(({ gridIds }) => gridIds.some((id) => areas === 'everywhere' || this.#lies(id, areas, now)))
      .filter(({ gridIds }) => within === undefined || gridIds.some((id) => this.#lies(id, [within], now)));
    await inAreas(this.#room.db, areas, this.#clock(), (trx) =>
      this.#room.audit.record(trx, by, {
        action: RIGHT,
        object: { kind: 'person', id: 'list' },
        gridId: within ?? (areas.length === 1 && areas !== 'everywhere' ? areas[0] : null),
        result: 'READ',
        details: { kind, count: found.length },
      }),
    );
    return found;
  }

  #gridWithin(areas: Areas, idOrCode: string): string {
    const id = findWithin(this.#tree, areas, idOrCode);
    if (id !== undefined) return id;
    throw new DomainError('NOT_FOUND', 'within: there is no such grid within your areas.', { field: 'within' });
  }

  #lies(gridId: string, areas: readonly string[], now: Moment): boolean {
    return this.#census.placeOf(gridId, now).some((above) => areas.includes(above));
  }
}

function isFault(kind: StaffFaultKind, { held, standing }: StaffCount, moreThan: number): boolean {
  if (kind === 'NO_POST') return held.length === 0;
  if (kind === 'NO_GRID') return held.length > 0 && standing === 0;
  return held.length > moreThan;
}
