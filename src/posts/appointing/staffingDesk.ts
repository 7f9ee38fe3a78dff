import type { Kysely, Transaction } from 'kysely';
import { type AreaTree, findWithin, isWithin, lowestAbove } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import { readClientKey } from '../../api/input/clientKey.ts';
import type { ActDetails } from '../../audit/act.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../../audit/refusal.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import { type ActAnswer, hashOf, type StaffingRepository, type WrittenAct } from './staffing.repository.ts';

type Trx = Transaction<Database>;

const MANAGE = 'staff.manage';

/** What guards an act against another in between and against being done twice. */
export interface Guard {
  readonly expectedEdition?: number | null;
  readonly clientKey?: string | null;
}

/** A mutation as it was sent. */
export interface StaffingRequest {
  readonly field: string;
  readonly input: unknown;
  readonly guard: Guard;
}

/** What is to be published, found right before the publication begins. */
export interface StaffingPlan {
  /** Title of the edition, which everybody may read. */
  readonly title: string;
  /** When it begins in the world. */
  readonly at: Date;
  /** The grids that it concerns. */
  readonly gridIds: readonly string[];
  readonly object: { readonly kind: string; readonly id: string };
  readonly details: ActDetails;
  /** Reads again, writes, and says what to answer with. Nobody else publishes meanwhile. */
  write(trx: Trx, edition: number): Promise<ActAnswer>;
}

/** An act that was published, now or when it was first asked for. */
export type DoneAct = Pick<WrittenAct, 'edition' | 'answer'>;

/** Where acts are written, and where those are recorded that were refused. */
export interface StaffingRoom {
  readonly db: Kysely<Database>;
  readonly editions: EditionService;
  readonly repository: StaffingRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** The same key came while the first request was being published. */
class DoneBefore extends Error {
  readonly act: WrittenAct;

  constructor(act: WrittenAct) {
    super('Done before');
    this.act = act;
  }
}

/**
 * Takes the acts of those who manage staff: for grids in their own areas, judged by the tree and again by row security;
 * each act one edition, recorded in the transaction that publishes it, and answered again where its key comes again.
 */
export class StaffingDesk {
  readonly #room: StaffingRoom;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: StaffingRoom, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** Whether a grid is in the areas, as the tree stands now. */
  isWithin(areas: Areas, gridId: string): boolean {
    return isWithin(this.#tree, areas, gridId);
  }

  /** The id of a grid in the areas that an id or code names; undefined for one outside just as for none. */
  findGridId(areas: Areas, idOrCode: string): string | undefined {
    return findWithin(this.#tree, areas, idOrCode);
  }

  /** Reads what row security shows in the areas. */
  read<T>(areas: Areas, work: (trx: Trx) => Promise<T>): Promise<T> {
    return inAreas(this.#room.db, areas, this.#clock(), work);
  }

  /** Throws UNAUTHENTICATED, FORBIDDEN, CONFLICT, BAD_INPUT, and whatever `plan` and its `write` throw. */
  async perform(
    by: RequestContext,
    request: StaffingRequest,
    plan: (areas: Areas) => Promise<StaffingPlan>,
  ): Promise<DoneAct> {
    const { field } = request;
    const book: RefusalBook = { audit: this.#room.audit, within: (areas, work) => this.read(areas, work) };
    const attempt = { right: MANAGE, field, object: { kind: 'staff', id: 'unknown' }, details: { field } } as const;
    return recordingRefusal(book, by, attempt, (areas) => this.#perform(by, request, areas, plan));
  }

  async #perform(
    by: RequestContext,
    { field, input, guard }: StaffingRequest,
    areas: Areas,
    plan: (areas: Areas) => Promise<StaffingPlan>,
  ): Promise<DoneAct> {
    const { repository, editions } = this.#room;
    const inputHash = hashOf(field, JSON.stringify(input)).toString('hex');
    const keyHash = readKey(guard.clientKey, by.viewer.subject);
    const earlier = keyHash && (await this.read(areas, (trx) => repository.findAct(trx, keyHash)));
    if (earlier) return this.#again(earlier, inputHash);
    const { title, at, gridIds, object, details, write } = await plan(areas);
    try {
      const { edition, result } = await editions.publish(
        title,
        async (trx, edition) => {
          const meanwhile = keyHash && (await repository.findAct(trx, keyHash));
          if (meanwhile) throw new DoneBefore(meanwhile);
          assertExpected(guard.expectedEdition, edition);
          const answer = await write(trx, edition);
          if (keyHash) await repository.insertAct(trx, keyHash, { inputHash, edition, answer });
          return answer;
        },
        {
          effectiveAt: at,
          by,
          areas,
          act: () => ({ action: MANAGE, object, gridId: lowestAbove(this.#tree, gridIds), result: 'DONE', details }),
        },
      );
      return { edition, answer: result };
    } catch (error) {
      if (error instanceof DoneBefore) return this.#again(error.act, inputHash);
      throw error;
    }
  }

  /** An act that this or another server did. Its edition may not be shown here yet. */
  async #again(act: WrittenAct, inputHash: string): Promise<DoneAct> {
    if (act.inputHash !== inputHash) {
      const message =
        'clientKey: it was used for something else; take a new one for each act, and the same for a retry only.';
      throw new DomainError('CONFLICT', message, { field: 'clientKey' });
    }
    if (this.#room.editions.latest < act.edition) await this.#room.editions.catchUp();
    return act;
  }
}

function readKey(clientKey: string | null | undefined, subject: string): Buffer | undefined {
  const own = readClientKey('clientKey', clientKey);
  return own === undefined ? undefined : hashOf(subject, own);
}

function assertExpected(expected: number | null | undefined, edition: number): void {
  if (expected == null || edition === expected + 1) return;
  const message = `expectedEdition: edition ${edition - 1} is published by now, not ${expected}. Read again and retry.`;
  throw new DomainError('CONFLICT', message, { field: 'expectedEdition', latest: edition - 1 });
}
