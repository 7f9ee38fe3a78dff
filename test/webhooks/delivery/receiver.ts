import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request as it came. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
}

/** What to answer; `hang`: nothing at all; `cut`: the connection is closed. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly does?: 'hang' | 'cut';
}

/** Answers the n-th request, counted from 1, of the event. */
export type Behaviour = (event: { id: string; body: string }, n: number) => Answer | Promise<Answer>;

const OK: Answer = { status: 204 };

/** A real server that receives webhooks, and remembers everything. */
export class Receiver {
  readonly requests: Received[] = [];
  behave: Behaviour = () => OK;
  /** Verifies each request as it comes, and then keeps no more of it than its id: for many. */
  secret: string | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', async () => {
        const body = Buffer.concat(parts).toString();
        const id = String(request.headers['webhook-id']);
        const answer = await receiver.behave({ id, body }, receiver.requests.length + 1);
        const status = answer.does ? 0 : (answer.status ?? 204);
        const { secret } = receiver;
        if (secret) new Webhook(secret).verify(body, request.headers as Record<string, string>);
        receiver.requests.push(
          secret ? { id, body: '', headers: {}, status } : { id, body, headers: request.headers, status },
        );
        if (answer.does === 'cut') request.socket.destroy();
        else if (answer.does !== 'hang') response.writeHead(status, answer.headers).end(answer.body);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Ids of what was taken, each once, in the order in which they came first. */
  get taken(): string[] {
    return [...new Set(this.requests.filter(({ status }) => status >= 200 && status < 300).map(({ id }) => id))];
  }

  /** Throws where a signature of some request is not one of the secret. */
  verify(secret: string): void {
    for (const { body, headers } of this.requests) new Webhook(secret).verify(body, headers as Record<string, string>);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
