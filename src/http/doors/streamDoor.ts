import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertMay } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { bareResponse } from '../connections.ts';
import { refusalOf } from '../errorFormat.ts';
import type { RunningContext } from '../execution/executor.ts';
import { FeedEvents } from '../execution/feedEvents.ts';
import { EventStream } from '../flow/eventStream.ts';
import { resumedAt } from '../flow/lastEventId.ts';
import { callerOf } from '../guard/callers.ts';
import { refuse } from '../refusal.ts';
import type { Doors } from './doors.ts';
import { purposeInHeader } from './entrance.ts';

/** What is better said by a status than within the stream: clients then know whether to come again. */
const BY_STATUS = [401, 403, 429, 500, 503];

/**
 * GraphQL over server-sent events, by the protocol of graphql-sse with one connection for each operation. The library's
 * own handler pulls events into memory however slow the reader is, so the few lines of the protocol are written here.
 * Only POST with JSON: a browser asks first before it sends that from a foreign page, and nothing lands in a log of URLs.
 */
export class StreamDoor {
  readonly #doors: Doors;
  readonly #open = new Set<EventStream>();

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const held: (() => void)[] = [];
    const release = () => {
      for (const leave of held.splice(0)) leave();
    };
    try {
      assertEventStream(request);
      const context = await this.#admit(request, held);
      const stream = this.#start(request, reply, context, held);
      // Seats and the watch are given back when the connection ends, not when the last event was made.
      reply.raw.once('close', release);
      void this.#feed(stream, context).finally(release);
    } catch (error) {
      release();
      const refusal = refusalOf(error, { requestId: request.id, log: this.#doors.log });
      if (BY_STATUS.includes(refusal.status) || !acceptsEvents(request))
        return reply.code(refusal.status).headers(refusal.headers).send({ errors: refusal.errors });
      const stream = this.#begin(reply);
      void stream.next({ errors: refusal.errors });
      stream.complete();
    }
    return reply;
  }

  /** Completes every stream. */
  drain(): void {
    for (const stream of this.#open) stream.complete();
  }

  async #admit(request: FastifyRequest, held: (() => void)[]): Promise<RunningContext> {
    const { guard, entrance, seats, log, schema } = this.#doors;
    const purpose = purposeInHeader(request.headers['x-purpose']);
    const asker = await entrance.enter(request.headers.authorization, request.ip);
    held.push(seats.take(callerOf(asker)));
    const { query, operationName, variables } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof query !== 'string' || query === '')
      throw new DomainError('BAD_INPUT', 'query: give the text of a GraphQL document.', { field: 'query' });
    const admitted = await guard.admit({ source: query, operationName, variables }, asker);
    const question = resumedAt(admitted, schema, lastEventIdOf(request));
    return { viewer: asker.viewer, requestId: request.id, purpose, log, question };
  }

  #start(request: FastifyRequest, reply: FastifyReply, context: RunningContext, held: (() => void)[]): EventStream {
    const stream = this.#begin(reply);
    const { authorization } = request.headers;
    if (authorization === undefined) return stream;
    const leave = this.#doors.watch.add({
      authorization,
      get expiresAt() {
        return context.viewer.expiresAt;
      },
      renew(viewer) {
        for (const [right, field] of context.question.rights) assertMay(viewer, right, field);
        context.viewer = viewer;
      },
      end(reason) {
        void stream.next({ errors: refuse(reason).errors });
        stream.complete();
      },
    });
    held.push(leave);
    return stream;
  }

  #begin(reply: FastifyReply): EventStream {
    const stream = new EventStream(bareResponse(reply), this.#doors.timing);
    this.#open.add(stream);
    reply.raw.once('close', () => this.#open.delete(stream));
    return stream;
  }

  async #feed(stream: EventStream, context: RunningContext): Promise<void> {
    const { executor, log } = this.#doors;
    try {
      const isFeed = context.question.operation.operation === 'subscription';
      const result = await (isFeed ? executor.subscribe(context) : executor.run(context));
      await (result instanceof FeedEvents ? stream.feed(result) : stream.next(result));
    } catch (error) {
      const refusal = refusalOf(error, { requestId: context.requestId, log });
      void stream.next({ errors: refusal.errors });
    }
    stream.complete();
  }
}

function acceptsEvents({ headers }: FastifyRequest): boolean {
  return String(headers.accept).includes('text/event-stream');
}

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
}

function assertEventStream(request: FastifyRequest): void {
  if (!acceptsEvents(request)) {
    const message = 'Send the header accept: text/event-stream, or ask at /graphql.';
    throw new DomainError('BAD_INPUT', message, { field: 'accept' });
  }
}
