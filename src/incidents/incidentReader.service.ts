import type { Transaction } from 'kysely';
import type { AreaTree } from '../access/areaTree.ts';
import type { RequestContext } from '../access/requestContext.ts';
import { type Areas, assertMay } from '../access/viewer.ts';
import { readNumberedPart } from '../api/lists/numberedPage.ts';
import type { Page, PageRequest } from '../api/page.type.ts';
import { type RefusalBook, recordingRefusal } from '../audit/refusal.ts';
import type { Clock } from '../clock.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { isUuid } from '../ids.ts';
import type { TaskState } from './course/state.ts';
import type { Hands } from './desk/hands.ts';
import type { IncidentRoom } from './desk/incidentDesk.ts';
import { seenBy } from './desk/seenBy.ts';
import { notSeen } from './desk/standing.ts';
import type { IncidentParts, IncidentPlace, IncidentRecord, TrailEntry } from './incident.type.ts';
import type { IncidentFilter, ListsRepository, PushFilter, PushRecord } from './store/lists.repository.ts';
import { pageOf } from './store/page.ts';
import { readParts } from './store/readParts.ts';
import { areaOf } from './store/seenArea.ts';
import { getHeld } from './tasks/heldPosts.ts';
import type { TaskRepository } from './tasks/task.repository.ts';

type Trx = Transaction<Database>;

const UNSEAL = 'incidents.unseal';

/** Which incidents are asked for. */
export interface IncidentQuestion extends IncidentFilter {
  /** A grid by id or code: only what it and those below have to do with. */
  readonly within?: string | null;
  /** Only those with an open task of a post that the viewer holds now. */
  readonly assignedTo?: 'me' | null;
}

export interface PushQuestion extends PushFilter {
  readonly within?: string | null;
}

/** What only those who handle a matter may read. */
export interface Unsealed {
  readonly narrative: string | null;
  /** Exact. */
  readonly place: IncidentPlace;
}

/** Where incidents are read from. */
export interface ReadingRoom extends IncidentRoom {
  readonly tasks: TaskRepository;
  readonly lists: ListsRepository;
}

/**
 * Incidents as those read them whose areas have to do with them; row security shows no others. `within` a grid of
 * others gives as little as an unknown one. Every method throws UNAUTHENTICATED and FORBIDDEN without its right.
 */
export class IncidentReaderService {
  readonly #room: ReadingRoom;
  readonly #hands: Hands;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: ReadingRoom, hands: Hands, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#hands = hands;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** Newest first. Throws BAD_INPUT for the page. */
  async list(by: RequestContext, question: IncidentQuestion, wish: PageRequest): Promise<Page<IncidentRecord>> {
    const { within, assignedTo, ...filter } = question;
    const part = readNumberedPart('incidents', wish);
    const actor = assignedTo === 'me' ? this.#hands.actorOf(by.viewer) : undefined;
    const { lists, tasks } = this.#room;
    const found = await this.#look(by, 'Query.incidents', within, async (trx, areas) => {
      return lists.listIncidents(trx, filter, areas, part, actor && (await getHeld(trx, tasks, actor, 'assignedTo')));
    });
    return pageOf('incidents', found, part);
  }

  /** What was pushed between layers, newest first. Throws BAD_INPUT for the page. */
  async listPushes(
    by: RequestContext,
    { within, ...filter }: PushQuestion,
    wish: PageRequest,
  ): Promise<Page<PushRecord>> {
    const part = readNumberedPart('pushes', wish);
    const found = await this.#look(by, 'Query.pushes', within, (trx, areas) => {
      return this.#room.lists.listPushes(trx, filter, areas, part);
    });
    return pageOf('pushes', found, part);
  }

  /** What belongs to the incidents, as far as the viewer sees it, at once for all. */
  async partsOf(by: RequestContext, ids: readonly string[]): Promise<ReadonlyMap<string, IncidentParts>> {
    return this.#look(by, 'Query.incidents', null, (trx) => readParts(trx, ids.filter(isUuid)));
  }

  /** Those of the incidents that the viewer handles: holds a post with a task of it that was not given back. */
  async handledOf(by: RequestContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#look(by, 'Query.incidents', null, async (trx) => {
      return this.#handledOf(trx, by, await readParts(trx, ids.filter(isUuid)));
    });
  }

  /** The trail after a version, in order; at most 1,000 lines. Empty for what may not be seen. */
  async readTrail(by: RequestContext, id: string, afterVersion = 0, limit?: number): Promise<TrailEntry[]> {
    if (!isUuid(id)) return [];
    return this.#look(by, 'Query.incident', null, (trx) => {
      return this.#room.repository.readTrail(trx, id, afterVersion, limit);
    });
  }

  /**
   * Narrative and exact place, for whoever holds the post of a task of it that was neither declined nor withdrawn. Each
   * reading is recorded, refusals too. Throws NOT_FOUND; FORBIDDEN for those who see it but do not handle it.
   */
  unseal(by: RequestContext, id: string): Promise<Unsealed> {
    const { db, audit } = this.#room;
    const { viewer } = by;
    const now = this.#clock();
    const book: RefusalBook = { audit, within: (areas, work) => inAreas(db, areas, now, work) };
    const object = { kind: 'incident', id: isUuid(id) ? id : 'unknown' };
    return recordingRefusal(book, by, { right: UNSEAL, field: 'Incident.sealed', object }, (areas) =>
      seenBy(db, { viewer, areas, now }, (trx) => this.#unseal(trx, by, id)),
    );
  }

  async #unseal(trx: Trx, by: RequestContext, id: string): Promise<Unsealed> {
    const { repository, audit } = this.#room;
    const record = isUuid(id) ? await repository.find(trx, id) : undefined;
    if (!record) throw notSeen('id');
    const parts = await readParts(trx, [record.id]);
    if (!(await this.#handledOf(trx, by, parts)).has(record.id)) {
      const message =
        'id: only those who handle this incident read its narrative and exact place; you hold no post with a task of it.';
      throw new DomainError('FORBIDDEN', message, { field: 'id', right: UNSEAL });
    }
    const narrative = (await repository.readSealed(trx, record.id)) ?? null;
    const gridId = parts.get(record.id)!.parties[0]?.gridId ?? null;
    await audit.record(trx, by, {
      action: UNSEAL,
      object: { kind: 'incident', id: record.id },
      gridId,
      result: 'READ',
    });
    return { narrative, place: record.place };
  }

  /** Which of the incidents have a task, neither declined nor withdrawn, of a post that the viewer holds now. */
  async #handledOf(trx: Trx, { viewer }: RequestContext, parts: ReadonlyMap<string, Pick<IncidentParts, 'tasks'>>) {
    const held = [...parts].map(([id, { tasks }]) => {
      return { id, tasks: tasks.filter(({ status }) => status !== 'DECLINED' && status !== 'WITHDRAWN') };
    });
    const gridIds = new Set(held.flatMap(({ tasks }) => tasks.map(({ gridId }) => gridId)));
    const present = await this.#room.tasks.listPresent(trx, [...gridIds]);
    const isTheirs = (task: TaskState) => this.#hands.mayAct(viewer, task, present.get(task.gridId)) === 'HOLDER';
    return new Set(held.filter(({ tasks }) => tasks.some(isTheirs)).map(({ id }) => id));
  }

  /** In the viewer's area or the part of it that `within` names; what the login reported elsewhere only without it. */
  #look<T>(
    by: RequestContext,
    field: string,
    within: string | null | undefined,
    work: (trx: Trx, areas: Areas) => Promise<T>,
  ) {
    assertMay(by.viewer, 'incidents.read', field);
    const { areas, isNarrowed } = areaOf(by.viewer, this.#tree, within);
    const now = this.#clock();
    if (isNarrowed) return inAreas(this.#room.db, areas, now, (trx) => work(trx, areas));
    return seenBy(this.#room.db, { viewer: by.viewer, areas, now }, (trx) => work(trx, areas));
  }
}
