/**
 * The log's own cost on PostgreSQL: `DATABASE_URL=… npx tsx bench/feeds/sequencing.ts`, on an empty database or one that a
 * bench of feeds has used, while no server runs on it. Eight writers insert rows into `incident_event`, each a transaction,
 * with the outbox and in turns without it, the trigger otherwise the same; then `sequence_feed` moves what waits.
 */

import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { openGround } from './ground.ts';
import { middle } from './receipts.ts';
import { Writers } from './writers.ts';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const TURNS = Number(process.env.BENCH_TURNS ?? 5);
const BATCHES = [10, 100, 1000];
/** More than can be, so that nobody waits. */
const PER_SECOND = 100_000;

const ground = await openGround(readConfig(process.env), Number(process.env.BENCH_SIDE ?? 144));
const owner = new pg.Client({ connectionString: ground.databaseUrl, application_name: 'bench' });
await owner.connect();
const one = async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows[0] as T;
const { body } = await one<{ body: string }>("select pg_get_functiondef('count_incident_event'::regproc) as body");
const bare = body.replace(/insert into public\.feed_outbox[\s\S]*?;\n/, '');
if (bare === body) throw new Error('The trigger does not write to the outbox as this bench knows it.');

/** Inserts for some seconds; gives how many a second. */
async function inserts(writers: Writers, villages: readonly number[]): Promise<number> {
  const { rate } = await writers.write({ perSecond: PER_SECOND, seconds: SECONDS, villages, inTime: true });
  return rate;
}

/** Moves so many at once until that many are moved; gives rows a second of the statements alone, and the slowest batch. */
async function sequence(most: number, quota: number): Promise<{ rate: number; slowest: number }> {
  let [rows, took, slowest] = [0, 0, 0];
  while (rows < quota) {
    const began = performance.now();
    const { moved } = await one<{ moved: number }>('select sequence_feed($1::int) as moved', [most]);
    const milliseconds = performance.now() - began;
    if (moved <= 0) throw new Error('A server runs on this database; stop it.');
    [rows, took, slowest] = [rows + moved, took + milliseconds, Math.max(slowest, milliseconds)];
  }
  return { rate: (rows / took) * 1000, slowest };
}

const drain = async () => {
  while ((await one<{ moved: number }>('select sequence_feed(1000) as moved')).moved > 0);
};

const villages = ground.villages.map((_, i) => i);
const [withOutbox, without]: [number[], number[]] = [[], []];
const moves = new Map(BATCHES.map((most) => [most, [] as { rate: number; slowest: number }[]]));
const writers = await Writers.open(ground, 8);
try {
  await drain();
  await inserts(writers, villages);
  for (let i = 0; i < TURNS; i++) {
    await owner.query(bare);
    without.push(await inserts(writers, villages));
    await owner.query(body);
    withOutbox.push(await inserts(writers, villages));
    const { waiting } = await one<{ waiting: number }>('select count(*)::int as waiting from feed_outbox');
    // A little is left, so that the last batch is a whole one.
    const quota = Math.floor(waiting / BATCHES.length) - BATCHES[BATCHES.length - 1];
    for (const [most, results] of moves) results.push(await sequence(most, quota));
    await drain();
  }
} finally {
  await owner.query(body);
}
await writers.close();
await owner.end();

const [bareRate, fullRate] = [middle(without), middle(withOutbox)];
process.stdout.write(
  `inserts a second: ${bareRate.toFixed(0)} without the outbox, ${fullRate.toFixed(0)} with it (${(fullRate / bareRate).toFixed(2)} times), median of ${TURNS}\n`,
);
for (const [most, results] of moves) {
  const rate = middle(results.map((result) => result.rate));
  const slowest = middle(results.map((result) => result.slowest));
  process.stdout.write(
    `sequence_feed(${most}): ${rate.toFixed(0)} events a second, slowest batch ${slowest.toFixed(1)} ms\n`,
  );
}
