import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { print } from 'graphql-sse';
import { assertMay, type Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { refusalOf } from '../errorFormat.ts';
import { type AdmittedContext, shownResult } from '../execution/executor.ts';
import { callerOf } from '../guard/callers.ts';
import { refuse } from '../refusal.ts';
import type { Doors } from './doors.ts';
import { purposeInHeader } from './entrance.ts';

const PING_MS = 12_000;
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
      stream.next({ errors: refusal.errors });
      stream.complete();
    }
    return reply;
  }

  /** Completes every stream. */
  drain(): void {
    for (const stream of this.#open) stream.complete();
  }

  async #admit(request: FastifyRequest, held: (() => void)[]): Promise<AdmittedContext & { viewer: Viewer }> {
    const { guard, entrance, seats, log } = this.#doors;
    const purpose = purposeInHeader(request.headers['x-purpose']);
    const asker = await entrance.enter(request.headers.authorization, request.ip);
    held.push(seats.take(callerOf(asker)));
    const { query, operationName, variables } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof query !== 'string' || query === '')
      throw new DomainError('BAD_INPUT', 'query: give the text of a GraphQL document.', { field: 'query' });
    const question = await guard.admit({ source: query, operationName, variables }, asker);
    return { viewer: asker.viewer, requestId: request.id, purpose, log, question };
  }

  #start(
    request: FastifyRequest,
    reply: FastifyReply,
    context: { viewer: Viewer; readonly question: AdmittedContext['question'] },
    held: (() => void)[],
  ): EventStream {
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
        stream.next({ errors: refuse(reason).errors });
        stream.complete();
      },
    });
    held.push(leave);
    return stream;
  }

  #begin(reply: FastifyReply): EventStream {
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value as string);
    reply.raw.setHeader('x-request-id', reply.request.id);
    reply.hijack();
    const stream = new EventStream(reply.raw);
    this.#open.add(stream);
    reply.raw.once('close', () => this.#open.delete(stream));
    return stream;
  }

  async #feed(stream: EventStream, context: AdmittedContext): Promise<void> {
    const { executor, log } = this.#doors;
    try {
      const isFeed = context.question.operation.operation === 'subscription';
      const result = await (isFeed ? executor.subscribe(context) : executor.run(context));
      if (Symbol.asyncIterator in result) await stream.feed(result, (event) => shownResult(event, context));
      else stream.next(result);
    } catch (error) {
      const refusal = refusalOf(error, { requestId: context.requestId, log });
      stream.next({ errors: refusal.errors });
    }
    stream.complete();
  }
}

/** One response as a stream of events. After `complete` nothing is written. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #pinging: NodeJS.Timeout;
  #events: AsyncGenerator<ExecutionResult> | undefined;
  #completed = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      connection: 'keep-alive',
      // Proxies that collect an answer before they pass it on would hold events back.
      'x-accel-buffering': 'no',
    });
    // Some browsers take the headers only with the first bytes.
    response.write(':\n\n');
    this.#pinging = setInterval(() => response.writableNeedDrain || response.write(':\n\n'), PING_MS);
    response.once('close', () => this.#end());
    response.on('error', () => this.#end());
  }

  next(result: ExecutionResult): boolean {
    if (this.#completed) return true;
    return this.#response.write(print({ event: 'next', data: result as never }));
  }

  /** Takes an event only when the reader has taken those before. */
  async feed(events: AsyncGenerator<ExecutionResult>, show: (event: ExecutionResult) => ExecutionResult) {
    if (this.#completed) return void events.return(undefined);
    this.#events = events;
    for await (const event of events) {
      if (this.#completed) break;
      if (!this.next(show(event)) && !this.#completed)
        await Promise.race([once(this.#response, 'drain'), once(this.#response, 'close')]);
    }
  }

  complete(): void {
    if (this.#completed) return;
    this.#end();
    this.#response.end(print({ event: 'complete', data: null }));
  }

  #end(): void {
    this.#completed = true;
    clearInterval(this.#pinging);
    void this.#events?.return(undefined);
  }
}

function acceptsEvents({ headers }: FastifyRequest): boolean {
  return String(headers.accept).includes('text/event-stream');
}

function assertEventStream(request: FastifyRequest): void {
  if (!acceptsEvents(request)) {
    const message = 'Send the header accept: text/event-stream, or ask at /graphql.';
    throw new DomainError('BAD_INPUT', message, { field: 'accept' });
  }
}
