import { describe, expect, it } from 'vitest';
import { findPostgres } from './cluster.ts';
import { runEmbeddedChaos } from './embedded.ts';
import { runChaos } from './run.ts';
import { EMBEDDED, readPlan, SHORT } from './sizes.ts';
import { Site } from './town.ts';

// Drawn anew each time unless SEED gives it, and printed; timing decides the rest.
const isEmbedded = !process.env.DATABASE_URL;
const bin = findPostgres();
/** Servers start slowly where the machine is busy. */
const PATIENCE_MS = 240_000;

describe('feeds under chaos', () => {
  it.runIf(!isEmbedded && bin)(
    'lose, double and misplace nothing while servers, the database and the network are broken',
    async () => {
      const plan = readPlan(SHORT);
      const site = await Site.open(bin!);
      try {
        const { faults, problems, seen, acknowledged, lines } = await runChaos(site, plan);
        console.log(lines.join('\n'));
        expect({ faults: faults.slice(0, 10), problems: problems.slice(0, 5) }).toEqual({ faults: [], problems: [] });
        expect(acknowledged).toBeGreaterThanOrEqual(plan.writes);
        const { serverKills, postmasterKills, backendKills, partitions, pauses } = plan;
        expect(seen).toEqual({ serverKills, postmasterKills, backendKills, partitions, pauses });
      } finally {
        await site.close();
      }
    },
    PATIENCE_MS,
  );

  it.runIf(isEmbedded)(
    'lose, double and misplace nothing while the server of an embedded database is killed',
    async () => {
      const plan = readPlan(EMBEDDED);
      const { faults, problems, acknowledged, kills } = await runEmbeddedChaos(plan);
      console.log(
        `seed ${plan.seed}: ${kills} kill -9 of the server, ${acknowledged} writes acknowledged, ${faults.length} faults`,
      );
      expect({ faults: faults.slice(0, 10), problems: problems.slice(0, 5) }).toEqual({ faults: [], problems: [] });
      expect(acknowledged).toBeGreaterThanOrEqual(plan.writes);
      expect(kills).toBe(plan.serverKills);
    },
    PATIENCE_MS,
  );

  it.runIf(isEmbedded || !bin)(
    'is broken as a whole only where there is a PostgreSQL of its own: set DATABASE_URL, with PostgreSQL 15 in /usr/lib/postgresql',
    (context) => context.skip(),
  );
});
