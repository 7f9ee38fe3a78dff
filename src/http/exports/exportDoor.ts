import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Action } from '../../access/rights.ts';
import { assertMay, type Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { bareResponse } from '../connections.ts';
import type { Doors } from '../doors/doors.ts';
import { purposeInHeader } from '../doors/entrance.ts';
import { refusalOf } from '../errorFormat.ts';
import { inTime } from '../execution/inTime.ts';
import { callerOf } from '../guard/callers.ts';
import { refuse } from '../refusal.ts';
import { type ExportQuery, readExportQuery } from './exportQuery.ts';
import { LineStream } from './lineStream.ts';

/** What one export costs of what a caller may spend: about as much as a long page. */
const POINTS = 1000;
const WHAT = 'incident-events.ndjson';

/** What the house gives for those who load many events at once. */
export interface FeedExport {
  /** The right it takes. */
  readonly right: Action;
  /**
   * The events as lines of JSON, each without its line break, in their order. Pulled one at a time; `return` is called where the
   * reader leaves. The viewer of the context is renewed while it runs. Throws as a feed does.
   */
  exportFeed(query: ExportQuery, by: RequestContext): AsyncIterable<string>;
}

/**
 * Events of a range over HTTP as NDJSON, as fast as the reader takes them. What is wrong is said by the status where nothing was
 * sent yet, else by a last line `{"error": …}`.
 */
export class ExportDoor {
  readonly #doors: Doors;
  readonly #source: FeedExport;
  readonly #limitMs: number;
  readonly #open = new Set<LineStream>();
  #closing = false;

  /** `limitMs`: how long the first line may take. */
  constructor(doors: Doors, source: FeedExport, limitMs: number) {
    this.#doors = doors;
    this.#source = source;
    this.#limitMs = limitMs;
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const held: (() => void)[] = [];
    const release = () => {
      for (const leave of held.splice(0)) leave();
    };
    const failed = { requestId: request.id, log: this.#doors.log };
    const refusing = (error: unknown) => refusalOf(error, failed);
    let lines: AsyncIterator<string> | undefined;
    try {
      const context = await this.#admit(request, held);
      const begun = this.#source.exportFeed(readExportQuery(request.url), context)[Symbol.asyncIterator]();
      lines = begun;
      const first = await inTime(begun.next(), this.#limitMs);
      const stream = new LineStream(bareResponse(reply), this.#doors.timing, refusing);
      this.#open.add(stream);
      held.push(() => this.#open.delete(stream));
      this.#watch(request, context, stream, held);
      void stream.send(first, begun).finally(release);
      if (this.#closing) this.drain();
    } catch (error) {
      release();
      void Promise.resolve(lines?.return?.()).catch(() => {});
      const refusal = refusing(error);
      return reply.code(refusal.status).headers(refusal.headers).send({ errors: refusal.errors });
    }
    return reply;
  }

  /** Ends every export: who reads goes on behind the last line, elsewhere. */
  drain(): void {
    this.#closing = true;
    const reason = new DomainError('TIMED_OUT', 'The server closes down; go on behind the cursor of the last line.');
    for (const stream of this.#open) stream.fail(reason);
  }

  async #admit(request: FastifyRequest, held: (() => void)[]): Promise<RequestContext & { viewer: Viewer }> {
    const { entrance, guard, seats, log } = this.#doors;
    const purpose = purposeInHeader(request.headers['x-purpose']);
    const asker = await entrance.enter(request.headers.authorization, request.ip);
    held.push(seats.take(callerOf(asker)));
    await guard.admitPlain({ right: this.#source.right, what: WHAT, points: POINTS }, asker);
    return { viewer: asker.viewer, requestId: request.id, purpose, log };
  }

  #watch(request: FastifyRequest, context: { viewer: Viewer }, stream: LineStream, held: (() => void)[]): void {
    const { authorization } = request.headers;
    if (authorization === undefined) return;
    const { right } = this.#source;
    const leave = this.#doors.watch.add({
      authorization,
      get expiresAt() {
        return context.viewer.expiresAt;
      },
      renew(viewer) {
        assertMay(viewer, right, WHAT);
        context.viewer = viewer;
      },
      end: (reason) => stream.fail(refuse(reason)),
    });
    held.push(leave);
  }
}
