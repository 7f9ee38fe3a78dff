import fc from 'fast-check';
import { sql } from 'kysely';
import { beginEdition, box, idOf, insertRawGrid, insertRawLayers, type Trx } from '../../proofs/rawRegistry.ts';

export const AT = new Date('2026-06-01T00:00:00Z');
const GRIDS = 9;
const INCIDENTS = 5;
const TIERS = ['town', 'village', 'field'] as const;
const LOGINS = ['ann', 'bob'] as const;

const gridId = (n: number) => idOf(1_000 + n);
const incidentId = (n: number) => idOf(2_000 + n);
const taskId = (n: number) => idOf(3_000 + n);
const ofGrids = { maxLength: 3 } as const;

/** A forest of grids, some of which have ended and gone on in others, and incidents that some have to do with. */
export interface Drawn {
  /** Of each grid the one above, by index; -1 for a root. Nearer the root the index is lower. */
  readonly parents: readonly number[];
  readonly hasEnded: readonly boolean[];
  /** From an ended one to another; of later ones, it has not happened yet. */
  readonly lineage: readonly { readonly from: number; readonly to: number; readonly isLater: boolean }[];
  readonly incidents: readonly DrawnIncident[];
}

interface DrawnIncident {
  readonly login: (typeof LOGINS)[number];
  readonly parties: readonly { readonly grid: number; readonly isOver: boolean }[];
  readonly tasks: readonly number[];
  readonly push: readonly [from: number, to: number] | null;
  readonly link: number | null;
}

/** What somebody looks with. */
export interface Looked {
  readonly areas: readonly number[] | '*';
  readonly login: string;
  readonly unsealed: number;
}

const grid = fc.nat(GRIDS - 1);

export const drawn: fc.Arbitrary<Drawn> = fc.record({
  parents: fc.tuple(...Array.from({ length: GRIDS }, (_, n) => fc.integer({ min: -1, max: n - 1 }))),
  hasEnded: fc.array(fc.boolean(), { minLength: GRIDS, maxLength: GRIDS }),
  lineage: fc.array(fc.record({ from: grid, to: grid, isLater: fc.boolean() }), { maxLength: 6 }),
  incidents: fc.array(
    fc.record({
      login: fc.constantFrom(...LOGINS),
      parties: fc.uniqueArray(fc.record({ grid, isOver: fc.boolean() }), { ...ofGrids, selector: (each) => each.grid }),
      tasks: fc.array(grid, { maxLength: 2 }),
      push: fc.option(fc.tuple(grid, grid)),
      link: fc.option(fc.nat(INCIDENTS - 1)),
    }),
    { minLength: INCIDENTS, maxLength: INCIDENTS },
  ),
});

export const looked: fc.Arbitrary<Looked> = fc.record({
  areas: fc.oneof({ weight: 9, arbitrary: fc.uniqueArray(grid, ofGrids) }, fc.constant('*' as const)),
  login: fc.constantFrom('', ...LOGINS),
  unsealed: fc.nat(INCIDENTS - 1),
});

/** Ids seen in each table, in order. */
export type Seen = Readonly<Record<string, readonly string[]>>;

/** Worked out by walking down from the roots of the areas, and back to those that ended and went on in them. */
function gridsIn({ parents, hasEnded, lineage }: Drawn, areas: readonly number[]): ReadonlySet<number> {
  const inside = new Set(areas.filter((n) => !hasEnded[n]));
  for (const [n, parent] of parents.entries()) if (inside.has(parent) && !hasEnded[n]) inside.add(n);
  for (let size = -1; size !== inside.size; ) {
    size = inside.size;
    for (const { from, to, isLater } of lineage) {
      if (from !== to && !isLater && hasEnded[from] && inside.has(to)) inside.add(from);
    }
  }
  return inside;
}

/** What must be seen, and nothing else. */
export function expectedSeen(world: Drawn, { areas, login, unsealed }: Looked): Seen {
  const all = areas === '*';
  const grids = all ? new Set<number>() : gridsIn(world, areas);
  const isIn = (n: number) => all || grids.has(n);
  const isSeen = (n: number) => {
    const { login: by, parties } = world.incidents[n];
    return all || by === login || parties.some((party) => isIn(party.grid) && !party.isOver);
  };
  const seen: Record<string, string[]> = {};
  const show = (table: string, id: string, when: boolean) => {
    seen[table] = [...(seen[table] ?? []), ...(when ? [id] : [])];
  };
  let tasks = 0;
  for (const [n, { parties, tasks: grid, push, link }] of world.incidents.entries()) {
    show('incident', incidentId(n), isSeen(n));
    show('incident_event', incidentId(n), isSeen(n));
    show('incident_sealed', incidentId(n), n === unsealed);
    show('incident_request', incidentId(n), all);
    for (const party of parties) show('incident_party', `${incidentId(n)} ${gridId(party.grid)}`, isIn(party.grid));
    for (const at of grid) {
      tasks += 1;
      show('task', taskId(tasks), isIn(at) || isSeen(n));
      show('mediation_attempt', taskId(tasks), isSeen(n));
    }
    if (push) show('incident_push', incidentId(n), isIn(push[0]) || isIn(push[1]) || isSeen(n));
    if (link !== null && link !== n) show('incident_link', incidentId(n), isSeen(n) || isSeen(link));
  }
  return Object.fromEntries(Object.entries(seen).map(([table, ids]) => [table, ids.sort()]));
}

const READS: Readonly<Record<string, string>> = {
  incident: 'id',
  incident_event: 'incident_id',
  incident_sealed: 'incident_id',
  incident_request: 'incident_id',
  incident_party: `incident_id || ' ' || grid_id`,
  task: 'id',
  mediation_attempt: 'task_id',
  incident_push: 'incident_id',
  incident_link: 'incident_id',
};

/** What a transaction sees that looks so; tables that nobody drew anything for are left out. */
export async function readSeen(trx: Trx, { areas, login, unsealed }: Looked, tables: readonly string[]): Promise<Seen> {
  const roots = areas === '*' ? '*' : areas.map(gridId).join(',');
  await sql`select set_config('wangge.areas', ${roots}::text, true), set_config('wangge.now', ${String(AT.getTime())}::text, true),
    set_config('wangge.login', ${login}::text, true), set_config('wangge.unsealed', ${incidentId(unsealed)}::text, true)`.execute(
    trx,
  );
  const reads = tables.map(
    (table) =>
      sql`select ${sql.lit(table)} as name, array(select (${sql.raw(READS[table])})::text from ${sql.table(table)} order by 1) as ids`,
  );
  const { rows } = await sql<{ name: string; ids: string[] }>`${sql.join(reads, sql` union all `)}`.execute(trx);
  return Object.fromEntries(rows.map(({ name, ids }) => [name, ids]));
}

/** Layers and tiers, once for a transaction. */
export async function drawGround(trx: Trx): Promise<number> {
  const edition = await beginEdition(trx);
  await insertRawLayers(trx, edition);
  return edition;
}

/** Writes it as whoever sees everything; the transaction is never committed, so the laws of territory do not judge it. */
export async function draw(trx: Trx, edition: number, { parents, hasEnded, lineage, incidents }: Drawn): Promise<void> {
  const depth: number[] = [];
  for (const [n, parent] of parents.entries()) {
    depth.push(parent < 0 ? 0 : depth[parent] + 1);
    const [tier, to] = [TIERS[Math.min(depth[n], 2)], hasEnded[n] ? '2026-01-01Z' : undefined];
    await insertRawGrid(trx, edition, {
      id: gridId(n),
      tier,
      boundary: box(n, 0, 1),
      to,
      parent: parent < 0 ? null : gridId(parent),
    });
  }
  for (const { from, to, isLater } of lineage.filter((each) => each.from !== each.to)) {
    await sql`insert into grid_lineage (from_id, to_id, how, at, edition_from) values (${gridId(from)}::uuid,
      ${gridId(to)}::uuid, 'MERGED', ${isLater ? '2026-07-01Z' : '2026-01-01Z'}::timestamptz, ${edition}::int)`.execute(
      trx,
    );
  }
  for (const [n, each] of incidents.entries()) await drawShell(trx, edition, n, each);
  let tasks = 0;
  for (const [n, each] of incidents.entries()) {
    for (const [index, at] of each.tasks.entries()) {
      tasks += 1;
      await drawTask(trx, n, taskId(tasks), at, index + 1);
    }
    if (each.link !== null && each.link !== n) {
      await sql`insert into incident_link values (${incidentId(n)}::uuid, ${incidentId(each.link)}::uuid, 'ROOT', now(), 'x')`.execute(
        trx,
      );
    }
  }
}

async function drawShell(trx: Trx, edition: number, n: number, { login, parties, push }: DrawnIncident): Promise<void> {
  const id = incidentId(n);
  await sql`insert into incident (id, category, occurred_at, reported_at, owned_at, edition, x, y, accuracy_metres, reported_by)
    values (${id}::uuid, 'noise', now(), now(), now(), ${edition}::int, 0, 0, 0, ${login})`.execute(trx);
  await sql`insert into incident_sealed values (${id}::uuid, 'Sealed')`.execute(trx);
  await sql`insert into incident_request values (sha256(${id}::text::bytea), sha256('x'), ${id}::uuid)`.execute(trx);
  await sql`insert into incident_event (id, incident_id, version, kind, act, at, by, grid_ids)
    values (gen_random_uuid(), ${id}::uuid, 1, 'REPORTED', 'REPORTED', now(), 'x', '{}')`.execute(trx);
  for (const { grid: at, isOver } of parties) {
    await sql`insert into incident_party (incident_id, grid_id, reason, layer_id, from_version, to_version)
      select ${id}::uuid, id, 'OWNER', layer_id, 1, ${isOver ? 2 : null}::int from grid where id = ${gridId(at)}::uuid`.execute(
      trx,
    );
  }
  if (!push) return;
  await sql`insert into incident_push (id, incident_id, from_layer, from_grid_id, to_layer, to_grid_id, sent_at, sent_by)
    values (gen_random_uuid(), ${id}::uuid, 'a', ${gridId(push[0])}::uuid, 'b', ${gridId(push[1])}::uuid, now(), 'x')`.execute(
    trx,
  );
}

async function drawTask(trx: Trx, n: number, id: string, at: number, number: number): Promise<void> {
  await sql`insert into task (id, incident_id, purpose, cause, post_id, role, grid_id, layer, tier, issued_at, issued_by)
    values (${id}::uuid, ${incidentId(n)}::uuid, 'MEDIATE', 'ROUTE', 'p', 'r', ${gridId(at)}::uuid, 'land', 'town', now(), 'x')`.execute(
    trx,
  );
  await sql`update task set status = 'ACKNOWLEDGED', acknowledged_at = now(), acknowledged_by = 'y' where id = ${id}::uuid`.execute(
    trx,
  );
  await sql`insert into mediation_attempt (incident_id, number, at, task_id, by, result)
    values (${incidentId(n)}::uuid, ${number}::int, now(), ${id}::uuid, 'y', 'FAILED')`.execute(trx);
}
