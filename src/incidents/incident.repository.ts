import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import { applyChange, type IncidentChange, type NewEvent } from './course/change.ts';
import type { PartyReason, PartyState } from './course/state.ts';
import type { IncidentFile, IncidentRecord, NewIncident, TrailEntry } from './incident.type.ts';
import { readParts } from './store/readParts.ts';
import { json, noticesText, recordOf, SHELL_COLUMNS, type ShellRow } from './store/shellRow.ts';
import { issued, taskRow } from './store/taskRow.ts';
import {
  insertEvents,
  insertParties,
  writeAttempts,
  writeLinks,
  writeParties,
  writePushes,
  writeShell,
  writeTasks,
} from './store/writeParts.ts';

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

/** Incidents in the database. Every method sees and writes what the areas of its transaction show. */
export class IncidentRepository {
  async find(trx: Trx, id: string): Promise<IncidentRecord | undefined> {
    const { rows } = await sql<ShellRow>`
      select ${SHELL_COLUMNS} from incident i where i.id = ${id}::uuid`.execute(trx);
    return rows[0] && recordOf(rows[0]);
  }

  /**
   * Locks the row to the end of the transaction and says by which grids the areas show it; undefined where they show
   * no such incident, or none to act on: it was reported from here and is with others.
   */
  async lockSeen(trx: Trx, id: string): Promise<SeenParty[] | undefined> {
    const locked = await sql`select from incident where id = ${id}::uuid for no key update`.execute(trx);
    if (locked.rows.length === 0) return undefined;
    // Its own statement: while it waited for the lock, the incident may have been moved away.
    const { rows } = await sql<SeenParty>`
      select grid_id as "gridId", reason from incident_party
      where incident_id = ${id}::uuid and to_version is null`.execute(trx);
    return rows.length > 0 ? rows : undefined;
  }

  /** The incident with all that belongs to it, its row locked to the end of the transaction. */
  async lock(trx: Trx, id: string): Promise<IncidentFile | undefined> {
    const { rows } = await sql<ShellRow>`
      select ${SHELL_COLUMNS} from incident i where i.id = ${id}::uuid for no key update`.execute(trx);
    const parts = rows.length > 0 ? await readParts(trx, [id]) : undefined;
    return parts && { ...recordOf(rows[0]), ...parts.get(id)! };
  }

  /** Files a report in version 1, or 2 where tasks follow from it at once. Whoever sees everything reads it back whole. */
  async file(trx: Trx, incident: NewIncident): Promise<IncidentFile> {
    const { id, tasks, owners, narrative, reportedAt, reportedBy } = incident;
    await this.#insertShell(trx, incident);
    if (narrative !== null) {
      await trx.insertInto('incident_sealed').values({ incident_id: id, narrative }).execute();
    }
    const rows = tasks.map((task) => taskRow(id, issued(task, reportedBy, reportedAt)));
    if (rows.length > 0) await trx.insertInto('task').values(rows).execute();
    const parties = owners.map((owner): PartyState => ({ ...owner, reason: 'OWNER' }));
    await insertParties(trx, id, [...parties, ...(await this.#taskParties(trx, incident))], 1);
    const gridIds = owners.map(({ gridId }) => gridId);
    const entries = beginningOf(incident).map((event, index) => ({
      ...{ ...event, gridIds },
      ...{ id: randomUUID(), version: index + 1 },
    }));
    await insertEvents(trx, id, entries, reportedBy, reportedAt);
    return (await this.lock(trx, id))!;
  }

  /** Writes what a change comes to. Throws CONFLICT where somebody else was first. */
  async write(trx: Trx, before: IncidentFile, change: IncidentChange, by: string, at: Date): Promise<IncidentFile> {
    if (change.events.length === 0) return before;
    const after = { ...before, ...applyChange(before, change) };
    const owners = after.parties.filter(({ reason }) => reason === 'OWNER').map(({ gridId }) => gridId);
    const first = before.version + 1;
    const entries = change.events.map((event, index) => ({
      ...{ ...event, gridIds: event.gridIds ?? owners },
      ...{ id: randomUUID(), version: first + index },
    }));
    await insertEvents(trx, before.id, entries, by, at);
    await writeParties(trx, before, change, first);
    await writeTasks(trx, before, change);
    await writeAttempts(trx, before, change);
    await writePushes(trx, before, change);
    await writeLinks(trx, before, change, by, at);
    // Last, because the database lets nothing close while a task waits.
    if (change.shell) await writeShell(trx, before.id, change.shell);
    return after;
  }

  /** Only for whoever sees everything. */
  async findRequest(trx: Trx, keyHash: Buffer): Promise<Omit<KeptRequest, 'keyHash'> | undefined> {
    const { rows } = await sql<Omit<KeptRequest, 'keyHash'>>`
      select incident_id as "incidentId", input_hash as "inputHash" from incident_request
      where key_hash = ${keyHash}::bytea`.execute(trx);
    return rows[0];
  }

  /** False where the key was kept already, by a request at the same time: then nothing of this transaction may stay. */
  async keepRequest(trx: Trx, { keyHash, inputHash, incidentId }: KeptRequest): Promise<boolean> {
    const kept = await sql`
      insert into incident_request (key_hash, input_hash, incident_id)
      values (${keyHash}::bytea, ${inputHash}::bytea, ${incidentId}::uuid) on conflict do nothing`.execute(trx);
    return kept.numAffectedRows === 1n;
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

  async #insertShell(trx: Trx, incident: NewIncident): Promise<void> {
    const { place, rung, notices, responseClass, occurredAt, reportedAt, finderId, ...rest } = incident;
    const { id, category, summary, severity, origin, language, edition, ladder, reportedBy } = rest;
    const words = { id, category, summary, severity, origin, language, edition, ladder };
    const times = { occurred_at: occurredAt, reported_at: reportedAt, owned_at: reportedAt };
    const where = { x: place.x, y: place.y, accuracy_metres: place.accuracyMetres, address_id: place.addressId };
    const row = {
      ...{ ...words, ...times, ...where, layer: rung?.layer ?? null, tier: rung?.tier ?? null },
      ...{ response_class: responseClass, reported_by: reportedBy, finder_id: finderId },
      area: place.area && json(place.area),
      notices: json(noticesText(notices)),
    };
    await trx.insertInto('incident').values(row).execute();
  }

  /** Grids of posts with a task, each once, with their layers. */
  async #taskParties(trx: Trx, { tasks }: NewIncident): Promise<PartyState[]> {
    const gridIds = [...new Set(tasks.map(({ gridId }) => gridId))];
    if (gridIds.length === 0) return [];
    const { rows } = await sql<Pick<PartyState, 'gridId' | 'layerId'>>`
      select id as "gridId", layer_id as "layerId" from grid where id = any (${gridIds}::uuid[])`.execute(trx);
    return rows.map((grid) => ({ ...grid, reason: 'TASK', share: 1 }));
  }
}

/** The first lines of the trail: what was reported, without words, and whom it was given to. */
function beginningOf({ category, severity, origin, ladder, rung, notices, tasks }: NewIncident): NewEvent[] {
  const codes = [...new Set(notices.map(({ code }) => code))];
  const reported: NewEvent = {
    ...{ kind: 'REPORTED', act: 'REPORTED' },
    details: { category, severity, origin, ladder, ...rung, notices: codes },
  };
  if (tasks.length === 0) return [reported];
  const ids = tasks.map(({ id }) => id);
  return [reported, { kind: 'ASSIGNED', act: 'TASKS_ISSUED', details: { tasks: ids } }];
}
