import type { Kysely, Transaction } from 'kysely';
import type { ErrorLog, RequestContext } from '../../access/requestContext.ts';
import { systemViewer } from '../../access/viewer.ts';
import { refusalCode } from '../../audit/refusal.ts';
import type { Clock } from '../../clock.ts';
import { inEveryArea } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import type { Command } from '../course/command.ts';
import type { IncidentDesk } from '../desk/incidentDesk.ts';
import type { IncidentFile } from '../incident.type.ts';
import type { RoutedMatter, Routing } from '../routing/route.type.ts';
import type { DueTask, DueTaskRepository } from './dueTask.repository.ts';
import { lateClimbOf, overdueOf } from './lateness.ts';
import type { MatterReader } from './matterReader.ts';

const OVERSEER = systemViewer('oversight');
const EVERY_MS = 30_000;
const AT_ONCE = 50;
/** What was refused is tried again after so long, so that one broken matter is not written to the audit twice a minute. */
const REST_MS = 600_000;
/** A process that fell between telling of a late task and the climb is back, or another is, within this time. */
const LOOK_BACK_MS = 86_400_000;

export interface DueReport {
  /** Tasks that were found late, and told of. */
  readonly overdue: number;
  readonly climbed: number;
  readonly failed: number;
}

export interface DueRoom {
  readonly db: Kysely<Database>;
  readonly repository: DueTaskRepository;
  readonly clock: Clock;
  readonly log: ErrorLog;
}

/** Somebody else was faster, or it is not due. Rolls back, and is no refusal. */
class NothingDue extends Error {}

/**
 * What the clock brings to incidents: a late task is told to the supervisor, once, and takes the matter to the next rung
 * where the ladder says so. Each is done by itself under the lock of its incident, where it is judged again, so any
 * number of servers may do this at the same time, and a matter that fails stops no other.
 */
export class DueWork {
  readonly #room: DueRoom;
  readonly #desk: Pick<IncidentDesk, 'act'>;
  readonly #routing: Pick<Routing, 'rungsOf' | 'supervisors' | 'at'>;
  readonly #matters: Pick<MatterReader, 'read'>;
  /** Until when what was refused is left alone, by the id of its task or incident. */
  readonly #resting = new Map<string, number>();
  /** Incidents of which a late task was told and that may have to climb. */
  readonly #told = new Set<string>();
  #lookedBack = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<DueReport> | undefined;
  #closed = false;

  constructor(
    room: DueRoom,
    desk: Pick<IncidentDesk, 'act'>,
    routing: Pick<Routing, 'rungsOf' | 'supervisors' | 'at'>,
    matters: Pick<MatterReader, 'read'>,
  ) {
    this.#room = room;
    this.#desk = desk;
    this.#routing = routing;
    this.#matters = matters;
  }

  /** Looks every 30 seconds, until `close`. */
  start(): void {
    const look = () =>
      this.run().catch((err: unknown) => this.#room.log.error({ err }, 'What is due could not be read.'));
    this.#timer = setInterval(look, EVERY_MS);
    this.#timer.unref();
  }

  /** Resolves when nothing of it runs any more. What is not done yet is found again. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => undefined);
  }

  /** Does what is due now. While that goes on, asking again waits for the same. */
  run(): Promise<DueReport> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<DueReport> {
    const report = { overdue: 0, climbed: 0, failed: 0 };
    const count = (result: 'DONE' | 'NOTHING' | 'FAILED', done: 'overdue' | 'climbed') => {
      if (result !== 'NOTHING') report[result === 'DONE' ? done : 'failed'] += 1;
    };
    const now = this.#room.clock();
    this.#forgetRested(now);
    let last: DueTask | undefined;
    do {
      const late: DueTask[] = await this.#read((trx) => this.#room.repository.listLate(trx, now, last, AT_ONCE));
      last = late.at(-1);
      for (const task of late) count(await this.#tell(task), 'overdue');
    } while (last && !this.#closed);
    await this.#lookBack(now);
    for (const id of [...this.#told]) count(await this.#climb(id), 'climbed');
    return report;
  }

  async #tell({ incidentId, taskId }: DueTask) {
    const result = await this.#act(incidentId, taskId, (incident, matter, at) =>
      overdueOf(incident, taskId, at, { matter, routing: this.#routing }),
    );
    if (result === 'DONE') this.#told.add(incidentId);
    return result;
  }

  async #climb(id: string) {
    const result = await this.#act(id, id, (incident, matter, at) => lateClimbOf(incident, matter, this.#routing, at));
    if (result === 'DONE' || (result === 'NOTHING' && !this.#closed && !this.#resting.has(id))) this.#told.delete(id);
    return result;
  }

  async #act(
    id: string,
    key: string,
    choose: (incident: IncidentFile, matter: RoutedMatter, at: Date) => Command | undefined,
  ): Promise<'DONE' | 'NOTHING' | 'FAILED'> {
    if (this.#closed || this.#resting.has(key)) return 'NOTHING';
    const deed = { field: 'oversight', right: 'incidents.direct', id } as const;
    try {
      await this.#desk.act(this.#overseer(), deed, (incident, _actor, at) => {
        const command = choose(incident, this.#matters.read(incident, at), at);
        if (!command) throw new NothingDue();
        return command;
      });
      return 'DONE';
    } catch (error) {
      if (error instanceof NothingDue) return 'NOTHING';
      // A refusal stands until somebody changes something; a database that is busy is asked again next time.
      if (refusalCode(OVERSEER, error)) this.#resting.set(key, this.#room.clock().getTime() + REST_MS);
      this.#room.log.error({ err: error, incident: id }, 'What is due on an incident could not be done.');
      return 'FAILED';
    }
  }

  /** Once in a process: what another left half done. */
  async #lookBack(now: Date): Promise<void> {
    if (this.#lookedBack) return;
    const since = new Date(now.getTime() - LOOK_BACK_MS);
    let last: string | undefined;
    do {
      const after = last;
      const told = await this.#read((trx) => this.#room.repository.listTold(trx, since, after, AT_ONCE));
      last = told.at(-1);
      for (const id of told) this.#told.add(id);
    } while (last && !this.#closed);
    this.#lookedBack = true;
  }

  #forgetRested(now: Date): void {
    for (const [key, until] of this.#resting) if (until <= now.getTime()) this.#resting.delete(key);
  }

  #read<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inEveryArea(this.#room.db, work);
  }

  #overseer(): RequestContext {
    return { viewer: OVERSEER, requestId: 'oversight', log: this.#room.log };
  }
}
