import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import { applyChange, type IncidentChange } from './course/change.ts';
import type { PartyReason, PartyState } from './course/state.ts';
import type { IncidentFile, IncidentRecord, NewIncident, TrailEntry } from './incident.type.ts';
import { runPrepared } from './store/prepared.ts';
import { readFile } from './store/readParts.ts';
import { recordOf, SHELL_COLUMNS, type ShellRow } from './store/shellRow.ts';
import { type Filing, filedRows, fileOf, issuedOf } from './store/writing/filedRows.ts';
import { writtenRows } from './store/writing/writtenRows.ts';

type Trx = Transaction<Database>;

const LONGEST_TRAIL = 1000;

/** Which report a retried request made. */
export interface KeptRequest {
  readonly keyHash: Buffer;
  readonly inputHash: Buffer;
  readonly incidentId: string;
}

/** A grid that has to do with an incident, as far as somebody's areas show it. */
export type SeenParty = Pick<PartyState, 'gridId'> & { readonly reason: PartyReason };

/** An incident, named by itself or by a task of it. */
type Named = { readonly id: string } | { readonly taskId: string };

/** An incident that somebody is about to change. */
export interface OpenedIncident {
  /** Whole, whatever the areas show of it. */
  readonly incident: IncidentFile;
  /** The grids by which the areas show it. */
  readonly seen: readonly SeenParty[];
  /** Where it was named by a task: the grid of that, or where it has ended those in which it went on. */
  readonly present: readonly string[];
}

interface Opening extends Pick<OpenedIncident, 'seen' | 'present'> {
  readonly id: string;
}

/** Incidents in the database. Every method sees and writes what the areas of its transaction show. */
export class IncidentRepository {
  async find(trx: Trx, id: string): Promise<IncidentRecord | undefined> {
    const query = sql`select ${SHELL_COLUMNS} from incident i where i.id = ${id}::uuid`;
    const [row] = await runPrepared<ShellRow>(trx, 'incidents.shell', query);
    return row && recordOf(row);
  }

  /**
   * Opens an incident for an act, named by its id or that of a task of it: locks it to the end of the transaction, which
   * sees everything from then on. Undefined where the areas show no such incident, or none to act on: it was reported
   * from here and is with others.
   */
  async open(trx: Trx, named: Named): Promise<OpenedIncident | undefined> {
    const [id, taskId] = 'id' in named ? [named.id, null] : [null, named.taskId];
    const [row] = await runPrepared<{ opened: Opening | null }>(
      trx,
      'incidents.open',
      sql`select open_incident(${id}::uuid, ${taskId}::uuid) as opened`,
    );
    // Its own statement: what others wrote while it waited for the lock is seen.
    const incident = row.opened && (await readFile(trx, row.opened.id));
    return row.opened && incident ? { incident, seen: row.opened.seen, present: row.opened.present } : undefined;
  }

  /** The incident with all that belongs to it, its row locked to the end of the transaction. */
  async lock(trx: Trx, id: string): Promise<IncidentFile | undefined> {
    await sql`select from incident where id = ${id}::uuid for no key update`.execute(trx);
    return readFile(trx, id);
  }

  /** Files a report in version 1, or 2 where tasks follow from it at once. Only for whoever sees everything. */
  async file(trx: Trx, incident: NewIncident): Promise<IncidentFile> {
    const tasks = issuedOf(incident);
    const rows = JSON.stringify(filedRows(incident, tasks));
    const [{ filed }] = await runPrepared<{ filed: Filing }>(
      trx,
      'incidents.file_new',
      sql`select file_incident(${rows}::text::jsonb) as filed`,
    );
    return fileOf(incident, tasks, filed);
  }

  /** Writes what a change comes to. Throws CONFLICT where somebody else was first. */
  async write(trx: Trx, before: IncidentFile, change: IncidentChange, by: string, at: Date): Promise<IncidentFile> {
    if (change.events.length === 0) return before;
    const after = { ...before, ...applyChange(before, change) };
    const rows = writtenRows(before, change, after, { by, at });
    const [events, added, changed] = [rows.events, rows.added, rows.changed].map((each) => JSON.stringify(each));
    await runPrepared(
      trx,
      'incidents.write',
      sql`select write_incident(${events}::text::jsonb, ${added}::text::jsonb, ${changed}::text::jsonb)`,
    );
    return after;
  }

  /** Only for whoever sees everything. */
  async findRequest(trx: Trx, keyHash: Buffer): Promise<Omit<KeptRequest, 'keyHash'> | undefined> {
    const query = sql`
      select incident_id as "incidentId", input_hash as "inputHash" from incident_request
      where key_hash = ${keyHash}::bytea`;
    const [request] = await runPrepared<Omit<KeptRequest, 'keyHash'>>(trx, 'incidents.find_request', query);
    return request;
  }

  /** False where the key was kept already, by a request at the same time: then nothing of this transaction may stay. */
  async keepRequest(trx: Trx, { keyHash, inputHash, incidentId }: KeptRequest): Promise<boolean> {
    // A row on RETURNING must be visible, and is: requests are only for whoever sees everything.
    const query = sql`
      insert into incident_request (key_hash, input_hash, incident_id)
      values (${keyHash}::bytea, ${inputHash}::bytea, ${incidentId}::uuid) on conflict do nothing returning true as kept`;
    return (await runPrepared(trx, 'incidents.keep_request', query)).length === 1;
  }

  /** In their order; at most 1,000. */
  async readTrail(trx: Trx, id: string, afterVersion = 0, limit = LONGEST_TRAIL): Promise<TrailEntry[]> {
    const { rows } = await sql<TrailEntry>`
      select id, incident_id as "incidentId", version, kind, act, at, by, grid_ids as "gridIds", details
      from incident_event where incident_id = ${id}::uuid and version > ${afterVersion}::int
      order by version limit ${Math.min(limit, LONGEST_TRAIL)}::int`.execute(trx);
    return rows;
  }

  /** The narrative; undefined for an incident without one. Lets the rest of the transaction see it. */
  async readSealed(trx: Trx, id: string): Promise<string | undefined> {
    await sql`select set_config('wangge.unsealed', ${id}::text, true)`.execute(trx);
    const { rows } = await sql<{ narrative: string }>`
      select narrative from incident_sealed where incident_id = ${id}::uuid`.execute(trx);
    return rows[0]?.narrative;
  }
}
