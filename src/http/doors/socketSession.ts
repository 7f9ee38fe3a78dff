import { isDeepStrictEqual } from 'node:util';
import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { refusalOf } from '../errorFormat.ts';
import type { FeedEvents } from '../execution/feedEvents.ts';
import { farewell, TOO_MANY_REQUESTS } from '../flow/farewell.ts';
import { assertRoomFor, RunningOperations } from '../flow/runningOperations.ts';
import { type Asker, callerOf, networkOf } from '../guard/callers.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Doors } from './doors.ts';
import { readPurpose } from './entrance.ts';

/** What was known when the connection was made. */
export interface Arrival {
  readonly id: string;
  readonly address: string;
  readonly authorization: string | undefined;
  readonly purpose: string | undefined;
  /** To be called once it is known who it is. */
  readonly arrived: () => void;
}

/** The payload of a message `subscribe`. */
interface AskedBySocket {
  query: string;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

/** One WebSocket from its first message on: who is behind it, and what it runs. */
export class SocketSession {
  readonly #doors: Doors;
  readonly #from: Arrival;
  readonly #socket: WebSocket;
  readonly #running = new RunningOperations();
  #asker: Asker | undefined;
  #authorization: string | undefined;
  #purpose: string | undefined;
  #leaving: (() => void)[] = [];

  constructor(doors: Doors, from: Arrival, socket: WebSocket) {
    this.#doors = doors;
    this.#from = from;
    this.#socket = socket;
  }

  /** Takes the payload of connection_init. False: the connection is refused, and closed. */
  async signIn(payload: Readonly<Record<string, unknown>>): Promise<boolean> {
    const { address, arrived } = this.#from;
    try {
      const authorization = textOf(payload.authorization) ?? this.#from.authorization;
      this.#purpose = readPurpose(payload.purpose) ?? this.#from.purpose;
      await this.#doors.guard.rates.spend(networkOf(address), 1);
      const asker = await this.#doors.entrance.enter(authorization, address);
      this.#leaving.push(this.#doors.seats.take(callerOf(asker)));
      this.#asker = asker;
      this.#authorization = authorization;
      if (authorization !== undefined) this.#leaving.push(this.#doors.watch.add(this.#watched(authorization)));
      // Closed while the token was looked at: its seat must not stay taken.
      if (this.#socket.readyState !== this.#socket.OPEN) this.leave();
      return true;
    } catch (error) {
      this.#refuse(refusalOf(error, this.#failed(this.#from.id)));
      return false;
    } finally {
      arrived();
    }
  }

  /** What to execute, or why it is refused. `open` counts the operations of the socket, this one included. */
  async begin(message: AskedBySocket, id: string, open: number, requestId: string) {
    try {
      assertRoomFor(open);
      const asker = await this.#askerNow();
      const { query: source, operationName, variables } = message;
      const question = await this.#doors.guard.admit({ source, operationName, variables }, asker);
      if (this.#asker === undefined) throw ended();
      // The library keeps the message as long as the operation runs, and clients ask in the same words again and again.
      message.query = question.source;
      const { log, schema } = this.#doors;
      const context = { viewer: asker.viewer, requestId, purpose: this.#purpose, log, question };
      this.#running.begin(message, id, context);
      const { document } = question;
      return {
        schema,
        document,
        operationName: question.operationName,
        variableValues: question.variables,
        contextValue: context,
      };
    } catch (error) {
      return [...refusalOf(error, this.#failed(requestId)).errors] as GraphQLError[];
    }
  }

  /** Areas follow the tree and keys are revoked: who asks is looked at for each operation, not only twice a second. */
  async #askerNow(): Promise<Asker> {
    if (this.#authorization === undefined) {
      if (this.#asker) return this.#asker;
      throw ended();
    }
    return this.#askerAs(await this.#doors.entrance.authenticate(this.#authorization));
  }

  /** The one that is known where nothing has changed, so that operations which have it need no other. */
  #askerAs(viewer: Viewer): Asker {
    const known = this.#asker;
    return known && isDeepStrictEqual(viewer, known.viewer) ? known : { viewer, address: this.#from.address };
  }

  /** What was begun is a feed. */
  follow(message: object, events: FeedEvents): void {
    this.#running.follow(message, events);
  }

  /** A feed gave an event, or its last word: whoever is not known any more hears nothing on this socket. */
  noteEvent(message: object): void {
    const failure = this.#running.findFeed(message)?.failure;
    if (failure?.code === 'UNAUTHENTICATED') this.#end(failure);
  }

  finish(message: object): void {
    this.#running.finish(message);
  }

  /** Cursors of feeds that are quiet, by the ids of the client. */
  heartbeats(): Readonly<Record<string, string>> | undefined {
    return this.#running.heartbeats();
  }

  /** A ping is answered, so it costs as a request does. */
  async ping(): Promise<void> {
    const { guard } = this.#doors;
    const caller = this.#asker ? callerOf(this.#asker) : networkOf(this.#from.address);
    await guard.rates.spend(caller, 1).catch(() => this.#close(TOO_MANY_REQUESTS, 'Too many requests'));
  }

  /** Something failed that is no fault of the client. */
  fail(error: unknown): void {
    this.#refuse(refusalOf(error, this.#failed(this.#from.id)));
  }

  /** The connection has ended: gives back what it held. */
  leave(): void {
    for (const leave of this.#leaving.splice(0)) leave();
    this.#asker = undefined;
    this.#from.arrived();
  }

  #watched(authorization: string) {
    const viewer = () => this.#asker?.viewer;
    return {
      authorization,
      get expiresAt() {
        return viewer()?.expiresAt;
      },
      renew: (renewed: Viewer) => {
        this.#asker = this.#askerAs(renewed);
        this.#running.renew(this.#asker.viewer);
      },
      end: (reason: DomainError) => this.#end(reason),
    };
  }

  #end(reason: DomainError): void {
    this.#refuse(refuse(reason));
    this.leave();
  }

  #refuse(refusal: Refusal): void {
    const [{ message, extensions }] = refusal.errors;
    const codes: Readonly<Record<string, number>> = {
      RATE_LIMITED: TOO_MANY_REQUESTS,
      BAD_INPUT: CloseCode.BadRequest,
      INTERNAL: CloseCode.InternalServerError,
    };
    this.#close(codes[String(extensions.code)] ?? CloseCode.Forbidden, message);
  }

  #close(code: number, reason: string): void {
    farewell(this.#socket, code, reason);
  }

  #failed(requestId: string) {
    return { requestId, log: this.#doors.log };
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new DomainError('BAD_INPUT', 'authorization: give a text such as "Bearer TOKEN".', { field: 'authorization' });
}

function ended(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'The connection has ended; connect again.');
}
