import pg from 'pg';
import { buildApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { allowLongStatements, openDatabase } from '../../src/db/database.ts';
import { CORNER, drawGrid, STEP } from '../../test/grids/squareGrids.ts';

/** Towns along one side of the city. */
const TOWNS = 12;
const LONGEST_MS = 600_000;

/** A square city of towns and villages, one open incident in each village. Ids follow from the numbers. */
export interface Ground {
  readonly databaseUrl: string;
  readonly city: string;
  readonly towns: readonly string[];
  /** By number, row by row; the incident of each has the same number. */
  readonly villages: readonly string[];
  readonly incidents: readonly string[];
  /** Of the incidents, as it is now: whoever writes keeps it. */
  readonly versions: Int32Array;
  townOf(village: number): number;
}

const idOf = (kind: string, number: number) => `${kind}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
const idsOf = (kind: string, count: number) => Array.from({ length: count }, (_, i) => idOf(kind, i));

/**
 * Makes the ground in an empty database, or takes it as an earlier bench left it. `side`: villages along one side of the
 * city, a multiple of twelve.
 */
export async function openGround(config: Config, side: number): Promise<Ground> {
  const { databaseUrl } = config;
  if (!databaseUrl) throw new Error('Set DATABASE_URL to an empty database, or one that a bench of feeds has used.');
  if (side % TOWNS !== 0) throw new Error(`BENCH_SIDE must be a multiple of ${TOWNS}.`);
  const across = side / TOWNS;
  const townOf = (village: number) =>
    Math.floor(Math.floor(village / side) / across) * TOWNS + Math.floor((village % side) / across);
  const app = await buildApp(await openDatabase(config), config);
  try {
    if (app.editions.latest === 0) await publish(app, side, townOf);
  } finally {
    await app.close();
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const versions = await fileIncidents(client, side);
    const [villages, incidents] = [idsOf('a', side * side), idsOf('d', side * side)];
    return { databaseUrl, city: idOf('c', 0), towns: idsOf('b', TOWNS * TOWNS), villages, incidents, versions, townOf };
  } finally {
    await client.end();
  }
}

type House = Awaited<ReturnType<typeof buildApp>>;

async function publish(app: House, side: number, townOf: (village: number) => number): Promise<void> {
  const across = side / TOWNS;
  const city = drawGrid('gov/city', 'C', [0, 0, side, side], { id: idOf('c', 0) });
  const towns = Array.from({ length: TOWNS * TOWNS }, (_, i) => {
    const corner = [(i % TOWNS) * across, Math.floor(i / TOWNS) * across] as const;
    return drawGrid('gov/town', `T${i}`, [...corner, across, across], { id: idOf('b', i), parent: city });
  });
  const villages = Array.from({ length: side * side }, (_, i) => {
    const more = { id: idOf('a', i), parent: towns[townOf(i)] };
    return drawGrid('gov/village', `V${i}`, [i % side, Math.floor(i / side), 1, 1], more);
  });
  await app.editions.publish('Ground', async (trx, edition) => {
    const { grids } = app.writers;
    await allowLongStatements(trx, LONGEST_MS);
    await grids.insertScheme(trx, edition, { code: 'local', name: 'local' });
    await grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'PARTITION' });
    for (const [i, tier] of ['city', 'town', 'village'].entries())
      await grids.insertTier(trx, edition, { layer: 'gov', code: tier, name: tier, rank: i + 1 });
    await grids.insertGrids(trx, edition, [city, ...towns, ...villages]);
  });
}

/** The versions of the incidents, one in each village, which are reported now if they are not there. */
async function fileIncidents(client: pg.Client, side: number): Promise<Int32Array> {
  await client.query("select set_config('wangge.areas', '*', false), set_config('wangge.now', '0', false)");
  const read = () =>
    client.query<{ version: number }>("select version from incident where category = 'bench' order by id");
  let { rows } = await read();
  if (rows.length === 0) {
    await report(client, side);
    rows = (await read()).rows;
  }
  if (rows.length !== side * side)
    throw new Error(`The database has ${rows.length} villages; name another or set BENCH_SIDE.`);
  return Int32Array.from(rows, ({ version }) => version);
}

async function report(client: pg.Client, side: number): Promise<void> {
  const [villages, incidents] = [idsOf('a', side * side), idsOf('d', side * side)];
  const inside = (corner: number, steps: number) => corner + steps * STEP + STEP / 2;
  const xs = villages.map((_, i) => inside(CORNER.x, i % side));
  const ys = villages.map((_, i) => inside(CORNER.y, Math.floor(i / side)));
  await client.query('begin');
  await client.query(
    `insert into incident (id, category, summary, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
     select id, 'bench', 'A wall between two yards', now(), now(), now(), 1, x, y, 15, 'bench'
     from unnest($1::uuid[], $2::int[], $3::int[]) as n(id, x, y)`,
    [incidents, xs, ys],
  );
  await client.query(
    `insert into incident_party (incident_id, grid_id, reason, layer_id, from_version)
     select n.id, n.grid, 'OWNER', (select l.id from layer l), 1 from unnest($1::uuid[], $2::uuid[]) as n(id, grid)`,
    [incidents, villages],
  );
  await client.query(
    `insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
     select gen_random_uuid(), n.id, 1, 'REPORTED', 'REPORTED', now(), 'bench', array[n.grid]
     from unnest($1::uuid[], $2::uuid[]) as n(id, grid)`,
    [incidents, villages],
  );
  await client.query('commit');
  await client.query('analyze');
}
