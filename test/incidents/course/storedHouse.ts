import { sql, type Transaction } from 'kysely';
import { inAreas } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { DomainError } from '../../../src/errors.ts';
import { applyChange, type IncidentChange } from '../../../src/incidents/course/change.ts';
import type { Command, CourseActor } from '../../../src/incidents/course/command.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState, PartyState } from '../../../src/incidents/course/state.ts';
import type { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import type { IncidentFile, TrailEntry } from '../../../src/incidents/incident.type.ts';
import { asSuperuser } from '../../support/database.ts';
import type { CourseHouse } from './courseWorld.ts';
import type { StoredWorld } from './storedWorld.ts';

type Trx = Transaction<Database>;

const nameOf = ({ reason, gridId }: PartyState) => `${reason} ${gridId}`;
const order = <T>(list: readonly T[], name: (each: T) => string) =>
  list.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
/** Names of fields in their order, so that the same is the same text. */
const inOrder = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(order(Object.entries(value), ([name]) => name))
    : value;

/** What the course knows of an incident; parties and links in an order of their own, which means nothing. */
export function stateOf(file: IncidentFile | IncidentState): IncidentState {
  const { position: _, summary: __, place: ___, ...state } = file as IncidentFile;
  const parties = order(state.parties, nameOf);
  return { ...state, parties, links: order(state.links, ({ otherId }) => otherId) };
}
export const textOf = (value: unknown) => JSON.stringify(value, inOrder);

/** Whether the database said it: then the course had allowed it. */
export const isOfDatabase = (error: unknown) => error instanceof DomainError && error.cause !== undefined;

const TABLES = ['incident_party', 'incident_event', 'task', 'mediation_attempt', 'incident_push', 'incident_link'];

/** All rows of an incident, counted and hashed, and whether its trail has a hole. Without row security, to be quick. */
async function printOf({ desk }: StoredWorld, id: string): Promise<Record<string, unknown>> {
  const parts = TABLES.map(
    (table) => sql`(select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '')
      from ${sql.table(table)} t where t.incident_id = i.id) as ${sql.ref(table)}`,
  );
  const read = sql<Record<string, unknown>>`
    select md5(i::text) as incident, ${sql.join(parts)},
      (select count(*) = i.version and min(e.version) = 1 and max(e.version) = i.version
        from incident_event e where e.incident_id = i.id) as "isDense"
    from incident i where i.id = ${id}::uuid`;
  return (await asSuperuser(desk.db, (trx) => read.execute(trx))).rows[0];
}

/** What a step found and what it came to. */
export interface Written {
  readonly before: IncidentFile;
  readonly change: IncidentChange;
  /** As whoever wrote it says. */
  readonly after: IncidentFile;
}
export type Writer = (id: string, command: Command, actor: CourseActor, at: Date) => Promise<Written>;

/** Straight into the repository, everything in one transaction. `asOwner`: without row security, which is quicker. */
export function repositoryWriter(
  { desk, course }: StoredWorld,
  repository: IncidentRepository,
  asOwner = false,
): Writer {
  return (id, command, actor, at) => {
    const work = async (trx: Trx): Promise<Written> => {
      const before = (await repository.lock(trx, id))!;
      const change = decide(before, command, actor, at, course);
      const after = await repository.write(trx, before, change, actor.subject, at);
      await sql`set constraints all immediate`.execute(trx);
      return { before, change, after };
    };
    return asOwner ? asSuperuser(desk.db, work) : inAreas(desk.db, 'everywhere', at, work);
  };
}

const BY_HAND: readonly Command['do'][] = ['ACKNOWLEDGE', 'ARRIVE', 'HANDLE', 'DECLINE', 'ATTEMPT'];

/** Through the desk, with viewer, rights and audit; what is done to a task by a dispatcher, on behalf. */
export function deskWriter({ desk, course, viewers }: StoredWorld): Writer {
  return async (id, command, actor, at) => {
    desk.now = at;
    const by = viewers.get(actor.subject)!;
    const isDesk = by.viewer.grants.some(({ role }) => role === 'dispatcher');
    let seen: { before: IncidentFile; change: () => IncidentChange } | undefined;
    const choose = (before: IncidentFile, who: CourseActor, now: Date) => {
      if (textOf([who, now]) !== textOf([actor, at])) throw new Error(`acts as ${textOf([who, now])}`);
      seen = { before, change: () => decide(before, command, who, now, course) };
      return command;
    };
    const deed = { field: 'Mutation.test', right: 'incidents.direct', id } as const;
    const after =
      'taskId' in command && isDesk
        ? await desk.desk.actOnTask(
            by,
            { ...deed, id: command.taskId, right: BY_HAND.includes(command.do) ? 'incidents.handle' : deed.right },
            (before, _task, who, now) => choose(before, who, now),
          )
        : await desk.desk.act(by, deed, choose);
    const { before, change } = seen!;
    return { before, change: change(), after };
  };
}

/** After every step; it tries what the database forbids, and must leave nothing. False where it did not try. */
export type Mischief = (incident: IncidentState) => Promise<boolean>;

/** As a line of the trail should be. */
type Told = Pick<TrailEntry, 'version' | 'kind' | 'act' | 'details' | 'gridIds' | 'by' | 'at'>;
const textOfEvent = ({ version, kind, act, details, gridIds, by, at }: Told) =>
  textOf([version, kind, act, details, gridIds.toSorted(), by, at]);

function assertText(what: string, seen: string, expected: string): void {
  if (seen !== expected) throw new Error(`${what}: ${seen}\nexpected: ${expected}`);
}

/**
 * An incident in the database. Every step finds it as `applyChange` left it before, its trail is dense and tells the
 * events of the changes, and of what is refused no row has changed. Throws Error, no DomainError, where that is not so or
 * where the database refused what the course allows.
 */
export class StoredHouse implements CourseHouse {
  readonly #stored: StoredWorld;
  readonly #write: Writer;
  readonly #mischief: Mischief;
  readonly #told: string[] = [];
  #incident: IncidentState;
  #print: Record<string, unknown> = {};

  private constructor(stored: StoredWorld, start: IncidentFile, write: Writer, mischief: Mischief) {
    this.#stored = stored;
    this.#incident = stateOf(start);
    this.#write = write;
    this.#mischief = mischief;
  }

  static async open(
    stored: StoredWorld,
    isFound: boolean,
    write: Writer,
    mischief: Mischief = async () => false,
  ): Promise<StoredHouse> {
    const house = new StoredHouse(stored, await stored.file(isFound), write, mischief);
    house.#print = await house.#readPrint();
    return house;
  }

  read(): IncidentState {
    return this.#incident;
  }

  async act(command: Command, actor: CourseActor, at: Date): Promise<IncidentState> {
    const refused = await this.#try(command, actor, at);
    if (refused) await this.#assertSame(`refused with ${refused.code}`);
    if (await this.#mischief(this.#incident)) await this.#assertSame('mischief was refused');
    if (refused) throw refused;
    return this.#incident;
  }

  /** Throws Error where it is not as the last step left it, or its trail tells something else. */
  async assertKept(): Promise<void> {
    const { desk } = this.#stored;
    const { id } = this.#incident;
    const [file, trail] = await inAreas(desk.db, 'everywhere', desk.now, async (trx) => [
      (await desk.repository.lock(trx, id))!,
      await desk.repository.readTrail(trx, id, 1),
    ]);
    assertText('kept', textOf(stateOf(file)), textOf(this.#incident));
    assertText('trail', textOf(trail.map(textOfEvent)), textOf(this.#told));
  }

  /** The refusal, if it was refused. */
  async #try(command: Command, actor: CourseActor, at: Date): Promise<DomainError | undefined> {
    try {
      await this.#take(await this.#write(this.#incident.id, command, actor, at), actor, at);
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (isOfDatabase(error)) throw new Error(`refused by the database: ${error.message}`, { cause: error });
      return error;
    }
  }

  async #take({ before, change, after }: Written, actor: CourseActor, at: Date): Promise<void> {
    assertText('found', textOf(stateOf(before)), textOf(this.#incident));
    this.#incident = stateOf(applyChange(before, change));
    assertText('told', textOf(stateOf(after)), textOf(this.#incident));
    const owners = this.#incident.parties.filter(({ reason }) => reason === 'OWNER').map(({ gridId }) => gridId);
    for (const [i, { gridIds = owners, ...event }] of change.events.entries()) {
      this.#told.push(textOfEvent({ ...event, version: before.version + 1 + i, gridIds, by: actor.subject, at }));
    }
    if (change.events.length === 0) await this.#assertSame('nothing was to be done');
    else this.#print = await this.#readPrint();
  }

  async #assertSame(when: string): Promise<void> {
    assertText(`rows after ${when}`, textOf(await this.#readPrint()), textOf(this.#print));
  }

  async #readPrint(): Promise<Record<string, unknown>> {
    const print = await printOf(this.#stored, this.#incident.id);
    if (print.isDense !== true) throw new Error(`the trail has a hole: ${textOf(print)}`);
    return print;
  }
}
