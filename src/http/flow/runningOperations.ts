import { assertMay, type Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { RunningContext } from '../execution/executor.ts';
import type { FeedEvents } from '../execution/feedEvents.ts';

const MOST_OPERATIONS = 50;

interface Running {
  /** As the client calls it. */
  readonly id: string;
  readonly context: RunningContext;
  events?: FeedEvents;
}

/** What runs on one WebSocket, each by the message that began it: a client may use an id again while the first one ends. */
export class RunningOperations {
  readonly #running = new Map<object, Running>();

  begin(message: object, id: string, context: RunningContext): void {
    this.#running.set(message, { id, context });
  }

  /** The operation is a feed. */
  follow(message: object, events: FeedEvents): void {
    const running = this.#running.get(message);
    if (running) running.events = events;
  }

  /** The feed of the operation, if it is one. */
  findFeed(message: object): FeedEvents | undefined {
    return this.#running.get(message)?.events;
  }

  finish(message: object): void {
    this.#running.delete(message);
  }

  /** Shows every operation who asks now; throws where one may not go on. */
  renew(viewer: Viewer): void {
    for (const { context } of this.#running.values()) {
      if (context.viewer === viewer) continue;
      for (const [right, field] of context.question.rights) assertMay(viewer, right, field);
      context.viewer = viewer;
    }
  }

  /** The cursors that moved on though nothing was sent, by operation; undefined where there is none. */
  heartbeats(): Readonly<Record<string, string>> | undefined {
    const moved: [string, string][] = [];
    for (const running of this.#running.values()) {
      const cursor = running.events?.movedOn();
      if (cursor !== undefined) moved.push([running.id, cursor]);
    }
    return moved.length > 0 ? Object.fromEntries(moved) : undefined;
  }
}

/** Throws RATE_LIMITED where so many run on one socket. */
export function assertRoomFor(operations: number): void {
  if (operations <= MOST_OPERATIONS) return;
  const message = `More than ${MOST_OPERATIONS} operations run on this socket; complete one, or open another socket.`;
  throw new DomainError('RATE_LIMITED', message, { retryAfterSeconds: 1, limit: MOST_OPERATIONS });
}
