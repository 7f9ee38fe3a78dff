import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * RESET: all connections break at once and none is made. STALL: nothing goes through for a while, then all of it, as
 * where a network holds packets back. DROP: what is sent is swallowed, and in the end the connections break.
 */
export type Partition = 'RESET' | 'STALL' | 'DROP';
export const PARTITIONS: readonly Partition[] = ['RESET', 'STALL', 'DROP'];

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** A line between clients and a server on this machine, which can be cut. */
export class Line {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Those too of whose pair one side is gone already. */
  readonly #sockets = new Set<Socket>();
  #partition: Partition | undefined;
  /** What met the partition: connections that broke or were refused, pieces held back or swallowed. */
  #met = 0;
  #release: (() => void)[] = [];
  /** Where the server listens now; none while it is down. */
  upstream: number | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (near) => this.#accept(near));
  }

  static async open(upstream?: number): Promise<Line> {
    const server = createServer({ allowHalfOpen: false }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new Line(server);
    proxy.upstream = upstream;
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts the line for a while. Gives how often somebody met the cut: 0 is a partition that nobody noticed. */
  async cut(partition: Partition, milliseconds: number): Promise<number> {
    if (this.#partition) return 0;
    this.#partition = partition;
    this.#met = 0;
    if (partition === 'RESET') this.#resetAll();
    await delay(milliseconds);
    const met = this.#met;
    this.#partition = undefined;
    if (partition === 'DROP') this.#resetAll();
    for (const release of this.#release.splice(0)) release();
    return met;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#resetAll();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #resetAll(): void {
    for (const { near, far } of this.#pairs) {
      this.#met += 1;
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  #accept(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.#partition === 'RESET' || this.upstream === undefined) {
      this.#met += 1;
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.upstream, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    this.#pass(near, far, pair);
    this.#pass(far, near, pair);
  }

  /** From one side to the other, no faster than the other takes it. */
  #pass(from: Socket, to: Socket, pair: Pair): void {
    from.setNoDelay(true);
    this.#sockets.add(from);
    from.on('data', (piece) => {
      if (this.#partition === 'DROP') this.#met += 1;
      else if (this.#partition === 'STALL') this.#hold(from, piece);
      else if (!to.write(piece)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('error', () => from.destroy());
    from.on('end', () => to.end());
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#pairs.delete(pair);
      // Nobody takes what it still has to give, and it would wait for that for ever.
      to.resume();
      // Whoever still waits for bytes must not see an orderly end where there was none.
      if (from.readableEnded) to.end();
      else to.resetAndDestroy();
    });
  }

  /** Nothing is lost: it goes back to the front of what is to be read. */
  #hold(from: Socket, piece: Buffer): void {
    this.#met += 1;
    from.pause();
    from.unshift(piece);
    this.#release.push(() => from.resume());
  }
}
