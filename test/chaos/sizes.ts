import type { ChaosPlan } from './run.ts';

type Sizes = Omit<ChaosPlan, 'seed'>;

/** What the issue asks for: some 15 minutes. */
export const FULL: Sizes = {
  serverKills: 200,
  postmasterKills: 20,
  backendKills: 40,
  partitions: 40,
  pauses: 20,
  writes: 45_000,
  httpWriters: 10,
  sqlWriters: 6,
  webhooks: 2,
  webhookFaults: 0.08,
  limitMs: 3_600_000,
  settleMs: 60_000,
};

/** Short enough for every commit. */
export const SHORT: Sizes = {
  ...FULL,
  serverKills: 3,
  postmasterKills: 1,
  backendKills: 1,
  partitions: 2,
  pauses: 1,
  writes: 300,
  limitMs: 90_000,
  settleMs: 20_000,
};

/** Enough to catch a broken twin, which never settles. */
export const TWIN: Sizes = {
  ...SHORT,
  serverKills: 3,
  postmasterKills: 0,
  backendKills: 1,
  partitions: 1,
  pauses: 0,
  writes: 300,
  limitMs: 60_000,
  settleMs: 2500,
};

/** Process kills only: whoever holds the embedded database is the server itself. */
export const EMBEDDED: Sizes = { ...SHORT, serverKills: 2, writes: 60, httpWriters: 4, sqlWriters: 0 };

const NAMES: Readonly<Record<keyof Sizes, string>> = {
  serverKills: 'CHAOS_SERVER_KILLS',
  postmasterKills: 'CHAOS_POSTMASTER_KILLS',
  backendKills: 'CHAOS_BACKEND_KILLS',
  partitions: 'CHAOS_PARTITIONS',
  pauses: 'CHAOS_PAUSES',
  writes: 'CHAOS_WRITES',
  httpWriters: 'CHAOS_HTTP_WRITERS',
  sqlWriters: 'CHAOS_SQL_WRITERS',
  webhooks: 'CHAOS_WEBHOOKS',
  webhookFaults: 'CHAOS_WEBHOOK_FAULTS',
  limitMs: 'CHAOS_LIMIT_MS',
  settleMs: 'CHAOS_SETTLE_MS',
};

/** The sizes, each overridden by its variable; SEED is drawn where it is not given. */
export function readPlan(sizes: Sizes, environment: NodeJS.ProcessEnv = process.env): ChaosPlan {
  const given = Object.entries(NAMES).map(([key, name]) => {
    return [key, environment[name] ? Number(environment[name]) : sizes[key as keyof Sizes]];
  });
  const seed = environment.SEED ? Number(environment.SEED) : Math.floor(Math.random() * 1e9);
  return { ...(Object.fromEntries(given) as Sizes), seed };
}
