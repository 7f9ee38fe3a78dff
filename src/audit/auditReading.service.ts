import type { Kysely, Transaction } from 'kysely';
import { type AreaTree, narrowTo } from '../access/areaTree.ts';
import { type Areas, areasOf, assertMay } from '../access/viewer.ts';
import type { Clock } from '../clock.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import type { ActDetails, Actor } from './act.ts';
import type { AuditFilter, AuditRecord, AuditRepository } from './audit.repository.ts';
import type { AuditLog } from './auditLog.ts';

const RIGHT = 'audit.read';

/** Which entries are asked for; one more than `limit` is given, if there is one. */
export interface AuditQuestion extends AuditFilter {
  /** A grid by id or code: only what concerns it and what lies below. */
  readonly within?: string;
}

/** Where entries are read from, and where reading them is recorded. */
export interface AuditRoom {
  readonly db: Kysely<Database>;
  readonly repository: AuditRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * The audit as those may read it who audit an area: row security shows them what concerns its grids. Reading is an act
 * too, and recorded in the transaction that reads.
 */
export class AuditReadingService {
  readonly #room: AuditRoom;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: AuditRoom, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** The entries, newest first. `within` a grid of another's area gives as little as one that does not exist. */
  list(question: AuditQuestion, by: Actor): Promise<AuditRecord[]> {
    assertMay(by.viewer, RIGHT, 'Query.auditEntries');
    const { within, ...filter } = question;
    const own = areasOf(by.viewer, RIGHT);
    const areas = within === undefined ? own : narrowTo(this.#tree, own, within);
    const { db, audit } = this.#room;
    // The database is told of the whole area of the viewer, so that it also holds where the tree here is wrong.
    return inAreas(db, own, this.#clock(), async (trx) => {
      const records = await this.#read(trx, areas, { ...filter, limit: filter.limit + 1 });
      await audit.record(trx, by, {
        action: RIGHT,
        object: { kind: 'audit', id: within ?? '' },
        // An area of one grid is also the area of whoever audits this reading; several have none in common.
        gridId: areas !== 'everywhere' && areas.length === 1 ? areas[0] : null,
        result: 'READ',
        details: factsOf(question, Math.min(records.length, filter.limit)),
      });
      return records;
    });
  }

  async #read(trx: Transaction<Database>, areas: Areas, filter: AuditFilter): Promise<AuditRecord[]> {
    const { repository } = this.#room;
    if (areas === 'everywhere') return repository.list(trx, filter);
    if (areas.length === 0) return [];
    return repository.list(trx, { ...filter, gridIds: await repository.listGridsBelow(trx, areas, this.#clock()) });
  }
}

function factsOf({ subject, action, from, to, before }: AuditQuestion, entries: number): ActDetails {
  const asked = { subject, action, from: from?.toISOString(), to: to?.toISOString(), before };
  const given = Object.entries(asked).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return { ...Object.fromEntries(given), entries };
}
