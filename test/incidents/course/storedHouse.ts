import { sql } from 'kysely';
import { inAreas } from '../../../src/db/areas.ts';
import { DomainError } from '../../../src/errors.ts';
import { applyChange, type IncidentChange } from '../../../src/incidents/course/change.ts';
import type { Command, CourseActor } from '../../../src/incidents/course/command.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState, PartyState } from '../../../src/incidents/course/state.ts';
import type { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import type { CourseHouse } from './courseWorld.ts';
import type { StoredWorld } from './storedWorld.ts';

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

/** All rows of an incident, counted and hashed, and whether its trail has a hole. */
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
  return (await inAreas(desk.db, 'everywhere', desk.now, (trx) => read.execute(trx))).rows[0];
}

/** What a step found and what it came to. */
export interface Written {
  readonly before: IncidentFile;
  readonly change: IncidentChange;
  /** As whoever wrote it says. */
  readonly after: IncidentFile;
}
export type Writer = (id: string, command: Command, actor: CourseActor, at: Date) => Promise<Written>;

/** Straight into the repository, everything in one transaction. */
export function repositoryWriter({ desk, course }: StoredWorld, repository: IncidentRepository): Writer {
  return (id, command, actor, at) =>
    inAreas(desk.db, 'everywhere', at, async (trx) => {
      const before = (await repository.lock(trx, id))!;
      const change = decide(before, command, actor, at, course);
      const after = await repository.write(trx, before, change, actor.subject, at);
      await sql`set constraints all immediate`.execute(trx);
      return { before, change, after };
    });
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

/**
 * An incident in the database. After every step it is read back: it must be what `applyChange` says, its trail must be
 * dense and tell the events of the change, and of what is refused no row may have changed. Throws Error, no DomainError,
 * where that is not so or where the database refused what the course allows.
 */
export class StoredHouse implements CourseHouse {
  readonly #stored: StoredWorld;
  readonly #write: Writer;
  /** After every step; it may try what is forbidden, and must leave nothing. */
  readonly #mischief: (incident: IncidentState) => Promise<void>;
  #incident: IncidentState;
  #print: Record<string, unknown> = {};

  private constructor(stored: StoredWorld, start: IncidentFile, write: Writer, mischief: StoredHouse['#mischief']) {
    this.#stored = stored;
    this.#incident = stateOf(start);
    this.#write = write;
    this.#mischief = mischief;
  }

  static async open(
    stored: StoredWorld,
    isFound: boolean,
    write: Writer,
    mischief: (incident: IncidentState) => Promise<void> = async () => {},
  ): Promise<StoredHouse> {
    const house = new StoredHouse(stored, await stored.file(isFound), write, mischief);
    house.#print = await house.#readPrint();
    return house;
  }

  read(): IncidentState {
    return this.#incident;
  }

  async act(command: Command, actor: CourseActor, at: Date): Promise<IncidentState> {
    const version = this.#incident.version;
    try {
      const written = await this.#write(this.#incident.id, command, actor, at);
      await this.#assertWritten(written, actor, at);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (isOfDatabase(error)) throw new Error('the database refuses what the course allows', { cause: error });
      await this.#assertSame(`refused with ${error.code}`);
      throw error;
    } finally {
      // What was refused now and then stands before something forbidden too.
      if (this.#incident.version >= version) await this.#mischief(this.#incident);
    }
    await this.#assertSame('after mischief');
    return this.#incident;
  }

  async #assertWritten({ before, change, after }: Written, actor: CourseActor, at: Date): Promise<void> {
    const [found, known] = [textOf(stateOf(before)), textOf(this.#incident)];
    if (found !== known) throw new Error(`found:    ${found}\nknown: ${known}`);
    const expected = textOf(stateOf(applyChange(before, change)));
    const { desk } = this.#stored;
    const [file, trail] = await inAreas(desk.db, 'everywhere', at, async (trx) => [
      (await desk.repository.lock(trx, before.id))!,
      await desk.repository.readTrail(trx, before.id, before.version),
    ]);
    for (const [what, seen] of [
      ['read back', file],
      ['told', after],
    ] as const) {
      const text = textOf(stateOf(seen));
      if (text !== expected) throw new Error(`${what}: ${text}\nexpected: ${expected}`);
    }
    const owners = file.parties.filter(({ reason }) => reason === 'OWNER').map(({ gridId }) => gridId);
    const told = trail.map(({ kind, act, details, gridIds, by, at, version }) =>
      textOf([version, kind, act, details, gridIds.toSorted(), by, at]),
    );
    const events = change.events.map(({ kind, act, details, gridIds }, i) =>
      textOf([before.version + 1 + i, kind, act, details, (gridIds ?? owners).toSorted(), actor.subject, at]),
    );
    if (textOf(told) !== textOf(events)) throw new Error(`trail:    ${told}\nexpected: ${events}`);
    this.#incident = stateOf(file);
    const print = await this.#readPrint();
    if (change.events.length === 0 && textOf(print) !== textOf(this.#print)) throw new Error('nothing to do was written');
    this.#print = print;
  }

  async #assertSame(when: string): Promise<void> {
    const print = await this.#readPrint();
    if (textOf(print) !== textOf(this.#print)) throw new Error(`${when}, and rows changed: ${textOf(print)}`);
  }

  async #readPrint(): Promise<Record<string, unknown>> {
    const print = await printOf(this.#stored, this.#incident.id);
    if (print.isDense !== true) throw new Error(`the trail has a hole: ${textOf(print)}`);
    return print;
  }
}
