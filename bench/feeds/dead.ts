/**
 * What ten readers cost that stopped reading: `DATABASE_URL=… npx tsx bench/feeds/dead.ts`, on an empty database or one that
 * a bench of feeds has used. They follow the whole city and pause their sockets; ten more take their place when the
 * server must have cut them. Meanwhile 100,000 events are written in 60 s and 500 others read what is theirs. In turns
 * with the same run without the dead, each on a fresh server. "Held": heap and buffers after a collection of garbage, before
 * and at once after the writing, while the dead are there; what is resident depends on when garbage is collected.
 */

import { readConfig } from '../../src/config.ts';
import { openGround } from './ground.ts';
import { House, pause } from './house.ts';
import { Readers } from './readers.ts';
import { judge, middle, printDelivery, printHead, shareOf } from './receipts.ts';
import { Writers } from './writers.ts';

const DEAD = Number(process.env.BENCH_DEAD ?? 10);
const LIVE = Number(process.env.BENCH_SUBSCRIBERS ?? 500);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
const PER_SECOND = Number(process.env.BENCH_EVENTS ?? 100_000) / SECONDS;
const TURNS = Number(process.env.BENCH_TURNS ?? 3);
const TOGETHER = Number(process.env.BENCH_TOGETHER ?? 1);
/** The server cuts who has taken nothing for 30 s. */
const REPLACED_MS = 35_000;

const ground = await openGround(readConfig(process.env), Number(process.env.BENCH_SIDE ?? 144));
const villages = ground.villages.map((_, i) => i);
const step = villages.length / LIVE;
const followed = new Set(Array.from({ length: LIVE }, (_, i) => Math.floor(i * step)));
const readersOf = (village: number) => (followed.has(village) ? 1 : 0) + 1;
const living = [...[...followed].map((village) => ground.villages[village]), ...ground.towns];

/** Keeps as many dead readers as there should be, until it is ended. */
function bury(house: House): () => Promise<void> {
  const dead = new Readers(house);
  const come = () => dead.open(Array<string>(DEAD).fill(ground.city), { dead: true, onEach: 1 });
  const first = come();
  const timer = setInterval(() => void come(), REPLACED_MS);
  return async () => {
    clearInterval(timer);
    await first;
    await dead.stop();
  };
}

async function run(withDead: boolean) {
  const house = await House.start(ground.databaseUrl, [ground.city]);
  const readers = new Readers(house);
  await readers.open(living);
  const writers = await Writers.open(ground, 8);
  await writers.write({ perSecond: PER_SECOND, seconds: 5, villages, together: TOGETHER });
  await house.sequenced();
  await readers.settled();
  await readers.begin();
  const heldBefore = await house.held();
  await house.used();
  await pause(500);
  const before = await house.used();
  const end = withDead ? bury(house) : async () => {};
  const written = await writers.write({ perSecond: PER_SECOND, seconds: SECONDS, villages, together: TOGETHER });
  const sockets = await house.figure('wangge_open_sockets');
  const { cpu, peak } = await house.used();
  const held = (await house.held()) - heldBefore;
  await house.sequenced();
  await readers.settled();
  const delivery = judge(written, [await readers.take()], readersOf);
  printDelivery(withDead ? `beside ${DEAD} dead readers` : 'without dead readers', written, delivery);
  process.stdout.write(
    `    server ${cpu.toFixed(2)} CPUs, ${before.peak.toFixed(0)} → ${peak.toFixed(0)} MiB resident, ${held.toFixed(1)} MiB more held; ${sockets} sockets at the end\n`,
  );
  await end();
  await writers.close();
  await readers.stop();
  await house.stop();
  return { p99: shareOf(delivery.sinceSent, 0.99), grown: peak - before.peak, held };
}

type Figures = Awaited<ReturnType<typeof run>>;

printHead();
const runs: { readonly alone: Figures; readonly beside: Figures }[] = [];
for (let i = 0; i < TURNS; i++) {
  // Whichever comes first has the younger machine.
  const first = await run(i % 2 === 1);
  const second = await run(i % 2 === 0);
  runs.push(i % 2 === 1 ? { alone: second, beside: first } : { alone: first, beside: second });
}
const differences = (name: 'grown' | 'held') => middle(runs.map(({ alone, beside }) => beside[name] - alone[name]));
const slower = middle(runs.map(({ alone, beside }) => beside.p99 / alone.p99));
process.stdout.write(
  `The dead, median of ${TURNS}: resident ${differences('grown').toFixed(1)} MiB more, held ${differences('held').toFixed(1)} MiB more, p99 of the others ${slower.toFixed(2)} times\n`,
);
