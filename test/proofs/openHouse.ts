import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { pino } from 'pino';
import { buildCity } from '../../seeds/city.ts';
import { loadCity } from '../../seeds/load.ts';
import type { CityPlan } from '../../seeds/plan.type.ts';
import { PUBLIC } from '../../src/access/viewer.ts';
import { type App, type AppOptions, buildApp } from '../../src/app.ts';
import { buildServer } from '../../src/http/server.ts';
import { asSuperuser, countRows as countAllRows, emptyTables, openTestDatabase } from '../support/database.ts';
import { testConfig } from '../support/testConfig.ts';

/** The clock of the proofs: answers must not depend on the day they are run. */
export const NOW = new Date('2026-03-01T00:00:00Z');

/** The house over the shared database as it is; asked again it is the house after a restart. */
export async function reopenHouse(options: AppOptions = {}): Promise<App> {
  const database = await openTestDatabase();
  return buildApp(database, testConfig(), { clock: () => NOW, ...options });
}

/** The house over an emptied registry. */
export async function openHouse(options: AppOptions = {}): Promise<App> {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  return reopenHouse(options);
}

/** The house with the demo town in it. */
export async function openTown(): Promise<{ app: App; plan: CityPlan }> {
  const app = await openHouse();
  const plan = buildCity('town');
  await loadCity({ editions: app.editions, ...app.writers }, plan, () => {});
  // Loaded from scratch at once, PostgreSQL would otherwise plan for empty tables.
  await asSuperuser(app.database.db, (trx) => sql`analyze`.execute(trx));
  return { app, plan };
}

export interface GraphqlFailure {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly status: number;
  /** The body as it came. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a query gives has the form that the query asks for.
  readonly data: any;
  readonly errors: readonly GraphqlFailure[];
}

export interface Door {
  ask(query: string, variables?: object): Promise<Reply>;
  /** Sends a body as it is. */
  send(body: string): Promise<Reply>;
  close(): Promise<void>;
}

/** A server that really listens, on a free port. */
export async function openDoor(app: App): Promise<Door> {
  const server = await buildServer({
    schema: app.schema,
    log: pino({ level: 'silent' }),
    settings: app.config,
    authenticate: () => PUBLIC,
    status: () => ({ ready: true, edition: app.editions.latest, followedAt: null, firstQuery: () => undefined }),
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/graphql`;
  const send = async (body: string): Promise<Reply> => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await response.text();
    const { data, errors } = JSON.parse(text);
    return { status: response.status, text, data, errors: errors ?? [] };
  };
  return {
    send,
    ask: (query, variables) => send(JSON.stringify({ query, variables })),
    close: async () => void (await server.close()),
  };
}

/** Asks, and fails where the server answers with errors. */
export async function askWell(door: Door, query: string, variables?: object): Promise<Reply> {
  const reply = await door.ask(query, variables);
  if (reply.errors.length > 0) throw new Error(reply.errors.map((error) => error.message).join('\n'));
  return reply;
}

export function* inBatches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

/** How many rows each table holds: what a refused change must leave as it was. */
export function countRows({ database }: Pick<App, 'database'>): Promise<Record<string, number>> {
  return countAllRows(database.db);
}
