import { Agent, request } from 'node:http';

/** Longer than any statement takes here; a server that is stopped or cut off is given up. */
const PATIENCE_MS = 8000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** What a server answered. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its question.
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Where the doors are, and who comes in. Each call of `origin` may name another door. */
export interface Doors {
  readonly origin: () => string;
  readonly token: string;
}

/** Asks by HTTP. Throws where there is no whole answer: then it is not known what was done. */
export function ask({ origin, token }: Doors, query: string, variables: object): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${origin()}/graphql`, { method: 'POST', agent, headers, timeout: PATIENCE_MS });
    asked.on('timeout', () => asked.destroy(new Error('No answer in time.')));
    asked.on('error', reject);
    asked.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(pieces).toString()));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.end(body);
  });
}

/** Lets go of idle connections, so that the process can end. */
export function hangUp(): void {
  agent.destroy();
}
