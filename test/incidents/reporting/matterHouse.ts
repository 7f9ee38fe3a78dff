import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { App } from '../../../src/app.ts';
import type { Clock } from '../../../src/clock.ts';
import { GridAreas } from '../../../src/grids/areas.ts';
import { Hands } from '../../../src/incidents/desk/hands.ts';
import { IncidentDesk } from '../../../src/incidents/desk/incidentDesk.ts';
import { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import { PlacesOfIncidents } from '../../../src/incidents/reporting/incidentPlaces.ts';
import { MoveService } from '../../../src/incidents/reporting/move.service.ts';
import { ReportService } from '../../../src/incidents/reporting/report.service.ts';
import { ReportPlanner } from '../../../src/incidents/reporting/reportPlanner.ts';
import { OwnersOfDay } from '../../../src/incidents/reporting/shownOwnership.ts';
import { Router } from '../../../src/incidents/routing/router.ts';
import { WarningRepository } from '../../../src/incidents/warnings/warning.repository.ts';
import { WarningService } from '../../../src/incidents/warnings/warning.service.ts';
import type { PracticeReader } from '../../../src/practice/practice.type.ts';

/**
 * The services of reports over a house, by a practice of one's own; the staff of the id `handler` handles everything.
 * `beforeFiling`: what happens once a report was read and before it is filed.
 */
export function buildMatters(
  app: App,
  clock: Clock,
  practiceAt: PracticeReader['practiceAt'],
  beforeFiling: () => Promise<unknown> = async () => {},
) {
  const { atlas, directory, ownership, moments, lineage, finder } = app;
  const { db } = app.database;
  const practice = { practiceAt };
  const routing = new Router({ directory, practice, newId: randomUUID });
  const repository = new IncidentRepository();
  const audit = app.audit.log;
  const tree = new GridAreas(atlas, finder, moments);
  const layerIds = () => new Map(atlas.layersAt(app.editions.latest).map(({ code, id }) => [code, id]));
  const hands = new Hands({ directory, moments, tree });
  const desk = new IncidentDesk({ db, repository, audit }, hands, { tree, layerIds }, clock);
  const handled = async ({ viewer }: RequestContext, ids: readonly string[]) =>
    new Set(viewer.staffId === 'handler' ? ids : []);
  const planner = new ReportPlanner(ownership, { routing, practice, directory });
  const plan: ReportPlanner['plan'] = async (...report) => {
    const planned = await planner.plan(...report);
    await beforeFiling();
    return planned;
  };
  return {
    desk,
    reports: new ReportService(
      { db, repository, audit, moments },
      { plan },
      new WarningService(new WarningRepository(), routing, 'Asia/Shanghai'),
    ),
    moves: new MoveService(desk, { db, repository }, { atlas, lineage, tree, moments, ownership }, routing),
    owners: new OwnersOfDay(ownership, atlas),
    places: new PlacesOfIncidents({ db, repository }, { handled }, atlas, moments),
  };
}
