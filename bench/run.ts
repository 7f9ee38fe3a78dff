/**
 * The figures of the README, in one run on the city size: `DATABASE_URL=… npm run bench`.
 * The database is made and filled if it is empty. Every figure is a median, beside its alternative in the same run;
 * ratios hold from machine to machine, absolutes do not.
 */

import Flatbush from 'flatbush';
import { buildCity } from '../seeds/city.ts';
import { loadCity } from '../seeds/load.ts';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { fromLattice } from '../src/geometry/lattice.ts';
import { boxOf, containsPoint } from '../src/geometry/polygon.ts';
import { chainOf, type VersionEntry, versionAt } from '../src/grids/atlas/rows.ts';
import { answersPerCpuSecond, median, startServer } from './load.ts';
import { benchStart } from './start.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** Connections of those who ask one place at a time, and of those who ask a thousand. */
const MANY = 16;
const FEW = 2;
const QUERY = `query Q($at: PlaceInput!) { ownership(at: $at) { edition
  layers { layer { code } status grid { id name } chain { id name code tier { code } } }
  officer { ...H } gridWorker { ...H } mediationTeam { ...H } } }
  fragment H on Holding { holder { ... on Person { name officePhone } ... on Body { name officePhone } } }`;
const BATCH = QUERY.replace('$at: PlaceInput!', '$at: [PlaceInput!]!').replace('ownership(', 'ownerships(');

const config = readConfig(process.env);
if (!config.databaseUrl) throw new Error('The bench compares with PostGIS: set DATABASE_URL to an empty database.');

function print(label: string, value: string): void {
  process.stdout.write(`${label.padEnd(58)} ${value}\n`);
}

function rate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en')}/s`;
}

const memoryBefore = process.memoryUsage().rss;
const started = performance.now();
const patient = { ...config, statementTimeoutMs: 1_800_000 };
const app = await buildApp(await openDatabase(patient), patient);
if (app.editions.latest === 0) {
  process.stdout.write('Filling the database with the demo city of city size …\n');
  await loadCity({ editions: app.editions, ...app.writers }, buildCity('city'), () => {});
} else {
  print(
    'Read the city from PostgreSQL and build all indexes',
    `${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  print('Memory of that', `${Math.round((process.memoryUsage().rss - memoryBefore) / 1e6)} MB`);
}
print('Packed indexes alone', `${Math.round(app.atlas.indexBytes / 1e6)} MB`);

/** Seeded, so that every run asks the same places. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const moment = { asOf: Date.now(), edition: app.editions.latest };
const governance = app.atlas.findLayer('governance')!;
const root = [...app.atlas.grids].find((grid) => grid.layer === governance && grid.tier.rank === 1)!;
const city = versionAt(root, moment)!.shape;
const box = boxOf(city);
const dice = random(20260601);
const points: { x: number; y: number }[] = [];
while (points.length < 100_000) {
  const x = Math.round(box.minX + dice.next().value! * (box.maxX - box.minX));
  const y = Math.round(box.minY + dice.next().value! * (box.maxY - box.minY));
  if (containsPoint(city, x, y)) points.push({ x, y });
}

function perCpuSecond(work: () => void, count: number): number {
  // Once to warm up: compilers and caches are not what is measured.
  work();
  return median(
    Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return count / ((user + system) / 1e6);
    }),
  );
}

function flatbushTwin(): (x: number, y: number) => VersionEntry | undefined {
  const versions = [...app.atlas.grids]
    .filter((grid) => grid.layer === governance)
    .flatMap((grid) => versionAt(grid, moment) ?? []);
  const tree = new Flatbush(versions.length);
  for (const version of versions) {
    const { minX, minY, maxX, maxY } = boxOf(version.shape);
    tree.add(minX, minY, maxX, maxY);
  }
  tree.finish();
  return (x, y) => {
    let best: VersionEntry | undefined;
    tree.search(x, y, x, y, (i) => {
      const version = versions[i];
      if (best && best.grid.tier.rank >= version.grid.tier.rank) return false;
      if (containsPoint(version.shape, x, y)) best = version;
      return false;
    });
    return best;
  };
}

let climbed = 0;
const climb = (version: VersionEntry | undefined) => {
  if (version) climbed += chainOf(version, moment).length;
};
const twin = flatbushTwin();
const few = points.slice(0, 20_000);
const inMemory = perCpuSecond(() => {
  for (const { x, y } of points) climb(app.atlas.locate(governance, x, y, moment));
}, points.length);
const byTree = perCpuSecond(() => {
  for (const { x, y } of few) climb(twin(x, y));
}, few.length);
print('Whole chain of one layer in process (6 tiers)', `${rate(inMemory)} per CPU second`);
print('  the same by flatbush and ray cast', `${rate(byTree)}, ratio ${(inMemory / byTree).toFixed(1)}`);
const ownerships = perCpuSecond(() => {
  for (const { x, y } of few) {
    const answer = app.ownership.ownership({ point: { lon: fromLattice(x), lat: fromLattice(y) } });
    if (!(answer instanceof Promise)) climbed += answer.officer ? answer.layers.length : 0;
  }
}, few.length);
print('Whole ownership in process (5 layers, people, neighbours)', `${rate(ownerships)} per CPU second`);

const place = ({ x, y }: { x: number; y: number }) => ({ point: { lon: fromLattice(x), lat: fromLattice(y) } });
const single = points.slice(0, 500).map((p) => JSON.stringify({ query: QUERY, variables: { at: place(p) } }));
const batch = Array.from({ length: 10 }, (_, i) =>
  JSON.stringify({ query: BATCH, variables: { at: points.slice(i * 1000, (i + 1) * 1000).map(place) } }),
);
await app.close();
const url = config.databaseUrl;
const servers = { wangge: await startServer('wangge', url), twin: await startServer('twin', url) };
const rounds = { wangge: [] as number[], twin: [] as number[], wanggeBatch: [] as number[], twinBatch: [] as number[] };
for (const server of Object.values(servers)) await answersPerCpuSecond(server, url, single, 500, MANY);
for (let round = 0; round < ROUNDS; round++) {
  rounds.wangge.push(await answersPerCpuSecond(servers.wangge, url, single, 12_000, MANY));
  rounds.twin.push(await answersPerCpuSecond(servers.twin, url, single, 2000, MANY));
  rounds.wanggeBatch.push(await answersPerCpuSecond(servers.wangge, url, batch, 20, FEW));
  rounds.twinBatch.push(await answersPerCpuSecond(servers.twin, url, batch, 8, FEW));
}
for (const server of Object.values(servers)) server.process.kill('SIGTERM');
const [one, oneTwin] = [median(rounds.wangge), median(rounds.twin)];
const [many, manyTwin] = [median(rounds.wanggeBatch), median(rounds.twinBatch)];
print('One ownership over HTTP', `${rate(one)} per CPU second`);
print('  the same by PostGIS per request', `${rate(oneTwin)}, ratio ${(one / oneTwin).toFixed(1)}`);
print('1,000 ownerships in one request, places', `${rate(many * 1000)} per CPU second`);
print('  the same by one SQL join', `${rate(manyTwin * 1000)}, ratio ${(many / manyTwin).toFixed(1)}`);
await benchStart(print);
process.stdout.write(climbed > 0 ? '' : 'nothing was found\n');
