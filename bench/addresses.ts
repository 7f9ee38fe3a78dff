/**
 * Looking up addresses as people write them, beside plain pg_trgm in the same run:
 * `DATABASE_URL=… node --import tsx bench/addresses.ts [addresses] [questions]`; without DATABASE_URL on the embedded
 * database. The database must be empty, or hold the book of an earlier run of the same size.
 */
import 'reflect-metadata';
import { sql } from 'kysely';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { makeAddressBook, standardText } from '../test/addresses/generator/addressBook.ts';
import { distortedQuestions } from '../test/addresses/generator/distort.ts';
import { draftsOf, openAddresses, publishBook } from '../test/addresses/openAddresses.ts';

const [size = 50_000, questions = 1000] = process.argv.slice(2).map(Number);
const print = (label: string, value: string) => process.stdout.write(`${label.padEnd(44)} ${value}\n`);
const percentile = (sorted: readonly number[], part: number) => sorted[Math.floor((sorted.length - 1) * part)];

const config = readConfig(process.env);
const database = await openDatabase({ ...config, statementTimeoutMs: 1_800_000 });
await database.asOwner((db) => migrate(db));
const { db } = database;
const house = openAddresses(db);
await house.editions.catchUp();
const book = makeAddressBook(size);
if (house.editions.latest === 0) {
  const started = performance.now();
  await publishBook(house, draftsOf(book));
  print(`Publishing ${size} addresses`, `${((performance.now() - started) / 1000).toFixed(1)} s`);
}
await database.asOwner(async (owner) => {
  await sql`analyze address_name, address_anchor, address_version`.execute(owner);
  await sql`drop table if exists plain_text`.execute(owner);
  await sql`create table plain_text as select address_id as id, main_text as text from address_version`.execute(owner);
  await sql`create index on plain_text using gin (text gin_trgm_ops)`.execute(owner);
  await sql`analyze plain_text`.execute(owner);
  await sql`grant select on plain_text to wangge_server`.execute(owner);
});
const moment = { asOf: Date.parse('2026-06-01T00:00:00Z'), edition: house.editions.latest };
const asked = [...distortedQuestions(book, questions)];

type Find = (text: string) => Promise<{ id: string; score: number } | undefined>;

/** Each question on its own, one after another. */
async function measure(label: string, find: Find, some = asked): Promise<void> {
  for (const { text } of some.slice(0, 20)) await find(text);
  const times: number[] = [];
  let right = 0;
  let sure = 0;
  let present = 0;
  for (const { text, meant } of some) {
    const started = performance.now();
    const top = await find(text);
    times.push(performance.now() - started);
    if (meant !== null) present += 1;
    if (top && top.id === meant) right += 1;
    else if (top && top.score >= 0.9) sure += 1;
  }
  times.sort((a, b) => a - b);
  const shares = `top-1 right ${((100 * right) / present).toFixed(1)} %, wrong with ≥ 0.9 ${((100 * sure) / some.length).toFixed(2)} %`;
  print(label, `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms; ${shares}`);
}

/** Trigrams of whole texts take seconds where there are many. */
const few = asked.slice(0, 200);
print('Addresses, and the first of them', `${size}: ${standardText(book.entries[0].parts)}`);
await measure(`Wangge, ${asked.length} distorted questions`, async (text) => {
  const [top] = await house.finder.search(text, null, moment);
  return top && { id: top.address.id, score: top.score };
});
await measure(
  'Plain pg_trgm: the most similar main text',
  async (text) => {
    const { rows } = await sql<{
      id: string;
      score: number;
    }>`select id, similarity(text, ${text}) as score from plain_text
    where text % ${text} order by score desc limit 1`.execute(db);
    return rows[0];
  },
  few,
);
await measure(
  'Plain pg_trgm: the text that holds it best',
  async (text) => {
    const { rows } = await sql<{
      id: string;
      score: number;
    }>`select id, word_similarity(${text}, text) as score from plain_text
    where ${text} <% text order by score desc limit 1`.execute(db);
    return rows[0];
  },
  few,
);
await database.asOwner((owner) => sql`drop table plain_text`.execute(owner));
await database.close();
