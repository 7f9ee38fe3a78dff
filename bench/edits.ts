/**
 * What one edit costs in a layer of some 2,000 grids on PostgreSQL: `DATABASE_URL=… npx tsx bench/edits.ts`, on an empty
 * database. Each edit moves one vertex in every grid that has it, is submitted (the whole layer is checked), approved and
 * published; nobody else is there. Prints a table of milliseconds.
 */

import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import { rollMove, seededRoll } from '../test/proofs/editsDice.ts';
import { drawGround, publishGround } from '../test/proofs/editsGround.ts';
import { openEditsHouse } from '../test/proofs/editsHouse.ts';
import { person } from '../test/proofs/editsOffice.ts';

const EDITS = Number(process.env.BENCH_EDITS ?? 300);
/** 1,936 fields, 121 villages and a town. */
const SIZE = { side: 44, village: 4 };
const STEPS = ['open', 'apply', 'submit', 'approve', 'publish'] as const;

const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error('Set DATABASE_URL to an empty database.');
const database = await openDatabase(config);
await database.asOwner((owner) => migrate(owner));
const { app, editing } = await openEditsHouse(database);
if (app.editions.latest > 0) throw new Error('The database has editions already; name an empty one.');
const drafts = drawGround(SIZE);
await publishGround(app, drafts);

const [editor, approver] = [person('editor'), person('approver')];
const times: Record<(typeof STEPS)[number], number[]> = { open: [], apply: [], submit: [], approve: [], publish: [] };
const roll = seededRoll(20260301);

async function timed<T>(step: (typeof STEPS)[number], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  times[step].push(performance.now() - started);
  return result;
}

/** One edit from its opening to its publication; false where the vertex cannot go there. */
async function edit(): Promise<boolean> {
  const { record, territory } = await timed('open', () => editing.open(editor, 'Edit'));
  const { id } = record;
  try {
    const op = rollMove(territory, roll);
    const drawn = await timed('apply', () => editing.apply(editor, id, record.revision, [op]));
    await timed('submit', () => editing.submit(editor, id, drawn.record.revision));
  } catch {
    return false;
  }
  await timed('approve', () => editing.approve(approver, id));
  await timed('publish', () => editing.publish(approver, id));
  return true;
}

let refused = 0;
for (let done = 0; done < EDITS; ) {
  if (await edit()) done++;
  else refused++;
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
const show = (value: number) => value.toFixed(1).padStart(9);
process.stdout.write(`${drafts.length} grids, ${EDITS} edits one after another, ${refused} refused; milliseconds\n`);
process.stdout.write(
  `${'step'.padEnd(10)}${['median', 'p90', 'p99', 'most'].map((name) => name.padStart(9)).join('')}\n`,
);
for (const step of STEPS) {
  const sorted = times[step].sort((a, b) => a - b);
  const row = [at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), sorted.at(-1)!].map(show).join('');
  process.stdout.write(`${step.padEnd(10)}${row}\n`);
}
await app.close();
