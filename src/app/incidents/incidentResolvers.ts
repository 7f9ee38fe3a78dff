import type { Kysely } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { CaseActs } from '../../incidents/acts/caseActs.service.ts';
import { IssuingService } from '../../incidents/acts/issuing.service.ts';
import { TaskActs } from '../../incidents/acts/taskActs.service.ts';
import { IncidentResolver } from '../../incidents/api/incident.resolver.ts';
import { IncidentActsResolver } from '../../incidents/api/incidentActs.resolver.ts';
import { RegistryViews } from '../../incidents/api/parts/registryViews.ts';
import { ResponseResolver } from '../../incidents/api/response/response.resolver.ts';
import { TaskResolver } from '../../incidents/api/task.resolver.ts';
import { TaskActsResolver } from '../../incidents/api/taskActs.resolver.ts';
import { IncidentFeedResolver } from '../../incidents/feed/incidentFeed.resolver.ts';
import { WholePlaces } from '../../incidents/feed/wholePlaces.ts';
import { OversightResolver } from '../../incidents/oversight/api/oversight.resolver.ts';
import { ClimbService } from '../../incidents/oversight/climb.service.ts';
import { ClosingService } from '../../incidents/oversight/closing.service.ts';
import { OversightRepository } from '../../incidents/oversight/lists/oversight.repository.ts';
import { OversightService } from '../../incidents/oversight/lists/oversight.service.ts';
import { MoveService } from '../../incidents/reporting/move.service.ts';
import { OwnersOfDay } from '../../incidents/reporting/shownOwnership.ts';
import { RouteTableResolver } from '../../incidents/routing/api/routeTable.resolver.ts';
import { RouteTableService } from '../../incidents/routing/api/routeTable.service.ts';
import { RouteTable } from '../../incidents/routing/coverageReport.ts';
import { TaskReaderService } from '../../incidents/tasks/taskReader.service.ts';
import { PracticeResolver } from '../../practice/api/practice.resolver.ts';
import type { FeedParts } from '../feed/feedParts.ts';
import type { RegistryParts } from '../registryParts.ts';
import type { IncidentNeeds, IncidentParts } from './incidentParts.ts';
import type { PracticeParts } from './practiceParts.ts';

/** What is built of incidents, and beside them. */
export interface IncidentHouse {
  readonly incidents: IncidentParts;
  readonly practice: PracticeParts;
  readonly feed: FeedParts;
}

/** The resolvers of incidents, their tasks and oversight, and of the local practice that they follow. */
export function buildIncidentResolvers(
  db: Kysely<Database>,
  registry: RegistryParts,
  { incidents, practice, feed }: IncidentHouse,
  { tree, clock }: IncidentNeeds,
) {
  const { addresses, atlas, directory, finder, lineage, moments, ownership, practiceBook } = registry;
  const { desk, hands, matters, reader, repository, routing, tasks } = incidents;
  const ground = { atlas, lineage, tree, moments, ownership };
  const views = new RegistryViews({ atlas, directory, moments, addresses: addresses.finder });
  const taskReader = new TaskReaderService({ db, tasks }, hands, tree, clock.now);
  const table = new RouteTable(routing, practiceBook);
  return [
    new IncidentResolver(reader, desk, new OwnersOfDay(ownership, atlas), views),
    new IncidentFeedResolver(feed.feeds, reader, new WholePlaces(db, repository), tree),
    new IncidentActsResolver({
      reports: incidents.reports,
      moves: new MoveService(desk, { db, repository }, ground, routing),
      climbs: new ClimbService(desk, routing, matters),
      closings: new ClosingService(desk, routing, matters),
      cases: new CaseActs(desk, { atlas, practice: practiceBook, moments, tree }),
      issuing: new IssuingService(desk, { directory, atlas, moments }),
    }),
    new ResponseResolver(atlas, practiceBook, moments),
    new TaskResolver(taskReader, reader, views),
    new TaskActsResolver(new TaskActs(desk, tree)),
    new OversightResolver(new OversightService({ db, repository: new OversightRepository() }, tree, clock.now), views),
    new RouteTableResolver(new RouteTableService(finder, ownership, directory, table), moments),
    new PracticeResolver(practice.service, practice.finder),
  ];
}
