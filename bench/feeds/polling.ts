/**
 * The feed against asking `incidentEvents` each second, on PostgreSQL: `DATABASE_URL=… npx tsx bench/feeds/polling.ts`, on
 * an empty database or one that a bench of feeds has used. The same villages, events and fields, first by subscription and
 * then by polls of as many as there were subscribers; prints how long events took and what the server used.
 */

import { Agent } from 'undici';
import { readConfig } from '../../src/config.ts';
import { openGround } from './ground.ts';
import { House, pause } from './house.ts';
import { FIELDS, Readers } from './readers.ts';
import { clock, judge, middle, printDelivery, printHead, type Receipts } from './receipts.ts';
import { Writers } from './writers.ts';

const FOLLOWERS = Number(process.env.BENCH_SUBSCRIBERS ?? 300);
const PER_SECOND = Number(process.env.BENCH_RATE ?? 50);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const TURNS = Number(process.env.BENCH_TURNS ?? 3);
const EVERY_MS = 1000;
const QUESTION = `query ($within: ID!, $after: String) {
  incidentEvents(within: $within, after: $after, first: 200) { cursor hasMore events ${FIELDS} } }`;

const ground = await openGround(readConfig(process.env), Number(process.env.BENCH_SIDE ?? 144));
const step = Math.floor(ground.villages.length / FOLLOWERS);
const villages = Array.from({ length: FOLLOWERS }, (_, i) => i * step);
const house = await House.start(ground.databaseUrl, [ground.city]);
const writers = await Writers.open(ground, 4);
const agent = new Agent({ connections: 50 });

interface Page {
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly events: readonly { readonly id: string }[];
}

async function ask(within: string, after: string | undefined): Promise<Page> {
  const { origin, pathname: path } = new URL(house.url);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${house.token}` };
  const body = JSON.stringify({ query: QUESTION, variables: { within, after } });
  const reply = await agent.request({ origin, path, method: 'POST', headers, body });
  const { data, errors } = (await reply.body.json()) as { data?: { incidentEvents: Page }; errors?: unknown };
  if (!data) throw new Error(JSON.stringify(errors));
  return data.incidentEvents;
}

/** Asks each second from the head on, until it is ended; notes what came. */
async function poller(village: number, notes: { numbers: number[]; times: number[] }, isOver: () => boolean) {
  const within = ground.villages[village];
  let page = await ask(within, undefined);
  while (page.hasMore) page = await ask(within, page.cursor);
  return async () => {
    await pause(Math.random() * EVERY_MS);
    while (!isOver()) {
      const asked = clock();
      page = await ask(within, page.cursor);
      for (const { id } of page.events) {
        notes.numbers.push(Number.parseInt(id.slice(24), 16));
        notes.times.push(clock());
      }
      await pause(asked + EVERY_MS - clock());
    }
  };
}

/** What happens while somebody follows; gives CPU seconds a second of the server and its backends. */
async function turn(label: string, end: () => Promise<Receipts>): Promise<number> {
  await house.used();
  const written = await writers.write({ perSecond: PER_SECOND, seconds: SECONDS, villages });
  const { cpu, backends } = await house.used();
  await house.sequenced();
  await pause(2 * EVERY_MS);
  printDelivery(
    label,
    written,
    judge(written, [await end()], () => 1),
  );
  process.stdout.write(`    server ${cpu.toFixed(2)} CPUs, its backends ${backends.toFixed(2)}\n`);
  return cpu + backends;
}

async function follow(): Promise<number> {
  const readers = new Readers(house);
  await readers.open(villages.map((village) => ground.villages[village]));
  await readers.begin();
  const used = await turn(`${FOLLOWERS} subscribers`, () => readers.take());
  await readers.stop();
  return used;
}

async function poll(): Promise<number> {
  const notes = { numbers: [] as number[], times: [] as number[] };
  let over = false;
  const begin: (() => Promise<void>)[] = [];
  for (const village of villages) begin.push(await poller(village, notes, () => over));
  const polling = Promise.all(begin.map((start) => start()));
  return turn(`${FOLLOWERS} who ask each second`, async () => {
    over = true;
    await polling;
    return { numbers: Float64Array.from(notes.numbers), times: Float64Array.from(notes.times) };
  });
}

printHead();
await follow();
const ratios: number[] = [];
for (let i = 0; i < TURNS; i++) ratios.push((await poll()) / (await follow()));
process.stdout.write(`Asking each second takes ${middle(ratios).toFixed(1)} times the CPU, median of ${TURNS}\n`);
await agent.close();
await writers.close();
await house.stop();
