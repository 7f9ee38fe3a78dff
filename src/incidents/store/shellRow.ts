import { sql } from 'kysely';
import type { IncidentNotice, Rung } from '../course/state.ts';
import type { IncidentRecord } from '../incident.type.ts';

/** The incident itself as the columns below read it. */
export interface ShellRow extends Omit<IncidentRecord, 'rung' | 'place'> {
  readonly layer: string | null;
  readonly tier: string | null;
  readonly x: number;
  readonly y: number;
  readonly accuracyMetres: number;
  readonly area: object | null;
  readonly addressId: string | null;
}

/** Of table `incident i`. */
export const SHELL_COLUMNS = sql`i.id, i.position, i.category, i.summary, i.severity, i.origin, i.language,
  i.response_class as "responseClass", i.occurred_at as "occurredAt", i.reported_at as "reportedAt",
  i.owned_at as "ownedAt", i.edition, i.x, i.y, i.accuracy_metres as "accuracyMetres", i.area,
  i.address_id as "addressId", i.ladder, i.layer, i.tier, i.notices, i.status, i.reported_by as "reportedBy",
  i.finder_id as "finderId", i.version, i.outcome, i.result, i.closed_at as "closedAt", i.closed_by as "closedBy",
  i.closed_tier as "closedTier"`;

function rungOf({ layer, tier }: Pick<ShellRow, 'layer' | 'tier'>): Rung | null {
  return layer === null || tier === null ? null : { layer, tier };
}

/** Field by field: taking an object of thirty fields apart by `...` makes a new hidden class each time, thousands a second in a feed. */
export function recordOf(row: ShellRow): IncidentRecord {
  const { x, y, accuracyMetres, area, addressId } = row;
  return {
    id: row.id,
    position: row.position,
    category: row.category,
    summary: row.summary,
    severity: row.severity,
    origin: row.origin,
    language: row.language,
    responseClass: row.responseClass,
    occurredAt: row.occurredAt,
    reportedAt: row.reportedAt,
    ownedAt: row.ownedAt,
    edition: row.edition,
    ladder: row.ladder,
    notices: row.notices,
    status: row.status,
    reportedBy: row.reportedBy,
    finderId: row.finderId,
    version: row.version,
    outcome: row.outcome,
    result: row.result,
    closedAt: row.closedAt,
    closedBy: row.closedBy,
    closedTier: row.closedTier,
    rung: rungOf(row),
    place: { x, y, accuracyMetres, area, addressId },
  };
}

/** Notices as they fit into the row: each once, the last ones left out where there are too many. */
export function noticesText(notices: readonly IncidentNotice[]): readonly IncidentNotice[] {
  const kept: IncidentNotice[] = [];
  for (const notice of notices) {
    if (kept.some(({ code, message }) => code === notice.code && message === notice.message)) continue;
    if (JSON.stringify([...kept, notice]).length > 15_000) break;
    kept.push(notice);
  }
  return kept;
}
