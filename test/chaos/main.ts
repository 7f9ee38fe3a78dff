/**
 * The long run: `node --import tsx test/chaos/main.ts`. Sizes by CHAOS_… (see sizes.ts), the seed by SEED, the broken
 * twins too with CHAOS_TWINS=true. Ends with 1 where anything was lost, doubled, out of order or not as planned.
 */
import { findPostgres } from './cluster.ts';
import { type ChaosPlan, runChaos } from './run.ts';
import { FULL, readPlan, TWIN } from './sizes.ts';
import { Site } from './town.ts';
import { TWINS } from './twins.ts';

const bin = findPostgres();
if (!bin) throw new Error('Chaos needs PostgreSQL 15 or later in /usr/lib/postgresql.');
const say = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
// Leaving in order ends what was started and removes what was made.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const tell = (line: string) => void process.stderr.write(`${line}\n`);

const site = await Site.open(bin);
let isGood = true;
try {
  if (process.env.CHAOS_ONLY_TWIN === undefined) {
    const plan = readPlan(FULL);
    const { faults, problems, seen, acknowledged, lines } = await runChaos(site, plan, undefined, tell);
    say([...lines, ...faults.slice(0, 20).map(({ kind, about }) => `${kind}: ${about}`), ...problems.slice(0, 20)]);
    const isDone = (Object.keys(seen) as (keyof typeof seen)[]).every((name) => seen[name] >= plan[name]);
    if (!isDone || acknowledged < plan.writes) say(['The plan was not fulfilled in time.']);
    isGood = faults.length === 0 && problems.length === 0 && isDone && acknowledged >= plan.writes;
  }
  if (process.env.CHAOS_TWINS || process.env.CHAOS_ONLY_TWIN) isGood = (await runTwins()) && isGood;
} finally {
  await site.close();
}
process.exitCode = isGood ? 0 : 1;

async function runTwins(): Promise<boolean> {
  let areCaught = true;
  for (const twin of TWINS.filter(({ name }) => name.includes(process.env.CHAOS_ONLY_TWIN ?? ''))) {
    const plan: ChaosPlan = readPlan(TWIN);
    const { faults, lines } = await runChaos(site, plan, twin, tell);
    const isCaught = faults.some(({ kind }) => twin.caughtWith.includes(kind));
    say([
      `${twin.name}: ${isCaught ? 'caught' : 'NOT CAUGHT'}, ${faults[0] ? `${faults[0].kind}: ${faults[0].about}` : ''}`,
      ...lines,
    ]);
    areCaught &&= isCaught;
  }
  return areCaught;
}
