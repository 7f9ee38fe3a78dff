import { type FeedEvent, onceFor } from '../../feed/feedEvent.ts';
import type { IncidentRecord } from '../incident.type.ts';
import { recordOf, type ShellRow } from '../store/shellRow.ts';

/** What an event says of its incident. */
export interface ToldIncident {
  readonly act: string;
  /** As it was at that event. Of a place that is an area only the point that stands for it. */
  readonly record: IncidentRecord;
  /** Whether its place is an area, which events do not take along. */
  readonly hasArea: boolean;
}

type Instant = 'occurredAt' | 'reportedAt' | 'ownedAt' | 'closedAt';

/** As `incident_shell` of the database writes it: instants as text. */
interface ToldShell extends Omit<ShellRow, 'area' | Instant> {
  readonly occurredAt: string;
  readonly reportedAt: string;
  readonly ownedAt: string;
  readonly closedAt: string | null;
  readonly hasArea: boolean;
}

/** What an event of an incident says of it; one for all who are told of the event, whatever filter they read by. */
export function toldIncident(event: FeedEvent): ToldIncident {
  return onceFor(event, toldIncident, () => readTold(event));
}

function readTold(event: FeedEvent): ToldIncident {
  const { act, incident } = JSON.parse(event.payload) as { readonly act: string; readonly incident: ToldShell };
  const { hasArea, occurredAt, reportedAt, ownedAt, closedAt } = incident;
  const row: ShellRow = Object.assign(incident, {
    area: null,
    occurredAt: new Date(occurredAt),
    reportedAt: new Date(reportedAt),
    ownedAt: new Date(ownedAt),
    closedAt: closedAt === null ? null : new Date(closedAt),
  });
  return { act, record: recordOf(row), hasArea };
}
