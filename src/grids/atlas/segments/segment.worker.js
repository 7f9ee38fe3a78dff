// @ts-check
// The thread in which the indexes of a large segment are built: one segment, then it ends.
// Plain JavaScript: a worker thread does not inherit tsx from the process that starts it.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { buffersOf, buildSegmentParts } = await import('./segmentParts.ts');
const { unpackShapes } = await import('./packedShapes.ts');

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @type {{ shapes: import('./packedShapes.ts').PackedShapes, levels: Int32Array }} */
const { shapes, levels } = workerData;
const parts = buildSegmentParts(unpackShapes(shapes), levels);
port.postMessage(parts, buffersOf(parts));
