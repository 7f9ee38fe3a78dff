import type { WebSocket } from 'ws';
import { farewell, TOO_SLOW } from './farewell.ts';
import type { Timing } from './timing.ts';
import { Unsent } from './unsent.ts';

const TOO_SLOW_REASON = 'Too slow: subscribe again after your last cursor';

/** Cursors by the id that the client gave to its operation; undefined where none has moved on. */
type Heartbeats = () => Readonly<Record<string, string>> | undefined;

/** What is sent over one WebSocket: in order, no faster than it is taken, with signs of life in between. */
export class SocketLine {
  readonly #socket: WebSocket;
  readonly #unsent: Unsent;
  readonly #closed: Promise<void>;
  #alive = true;
  #beating = false;

  constructor(socket: WebSocket, timing: Timing, heartbeats: Heartbeats) {
    this.#socket = socket;
    this.#unsent = new Unsent(timing, () => this.#cut());
    socket.on('pong', () => {
      this.#alive = true;
    });
    const timers = [
      setInterval(() => this.#keepAlive(), timing.keepAliveMs),
      setInterval(() => this.#beat(heartbeats), timing.heartbeatMs),
    ];
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const timer of timers) clearInterval(timer);
        this.#unsent.close();
        resolve();
      });
    });
  }

  /** Resolves when the text has left, so that a slow reader is sent no more than it takes; else when the socket is closed. */
  send(text: string): Promise<void> {
    const socket = this.#socket;
    // Resolved at once, a feed that has much to give would go on giving, and nothing else would be done.
    if (socket.readyState !== socket.OPEN) return this.#closed;
    return new Promise((resolve) => {
      socket.send(text, () => {
        this.#unsent.left();
        resolve();
      });
      this.#unsent.add(socket.bufferedAmount);
    });
  }

  /** Behind everything sent before, since frames keep their order. One at a time, whatever the reader takes. */
  #beat(heartbeats: Heartbeats): void {
    if (this.#beating) return;
    const cursors = heartbeats();
    if (!cursors) return;
    this.#beating = true;
    void this.send(JSON.stringify({ type: 'ping', payload: { cursors } })).then(() => {
      this.#beating = false;
    });
  }

  /** Ends a socket whose other side is gone, or reads nothing, without having said so. */
  #keepAlive(): void {
    // It cannot have heard the last ping yet; how long that may take is watched with the rest.
    if (this.#socket.bufferedAmount > 0) return;
    if (this.#alive) this.#socket.ping();
    else this.#cut();
    this.#alive = false;
  }

  #cut(): void {
    farewell(this.#socket, TOO_SLOW, TOO_SLOW_REASON);
  }
}
