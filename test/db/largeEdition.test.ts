import { sql } from 'kysely';
import { beforeAll, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import { beginEdition, insertRawLayers, type Trx } from '../proofs/rawRegistry.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';

const GRIDS = 1_500;
let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
});

/** Grids of 100 m in a row, on the lattice. */
async function insertRow(trx: Trx, edition: number): Promise<void> {
  await sql`insert into grid (id, layer_id, tier_id, edition_from)
    select gen_random_uuid(), t.layer_id, t.id, ${edition}::int from tier t, generate_series(1, ${GRIDS}::int)
    where t.code = 'town'`.execute(trx);
  await sql`insert into grid_version (grid_id, layer_id, tier_id, name, boundary, valid, edition_from, area_square_metres)
    select g.id, g.layer_id, g.tier_id, 'Row', ST_Multi(ST_MakeEnvelope((1e8 + n * 1e4)::bigint / 1e7, 30, (1e8 + (n + 1) * 1e4)::bigint / 1e7, 30.001, 4326)),
      tstzrange('2020-01-01Z', null), ${edition}::int, 1e4
    from (select id, layer_id, tier_id, row_number() over () as n from grid) g`.execute(trx);
}

it('a large edition is counted with its rows, though somebody counted while none was to be seen', async () => {
  await inTransaction(database.db, async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    await insertRow(trx, edition);
    // The embedded engine has one connection, and no autovacuum.
    if (database.engine === 'postgres')
      await asSuperuser(database.db, (other) => sql`analyze grid, grid_version`.execute(other));
  });
  const { rows } = await asSuperuser(database.db, (trx) =>
    sql`select relname as name, reltuples::int as rows from pg_class where oid in ('grid'::regclass, 'grid_version'::regclass)
      order by relname`.execute(trx),
  );
  expect(rows).toEqual([
    { name: 'grid', rows: GRIDS },
    { name: 'grid_version', rows: GRIDS },
  ]);
});
