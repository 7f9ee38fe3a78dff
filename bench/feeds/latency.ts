/**
 * From a commit to the sockets, on PostgreSQL: `DATABASE_URL=… npx tsx bench/feeds/latency.ts`, on an empty database or one
 * that a bench of feeds has used. 1,000 subscribers follow villages, towns and the city, 200 events a second are written;
 * then the same while somebody else holds a transaction open for 30 s that has written an event of its own.
 * "sent": since just before the statement was sent, so with the commit; "known": since the writer knew of the commit.
 */

import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { type Ground, openGround } from './ground.ts';
import { House } from './house.ts';
import { Readers } from './readers.ts';
import { judge, printDelivery, printHead } from './receipts.ts';
import { Writers } from './writers.ts';

const PER_SECOND = Number(process.env.BENCH_RATE ?? 200);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const SUBSCRIBERS = Number(process.env.BENCH_SUBSCRIBERS ?? 1000);
const TURNS = Number(process.env.BENCH_TURNS ?? 3);

const ground = await openGround(readConfig(process.env), Number(process.env.BENCH_SIDE ?? 144));
// Of a thousand 900 in villages, 72 in towns and 28 in the city: an event is passed on some thirty times.
const inVillages = Math.floor(SUBSCRIBERS * 0.9);
const inTowns = Math.floor(SUBSCRIBERS * 0.072);
const inCity = SUBSCRIBERS - inVillages - inTowns;
const step = Math.floor(ground.villages.length / inVillages);
const villages = Array.from({ length: inVillages }, (_, i) => i * step);
const townsOf = Array.from({ length: inTowns }, (_, i) => i % ground.towns.length);
const readersOf = (village: number) => 1 + townsOf.filter((town) => town === ground.townOf(village)).length + inCity;

const house = await House.start(ground.databaseUrl, [ground.city]);
const readers = new Readers(house);
// Five on each socket, as a page with some lists has.
await readers.open(
  [
    ...villages.map((village) => ground.villages[village]),
    ...townsOf.map((town) => ground.towns[town]),
    ...Array<string>(inCity).fill(ground.city),
  ],
  { onEach: 5 },
);
const writers = await Writers.open(ground, 8);

async function turn(label: string, seconds: number): Promise<void> {
  await readers.begin();
  await house.used();
  const written = await writers.write({ perSecond: PER_SECOND, seconds, villages });
  const { cpu, backends, peak } = await house.used();
  await house.sequenced();
  await readers.settled();
  const receipts = await readers.take();
  const mine = judge(written, [receipts], readersOf);
  printDelivery(label, written, mine);
  process.stdout.write(
    `    server ${cpu.toFixed(2)} CPUs and ${peak.toFixed(0)} MiB, its backends ${backends.toFixed(2)} CPUs; ${receipts.closed} sockets closed\n`,
  );
}

/** Holds a snapshot and an event that nobody may see, until it is ended. */
async function openForeign({ databaseUrl, incidents, villages: ids, versions }: Ground) {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'foreign' });
  await client.connect();
  const last = incidents.length - 1;
  await client.query("begin isolation level repeatable read; select set_config('wangge.areas', '*', true)");
  await client.query(
    `insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
     values (gen_random_uuid(), $1, $2, 'CHANGED', 'NOTED', now(), 'foreign', array[$3::uuid])`,
    [incidents[last], versions[last] + 1, ids[last]],
  );
  return async () => {
    await client.query('rollback');
    await client.end();
  };
}

await turn('(warming up)', 5);
printHead();
for (let i = 0; i < TURNS; i++) {
  await turn('alone', SECONDS);
  const end = await openForeign(ground);
  await turn(`beside a transaction open for ${SECONDS} s`, SECONDS);
  await end();
}
await writers.close();
await readers.stop();
await house.stop();
