import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CloseCode, type Context, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { DomainError } from '../../errors.ts';
import { refusalOf } from '../errorFormat.ts';
import type { AdmittedContext } from '../execution/executor.ts';
import { FeedEvents } from '../execution/feedEvents.ts';
import { farewell } from '../flow/farewell.ts';
import { SocketLine } from '../flow/socketLine.ts';
import { networkOf } from '../guard/callers.ts';
import { Seats } from '../guard/seats.ts';
import type { Doors } from './doors.ts';
import { purposeInHeader } from './entrance.ts';
import { SocketSession } from './socketSession.ts';

/** Bytes of one message, and of a question that opens an event stream; large batches go over HTTP. */
export const FRAME_LIMIT_BYTES = 65_536;
/** Connections from one address that have not said yet who they are. */
export const MOST_WAITING = 50;
const INIT_WAIT_MS = 5000;
const GOING_AWAY = 1001;

const UPGRADE = Symbol('upgrade');
type Upgrading = IncomingMessage & { [UPGRADE]?: { readonly socket: Duplex; readonly head: Buffer } };
type SocketContext = Context<Record<string, unknown>, SocketSession>;

/** Marks a request that wants to become a WebSocket, so that the route finds it. */
export function markUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  (request as Upgrading)[UPGRADE] = { socket, head };
}

export function isUpgrade(request: FastifyRequest): boolean {
  return UPGRADE in request.raw;
}

/** GraphQL over WebSocket, by the protocol graphql-transport-ws. */
export class SocketDoor {
  readonly #doors: Doors;
  readonly #origins: '*' | readonly string[];
  readonly #waiting = new Seats(MOST_WAITING, 'WebSockets that have not begun with connection_init');
  readonly #protocol: ReturnType<typeof makeServer<Record<string, unknown>, SocketSession>>;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT_BYTES,
    handleProtocols,
    // Compressing a stream keeps a quarter of a megabyte for each socket.
    perMessageDeflate: false,
  });

  constructor(doors: Doors, origins: '*' | readonly string[] = []) {
    this.#doors = doors;
    this.#origins = origins;
    this.#protocol = makeServer(this.#hooks());
  }

  /** Makes the request a WebSocket, or answers why not. */
  accept(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    try {
      this.#assertOrigin(request);
      const { id, ip: address } = request;
      const { authorization } = request.headers;
      const purpose = purposeInHeader(request.headers['x-purpose']);
      const { socket, head } = (request.raw as Upgrading)[UPGRADE]!;
      const arrived = this.#waiting.take(networkOf(address));
      socket.once('close', arrived);
      reply.hijack();
      this.#sockets.handleUpgrade(request.raw, socket, head, (opened) =>
        this.#open(opened, new SocketSession(this.#doors, { id, address, authorization, purpose, arrived }, opened)),
      );
      return reply;
    } catch (error) {
      const refusal = refusalOf(error, { requestId: request.id, log: this.#doors.log });
      return reply.code(refusal.status).headers(refusal.headers).send({ errors: refusal.errors });
    }
  }

  /** Closes every socket: clients come again elsewhere. Resolves when all are gone. */
  async drain(): Promise<void> {
    await Promise.all(
      [...this.#sockets.clients].map((socket) => {
        const gone = new Promise((resolve) => socket.once('close', resolve));
        farewell(socket, GOING_AWAY, 'Going away');
        return gone;
      }),
    );
  }

  /** Browsers say which page asks, other programs say nothing: there is no cookie that a page could use in their name. */
  #assertOrigin({ headers: { origin } }: FastifyRequest): void {
    if (origin === undefined || this.#origins === '*' || this.#origins.includes(origin)) return;
    throw new DomainError('FORBIDDEN', 'Pages of this origin may not ask; CORS_ORIGINS lists those that may.');
  }

  #open(socket: WebSocket, session: SocketSession): void {
    const failed = (error: unknown) => session.fail(error);
    const line = new SocketLine(socket, this.#doors.timing, () => session.heartbeats());
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => line.send(text),
        close: (code = GOING_AWAY, reason = '') => farewell(socket, code, reason),
        onMessage: (take) => {
          socket.on('message', (data) => {
            take(String(data)).catch((error: unknown) => {
              // A message that only servers send; the library throws for it as for a fault of ours.
              if (!String(error).includes('Unexpected message of type')) return failed(error);
              farewell(socket, CloseCode.BadRequest, 'Invalid message received');
            });
          });
        },
      },
      session,
    );
    // A frame against the protocol: ws closes with the code for it by itself.
    socket.on('error', () => {});
    socket.once('close', (code, reason) => {
      session.leave();
      void Promise.resolve(closed(code, String(reason))).catch(failed);
    });
  }

  #hooks(): ServerOptions<Record<string, unknown>, SocketSession> {
    return {
      connectionInitWaitTimeout: INIT_WAIT_MS,
      onConnect: ({ extra, connectionParams = {} }: SocketContext) => extra.signIn(connectionParams),
      onPing: ({ extra }: SocketContext) => extra.ping(),
      onSubscribe: ({ extra, subscriptions }: SocketContext, id, payload) => {
        const open = Object.keys(subscriptions).length;
        return extra.begin(payload, id, open, newRequestId());
      },
      execute: (args) => this.#doors.executor.run(args.contextValue as AdmittedContext),
      subscribe: (args) => this.#doors.executor.subscribe(args.contextValue as AdmittedContext),
      onOperation: ({ extra }: SocketContext, _id, payload, _args, result) => {
        if (result instanceof FeedEvents) extra.follow(payload, result);
      },
      onNext: ({ extra }: SocketContext, _id, payload, _args, result) => {
        extra.noteEvent(payload);
        const { errors } = result;
        return errors ? { ...result, errors: errors.map((error) => error.toJSON()) } : result;
      },
      onComplete: ({ extra }: SocketContext, _id, payload) => extra.finish(payload),
    };
  }
}

/** Node glues the text together from some twenty pieces, which stay as long as it does; this one is whole. */
function newRequestId(): string {
  return Buffer.from(randomUUID()).toString('latin1');
}
