import { DomainError } from '../../errors.ts';
import { cursorExpired, type ReadCursor, writeCursor } from '../cursor.ts';
import { type FeedEvent, onceFor } from '../feedEvent.ts';
import type { FeedFilter } from '../feedFilter.ts';
import type { FeedLogRepository, FeedState } from '../feedLog.repository.ts';
import type { FeedItem, Listener } from '../feeds.ts';
import type { LogPart, LogSource } from './logReader.ts';
import { FeedTail, type HeadReader } from './tail.ts';

/** Events read at once to catch up, and given to a reader at once. */
const [BATCH, PART] = [1000, 100];
/** Positions looked through at once for a reader who is behind: some 20 ms of the database. */
const WINDOW = 20_000;

/** The log as this process knows it: its newest events in memory, everything else in the database. */
export class FeedLog implements LogSource {
  readonly #repository: FeedLogRepository;
  readonly #tail: FeedTail;
  #state: FeedState | undefined;
  #catchingUp: Promise<void> = Promise.resolve();
  /** A catching up that has not begun yet, so that it serves everybody who asks until then. */
  #queued: Promise<void> | undefined;

  /** `kept`: how many events to keep in memory. */
  constructor(repository: FeedLogRepository, kept = 4096) {
    this.#repository = repository;
    this.#tail = new FeedTail({ position: 0, mark: '' }, kept);
  }

  get head(): number {
    return this.#tail.head.position;
  }

  /** How many readers wait for what is new. */
  get readers(): number {
    return this.#tail.readers;
  }

  /** Reads what is new and offers it. After it resolves all that was in the log before the call is known. */
  catchUp(): Promise<void> {
    this.#queued ??= this.#catchingUp
      .catch(() => {})
      .then(() => {
        this.#queued = undefined;
        this.#catchingUp = this.#catchUp();
        return this.#catchingUp;
      });
    return this.#queued;
  }

  async #catchUp(): Promise<void> {
    await this.#keepTo(await this.#repository.readState());
    for (;;) {
      // With the newest that is known, which is never purged: another one in its place is another log.
      const [last, ...events] = await this.#repository.listBehind(this.head - 1, BATCH);
      if (this.head > 0 && last?.id !== this.#tail.head.mark) return this.#restart(await this.#repository.readState());
      this.#tail.append(this.head > 0 || !last ? events : [last, ...events]);
      if (events.length < BATCH - 1) return;
    }
  }

  /** Begins at the head; begins again where the log is another one or went back. */
  async #keepTo(state: FeedState): Promise<void> {
    const known = this.#state;
    if (known?.epoch !== state.epoch || state.lastPosition < this.head) await this.#restart(state);
    this.#state = state;
  }

  async #restart(state: FeedState): Promise<void> {
    const mark = (await this.#repository.findMark(state.lastPosition)) ?? '';
    this.#state = state;
    this.#tail.restart({ position: state.lastPosition, mark }, cursorExpired('the log was restored or renewed'));
  }

  /** The state of the log now, by which cursors are read. */
  async seal(): Promise<FeedState> {
    await this.catchUp();
    return this.#known;
  }

  /** Throws CURSOR_EXPIRED where the log has not the place any more. */
  async assertPlace({ position, isAt }: ReadCursor): Promise<void> {
    const { lastPosition, purgedThrough } = this.#known;
    if (position > Math.max(lastPosition, this.head)) throw cursorExpired('the log was restored');
    if (position < purgedThrough) throw cursorExpired('its time is over');
    if (position === purgedThrough) return;
    const mark = this.#tail.findMark(position) ?? (await this.#repository.findMark(position));
    if (mark === undefined) throw cursorExpired('its time is over');
    if (!isAt(mark)) throw cursorExpired('the log was restored');
  }

  async read(filter: FeedFilter, after: number): Promise<LogPart> {
    if (this.#tail.covers(after)) {
      const { events, through } = this.#tail.listBehind(filter, after, PART);
      return { events, through, atHead: through === this.head };
    }
    const upTo = Math.min(after + WINDOW, this.head);
    const events = await this.#repository.listMatching(filter, { after, upTo }, PART);
    // Asked afterwards: what was purged meanwhile may be missing among them.
    if ((await this.#repository.readState()).purgedThrough > after) throw cursorExpired('its time is over');
    return { events, through: events.length === PART ? events[PART - 1].position : upTo, atHead: false };
  }

  join(reader: HeadReader): void {
    this.#tail.join(reader);
  }

  leave(reader: HeadReader): void {
    this.#tail.leave(reader);
  }

  headCursor(filter: FeedFilter): string {
    return writeCursor(this.#known, this.#tail.head, filter);
  }

  /** A cursor behind a position that may be long ago. */
  async findCursor(filter: FeedFilter, position: number): Promise<string> {
    const mark = this.#tail.findMark(position) ?? (await this.#repository.findMark(position)) ?? '';
    return writeCursor(this.#known, { position, mark }, filter);
  }

  itemOf(filter: FeedFilter, event: FeedEvent): FeedItem {
    const place = { position: event.position, mark: event.id };
    return onceFor(event, filter, () => ({ event, cursor: writeCursor(this.#known, place, filter) }));
  }

  assertNotRevoked({ by: { viewer } }: Listener, { subject }: FeedEvent): void {
    if (viewer.kind !== 'key' || !viewer.subject.endsWith(`/${subject}`)) return;
    throw new DomainError('UNAUTHENTICATED', 'The key was revoked; sign in with another and go on behind your cursor.');
  }

  get #known(): FeedState {
    if (!this.#state) throw new Error('The log is asked before it was read.');
    return this.#state;
  }
}
