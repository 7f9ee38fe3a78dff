import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { beginEdition, box, idOf, insertRawLayers, insertRawVersion, type Trx } from '../../proofs/rawRegistry.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { emptyFeed } from '../log/feedWorld.ts';

/** Three roots, three grids under them and four leaves: all of one overlay and one shape, so that any may lie under any. */
const [ROOTS, MIDDLES, LEAVES] = [3, 3, 4];
const GRIDS = ROOTS + MIDDLES + LEAVES;
const BOUNDARY = box(0, 0, 9);
const START = Date.parse('2026-06-01T00:00:00Z');
const [HOUR_MS, HOURS_OF_ONE] = [3_600_000, 1000];

/** One of many trees, with hours of its own that are later than those of the trees before. */
export class Ground {
  readonly #number: number;

  constructor(number: number) {
    this.#number = number;
  }

  grid(n: number): string {
    return idOf((this.#number + 1) * 100 + n);
  }

  at(hour: number): Date {
    return new Date(START + (this.#number * HOURS_OF_ONE + hour) * HOUR_MS);
  }
}

/** One thing that happens. Hours are from now on; grids and incidents by number. */
export type Deed =
  | { readonly do: 'REPORT' | 'MOVE'; readonly incident: number; readonly grid: number }
  | { readonly do: 'CHANGE' | 'CLOSE'; readonly incident: number }
  | { readonly do: 'REPARENT' | 'END'; readonly grid: number; readonly to: number; readonly inHours: number }
  | { readonly do: 'WAIT'; readonly hours: number }
  | { readonly do: 'RELOCATE' };

const incident = fc.nat(5);
const owner = fc.integer({ min: ROOTS, max: GRIDS - 1 });
const inHours = fc.constantFrom(-5, 0, 2, 4);
// Any grid of a higher tier, in most cases: the laws refuse the others.
const ground = {
  inHours,
  grid: owner,
  to: fc.oneof({ weight: 4, arbitrary: fc.nat(ROOTS + MIDDLES - 1) }, fc.nat(GRIDS - 1)),
};

const happening: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('REPORT' as const, 'MOVE'), incident, grid: owner }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('CHANGE' as const, 'CLOSE'), incident }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('REPARENT' as const, 'REPARENT', 'END'), ...ground }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('WAIT' as const), hours: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'RELOCATE' } as const) },
);

/** Some incidents, and what happens then. */
export const deeds: fc.Arbitrary<Deed[]> = fc
  .tuple(fc.array(owner, { minLength: 4, maxLength: 4 }), fc.array(happening, { minLength: 10, maxLength: 20 }))
  .map(([owners, then]) => [...owners.map((grid, n) => ({ do: 'REPORT', incident: n, grid }) as const), ...then]);

export async function openTreeDatabase(): Promise<Kysely<Database>> {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  await inEveryArea(db, async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    await sql`insert into tier (layer_id, code, name, rank, edition_from)
      select l.id, t.code, t.code, t.rank, ${edition}::int from (values ('reach', 2), ('bank', 3)) t (code, rank)
      join layer l on l.code = 'water'`.execute(trx);
  });
  return db;
}

/** The tree as it was at first, and no incident. */
export async function plantTree(db: Kysely<Database>, ground: Ground): Promise<void> {
  const numbers = Array.from({ length: GRIDS }, (_, n) => n);
  const ids = numbers.map((n) => ground.grid(n));
  const tiers = numbers.map((n) => (n < ROOTS ? 'river' : n < ROOTS + MIDDLES ? 'reach' : 'bank'));
  const parents = numbers.map((n) =>
    n < ROOTS ? null : ground.grid(n < ROOTS + MIDDLES ? n - ROOTS : ROOTS + (n % MIDDLES)),
  );
  await inEveryArea(db, async (trx) => {
    const edition = await beginEdition(trx);
    await sql`insert into grid (id, layer_id, tier_id, edition_from) select n.id, t.layer_id, t.id, ${edition}::int
      from unnest(${ids}::uuid[], ${tiers}::text[]) n (id, tier) join tier t on t.code = n.tier`.execute(trx);
    await sql`insert into grid_version (grid_id, layer_id, tier_id, parent_id, name, boundary, valid, edition_from, area_square_metres)
      select g.id, g.layer_id, g.tier_id, n.parent, 'By hand', ST_GeomFromText(${BOUNDARY}, 4326), tstzrange('2020-01-01Z', null),
        ${edition}::int, 1 from unnest(${ids}::uuid[], ${parents}::uuid[]) n (id, parent) join grid g on g.id = n.id`.execute(
      trx,
    );
  });
  await emptyFeed(db);
}

interface Belief {
  readonly grid: string;
  readonly parent: string | null;
  readonly from: number;
  readonly to: number;
}

async function readVersions(trx: Trx, grid?: string): Promise<Belief[]> {
  const { rows } = await sql<Belief>`select grid_id as grid, parent_id as parent,
      (extract(epoch from lower(valid)) * 1000)::float8 as "from",
      coalesce((extract(epoch from upper(valid)) * 1000)::float8, 'infinity') as "to"
    from grid_version where edition_to is null and (${grid ?? null}::uuid is null or grid_id = ${grid ?? null}::uuid)`.execute(
    trx,
  );
  return rows;
}

/** In one edition: what a grid was stays until the instant; then it lies under another grid, or goes on in it. */
export async function publish(
  trx: Trx,
  deed: Extract<Deed, { inHours: number }>,
  ground: Ground,
  now: number,
): Promise<void> {
  const [id, to, at] = [ground.grid(deed.grid), ground.grid(deed.to), ground.at(now + deed.inHours)];
  const before = (await readVersions(trx, id)).filter(({ from }) => from < at.getTime());
  const edition = await beginEdition(trx);
  await sql`update grid_version set edition_to = ${edition}::int where grid_id = ${id}::uuid and edition_to is null`.execute(
    trx,
  );
  const boundary = BOUNDARY;
  for (const { parent, from, to: until } of before)
    await insertRawVersion(trx, edition, {
      ...{ id, parent, boundary, from: new Date(from).toISOString() },
      to: new Date(Math.min(until, at.getTime())).toISOString(),
    });
  if (deed.do === 'REPARENT')
    await insertRawVersion(trx, edition, { id, parent: to, boundary, from: at.toISOString() });
  else
    await sql`insert into grid_lineage (from_id, to_id, how, at, edition_from)
      values (${id}::uuid, ${to}::uuid, 'MERGED', ${at}::timestamptz, ${edition}::int)`.execute(trx);
}

/** Who is to be told now of what these grids own, worked out by walking up. */
export async function toldOf(trx: Trx, at: Date): Promise<(owners: readonly string[]) => string[]> {
  const there = (await readVersions(trx)).filter(({ from, to }) => from <= at.getTime() && at.getTime() < to);
  const { rows: lineage } = await sql<{ from: string; to: string }>`
    select from_id as "from", to_id as "to" from grid_lineage where at <= ${at}::timestamptz`.execute(trx);
  const next = (id: string): string[] => {
    const version = there.find(({ grid }) => grid === id);
    if (version) return version.parent === null ? [] : [version.parent];
    return lineage.filter(({ from }) => from === id).map(({ to }) => to);
  };
  return (owners) => {
    const told = new Set(owners);
    for (const id of told) for (const each of next(id)) told.add(each);
    return [...told].sort();
  };
}

export const isThere = async (trx: Trx, grid: string, at: Date) =>
  (await readVersions(trx, grid)).some(({ from, to }) => from <= at.getTime() && at.getTime() < to);
