import type { Kysely } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { ActivityRepository } from '../../visits/activities/activity.repository.ts';
import { ActivityService } from '../../visits/activities/activity.service.ts';
import { ActivityResolver } from '../../visits/api/activity.resolver.ts';
import { VisitResolver } from '../../visits/api/visit.resolver.ts';
import { VisitViews } from '../../visits/api/visitViews.ts';
import { UnvisitedService } from '../../visits/must/unvisited.service.ts';
import { RecordingService } from '../../visits/recording.service.ts';
import { ResponseGapResolver } from '../../visits/response/responseGap.resolver.ts';
import { VisitRepository } from '../../visits/visit.repository.ts';
import { VisitService } from '../../visits/visit.service.ts';
import { VisitDesk } from '../../visits/visitDesk.ts';
import type { RegistryParts } from '../registryParts.ts';
import type { IncidentNeeds } from './incidentParts.ts';

/** The resolvers of visits, activities and places without a quick response. */
export function buildVisitResolvers(
  db: Kysely<Database>,
  { addresses, atlas, directory, editions, finder, moments, practiceBook: practice, sites }: RegistryParts,
  { tree, audit, clock }: IncidentNeeds,
) {
  const desk = new VisitDesk({ db, audit }, tree, clock.now);
  const visits = new VisitRepository();
  const views = new VisitViews({ atlas, directory, sites }, moments);
  const sources = { atlas, directory, practice, sites, addresses: addresses.finder };
  return [
    new VisitResolver(
      new RecordingService(desk, visits, sources, moments),
      new VisitService(desk, visits, directory, moments),
      new UnvisitedService(desk, visits, { atlas, sites, practice, tree }, moments),
      views,
    ),
    new ActivityResolver(new ActivityService(desk, new ActivityRepository(), { tree, practice, editions }), views),
    new ResponseGapResolver({ finder, directory, practice }, moments),
  ];
}
