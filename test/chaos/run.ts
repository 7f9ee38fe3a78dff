import { setTimeout as delay } from 'node:timers/promises';
import { hangUp } from './asking.ts';
import { check, countFaults, type Evidence, type Fault } from './checker.ts';
import { Crowd } from './crowd.ts';
import { Dice } from './dice.ts';
import { Breaker, breakAll, type FaultPlan } from './faults.ts';
import type { Reader } from './reader.ts';
import { openTown, type Site, type Town } from './town.ts';
import type { Twin } from './twins.ts';

const TELL_MS = 15_000;

export interface ChaosPlan extends FaultPlan {
  readonly seed: number;
  /** Acknowledged writes at least. */
  readonly writes: number;
  readonly httpWriters: number;
  readonly sqlWriters: number;
  /** How many receive webhooks, and which share of their answers is a fault. */
  readonly webhooks: number;
  readonly webhookFaults: number;
  readonly limitMs: number;
  /** How long readers may take for the rest once all is quiet. */
  readonly settleMs: number;
}

export interface Outcome {
  readonly faults: readonly Fault[];
  /** What nobody can explain: refusals, and servers that ended by themselves. */
  readonly problems: readonly string[];
  readonly seen: Breaker['seen'];
  readonly acknowledged: number;
  readonly lines: readonly string[];
}

/** One run: writes, reads and breaks until the plan is fulfilled, waits until all is quiet, and checks. */
export async function runChaos(
  site: Site,
  plan: ChaosPlan,
  twin?: Twin,
  onProgress = (_: string) => {},
): Promise<Outcome> {
  const database = await site.copy(twin);
  const town = await openTown(site, database, twin);
  const crowd = new Crowd(site.ground, town, plan);
  try {
    return await course(site, plan, { database, town, crowd }, onProgress);
  } finally {
    await crowd.close();
    await town.close();
    hangUp();
  }
}

async function course(
  site: Site,
  plan: ChaosPlan,
  { database, town, crowd }: { database: string; town: Town; crowd: Crowd },
  onProgress: (line: string) => void,
): Promise<Outcome> {
  const { cluster } = site;
  const until = Date.now() + plan.limitMs;
  const dice = new Dice(plan.seed + 1);
  const breaker = new Breaker({ cluster, database, servers: town.servers, lines: town.lines }, dice);
  const started = performance.now();
  const telling = setInterval(
    () =>
      onProgress(
        `${Math.round((performance.now() - started) / 1000)} s: ${crowd.ledger.acknowledged.length} writes, ${JSON.stringify(breaker.seen)}`,
      ),
    TELL_MS,
  ).unref();
  await crowd.begin();
  await breakAll(breaker, plan, dice, () => Date.now() > until);
  while (crowd.ledger.acknowledged.length < plan.writes && Date.now() < until) await delay(100);
  clearInterval(telling);
  onProgress('Writers stop');
  await crowd.stopWriting();
  onProgress('Waiting for readers');
  const wroteFor = performance.now() - started;
  const settled = await settle(site, database, crowd.readers, plan.settleMs);
  await crowd.stopReading();
  const evidence: Evidence = {
    acknowledged: crowd.ledger.acknowledged,
    rolledBack: crowd.ledger.rolledBack,
    log: await readLog(site, database),
    trail: await cluster.ask(database, 'select id, incident_id as incident, version from incident_event'),
    readers: crowd.readers.map((reader) => reader.logged()),
  };
  const faults = [...check(evidence), ...(await twice(site, database))];
  return {
    faults,
    problems: [...crowd.problems(), ...town.servers.flatMap(({ fell }) => fell)],
    seen: breaker.seen,
    acknowledged: evidence.acknowledged.length,
    lines: describe({ plan, breaker, town, crowd, evidence, faults, wroteFor, settled }),
  };
}

async function readLog({ cluster }: Site, database: string): Promise<Evidence['log']> {
  const rows = await cluster.ask<{ position: string }>(
    database,
    `select position, event_id as id, subject as incident, version, area_ids as "areaIds",
       topic = 'INCIDENT' as "isIncident" from feed_event order by position`,
  );
  return rows.map((row) => ({ ...row, position: Number(row.position) })) as never;
}

/** One report under one key is one incident, however often it was sent. */
async function twice({ cluster }: Site, database: string): Promise<Fault[]> {
  const rows = await cluster.ask<{ summary: string; count: number }>(
    database,
    'select summary, count(*)::int as count from incident where summary is not null group by 1 having count(*) > 1',
  );
  return rows.map(({ summary, count }) => ({
    kind: 'DUPLICATED',
    about: `the report ${summary} made ${count} incidents`,
  }));
}

const WAITING = `select w.id as within, (select count(*) from feed_outbox)::int as waiting, count(e.position)::int as count
  from unnest($1::uuid[]) w(id) left join feed_event e on e.topic = 'INCIDENT' and e.area_ids @> array[w.id] group by w.id`;

/** Waits until nothing is left in the outbox and everybody has what is for him. Gives the milliseconds; undefined where it took too long. */
async function settle(
  { cluster }: Site,
  database: string,
  readers: readonly Reader[],
  limitMs: number,
): Promise<number | undefined> {
  const started = performance.now();
  const areas = [...new Set(readers.map(({ within }) => within.id))];
  while (performance.now() - started < limitMs) {
    const rows = await cluster.ask<{ within: string; waiting: number; count: number }>(database, WAITING, [areas]);
    const counts = new Map(rows.map(({ within, count }) => [within, count]));
    const isTold = ({ within, ids }: Reader) => ids.size >= (counts.get(within.id) ?? 0);
    if (rows.every(({ waiting }) => waiting === 0) && readers.every(isTold)) return performance.now() - started;
    await delay(200);
  }
  return undefined;
}

interface Told {
  readonly plan: ChaosPlan;
  readonly breaker: Breaker;
  readonly town: Town;
  readonly crowd: Crowd;
  readonly evidence: Evidence;
  readonly faults: readonly Fault[];
  readonly wroteFor: number;
  readonly settled: number | undefined;
}

function describe({ plan, breaker, town, crowd, evidence, faults, wroteFor, settled }: Told): string[] {
  const { acknowledged, log, rolledBack, readers } = evidence;
  const of = (by: string) => acknowledged.filter((each) => each.by === by).length;
  const { seen } = breaker;
  const starts = town.servers.flatMap((server) => server.starts).sort((a, b) => a - b);
  const got = readers.reduce((sum, { events }) => sum + events.length, 0);
  const sum = (what: 'losses' | 'heartbeats') => crowd.readers.reduce((total, each) => total + each[what], 0);
  const counts = Object.entries(countFaults(faults)).map(([kind, count]) => `${kind} ${count}`);
  return [
    `seed ${plan.seed}; ${Math.round(wroteFor / 1000)} s; servers started ${starts.length} times, median ${Math.round(starts[starts.length >> 1])} ms`,
    `seen: ${seen.serverKills} kill -9 of servers, ${seen.postmasterKills} of the postmaster, ${seen.backendKills} backends ended, ${seen.partitions} partitions, ${seen.pauses} pauses; ${breaker.unseen} tried without effect, not counted`,
    `writers: ${acknowledged.length} writes acknowledged (${of('HTTP')} over HTTP, ${of('SQL')} by SQL), ${crowd.ledger.unanswered} unanswered, ${rolledBack.length} events rolled back; ${log.length} events in the log`,
    `readers: ${readers.length} got ${got} events in ${sum('losses')} connections, ${sum('heartbeats')} cursors without an event; ${settled === undefined ? 'not quiet in time' : `quiet after ${Math.round(settled)} ms`}`,
    `webhooks: ${told(crowd)}`,
    `result: ${counts.join(', ')}`,
  ];
}

function told({ receivers }: Crowd): string {
  const sum = (of: (receiver: Crowd['receivers'][number]) => number) =>
    receivers.reduce((total, receiver) => total + of(receiver), 0);
  const faults = sum(({ asked }) => asked.faults);
  return `${receivers.length} were asked ${sum(({ asked }) => asked.times)} times, failed ${faults} times and took ${sum(({ ids }) => ids.size)} events`;
}
