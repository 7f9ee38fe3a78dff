import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../seeds/terrain/random.ts';
import type { App } from '../../src/app.ts';
import { LaterEditions } from './laterEditions.ts';
import { askWell, type Door, openDoor, openHouse, openTown } from './openHouse.ts';
import { type PointPlace, randomPlaces } from './randomPlaces.ts';
import { beginEdition, box, idOf, insertRawGrid, insertRawLayers } from './rawRegistry.ts';
import { ANSWER, questionFor } from './wholeAnswer.ts';

const QUESTION = questionFor(`asOf validUntil ${ANSWER}`);
const BATCHES = 15;
const PLACES = 40;
const LAST_DAY = Date.parse('2040-01-01T00:00:00Z');
const DAY = 86_400_000;

/** An answer without its instants, and the instant up to which it promises to hold. */
interface Promised {
  readonly words: string;
  readonly until: number;
}

/** Many places at one instant, in one edition. */
interface Batch {
  readonly at: readonly object[];
  readonly edition: number;
  readonly asOf: number;
  readonly answers: readonly Promised[];
}

let app: App;
let door: Door;
let batches: Batch[];
const random = new Random(53);

beforeAll(async () => {
  ({ app } = await openTown());
  door = await openDoor(app);
  await new LaterEditions(app, new Random(47)).publish(12);
  batches = [];
  for (let i = 0; i < BATCHES; i++) batches.push(await newBatch());
});
afterAll(() => door?.close());

async function ask(at: readonly object[], asOf: number, edition: number): Promise<Promised[]> {
  const { data } = await askWell(door, QUESTION, { at, asOf: new Date(asOf).toISOString(), edition, language: 'pcc' });
  return data.ownerships.map(({ asOf: _, validUntil, ...answer }: Record<string, string | null>) => ({
    words: JSON.stringify(answer),
    until: validUntil === null ? Number.POSITIVE_INFINITY : Date.parse(validUntil),
  }));
}

async function newBatch(): Promise<Batch> {
  const points = randomPlaces(app, random, PLACES);
  const at = [...points, areaAround(points[0]), areaAround(points[1])];
  const edition = 1 + random.below(app.editions.latest);
  const from = Date.parse('2019-06-01T00:00:00Z');
  const asOf = from + random.below(Date.parse('2036-01-01T00:00:00Z') - from);
  return { at, edition, asOf, answers: await ask(at, asOf, edition) };
}

function areaAround({ point: { lon, lat } }: PointPlace): object {
  const [w, e, s, n] = [lon - 0.002, lon + 0.001, lat - 0.001, lat + 0.002].map((x) => Number(x.toFixed(7)));
  const ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]; // biome-ignore format: one ring
  return { area: { type: 'Polygon', coordinates: [ring] } };
}

/** Instants to try: right before each promised end, and some at random. */
function instantsOf({ asOf, answers }: Batch): number[] {
  const ends = [...new Set(answers.map((answer) => answer.until))].filter(Number.isFinite).map((end) => end - 1);
  const anyTime = Array.from({ length: 5 }, () => asOf + random.below(LAST_DAY - asOf));
  return [...random.shuffled(ends).slice(0, 8), ...anyTime].filter((instant) => instant > asOf);
}

/** How often an answer was tried before its end, as `late` milliseconds after its promise, and what had changed by then. */
async function brokenPromises(some: readonly Batch[], late = 0): Promise<{ tried: number; broken: string[] }> {
  const broken: string[] = [];
  let tried = 0;
  for (const batch of some) {
    for (const instant of instantsOf(batch)) {
      const again = await ask(batch.at, instant + late, batch.edition);
      batch.answers.forEach(({ words, until }, i) => {
        if (instant >= until) return;
        tried++;
        if (again[i].words === words) return;
        const place = JSON.stringify(batch.at[i]);
        broken.push(
          `${place} edition ${batch.edition}: ${new Date(batch.asOf).toISOString()} … ${new Date(instant).toISOString()}`,
        );
      });
    }
  }
  return { tried, broken };
}

describe('validUntil is a promise', () => {
  it('the answer is the same at every instant before it, whatever is planned', async () => {
    const { tried, broken } = await brokenPromises(batches);
    const ends = batches.flatMap((batch) => batch.answers.map((answer) => answer.until)).filter(Number.isFinite);
    console.log(
      `validUntil: ${batches.length * (PLACES + 2)} answers, ${ends.length} with an end, tried ${tried} times`,
    );
    expect(broken).toEqual([]);
    expect(ends.length).toBeGreaterThan(100);
    expect(tried).toBeGreaterThan(1500);
  });

  it('and one that ends a day later would be broken', async () => {
    const { broken } = await brokenPromises(batches.slice(0, 8), DAY);
    console.log(`validUntil: a day later ${broken.length} answers have changed`);
    expect(broken.length).toBeGreaterThan(10);
  });
});

it('a neighbour that is divided later, too far off to be seen itself, ends the answer too', async () => {
  await door.close();
  app = await openHouse();
  door = await openDoor(app);
  await app.database.db.transaction().execute(async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    await insertRawGrid(trx, edition, { id: idOf(1), tier: 'town', boundary: box(0, 0, 4) });
    const village = { id: idOf(2), tier: 'village', parent: idOf(1), boundary: box(3, 0, 1), from: '2030-01-01Z' };
    await insertRawGrid(trx, edition, village);
  });
  await app.editions.catchUp();
  // Ten metres west of the town, in no grid of the layer.
  const outside = [{ point: { lon: 119.9999, lat: 30.002, accuracyMetres: 50 } }];
  const [today] = await ask(outside, Date.parse('2026-01-01T00:00:00Z'), 1);
  const [then] = await ask(outside, Date.parse('2030-01-01T00:00:00Z'), 1);
  expect(then.words).not.toBe(today.words);
  expect(new Date(today.until).toISOString()).toBe('2030-01-01T00:00:00.000Z');
});
