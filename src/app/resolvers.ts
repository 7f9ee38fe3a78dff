import type { Kysely } from 'kysely';
import type { ContainerType } from 'type-graphql';
import type { AreaTree } from '../access/areaTree.ts';
import { AddressResolver } from '../addresses/api/address.resolver.ts';
import { ViewerResolver } from '../api/viewer.resolver.ts';
import { AuditResolver } from '../audit/api/audit.resolver.ts';
import { AuditReadingService } from '../audit/auditReading.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { EditionFeedsResolver } from '../feed/editions/editionFeeds.resolver.ts';
import { EditionViews } from '../feed/editions/editionViews.ts';
import { EditionResolver } from '../grids/api/edition.resolver.ts';
import { GridResolver } from '../grids/api/grid.resolver.ts';
import { LayerResolver } from '../grids/api/layer.resolver.ts';
import { CrosswalkService } from '../grids/crosswalk.service.ts';
import { LineageResolver } from '../grids/lineage/lineage.resolver.ts';
import { OwnershipResolver } from '../ownership/api/ownership.resolver.ts';
import { GridPostsResolver, GridVersionPostsResolver } from '../posts/api/gridPosts.resolver.ts';
import { StaffResolver } from '../posts/api/staff.resolver.ts';
import { VacancyResolver } from '../posts/api/vacancy.resolver.ts';
import { UncoveredHoursResolver } from '../posts/roster/api/uncoveredHours.resolver.ts';
import { UncoveredFinder } from '../posts/roster/uncoveredFinder.ts';
import { StaffFileRepository } from '../posts/staffFile/staffFile.repository.ts';
import { StaffFileResolver } from '../posts/staffFile/staffFile.resolver.ts';
import { StaffFileService } from '../posts/staffFile/staffFile.service.ts';
import { VacancyFinder } from '../posts/vacancyFinder.ts';
import { HoldingBaseResolver, SiteResolver } from '../sites/api/site.resolver.ts';
import { ChannelResolver } from '../sites/channels/channel.resolver.ts';
import { ChannelBook } from '../sites/channels/channelBook.ts';
import { SiteFinder } from '../sites/siteFinder.ts';
import { BodiesResolver } from '../teams/api/bodies.resolver.ts';
import { BodyTeamsResolver } from '../teams/api/bodyTeams.resolver.ts';
import { BodyFinder } from '../teams/bodyFinder.ts';
import { GridsCovered } from '../teams/gridsCovered.ts';
import type { buildAccess } from './accessParts.ts';
import type { AuditParts } from './auditParts.ts';
import type { ChangesetParts } from './changesetParts.ts';
import { buildBoundaryEditing } from './changesetResolvers.ts';
import type { FeedParts } from './feed/feedParts.ts';
import type { buildWebhooks } from './feed/webhookParts.ts';
import { buildFigureResolvers } from './incidents/figureResolvers.ts';
import type { IncidentNeeds, IncidentParts } from './incidents/incidentParts.ts';
import { buildIncidentResolvers } from './incidents/incidentResolvers.ts';
import type { PracticeParts } from './incidents/practiceParts.ts';
import { buildVisitResolvers } from './incidents/visitResolvers.ts';
import type { RegistryParts } from './registryParts.ts';
import { buildStaffing } from './staffingParts.ts';

/** What resolvers need besides the registry. */
export interface AccessParts {
  readonly tree: AreaTree;
  readonly audit: AuditParts;
  readonly access: Pick<ReturnType<typeof buildAccess>, 'apiClients'>;
  readonly clock: Clock;
  readonly changesets: ChangesetParts;
  readonly incidents: IncidentParts;
  readonly practice: PracticeParts;
  readonly feed: FeedParts;
  readonly webhooks: Pick<ReturnType<typeof buildWebhooks>, 'resolvers'>;
  readonly needs: IncidentNeeds;
}

/** Every resolver, by its class. */
export function buildResolvers(db: Kysely<Database>, registry: RegistryParts, parts: AccessParts): ContainerType {
  const { atlas, directory, editions, finder, moments, teams, sites } = registry;
  const { tree, audit, access, clock, changesets, incidents, practice, feed, needs } = parts;
  const auditRoom = { db, repository: audit.repository, audit: audit.log };
  const fileRoom = { db, repository: new StaffFileRepository(), audit: audit.log };
  const files = new StaffFileService(fileRoom, directory, tree, clock);
  const siteSources = { book: sites, directory, atlas };
  const siteFinder = new SiteFinder(sites, atlas);
  return containerOf(
    new LayerResolver(atlas, editions),
    new EditionResolver(editions),
    new GridResolver(finder, new CrosswalkService(db, atlas, finder), moments),
    new LineageResolver(registry.lineage, finder),
    new GridPostsResolver(directory),
    new GridVersionPostsResolver(directory),
    new VacancyResolver(new VacancyFinder(finder, directory), moments),
    new UncoveredHoursResolver(new UncoveredFinder(finder, directory, registry.rosters), moments),
    new StaffResolver(directory, moments),
    new StaffFileResolver(files, finder, moments),
    new AddressResolver(registry.addresses.finder, registry.addresses.outside, moments),
    new BodiesResolver(new BodyFinder(directory, teams, atlas), moments),
    new BodyTeamsResolver(teams, new GridsCovered(teams, atlas)),
    new SiteResolver(siteSources, siteFinder, moments),
    new HoldingBaseResolver(siteSources),
    new ChannelResolver(new ChannelBook(sites, atlas), siteFinder, moments),
    ...buildStaffing(db, registry, { tree, audit: audit.log, clock }),
    ...buildBoundaryEditing(db, registry, changesets, { tree, audit: audit.log, clock }),
    ...buildIncidentResolvers(db, registry, { incidents, practice, feed }, needs),
    ...buildVisitResolvers(db, registry, needs),
    ...buildFigureResolvers(db, registry, needs),
    ...parts.webhooks.resolvers,
    new EditionFeedsResolver(feed.feeds, new EditionViews({ editions, atlas, directory }), tree),
    new OwnershipResolver(registry.ownership, incidents.places),
    new ViewerResolver(),
    access.apiClients,
    new AuditResolver(new AuditReadingService(auditRoom, tree, clock)),
  );
}

function containerOf(...instances: readonly object[]) {
  const byClass = new Map(instances.map((instance) => [instance.constructor, instance]));
  return {
    get(wanted: unknown) {
      const instance = byClass.get(wanted as never);
      if (!instance) throw new Error(`The house was built without ${String(wanted)}`);
      return instance;
    },
  };
}
