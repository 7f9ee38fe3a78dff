import type { NewEvent } from '../../course/change.ts';
import { issuedTask, type PartyState, type TaskState } from '../../course/state.ts';
import type { IncidentFile, NewIncident } from '../../incident.type.ts';
import { noticesText } from '../shellRow.ts';
import { taskRow } from '../taskRow.ts';
import { entriesOf, eventRow, onceEach } from './writtenRows.ts';

/** What the database alone knows of a report that it filed. */
export interface Filing {
  readonly position: number;
  readonly accuracyMetres: number;
  readonly taskParties: readonly Pick<PartyState, 'gridId' | 'layerId'>[];
}

const ownersOf = ({ owners }: NewIncident) =>
  onceEach(owners.map((owner): PartyState => ({ ...owner, reason: 'OWNER' })));

export const issuedOf = ({ tasks, reportedBy, reportedAt }: NewIncident): readonly TaskState[] =>
  tasks.map((task) => issuedTask(task, reportedBy, reportedAt));

/** A report as the function `file_incident` of the database takes it. */
export function filedRows(incident: NewIncident, tasks: readonly TaskState[]): object {
  const { id, owners, narrative, reportedAt, reportedBy } = incident;
  const gridIds = owners.map(({ gridId }) => gridId);
  return {
    incident: shellRow(incident),
    narrative,
    tasks: tasks.map((task) => taskRow(id, task)),
    owners: ownersOf(incident).map(({ gridId, layerId, share }) => ({ grid_id: gridId, layer_id: layerId, share })),
    events: entriesOf(beginningOf(incident), gridIds, 1).map((entry) => eventRow(id, entry, reportedBy, reportedAt)),
  };
}

/** The incident as it reads once it is filed. */
export function fileOf(
  incident: NewIncident,
  tasks: readonly TaskState[],
  { position, accuracyMetres, taskParties }: Filing,
): IncidentFile {
  const { owners: _, tasks: __, narrative: ___, ...said } = incident;
  const forTasks = taskParties.map((grid): PartyState => ({ ...grid, reason: 'TASK', share: 1 }));
  // As exact as the database keeps it.
  const parties = [...ownersOf(incident), ...forTasks].map((party) => ({ ...party, share: Math.fround(party.share) }));
  const unfinished = { outcome: null, result: null, closedAt: null, closedBy: null, closedTier: null } as const;
  return {
    ...{ ...said, ...unfinished, position, status: 'OPEN', ownedAt: incident.reportedAt },
    ...{ place: { ...incident.place, accuracyMetres }, notices: noticesText(incident.notices) },
    version: beginningOf(incident).length,
    parties: parties.sort(
      (a, b) =>
        compare(a.reason, b.reason) || b.share - a.share || a.layerId - b.layerId || compare(a.gridId, b.gridId),
    ),
    ...{ tasks, attempts: [], pushes: [], links: [] },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function shellRow(incident: NewIncident) {
  const { place, rung, notices, responseClass, occurredAt, reportedAt, finderId, ...rest } = incident;
  const { id, category, summary, severity, origin, language, edition, ladder, reportedBy } = rest;
  const words = { id, category, summary, severity, origin, language, edition, ladder };
  const times = { occurred_at: occurredAt, reported_at: reportedAt, owned_at: reportedAt };
  const { x, y, accuracyMetres, area, addressId } = place;
  return {
    ...{ ...words, ...times, x, y, accuracy_metres: accuracyMetres, area, address_id: addressId },
    ...{ layer: rung?.layer ?? null, tier: rung?.tier ?? null, notices: noticesText(notices) },
    ...{ response_class: responseClass, reported_by: reportedBy, finder_id: finderId },
  };
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
