import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Role } from '../../src/access/rights.ts';
import { type App, buildApp } from '../../src/app.ts';
import type { Clock } from '../../src/clock.ts';
import type { Environment } from '../../src/config.ts';
import { buildServer } from '../../src/http/server.ts';
import { contractFaults } from './contractFaults.ts';
import { openTestDatabase } from './database.ts';
import { testConfig } from './testConfig.ts';

// biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query, which TypeScript cannot read.
export type Answer = any;

export interface Failure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** A house over the shared test database with its HTTP door, asked as a client asks it. */
export interface Api {
  readonly app: App;
  /** The data; throws when the answer has an error, or a value that the contract does not promise. */
  ask(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Status, headers, data and errors as they come. */
  askRaw(query: string, variables?: object, headers?: Record<string, string>): Promise<RawAnswer>;
  /** The header of somebody signed in with a role on some grids, by id or code. */
  as(role: Role, ...within: readonly string[]): Promise<{ authorization: string }>;
  /** The same, of a member of staff by his or her id in the registry. */
  asStaff(staff: string, role: Role, ...within: readonly string[]): Promise<{ authorization: string }>;
  /** Listens on a free port for real clients; gives the origin. */
  listen(): Promise<string>;
  /** Every line logged so far. */
  logged(): string[];
  /** Closes the door; the database stays open for the next file. */
  close(): Promise<void>;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data?: Answer;
  readonly errors?: readonly Failure[];
}

/** When it is now, unless a test says otherwise. */
export const NOW = new Date('2026-06-01T12:00:00+08:00');

export async function openApi({
  clock = () => NOW,
  env = {},
}: {
  clock?: Clock;
  env?: Environment;
} = {}): Promise<Api> {
  const app = await buildApp(await openTestDatabase(), testConfig(env), { clock });
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
  const server = await buildServer({
    schema: app.schema,
    log: pino({ level: 'trace' }, sink),
    settings: app.config,
    authenticate: app.authenticate,
    witness: app.witness,
    feedExport: app.feed.incidentExport,
    status: () => ({ ready: true, edition: app.editions.latest, followedAt: null, firstQuery: () => undefined }),
  });
  const askRaw: Api['askRaw'] = async (query, variables = {}, headers = {}) => {
    const payload = { query, variables };
    const response = await server.inject({ method: 'POST', url: '/graphql', payload, headers });
    return { status: response.statusCode, headers: response.headers, ...response.json() };
  };
  return {
    app,
    askRaw,
    async as(role, ...within) {
      const token = await app.localIssuer!.issue({ role, within, subject: `test-${role}`, hours: 1 }, clock());
      return { authorization: `Bearer ${token}` };
    },
    async asStaff(staff, role, ...within) {
      const token = await app.localIssuer!.issue({ role, within, subject: `staff-${staff}`, hours: 1, staff }, clock());
      return { authorization: `Bearer ${token}` };
    },
    async ask(query, variables, headers) {
      const { data, errors } = await askRaw(query, variables, headers);
      if (errors) throw new Error(errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join('\n'));
      const faults = contractFaults(query, data);
      if (faults.length > 0) throw new Error(`The answer breaks the contract: ${faults.slice(0, 5).join('; ')}`);
      return data;
    },
    listen: () => server.listen({ port: 0, host: '127.0.0.1' }),
    logged: () => lines,
    close: () => server.close(),
  };
}
