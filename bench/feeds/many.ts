/**
 * Many subscribers on different areas: `DATABASE_URL=… npx tsx bench/feeds/many.ts`, on an empty database or one that a
 * bench of feeds has used. One subscriber in each village and town and one in the city, 50 on each socket, over 20,000 in
 * all; 1,000 events a second in villages at random, each of them passed on to three.
 */

import { readConfig } from '../../src/config.ts';
import { openGround } from './ground.ts';
import { House, pause } from './house.ts';
import { Readers } from './readers.ts';
import { judge, printDelivery, printHead } from './receipts.ts';
import { Writers } from './writers.ts';

const RATES = (process.env.BENCH_RATES ?? '1000').split(',').map(Number);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const TURNS = Number(process.env.BENCH_TURNS ?? 3);
const PROCESSES = Number(process.env.BENCH_PROCESSES ?? 2);
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 8);
const TOGETHER = Number(process.env.BENCH_TOGETHER ?? 1);

const ground = await openGround(readConfig(process.env), Number(process.env.BENCH_SIDE ?? 144));
const areas = [...ground.villages, ...ground.towns, ground.city];
const readersOf = () => 3;
const villages = ground.villages.map((_, i) => i);
for (let i = villages.length - 1; i > 0; i--) {
  const j = Math.floor(Math.random() * (i + 1));
  [villages[i], villages[j]] = [villages[j], villages[i]];
}

const house = await House.start(ground.databaseUrl, [ground.city]);
const before = await house.used();
const began = performance.now();
const readers = Array.from({ length: PROCESSES }, () => new Readers(house));
await Promise.all(readers.map((some, i) => some.open(areas.filter((_, n) => n % PROCESSES === i))));
const seconds = (performance.now() - began) / 1000;
await pause(2000);
await house.used();
await pause(5000);
const idle = await house.used();
process.stdout.write(
  `${areas.length} subscribers on ${await house.figure('wangge_open_sockets')} sockets after ${seconds.toFixed(1)} s; server ${before.peak.toFixed(0)} → ${idle.peak.toFixed(0)} MiB; with nothing to do ${idle.cpu.toFixed(2)} CPUs, its backends ${idle.backends.toFixed(2)}; ${(await house.held()).toFixed(0)} MiB held\n`,
);
const writers = await Writers.open(ground, CONNECTIONS);

async function turn(label: string, perSecond: number, forSeconds: number): Promise<void> {
  for (const some of readers) await some.begin();
  await house.used();
  const written = await writers.write({ perSecond, seconds: forSeconds, villages, together: TOGETHER });
  const { cpu, backends, peak } = await house.used();
  await house.sequenced();
  for (const some of readers) await some.settled();
  const receipts = await Promise.all(readers.map((some) => some.take()));
  printDelivery(label, written, judge(written, receipts, readersOf));
  const closed = receipts.reduce((sum, some) => sum + some.closed, 0);
  process.stdout.write(
    `    server ${cpu.toFixed(2)} CPUs and ${peak.toFixed(0)} MiB, its backends ${backends.toFixed(2)} CPUs; ${closed} sockets closed\n`,
  );
}

// Long enough for the compiler: the first seconds take up to ten times as long.
await turn('(warming up)', RATES[0], 15);
printHead();
for (const rate of RATES)
  for (let i = 0; i < TURNS; i++) await turn(`${areas.length} subscribers, ${rate} a second`, rate, SECONDS);
// Only now: it also throws away what the compiler has made.
process.stdout.write(`${(await house.held()).toFixed(0)} MiB held at the end\n`);
await writers.close();
for (const some of readers) await some.stop();
await house.stop();
