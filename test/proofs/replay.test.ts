import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../seeds/terrain/random.ts';
import type { App } from '../../src/app.ts';
import { LaterEditions } from './laterEditions.ts';
import { askWell, type Door, openDoor, openTown, reopenHouse } from './openHouse.ts';
import { randomPlaces } from './randomPlaces.ts';
import { questionFor, WHOLE_ANSWER } from './wholeAnswer.ts';

const QUESTION = questionFor(WHOLE_ANSWER);
const PLACES = 20;
/** REPLAY answers; 10,000 take a minute. */
const REQUESTS = Number(process.env.REPLAY ?? 4000) / PLACES;
const LATER = 20;
const FIRST_DAY = Date.parse('2019-01-01T00:00:00Z');
const LAST_DAY = Date.parse('2038-01-01T00:00:00Z');

interface Question {
  readonly at: readonly object[];
  readonly asOf: string;
  readonly edition: number;
  readonly category: string | null;
  readonly language: string | null;
}

let app: App;
let door: Door;
let questions: Question[];
let first: string[];

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

beforeAll(async () => {
  ({ app } = await openTown());
  door = await openDoor(app);
  const random = new Random(41);
  const latest = app.editions.latest;
  questions = Array.from({ length: REQUESTS }, () => ({
    at: randomPlaces(app, random, PLACES),
    asOf: new Date(FIRST_DAY + random.below(LAST_DAY - FIRST_DAY)).toISOString(),
    edition: 1 + random.below(latest),
    category: random.pick([null, null, 'dispute', 'water']),
    language: random.pick([null, null, 'pcc']),
  }));
  first = await askAll(door);
  await new LaterEditions(app, new Random(43)).publish(LATER);
});
afterAll(() => door?.close());

/** Digests of the bodies, as they came. */
async function askAll(at: Door, some = questions): Promise<string[]> {
  const digests: string[] = [];
  for (const question of some) digests.push(digest((await askWell(at, QUESTION, question)).text));
  return digests;
}

function differing(again: readonly string[]): number[] {
  return again.flatMap((text, i) => (text === first[i] ? [] : [i]));
}

describe('answers of random places, instants and editions, asked again after 20 more editions', () => {
  it('are byte-equal in the process that published them, the first half of them', async () => {
    expect(app.editions.latest).toBe(6 + LATER);
    expect(differing(await askAll(door, questions.slice(0, REQUESTS / 2)))).toEqual([]);
  });

  it('are byte-equal after a restart', async () => {
    const reopened = await openDoor(await reopenHouse());
    const again = await askAll(reopened);
    await reopened.close();
    expect(again.length).toBe(REQUESTS);
    expect(differing(again)).toEqual([]);
  });

  it('and the test sees an answer that ignores the edition, whatever edition it claims', async () => {
    const latest = app.editions.latest;
    const some = questions.slice(0, 50);
    const withoutEdition = ({ edition: _, ...answer }: { edition: number }) => JSON.stringify(answer);
    let caught = 0;
    for (const question of some) {
      const { data } = await askWell(door, QUESTION, question);
      const twin = await askWell(door, QUESTION, { ...question, edition: latest });
      data.ownerships.forEach((answer: { edition: number }, i: number) => {
        if (withoutEdition(answer) !== withoutEdition(twin.data.ownerships[i])) caught++;
      });
    }
    console.log(`Replay: answers that ignore the edition are caught in ${caught} of ${some.length * PLACES}`);
    expect(caught).toBeGreaterThan((some.length * PLACES) / 4);
  });
});
