import type { Kysely, Transaction } from 'kysely';
import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { type Areas, assertMay } from '../../access/viewer.ts';
import { readNumberedPart } from '../../api/lists/numberedPage.ts';
import type { Page, PageRequest } from '../../api/page.type.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { isUuid } from '../../ids.ts';
import type { Hands } from '../desk/hands.ts';
import { seenBy } from '../desk/seenBy.ts';
import { pageOf } from '../store/page.ts';
import { areaOf, type SeenArea } from '../store/seenArea.ts';
import { getHeld } from './heldPosts.ts';
import type { TaskCount, TaskFilter, TaskRecord, TaskRepository, Tops } from './task.repository.ts';

type Trx = Transaction<Database>;

/** Which tasks are asked for: of one incident all that may be seen, else what is asked of posts in the area. */
export interface TaskQuestion extends Omit<TaskFilter, 'areas' | 'overdue' | 'held'> {
  /** A grid by id or code: only what is asked of posts on it and those below. */
  readonly within?: string | null;
  /** Waiting past its time now, or not so. */
  readonly overdue?: boolean | null;
  /** Only of posts that the viewer holds now, as a person or in a body. */
  readonly mine?: boolean | null;
}

export type CountBy = 'STATUS' | 'GRID';

/** Where tasks are read from. */
export interface TaskRoom {
  readonly db: Kysely<Database>;
  readonly tasks: TaskRepository;
}

/** Tasks as the areas read them whose posts are to do them. Every method throws UNAUTHENTICATED and FORBIDDEN. */
export class TaskReaderService {
  readonly #room: TaskRoom;
  readonly #hands: Hands;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: TaskRoom, hands: Hands, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#hands = hands;
    this.#tree = tree;
    this.#clock = clock;
  }

  /** Newest first. Throws BAD_INPUT for the page, and for `mine` of a login that names no member of staff. */
  async list(by: RequestContext, question: TaskQuestion, wish: PageRequest): Promise<Page<TaskRecord>> {
    const part = readNumberedPart('tasks', wish);
    const found = await this.#look(by, 'Query.tasks', question, (trx, filter) => {
      return this.#room.tasks.list(trx, filter, part);
    });
    return pageOf('tasks', found ?? { records: [], total: 0 }, part);
  }

  /**
   * How many there are in each state, or for each child of `within`: of the viewer's areas or all roots where it is left
   * out. The counts add up to those of the list: what is at none of the children has no grid.
   */
  async count(by: RequestContext, question: TaskQuestion, groupBy: CountBy): Promise<TaskCount[]> {
    const counts = await this.#look(by, 'Query.taskCounts', question, (trx, filter) => {
      if (groupBy === 'STATUS') return this.#room.tasks.countByStatus(trx, filter);
      return this.#room.tasks.countByGrid(trx, filter, topsOf(filter.areas, question.within));
    });
    return counts ?? [];
  }

  /** The task, if there is one that the viewer may see. */
  async find(by: RequestContext, id: string): Promise<TaskRecord | undefined> {
    if (!isUuid(id)) return undefined;
    return this.#look(by, 'Query.task', {}, (trx) => this.#room.tasks.find(trx, id));
  }

  /** Undefined, without asking, where an id is none. */
  async #look<T>(
    by: RequestContext,
    field: string,
    { within, overdue, mine, ...filter }: TaskQuestion,
    work: (trx: Trx, filter: TaskFilter) => Promise<T>,
  ): Promise<T | undefined> {
    assertMay(by.viewer, 'incidents.read', field);
    const { incidentId, batchId } = filter;
    if ([incidentId, batchId].some((id) => id != null && !isUuid(id))) return undefined;
    const at = this.#clock();
    const seen = areaOf(by.viewer, this.#tree, within);
    return this.#inArea(by, seen, at, async (trx) => {
      const held = mine ? await getHeld(trx, this.#room.tasks, this.#hands.actorOf(by.viewer), 'mine') : undefined;
      const late = overdue == null ? undefined : { is: overdue, at };
      return work(trx, { ...filter, areas: seen.areas, held, overdue: late });
    });
  }

  #inArea<T>({ viewer }: RequestContext, { areas, isNarrowed }: SeenArea, now: Date, work: (trx: Trx) => Promise<T>) {
    return isNarrowed ? inAreas(this.#room.db, areas, now, work) : seenBy(this.#room.db, { viewer, areas, now }, work);
  }
}

function topsOf(areas: Areas, within: string | null | undefined): Tops {
  if (areas === 'everywhere') return 'roots';
  return within == null || areas.length !== 1 ? { grids: areas } : { below: areas[0] };
}
