import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { App } from '../../src/app.ts';
import type { Database } from '../../src/db/tables.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { CORNER, STEP } from '../grids/squareGrids.ts';
import { asSuperuser } from '../support/database.ts';

/** In squares of the paper, or in degrees. */
type Spot = readonly [column: number, row: number] | { readonly lon: number; readonly lat: number };

/** A matter as a test writes it, past the door. */
export interface Matter {
  readonly id?: string;
  readonly category?: string;
  readonly severity?: string | null;
  readonly origin?: 'REPORTED' | 'FOUND' | 'PUSHED';
  readonly reportedAt: Date;
  readonly closedAt?: Date | null;
  readonly outcome?: 'SETTLED' | 'UNFOUNDED';
  readonly at: Spot;
  readonly area?: object;
  readonly owners: readonly { readonly gridId: string; readonly layerId: number; readonly share?: number }[];
  readonly tasks?: readonly Task[];
  readonly attempts?: readonly Date[];
}

interface Task {
  readonly gridId: string;
  readonly role?: string;
  readonly purpose?: Database['task']['purpose'];
  readonly issuedAt: Date;
  readonly dueAt?: Date | null;
  readonly handledAt?: Date | null;
  readonly status?: string;
  readonly bodyId?: string | null;
}

function lattice(at: Spot): { x: number; y: number } {
  if ('lon' in at) return { x: toLattice(at.lon), y: toLattice(at.lat) };
  const [column, row] = at;
  return { x: Math.round(CORNER.x + column * STEP), y: Math.round(CORNER.y + row * STEP) };
}

/** Writes rows as they came to be, without the way there that the database asks for. */
export async function insertMatters(app: App, matters: readonly Matter[]): Promise<void> {
  const named = matters.map((matter) => ({ ...matter, id: matter.id ?? randomUUID() }));
  await asSuperuser(app.database.db, async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await insertRows(trx, 'incident', named.map(incidentRow));
    await insertRows(
      trx,
      'incident_party',
      named.flatMap(({ id, owners }) =>
        owners.map(({ gridId, layerId, share = 1 }) => ({
          ...{ incident_id: id, grid_id: gridId, reason: 'OWNER', layer_id: layerId, share, from_version: 1 },
        })),
      ),
    );
    const tasks = named.flatMap(({ id, tasks = [] }) => tasks.map((task) => taskRow(id, task)));
    await insertRows(trx, 'task', tasks);
    const attempts = named.flatMap(({ id, attempts: dates = [] }) =>
      dates.map((at, i) => ({
        ...{ incident_id: id, number: i + 1, at, by: 'm', result: 'FAILED' },
        task_id: tasks.find((task) => task.incident_id === id)?.id,
      })),
    );
    await insertRows(trx, 'mediation_attempt', attempts);
  });
}

/** Visits at places of the paper, all accepted unless told otherwise. */
export async function insertVisits(
  app: App,
  visits: readonly { at: Spot; gridId: string; visitedAt: Date; accepted?: boolean }[],
): Promise<void> {
  const rows = visits.map(({ at, gridId, visitedAt, accepted = true }) => ({
    row: {
      ...{
        id: randomUUID(),
        kind: 'shop',
        post_id: randomUUID(),
        role: 'officer',
        post_grid_id: gridId,
        grid_id: gridId,
        grid_ids: [gridId],
      },
      ...{ ...lattice(at), visited_at: visitedAt, recorded_at: visitedAt, recorded_by: 'a', flags: [] },
      state: 'UNREVIEWED',
    },
    accepted,
  }));
  await asSuperuser(app.database.db, async (trx) => {
    await insertRows(
      trx,
      'visit',
      rows.map(({ row }) => row),
    );
    const ids = rows.filter(({ accepted }) => accepted).map(({ row }) => row.id);
    await sql`update visit set state = 'ACCEPTED', reviewed_at = recorded_at, reviewed_by = 'b'
      where id = any (${ids}::uuid[])`.execute(trx);
  });
}

function incidentRow({ id, reportedAt, closedAt = null, outcome = 'SETTLED', at, area, ...matter }: Matter) {
  const closed = { status: 'CLOSED', outcome, result: 'done', closed_at: closedAt, closed_by: 'b' };
  return {
    ...{
      id,
      category: matter.category ?? 'dispute',
      severity: matter.severity ?? null,
      origin: matter.origin ?? 'REPORTED',
    },
    ...{ occurred_at: reportedAt, reported_at: reportedAt, owned_at: reportedAt, edition: 1, accuracy_metres: 15 },
    ...{
      ...lattice(at),
      area: area ?? null,
      notices: [],
      reported_by: 'a',
      version: 0,
      status: 'OPEN',
      closed_at: null,
    },
    ...{ outcome: null, result: null, closed_by: null },
    ...(closedAt ? closed : {}),
  };
}

function taskRow(incidentId: string, { gridId, issuedAt, handledAt = null, dueAt = null, ...task }: Task) {
  const status = task.status ?? (handledAt ? 'HANDLED' : 'ISSUED');
  const ended = status === 'WITHDRAWN' || status === 'DECLINED' ? { ended_reason: 'x' } : { ended_reason: null };
  return {
    ...{ id: randomUUID(), incident_id: incidentId, purpose: task.purpose ?? 'HANDLE', cause: 'ROUTE', post_id: 'p' },
    ...{ role: task.role ?? 'officer', grid_id: gridId, layer: 'gov', tier: 'village', status, issued_at: issuedAt },
    ...{
      issued_by: 'a',
      due_at: dueAt,
      handled_at: handledAt,
      handled_by: handledAt && 'a',
      result: handledAt && 'DONE',
    },
    ...{
      acknowledged_at: handledAt,
      acknowledged_by: handledAt && 'a',
      handler_body_id: task.bodyId ?? null,
      ...ended,
    },
  };
}

async function insertRows(trx: Transaction<Database>, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = sql.join(Object.keys(rows[0]).map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${columns}) select ${columns}
    from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::text::jsonb)`.execute(trx);
}
