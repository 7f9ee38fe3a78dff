import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { Atlas } from '../../../src/grids/atlas/atlas.ts';
import { type BuildSegment, buildSegment } from '../../../src/grids/atlas/segments/buildSegment.ts';
import { buffersOf, buildSegmentParts, type SegmentParts } from '../../../src/grids/atlas/segments/segmentParts.ts';
import type { TerritoryLog } from '../../../src/grids/atlas/territoryLog.ts';
import type { Moment } from '../../../src/grids/moment.ts';
import { CHANGE, COLUMNS, largeLogs, ROWS, SIDE, X0, Y0 } from './largeLogs.ts';

const inline: BuildSegment = async (shapes, levels) => buildSegmentParts(shapes, levels);

const openAtlas = (logs: readonly TerritoryLog[], build?: BuildSegment) =>
  new Atlas({ readLog: async (after) => logs[after] }, build);

async function showAll(atlas: Atlas, editions: number): Promise<Atlas> {
  for (let edition = 1; edition <= editions; edition++) (await atlas.read(edition - 1, edition))();
  return atlas;
}

/** Everything the atlas can say of a place, by ids. */
function answersOf(atlas: Atlas, x: number, y: number, moment: Moment) {
  const layer = atlas.findLayer('l')!;
  const box = { minX: x, minY: y, maxX: x + SIDE, maxY: y + SIDE };
  const byId = (a: number, b: number) => a - b;
  return {
    one: atlas.locate(layer, x, y, moment)?.id,
    all: atlas.locateAll(layer, x, y, moment).map((version) => version.id),
    gap: atlas.locateGap(layer, x, y, moment)?.id,
    borders: [...atlas.bordersWithin(layer, x, y, 30)].map(([version, metres]) => [version.id, metres]),
    near: atlas
      .candidates(layer, box, moment.edition)
      .map((version) => version.id)
      .sort(byId),
  };
}

const questions = fc.record({
  x: fc.integer({ min: X0 - SIDE, max: X0 + (COLUMNS + 1) * SIDE }),
  y: fc.integer({ min: Y0 - SIDE, max: Y0 + (ROWS + 1) * SIDE }),
  asOf: fc.constantFrom(CHANGE - 1, CHANGE, CHANGE + 1),
  edition: fc.integer({ min: 1, max: 3 }),
});

function assertSameAnswers(one: Atlas, other: Atlas): void {
  const property = fc.property(questions, ({ x, y, ...moment }) => {
    expect(answersOf(one, x, y, moment)).toEqual(answersOf(other, x, y, moment));
  });
  fc.assert(property, { seed: 20260501, numRuns: 1_000 });
}

// Digests, because comparing millions of numbers one by one takes seconds.
const digestsOf = (parts: SegmentParts) => ({
  root: parts.index.cells.root,
  rootAt: parts.index.cells.rootAt,
  arrays: buffersOf(parts).map((buffer) => createHash('sha256').update(Buffer.from(buffer)).digest('hex')),
});

const started: Worker[] = [];
const note = (worker: Worker) => void started.push(worker);

let logs: TerritoryLog[];
let right: Atlas;
beforeAll(async () => {
  logs = largeLogs();
  right = await showAll(openAtlas(logs, inline), 3);
});
afterEach(() => {
  process.off('worker', note);
  started.length = 0;
});

describe('a large edition', () => {
  it('is built in another thread while the edition before it is answered, and shown in one step', async () => {
    const atlas = await showAll(openAtlas(logs), 2);
    const shapes: Shape[] = [logs[0], logs[1], logs[2]].flatMap((log) => log.versions.map((row) => row.shape));
    const startedAt = performance.now();
    buildSegmentParts(shapes, new Int32Array(shapes.length));
    const inlineMs = performance.now() - startedAt;

    process.on('worker', note);
    const { bytes, longestMs, asked, show } = await askWhileReading(atlas);
    expect(started).toHaveLength(1);
    expect(asked).toBeGreaterThan(10);
    expect(longestMs).toBeLessThan(inlineMs / 2);
    expect(atlas.indexBytes).toBe(bytes);

    const shownAt = performance.now();
    show();
    expect(performance.now() - shownAt).toBeLessThan(inlineMs / 2);
    assertSameAnswers(atlas, right);
  });

  /** Reads edition 3, asking about edition 2 in every turn of the event loop. */
  async function askWhileReading(atlas: Atlas) {
    const bytes = atlas.indexBytes;
    let show: (() => void) | undefined;
    const reading = atlas.read(2, 3).then((done) => {
      show = done;
    });
    const layer = right.findLayer('l')!;
    let [asked, longestMs, turnedAt] = [0, 0, performance.now()];
    const middle = { x: X0 + 70 * SIDE, y: Y0 + 60 * SIDE };
    while (!show) {
      await setImmediate();
      longestMs = Math.max(longestMs, performance.now() - turnedAt);
      turnedAt = performance.now();
      asked++;
      const x = middle.x + (asked % 97) * 1_000;
      const moment = { asOf: CHANGE, edition: 2 };
      const answer = answersOf(atlas, x, middle.y, moment);
      if (asked % 50 === 0) expect(answer.one).toBe(right.locate(layer, x, middle.y, moment)?.id);
    }
    await reading;
    return { bytes, longestMs, asked, show };
  }

  it('read and not shown leaves nothing behind: read again it shows the same', async () => {
    const atlas = await showAll(openAtlas(logs, inline), 2);
    await atlas.read(2, 3);
    (await atlas.read(2, 3))();
    assertSameAnswers(atlas, right);
  });

  it.each<[string, () => Promise<Atlas>]>([
    [
      'closings that are forgotten when segments are merged',
      () => {
        const forgetful = logs.map((log) => ({ ...log, closed: { codes: [], versions: [], gaps: [] } }));
        return showAll(openAtlas(forgetful, inline), 3);
      },
    ],
    [
      'rows that come back in another order',
      () =>
        showAll(
          openAtlas(logs, async (shapes, levels) => buildSegmentParts([...shapes].reverse(), levels)),
          3,
        ),
    ],
  ])('would be found out: %s', async (_, wrong) => {
    const broken = await wrong();
    expect(() => assertSameAnswers(broken, right)).toThrow('Property failed');
  });
});

describe('the thread that builds', () => {
  const shapesOf = (log: TerritoryLog) => log.versions.map((row) => row.shape);

  it('gives the very arrays that are built without it, and ends', async () => {
    process.on('worker', note);
    const shapes = shapesOf(logs[0]);
    const levels = Int32Array.from(shapes, (_, i) => i % 3);
    const parts = await buildSegment(shapes, levels);
    expect(digestsOf(parts)).toEqual(digestsOf(buildSegmentParts(shapes, levels)));
    expect(started).toHaveLength(1);
    if (started[0].threadId !== -1) await once(started[0], 'exit');
  });

  it('is not started for a small segment', async () => {
    process.on('worker', note);
    await buildSegment(shapesOf(logs[1]), new Int32Array(4));
    expect(started).toHaveLength(0);
  });

  it.each([
    ['breaks', 'throw new Error("out of order")', 'out of order'],
    ['ends without a word', '', 'ended with code 0'],
  ])('is done without when it %s', async (_, code, reason) => {
    const shapes = shapesOf(logs[0]);
    const levels = new Int32Array(shapes.length);
    const warned = once(process, 'warning');
    const parts = await buildSegment(shapes, levels, new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    expect(digestsOf(parts)).toEqual(digestsOf(buildSegmentParts(shapes, levels)));
    expect((await warned)[0].message).toContain(reason);
  });
});
