/**
 * Finding the readers of an event by its areas, against asking the filter of each reader: `npx tsx bench/feeds/filters.ts`.
 * In one process, without sockets: how many events a CPU second can be offered to readers who each follow a village.
 */

import { randomUUID } from 'node:crypto';
import type { FeedEvent } from '../../src/feed/feedEvent.ts';
import { type FeedFilter, matches } from '../../src/feed/feedFilter.ts';
import { FeedTail } from '../../src/feed/reading/tail.ts';
import { middle } from './receipts.ts';

const COUNTS = [100, 1000, 10_000, 20_000, 100_000];
const TURNS = 5;
const LONGEST_MS = 300;

const city = randomUUID();

function eventOf(position: number, areaIds: readonly string[]): FeedEvent {
  const rest = { topic: 'INCIDENT', kind: 'CHANGED', subject: 'x', version: 1, category: 'bench' } as const;
  return { position, id: randomUUID(), ...rest, at: new Date(), areaIds, payload: '{}' };
}

/** Events a second of what `offer` takes, one after the other. */
function rateOf(villages: readonly string[], offer: (event: FeedEvent) => void): number {
  const began = performance.now();
  let position = 0;
  while (performance.now() - began < LONGEST_MS) {
    for (let i = 0; i < 20; i++) {
      const village = villages[Math.floor(Math.random() * villages.length)];
      offer(eventOf(++position, [village, city]));
    }
  }
  return (position / (performance.now() - began)) * 1000;
}

function measure(count: number) {
  const villages = Array.from({ length: count }, () => randomUUID());
  let told = 0;
  const readers = villages.map((within) => {
    const filter: FeedFilter = { topic: 'INCIDENT', within, categories: null };
    return { filter, offer: () => void told++, fail: () => {} };
  });
  const [byArea, each]: [number[], number[]] = [[], []];
  for (let i = 0; i < TURNS; i++) {
    const tail = new FeedTail({ position: 0, mark: '' }, 4096);
    for (const reader of readers) tail.join(reader);
    byArea.push(rateOf(villages, (event) => tail.append([event])));
    each.push(
      rateOf(villages, (event) => {
        for (const { filter, offer } of readers) if (matches(filter, event)) offer();
      }),
    );
  }
  if (told === 0) throw new Error('Nobody was told.');
  return [middle(byArea), middle(each)];
}

const row = (...cells: readonly string[]) => `${cells.map((cell) => cell.padStart(16)).join('')}\n`;
process.stdout.write(row('readers', 'by area', 'each filter', 'times'));
for (const count of COUNTS) {
  const [byArea, each] = measure(count);
  process.stdout.write(row(String(count), byArea.toFixed(0), each.toFixed(0), (byArea / each).toFixed(1)));
}
