import type { Kysely, Transaction } from 'kysely';
import type { AreaTree } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Action } from '../../access/rights.ts';
import { areasOf, assertMay } from '../../access/viewer.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../../audit/refusal.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { isUuid } from '../../ids.ts';
import type { Command, CourseActor } from '../course/command.ts';
import { decide } from '../course/decide.ts';
import type { TaskState } from '../course/state.ts';
import type { IncidentRepository, OpenedIncident } from '../incident.repository.ts';
import type { IncidentFile, IncidentRecord } from '../incident.type.ts';
import type { Hands } from './hands.ts';
import { seenBy } from './seenBy.ts';
import { assertInHand, assertOwned, detailsOf, notSeen } from './standing.ts';

type Trx = Transaction<Database>;

/** What somebody is about to do. */
export interface Deed {
  /** The field of GraphQL by which it was asked, as `Mutation.handleTask`. */
  readonly field: string;
  readonly right: Action;
  /** The incident, or for `actOnTask` the task. */
  readonly id: string;
}

/** Where incidents are stored, and acts recorded. */
export interface IncidentRoom {
  readonly db: Kysely<Database>;
  readonly repository: IncidentRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/** What the ground says: the tree by which areas are judged, and the layers by their codes. */
export interface DeskGround {
  readonly tree: AreaTree;
  layerIds(): ReadonlyMap<string, number>;
}

type Choose = (incident: IncidentFile, actor: CourseActor, at: Date) => Command | Promise<Command>;
type ChooseOnTask = (
  incident: IncidentFile,
  task: TaskState,
  actor: CourseActor,
  at: Date,
) => Command | Promise<Command>;

/** One attempt at a deed, in its transaction. */
interface Attempt {
  readonly trx: Trx;
  readonly by: RequestContext;
  readonly deed: Deed;
  /** What it is about, as ids name it: `id` or `taskId`. */
  readonly named: 'id' | 'taskId';
  readonly at: Date;
}

/**
 * The counter at which incidents are changed: one writer at a time for each, judged by the state that it is in, by whom
 * it may be, and recorded in the transaction that writes it; refusals too.
 */
export class IncidentDesk {
  readonly #room: IncidentRoom;
  readonly #hands: Hands;
  readonly #ground: DeskGround;
  readonly #clock: Clock;

  constructor(room: IncidentRoom, hands: Hands, ground: DeskGround, clock: Clock) {
    this.#room = room;
    this.#hands = hands;
    this.#ground = ground;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock();
  }

  /**
   * Does what `choose` says about an incident. Who directs must own it: a task or a push there is not enough. Throws
   * NOT_FOUND for what is not seen, FORBIDDEN, and CONFLICT or BAD_INPUT as the course of the incident judges.
   * `choose` may run again after a deadlock, and must not use another connection.
   */
  act(by: RequestContext, deed: Deed, choose: Choose): Promise<IncidentFile> {
    return this.#perform(by, deed, 'id', async (attempt) => {
      const { incident, seen } = await this.#open(attempt);
      const actor = this.#hands.actorOf(by.viewer);
      const command = await choose(incident, actor, attempt.at);
      assertOwned(deed.right, command, incident, seen);
      return this.#write(attempt, incident, command, actor);
    });
  }

  /**
   * The same about a task. Without the right to direct it must be in the viewer's hands: as the holder of its post now,
   * or at the desk of an area that its grid lies in. Throws FORBIDDEN for others.
   */
  actOnTask(by: RequestContext, deed: Deed, choose: ChooseOnTask): Promise<IncidentFile> {
    return this.#perform(by, deed, 'taskId', async (attempt) => {
      const { incident, seen, present } = await this.#open(attempt);
      const task = incident.tasks.find(({ id }) => id === deed.id.toLowerCase())!;
      if (deed.right !== 'incidents.direct') assertInHand(this.#hands.mayAct(by.viewer, task, present), task);
      const actor = this.#hands.actorOf(by.viewer, task, present);
      const command = await choose(incident, task, actor, attempt.at);
      assertOwned(deed.right, command, incident, seen);
      return this.#write(attempt, incident, command, actor);
    });
  }

  /** Throws NOT_FOUND, also for one that may not be seen. */
  async get(by: RequestContext, field: string, id: string): Promise<IncidentRecord> {
    assertMay(by.viewer, 'incidents.read', field);
    const record = await this.find(by, id);
    if (record) return record;
    throw notSeen('id');
  }

  /** The incident, if there is one that the viewer may see: of the area, or reported by this login. */
  async find({ viewer }: RequestContext, id: string): Promise<IncidentRecord | undefined> {
    assertMay(viewer, 'incidents.read', 'Query.incident');
    if (!isUuid(id)) return undefined;
    const look = { viewer, areas: areasOf(viewer, 'incidents.read'), now: this.#clock() };
    return seenBy(this.#room.db, look, (trx) => this.#room.repository.find(trx, id));
  }

  #perform<T>(
    by: RequestContext,
    deed: Deed,
    named: Attempt['named'],
    work: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { db, audit } = this.#room;
    const { right, field, id } = deed;
    const book: RefusalBook = { audit, within: (areas, write) => inAreas(db, areas, this.#clock(), write) };
    const object = { kind: named === 'id' ? 'incident' : 'task', id: isUuid(id) ? id : 'unknown' };
    return recordingRefusal(book, by, { right, field, object, details: { field } }, async (areas) => {
      if (!isUuid(id)) throw notSeen(named);
      const at = this.#clock();
      return seenBy(db, { viewer: by.viewer, areas, now: at }, (trx) => work({ trx, by, deed, named, at }));
    });
  }

  /** Locked, and from here on everything may be written: a matter is handed on to grids of others. */
  async #open({ trx, deed, named }: Attempt): Promise<OpenedIncident> {
    const name = named === 'id' ? { id: deed.id } : { taskId: deed.id };
    const opened = await this.#room.repository.open(trx, name);
    if (!opened) throw notSeen(named);
    return opened;
  }

  async #write({ trx, by, deed, at }: Attempt, before: IncidentFile, command: Command, actor: CourseActor) {
    const change = decide(before, command, actor, at, { layerIds: this.#ground.layerIds() });
    if (change.events.length === 0) return before;
    const after = await this.#room.repository.write(trx, before, change, actor.subject, at);
    const owners = after.parties.filter(({ reason }) => reason === 'OWNER');
    await this.#room.audit.record(trx, by, {
      ...{ action: deed.right, object: { kind: 'incident', id: after.id }, result: 'DONE' },
      gridId: owners[0]?.gridId ?? null,
      details: detailsOf(deed.field, command, after),
    });
    return after;
  }
}
