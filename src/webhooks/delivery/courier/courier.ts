import { DomainError } from '../../../errors.ts';
import type { FeedEvent } from '../../../feed/feedEvent.ts';
import type { FeedFilter } from '../../../feed/feedFilter.ts';
import type { LogPart } from '../../../feed/reading/logReader.ts';
import type { HeadReader } from '../../../feed/reading/tail.ts';
import type { StopReason } from '../../endpoint.type.ts';
import type { Office } from '../office.ts';
import type { ReadMark } from '../outcome.ts';
import { bodyOf } from '../sending/cloudEvent.ts';
import { judge, type Run } from './judging.ts';
import { Marks } from './marks.ts';
import { replayNext } from './replaying.ts';
import { filterOf, isForIt, type Standing } from './standing.ts';
import { Warrant } from './warrant.ts';

/** Attempts that may wait to be marked. So many events at most are sent again after a kill. */
const MOST_UNMARKED = 8;

/** A number: wait so many milliseconds, then the same event again. */
type Step = 'NEXT' | 'REREAD' | 'END' | number;

/** Delivers to one endpoint, one event after the other, while this server has its lease. */
export class Courier implements HeadReader {
  filter: FeedFilter;
  readonly #office: Office;
  readonly #warrant: Warrant;
  readonly #marks: Marks;
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  #run: Run;
  #wake: (() => void) | undefined;
  #offered = false;
  #replayDue = true;

  constructor(standing: Standing, office: Office, leasedAt: number) {
    const { position, attempt, failingSince } = standing.endpoint;
    this.filter = filterOf(standing);
    this.#office = office;
    this.#warrant = new Warrant(standing, office, leasedAt);
    this.#marks = new Marks(office.ledger);
    this.#run = { position, attempt, failingSince };
  }

  /** How far it has come. While it waits at the head, nothing up to there is for it. */
  get mark(): ReadMark {
    const { position } = this.#run;
    const isIdle = this.#wake !== undefined && !this.#offered;
    return { id: this.#id, position: isIdle ? Math.max(position, this.#office.log.head) : position };
  }

  get #id(): string {
    return this.#warrant.standing.endpoint.id;
  }

  /** The lease was renewed; `at`: when that was asked for. */
  renewed(at: number): void {
    this.#warrant.renewed(at);
  }

  /** Somebody asked for what was parked. */
  replay(): void {
    this.#replayDue = true;
    this.#wake?.();
  }

  /** Begins nothing new; what is being sent may end. */
  stop(): void {
    this.#stop.abort();
    this.#wake?.();
  }

  /** Ends what is being sent as well; whoever serves the endpoint next sends it again. */
  abort(): void {
    this.stop();
    this.#abort.abort();
  }

  offer(): void {
    this.#offered = true;
    this.#wake?.();
  }

  fail(): void {
    this.offer();
  }

  /** Delivers until it is stopped or the endpoint must wait; `once`: until there is nothing more. Throws DomainError. */
  async serve(once = false): Promise<void> {
    for (;;) {
      const step = await this.#deliverPart();
      if (step === 'END') break;
      if (step === 'REREAD' || this.#run.position < this.#office.log.head) continue;
      if (this.#replayDue && (await this.#replayOne())) continue;
      if (once || this.#stop.signal.aborted || this.#marks.lost) break;
      await this.#waitAtHead();
    }
    await this.#marks.settle();
  }

  async #deliverPart(): Promise<Step> {
    const part = await this.#read();
    if (part === undefined) return 'END';
    for (const event of part.events) {
      let step: Step = 0;
      while (typeof step === 'number') {
        step = await this.#office.sender.withRoom(() => this.#handle(event));
        if (typeof step !== 'number') continue;
        if (step > this.#office.timing.holdMs) return 'END';
        await this.#office.timing.pause(step, this.#stop.signal);
      }
      if (step !== 'NEXT') return step;
    }
    this.#come(part.through);
    return this.#stop.signal.aborted || this.#marks.lost ? 'END' : 'NEXT';
  }

  async #read(): Promise<LogPart | undefined> {
    try {
      return await this.#office.log.read(this.filter, this.#run.position);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'CURSOR_EXPIRED')) throw error;
      await this.#end('PAUSED', 'CURSOR_EXPIRED');
      return undefined;
    }
  }

  /** One attempt at an event, where it is for the endpoint at all. */
  async #handle(event: FeedEvent): Promise<Step> {
    if (event.topic === 'KEY') this.#warrant.doubt();
    const leave = await this.#askLeave();
    if (leave !== 'NEXT') return leave;
    const { standing } = this.#warrant;
    const at = this.#office.timing.clock();
    if (event.topic === 'KEY' || !isForIt(standing, event, at)) return this.#come(event.position);
    const { url, gridId } = standing.endpoint;
    const body = bodyOf(event, gridId, this.#office.source);
    const parcel = { url, secrets: standing.secrets, id: event.id, body, at };
    const result = await this.#office.sender.send(parcel, this.#abort.signal);
    if (result.error === 'ABORTED') return 'END';
    const verdict = judge(this.#run, { event, body, at, result }, this.#office.timing);
    this.#run = verdict.run;
    this.#marks.add({ ...verdict.outcome, endpointId: this.#id });
    // What is given up is known to the database before anything follows from it.
    if (verdict.outcome.parked.length > 0 || this.#marks.waiting >= MOST_UNMARKED) await this.#marks.settle();
    return verdict.next;
  }

  #come(position: number): 'NEXT' {
    this.#run = { ...this.#run, position: Math.max(position, this.#run.position) };
    return 'NEXT';
  }

  async #askLeave(): Promise<Step> {
    if (this.#stop.signal.aborted || this.#marks.lost) return 'END';
    const leave = await this.#warrant.ask();
    if (leave === 'OK') return 'NEXT';
    if (leave === 'OVER') return 'END';
    if (leave === 'NO_KEY') return this.#end('PAUSED', 'NO_KEY');
    // What is in front is another event, or goes to another receiver.
    this.#run = { ...this.#run, attempt: 0, failingSince: null };
    this.filter = filterOf(this.#warrant.standing);
    return 'REREAD';
  }

  async #end(status: 'PAUSED' | 'DISABLED', reason: StopReason): Promise<'END'> {
    const stopped = { status, reason, at: this.#office.timing.clock() };
    const how = { nextAttemptAt: null, deliveredAt: null, attempts: [], parked: [] };
    this.#marks.add({ endpointId: this.#id, ...this.#run, ...how, stopped });
    await this.#marks.settle();
    return 'END';
  }

  /** Joined right behind what was read, so that nothing comes unheard. */
  async #waitAtHead(): Promise<void> {
    await this.#marks.settle();
    const { log } = this.#office;
    if (this.#stop.signal.aborted || this.#run.position < log.head) return;
    this.#offered = false;
    log.join(this);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#come(this.mark.position);
    this.#wake = undefined;
    log.leave(this);
  }

  async #replayOne(): Promise<boolean> {
    this.#replayDue = false;
    await this.#marks.settle();
    if ((await this.#askLeave()) !== 'NEXT') return false;
    const went = await this.#office.sender.withRoom(() =>
      replayNext(this.#warrant.standing, this.#office, this.#abort.signal),
    );
    if (went === 'GONE') await this.#end('DISABLED', 'GONE');
    if (went === 'LOST' || went === 'GONE') this.stop();
    this.#replayDue ||= went === 'NEXT';
    return went === 'NEXT';
  }
}
