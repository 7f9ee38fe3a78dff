import { sql } from 'kysely';
import type { AreaTree } from '../../../src/access/areaTree.ts';
import type { OpenDatabase } from '../../../src/db/database.ts';
import { beginEdition, idOf, insertRawLayers, type Trx } from '../../proofs/rawRegistry.ts';
import { asSuperuser } from '../../support/database.ts';

export const NOW = new Date('2026-06-01T04:00:00Z');
/** Counties, towns in each, villages in each of those; village 0 has ended and went on in village 1. */
const [COUNTIES, TOWNS, VILLAGES] = [2, 8, 50];

export const county = (c: number) => idOf(100_000 + c);
export const town = (t: number) => idOf(200_000 + t);
export const village = (v: number) => idOf(300_000 + v);

const parentOf = new Map<string, string>([
  ...Array.from({ length: COUNTIES * TOWNS }, (_, t) => [town(t), county(Math.floor(t / TOWNS))] as const),
  ...Array.from(
    { length: COUNTIES * TOWNS * VILLAGES },
    (_, v) => [village(v), town(Math.floor(v / VILLAGES))] as const,
  ),
]);

/** The same tree in memory, without reading it. */
export const tree: AreaTree = {
  findGridId: (id) =>
    id === village(0) || (!parentOf.has(id) && !id.startsWith('00000000-0000-4000-8000-0000001')) ? undefined : id,
  chainOf(id) {
    const parent = parentOf.get(id);
    return parent === undefined ? [id] : [id, ...this.chainOf(parent)];
  },
};

/** Below a county, town or village, as the tree stands now. */
export const isBelow = (gridId: string, above: string) =>
  tree.chainOf(gridId === village(0) ? village(1) : gridId).includes(above);

/** The tree, and incidents with `perIncident` tasks each, all over it. Past the laws of territory, which judge shapes. */
export async function fillCrowd({ db }: OpenDatabase, tasks: number): Promise<void> {
  await asSuperuser(db, async (trx) => {
    const edition = await beginEdition(trx);
    await insertRawLayers(trx, edition);
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`create temp table drawn_grid (id uuid, tier text, parent uuid, ended boolean) on commit drop`.execute(
      trx,
    );
    const uuid = (from: number, number: string) =>
      sql.raw(`('00000000-0000-4000-8000-' || lpad((${from} + ${number})::text, 12, '0'))::uuid`);
    await sql`insert into drawn_grid
      select ${uuid(100_000, 'n')}, 'town', null::uuid, false from generate_series(0, ${COUNTIES - 1}::int) n
      union all select ${uuid(200_000, 'n')}, 'village', ${uuid(100_000, `n / ${TOWNS}`)}, false from generate_series(0, ${COUNTIES * TOWNS - 1}::int) n
      union all select ${uuid(300_000, 'n')}, 'field', ${uuid(200_000, `n / ${VILLAGES}`)}, n = 0 from generate_series(0, ${COUNTIES * TOWNS * VILLAGES - 1}::int) n`.execute(
      trx,
    );
    await sql`insert into grid (id, layer_id, tier_id, edition_from)
      select d.id, t.layer_id, t.id, 1 from drawn_grid d join tier t on t.code = d.tier`.execute(trx);
    await sql`insert into grid_version (grid_id, layer_id, tier_id, parent_id, name, boundary, valid, edition_from, area_square_metres)
      select d.id, g.layer_id, g.tier_id, d.parent, 'Crowd', ST_GeomFromText('MULTIPOLYGON(((120 30,120.1 30,120.1 30.1,120 30)))', 4326),
        tstzrange('2020-01-01Z', case when d.ended then '2026-01-01Z'::timestamptz end), 1, 1e6
      from drawn_grid d join grid g on g.id = d.id`.execute(trx);
    await sql`insert into grid_lineage (from_id, to_id, how, at, edition_from)
      values (${village(0)}::uuid, ${village(1)}::uuid, 'MERGED', '2026-01-01Z', 1)`.execute(trx);
    await addTasks(trx, 0, tasks);
  });
  await asSuperuser(db, (trx) => sql`analyze incident, incident_party, task, grid_version`.execute(trx));
}

/** Incidents from a number on, owned by one village each, with two tasks: there and at its town; states by turns. */
export async function addTasks(trx: Trx, from: number, tasks: number): Promise<void> {
  const last = from + Math.ceil(tasks / 2) - 1;
  const numbers = sql`generate_series(${from}::int, ${last}::int) n`;
  const id = (kind: string, number = 'n') =>
    sql.raw(`('${kind}0000000-0000-4000-8000-' || lpad((${number})::text, 12, '0'))::uuid`);
  const home = sql.raw(
    `('00000000-0000-4000-8000-' || lpad((300000 + n * 37 % ${COUNTIES * TOWNS * VILLAGES})::text, 12, '0'))::uuid`,
  );
  const above = sql.raw(
    `('00000000-0000-4000-8000-' || lpad((200000 + n * 37 % ${COUNTIES * TOWNS * VILLAGES} / ${VILLAGES})::text, 12, '0'))::uuid`,
  );
  await sql`insert into incident (id, category, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
    select ${id('1')}, case n % 3 when 0 then 'noise' when 1 then 'traffic' else 'lamp' end, t, t, t, 1, 0, 0, 0, 'hotline'
    from ${numbers}, lateral (select ${NOW.toISOString()}::timestamptz - (100000 - n) * interval '1 minute' as t) as times`.execute(
    trx,
  );
  await sql`insert into incident_party (incident_id, grid_id, reason, layer_id, from_version)
    select ${id('1')}, g.id, r.reason, g.layer_id, 1 from ${numbers},
      lateral (values (${home}, 'OWNER'), (${home}, 'TASK'), (${above}, 'TASK')) as r (grid_id, reason) join grid g on g.id = r.grid_id`.execute(
    trx,
  );
  await sql`insert into task (id, incident_id, purpose, cause, post_id, role, grid_id, layer, tier, issued_at, issued_by, due_at)
    select ${id('2', 'n * 2 + k')}, ${id('1')}, case k when 0 then 'HANDLE' else 'SUPERVISE' end, 'ROUTE',
      'post-' || case k when 0 then ${home} else ${above} end, 'officer', case k when 0 then ${home} else ${above} end, 'land', 'field',
      i.reported_at, 'hotline', i.reported_at + (n % 5) * interval '20 days'
    from ${numbers} join incident i on i.id = ${id('1')}, generate_series(0, 1) k`.execute(trx);
  await sql`update task t set status = 'ACKNOWLEDGED', acknowledged_at = t.issued_at, acknowledged_by = 'officer'
    from (select ${id('2', 'n * 2 + k')} as id from ${numbers}, generate_series(0, 1) k where (n + k) % 3 = 1) a
    where a.id = t.id`.execute(trx);
}
