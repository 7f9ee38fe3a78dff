/**
 * What the limits cost a lookup: `DATABASE_URL=… node --import tsx bench/limits.ts`, on a database with the demo town or
 * city, which is filled with the town if it is empty. One server process, asked with all limits and with none, in turn.
 */
import { buildCity } from '../seeds/city.ts';
import { loadCity } from '../seeds/load.ts';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { fromLattice } from '../src/geometry/lattice.ts';
import { representativePoint } from '../src/geometry/polygon.ts';
import { versionAt } from '../src/grids/atlas/rows.ts';
import { answersPerCpuSecond, median, startServer } from './load.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 10);
const QUERY = `query Q($at: PlaceInput!) { ownership(at: $at) { edition
  layers { layer { code } status grid { id name } chain { id name code tier { code } } }
  officer { ...H } gridWorker { ...H } mediationTeam { ...H } } }
  fragment H on Holding { holder { ... on Person { name officePhone } ... on Body { name officePhone } } }`;

const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error('Set DATABASE_URL: the CPU of the database is counted too.');
const url = config.databaseUrl;
const app = await buildApp(await openDatabase(config), config);
if (app.editions.latest === 0) await loadCity({ editions: app.editions, ...app.writers }, buildCity('town'), () => {});
const moment = { asOf: Date.now(), edition: app.editions.latest };
const bodies: string[] = [];
for (const grid of app.atlas.grids) {
  const version = versionAt(grid, moment);
  const inside = version && representativePoint(version.shape);
  if (!inside || bodies.length >= 500) continue;
  const at = { point: { lon: fromLattice(inside.x), lat: fromLattice(inside.y) } };
  bodies.push(JSON.stringify({ query: QUERY, variables: { at } }));
}
await app.close();

const server = await startServer('switched', url);
const rates = { limited: [] as number[], unlimited: [] as number[] };
await answersPerCpuSecond(server, url, bodies, 6000, 16);
for (let round = 0; round < 2 * ROUNDS; round++) {
  rates[round % 2 ? 'unlimited' : 'limited'].push(await answersPerCpuSecond(server, url, bodies, 6000, 16));
  server.process.kill('SIGUSR2');
}
server.process.kill('SIGTERM');
const [limited, unlimited] = [median(rates.limited), median(rates.unlimited)];
const cost = (1e6 / limited - 1e6 / unlimited).toFixed(0);
process.stdout.write(
  `One ownership over HTTP, per CPU second: ${Math.round(limited)} with all limits, ${Math.round(unlimited)} with none; ` +
    `they cost ${cost} µs, ${((unlimited / limited - 1) * 100).toFixed(1)} % (medians of ${ROUNDS}).\n`,
);
