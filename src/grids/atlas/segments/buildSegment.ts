import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Shape } from '../../../geometry/polygon.ts';
import { countVertices, packShapes } from './packedShapes.ts';
import { buildSegmentParts, type SegmentParts } from './segmentParts.ts';

/** Builds the indexes over the shapes; `levels[i]` is the depth of shape i. */
export type BuildSegment = (shapes: readonly Shape[], levels: Int32Array) => Promise<SegmentParts>;

// About 3,000 ordinary grids: 0.1 to 0.2 s of work, while a thread takes 0.3 s to start.
const VERTICES_WORTH_A_THREAD = 150_000;
const WORKER = new URL('./segment.worker.js', import.meta.url);

/**
 * Builds small segments at once and large ones in a thread of their own, so that answers go on meanwhile. If the
 * thread breaks, the segment is built here after all: late answers are better than none.
 */
export async function buildSegment(
  shapes: readonly Shape[],
  levels: Int32Array,
  worker = WORKER,
): Promise<SegmentParts> {
  if (countVertices(shapes) < VERTICES_WORTH_A_THREAD) return buildSegmentParts(shapes, levels);
  try {
    const parts = await buildInThread(shapes, levels, worker);
    // What waited while the reply was taken in comes first.
    await setImmediate();
    return parts;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `The thread that builds indexes broke (${reason}); this one was built without it.`,
      'IndexWarning',
    );
    return buildSegmentParts(shapes, levels);
  }
}

/** The process waits for the thread while it builds and no longer: the thread ends with its one segment. */
async function buildInThread(shapes: readonly Shape[], levels: Int32Array, url: URL): Promise<SegmentParts> {
  const packed = await packShapes(shapes);
  // No execArgv: the thread must not load what the process was started with (tsx, vitest).
  const thread = new Worker(url, {
    workerData: { shapes: packed, levels },
    transferList: [packed.xy.buffer, packed.ringEnds.buffer, packed.shapeEnds.buffer],
    execArgv: [],
  });
  try {
    return await new Promise<SegmentParts>((resolve, reject) => {
      thread.once('message', resolve).once('messageerror', reject).once('error', reject);
      thread.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    });
  } finally {
    void thread.terminate();
  }
}
