import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedRange } from '../../../src/feed/export/feedRange.ts';
import { signedIn } from '../reporting/matterWorld.ts';
import { DISPATCHER, FeedWorld } from './feedWorld.ts';

let world: FeedWorld;
let noon: Date;
beforeAll(async () => {
  world = await FeedWorld.open();
  noon = world.matters.clock.now;
  for (let hour = 0; hour < 4; hour++) {
    const id = await world.report(2.123, 7, hour === 1 ? 'noise' : 'dispute');
    if (hour === 2) await world.move(id, 'B');
    world.matters.later(60);
  }
  await world.show();
});
afterAll(() => world?.matters.api.close());

interface Line {
  readonly id: string;
  readonly cursor: string;
  readonly time: string;
}

async function exported(range: FeedRange, wish: { within?: string; categories?: string[] } = {}, by = DISPATCHER) {
  const lines: Line[] = [];
  for await (const line of world.exports.exportFeed({ within: 'A', ...wish, ...range }, by)) {
    expect(line).not.toContain('\n');
    lines.push(JSON.parse(line));
  }
  return lines;
}

const idsOf = (lines: readonly { readonly id: string }[]) => lines.map(({ id }) => id);
const instant = (hours: number) => new Date(noon.getTime() + hours * 3_600_000).toISOString();

describe('the export of a range', () => {
  it('is line for line the feed of the area and the categories, thin and without a place', async () => {
    const lines = await exported({});
    const events = await world.replay('A');
    expect(idsOf(lines)).toEqual(idsOf(events));
    const [{ id, cursor, told }] = events;
    const { record } = told;
    expect(lines[0]).toEqual({
      ...{ id, cursor, type: 'incident.reported', time: instant(0), kind: 'REPORTED', act: 'REPORTED' },
      incident: {
        ...{ id: record.id, version: 1, category: 'dispute', status: 'OPEN', severity: null },
        ...{ occurredAt: record.occurredAt.toISOString(), reportedAt: instant(0) },
      },
    });
    const noise = await exported({}, { categories: ['noise'] });
    expect(idsOf(noise)).toEqual(idsOf(events.filter((event) => event.told.record.category === 'noise')));
    expect(idsOf(await exported({}, { within: 'B' }))).toEqual(idsOf(await world.replay('B')));
  });

  it('goes from cursor to cursor and from instant to instant, and ranges that touch make up the whole', async () => {
    const all = await exported({});
    for (const i of [0, 2, all.length - 1]) {
      const { cursor } = all[i];
      expect(await exported({ until: cursor })).toEqual(all.slice(0, i + 1));
      expect(await exported({ after: cursor })).toEqual(all.slice(i + 1));
    }
    expect(await exported({ after: all[1].cursor, until: all[3].cursor })).toEqual(all.slice(2, 4));
    for (const at of [instant(1), instant(1.5), instant(2).replace('Z', '+00:00')]) {
      const [before, behind] = [await exported({ until: at }), await exported({ after: at })];
      expect([...before, ...behind]).toEqual(all);
      expect(before.every(({ time }) => Date.parse(time) < Date.parse(at))).toBe(true);
      expect(Math.min(before.length, behind.length)).toBeGreaterThan(0);
    }
    expect(await exported({ after: instant(1), until: all[1].cursor })).toEqual(
      all.slice(0, 2).filter(({ time }) => time >= instant(1)),
    );
    expect(await exported({ after: instant(-2), until: instant(-1) })).toEqual([]);
  });

  it('ends where the feed was when it began, and reads on only as fast as it is taken', async () => {
    const all = await exported({});
    const lines = world.exports.exportFeed({ within: 'A' }, DISPATCHER)[Symbol.asyncIterator]();
    const taken = [(await lines.next()).value as string];
    await world.report(2, 7);
    await world.show();
    for (let line = await lines.next(); !line.done; line = await lines.next()) taken.push(line.value);
    expect(taken.map((line) => JSON.parse(line))).toEqual(all);
    expect((await exported({ after: all.at(-1)!.cursor })).length).toBeGreaterThan(0);
  });

  it('is refused for another area, ends that are neither cursor nor instant, and cursors of other feeds', async () => {
    const [{ cursor }] = await exported({});
    const fault = (asked: Promise<unknown>) =>
      asked.then(
        () => 'none',
        ({ code, details }) => `${code} ${details.field}`,
      );
    const by = signedIn('officer', [world.id('B')]);
    expect(() => world.exports.exportFeed({ within: 'A' }, by)).toThrow(/^within: /);
    expect(await fault(exported({ after: cursor }, { within: 'B' }))).toBe('BAD_INPUT after');
    expect(await fault(exported({ until: cursor }, { within: 'B' }))).toBe('BAD_INPUT until');
    for (const end of ['x', '2026-06-01', '2026-06-01T08:00', '2026-02-30T08:00:00Z', '2026-06-01T25:00:00Z', '17']) {
      expect(await fault(exported({ after: end })), end).toBe('BAD_INPUT after');
      expect(await fault(exported({ until: end })), end).toBe('BAD_INPUT until');
    }
    expect(await fault(exported({ after: instant(1), until: instant(0) }))).toBe('BAD_INPUT until');
  });
});
