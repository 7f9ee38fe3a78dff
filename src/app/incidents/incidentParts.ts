import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { AreaTree } from '../../access/areaTree.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { LocalClock } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import { HandledIncidents } from '../../incidents/desk/handledIncidents.ts';
import { Hands } from '../../incidents/desk/hands.ts';
import { IncidentDesk } from '../../incidents/desk/incidentDesk.ts';
import { IncidentRepository } from '../../incidents/incident.repository.ts';
import { IncidentReaderService } from '../../incidents/incidentReader.service.ts';
import { DueTaskRepository } from '../../incidents/oversight/dueTask.repository.ts';
import { DueWork } from '../../incidents/oversight/dueWork.service.ts';
import { MatterReader } from '../../incidents/oversight/matterReader.ts';
import { PlacesOfIncidents } from '../../incidents/reporting/incidentPlaces.ts';
import { ReportService } from '../../incidents/reporting/report.service.ts';
import { ReportPlanner } from '../../incidents/reporting/reportPlanner.ts';
import { Router } from '../../incidents/routing/router.ts';
import { ListsRepository } from '../../incidents/store/lists.repository.ts';
import { TaskRepository } from '../../incidents/tasks/task.repository.ts';
import { WarningRepository } from '../../incidents/warnings/warning.repository.ts';
import { WarningService } from '../../incidents/warnings/warning.service.ts';
import type { RegistryParts } from '../registryParts.ts';

/** What incidents need besides the registry. */
export interface IncidentNeeds {
  readonly tree: AreaTree;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: LocalClock;
  readonly log: Logger;
}

/** Incidents: taken in, kept, directed, and looked after by the clock. */
export type IncidentParts = ReturnType<typeof buildIncidents>;

export function buildIncidents(db: Kysely<Database>, registry: RegistryParts, needs: IncidentNeeds) {
  const { atlas, directory, lineage, moments, ownership, practiceBook: practice } = registry;
  const { tree, audit, clock, log } = needs;
  const repository = new IncidentRepository();
  const tasks = new TaskRepository();
  const room = { db, repository, tasks, audit };
  const hands = new Hands({ directory, moments, tree });
  const layerIds = () => new Map(atlas.layersAt(moments.read().edition).map(({ code, id }) => [code, id]));
  const desk = new IncidentDesk(room, hands, { tree, layerIds }, clock.now);
  const reader = new IncidentReaderService({ ...room, lists: new ListsRepository() }, hands, tree, clock.now);
  const routing = new Router({ directory, practice, newId: randomUUID });
  const matters = new MatterReader({ atlas, lineage }, moments);
  const warnings = new WarningService(new WarningRepository(), routing, clock.timeZone);
  const planner = new ReportPlanner(ownership, { routing, practice, directory });
  const sight = new HandledIncidents(reader);
  const due = { db, repository: new DueTaskRepository(), clock: clock.now, log };
  return {
    ...{ repository, tasks, hands, desk, reader, routing, matters },
    reports: new ReportService({ db, repository, audit, moments }, planner, warnings),
    places: new PlacesOfIncidents({ db, repository }, sight, atlas, moments),
    dueWork: new DueWork(due, desk, routing, matters),
  };
}
