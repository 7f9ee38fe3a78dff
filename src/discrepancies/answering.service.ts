import type { Transaction } from 'kysely';
import { type AreaTree, isWithin, narrowTo } from '../access/areaTree.ts';
import type { RequestContext } from '../access/requestContext.ts';
import { type Areas, areasOf, assertMay } from '../access/viewer.ts';
import { recordingRefusal } from '../audit/refusal.ts';
import type { Clock } from '../clock.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import type { DiscrepancyFilter, DiscrepancyOutcome, DiscrepancyRecord } from './discrepancy.repository.ts';
import type { DiscrepancyRoom } from './discrepancy.service.ts';
import { readPlaceNote } from './placeNote.ts';

const READ = 'discrepancies.read';
const ANSWER = 'discrepancies.answer';

/** Which reports are asked for. */
export interface DiscrepancyQuestion extends Omit<DiscrepancyFilter, 'below'> {
  /** A grid by id or code: only reports that go to it and to those below. */
  readonly within?: string;
}

export interface DiscrepancyAnswer {
  readonly outcome: DiscrepancyOutcome;
  readonly answer: string;
  readonly changesetId?: string | null;
}

/**
 * Reports as those read and answer them who maintain an area: for grids in their areas, judged by the tree and again by
 * row security. A report that goes to no grid is there for whoever sees everything.
 */
export class AnsweringService {
  readonly #room: DiscrepancyRoom;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: DiscrepancyRoom, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** Newest first; one more than `limit`, if there is one. `within` a foreign grid gives as little as an unknown one. */
  async list({ viewer }: RequestContext, { within, ...filter }: DiscrepancyQuestion) {
    assertMay(viewer, READ, 'Query.discrepancies');
    const own = areasOf(viewer, READ);
    const roots = within === undefined ? own : narrowTo(this.#tree, own, within);
    const now = this.#clock();
    const below = roots === 'everywhere' ? undefined : { gridIds: roots, now };
    // The database is told of the whole area of the viewer, so that it also holds where the tree here is wrong.
    return inAreas(this.#room.db, own, now, (trx) =>
      this.#room.repository.list(trx, { ...filter, below, limit: filter.limit + 1 }),
    );
  }

  /** Throws NOT_FOUND for what is unknown or foreign, CONFLICT after a final answer, BAD_INPUT for the text. */
  async answer(by: RequestContext, id: string, given: DiscrepancyAnswer): Promise<DiscrepancyRecord> {
    const { db, audit } = this.#room;
    const within = <T>(areas: Areas, work: (trx: Transaction<Database>) => Promise<T>) =>
      inAreas(db, areas, this.#clock(), work);
    const object = { kind: 'discrepancy', id: isUuid(id) ? id : 'unknown' };
    const attempt = { right: ANSWER, field: 'Mutation.answerDiscrepancy', object } as const;
    return recordingRefusal({ audit, within }, by, attempt, (areas) =>
      within(areas, (trx) => this.#answer(trx, by, areas, id, given)),
    );
  }

  async #answer(
    trx: Transaction<Database>,
    by: RequestContext,
    areas: Areas,
    id: string,
    { outcome, answer, changesetId = null }: DiscrepancyAnswer,
  ): Promise<DiscrepancyRecord> {
    const { repository, audit } = this.#room;
    const text = readPlaceNote('answer', answer);
    if (text === null) throw new DomainError('BAD_INPUT', 'answer: say what was found.', { field: 'answer' });
    const report = isUuid(id) ? await repository.find(trx, id) : undefined;
    const grids = report?.gridId ? await repository.listPresent(trx, report.gridId) : [];
    if (!report || !this.#isWithin(areas, grids)) throw notFound('id', 'report', 'discrepancies');
    if (changesetId !== null && !(isUuid(changesetId) && (await repository.hasChangeset(trx, changesetId)))) {
      throw notFound('changesetId', 'changeset', 'changesets');
    }
    const answered = await repository.answer(trx, id, {
      outcome,
      answer: text,
      answeredAt: this.#clock(),
      changesetId,
    });
    if (!answered) throw notFound('id', 'report', 'discrepancies');
    await audit.record(trx, by, {
      action: ANSWER,
      object: { kind: 'discrepancy', id },
      gridId: grids.at(0) ?? report.gridId,
      result: 'DONE',
      details: { kind: report.kind, outcome, count: report.count, ...(changesetId ? { changeset: changesetId } : {}) },
    });
    return answered;
  }

  #isWithin(areas: Areas, gridIds: readonly string[]): boolean {
    return areas === 'everywhere' || gridIds.some((gridId) => isWithin(this.#tree, areas, gridId));
  }
}

/** The same words for what does not exist and for what is another's. */
function notFound(field: string, kind: string, list: string): DomainError {
  const message = `${field}: there is no ${kind} of this id; \`${list}\` lists those that you may see.`;
  return new DomainError('NOT_FOUND', message, { field });
}
