import type { Kysely } from 'kysely';
import type { ContainerType } from 'type-graphql';
import type { AreaTree } from '../access/areaTree.ts';
import { AddressResolver } from '../addresses/api/address.resolver.ts';
import { ViewerResolver } from '../api/viewer.resolver.ts';
import { AuditResolver } from '../audit/api/audit.resolver.ts';
import { AuditReadingService } from '../audit/auditReading.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { EditionResolver } from '../grids/api/edition.resolver.ts';
import { GridResolver } from '../grids/api/grid.resolver.ts';
import { LayerResolver } from '../grids/api/layer.resolver.ts';
import { CrosswalkService } from '../grids/crosswalk.service.ts';
import { OwnershipResolver } from '../ownership/api/ownership.resolver.ts';
import { GridPostsResolver, GridVersionPostsResolver } from '../posts/api/gridPosts.resolver.ts';
import { StaffResolver } from '../posts/api/staff.resolver.ts';
import { VacancyResolver } from '../posts/api/vacancy.resolver.ts';
import { StaffingRepository } from '../posts/appointing/staffing.repository.ts';
import { StaffingDesk } from '../posts/appointing/staffingDesk.ts';
import { UncoveredHoursResolver } from '../posts/roster/api/uncoveredHours.resolver.ts';
import { UncoveredFinder } from '../posts/roster/uncoveredFinder.ts';
import { StaffFileRepository } from '../posts/staffFile/staffFile.repository.ts';
import { StaffFileResolver } from '../posts/staffFile/staffFile.resolver.ts';
import { StaffFileService } from '../posts/staffFile/staffFile.service.ts';
import { VacancyFinder } from '../posts/vacancyFinder.ts';
import { HoldingBaseResolver, SiteResolver } from '../sites/api/site.resolver.ts';
import { ChannelResolver } from '../sites/channels/channel.resolver.ts';
import { ChannelBook } from '../sites/channels/channelBook.ts';
import { ManagedSiteRepository } from '../sites/managing/managedSite.repository.ts';
import { SiteActsResolver } from '../sites/managing/siteActs.resolver.ts';
import { SiteActsService } from '../sites/managing/siteActs.service.ts';
import { SiteReach } from '../sites/managing/siteReach.ts';
import { SiteFinder } from '../sites/siteFinder.ts';
import { BodiesResolver } from '../teams/api/bodies.resolver.ts';
import { BodyTeamsResolver } from '../teams/api/bodyTeams.resolver.ts';
import { BodyFinder } from '../teams/bodyFinder.ts';
import { GridsCovered } from '../teams/gridsCovered.ts';
import { ManagedTeamRepository } from '../teams/managing/managedTeam.repository.ts';
import { TeamActsResolver } from '../teams/managing/teamActs.resolver.ts';
import { TeamActsService } from '../teams/managing/teamActs.service.ts';
import { TeamReach } from '../teams/managing/teamReach.ts';
import type { buildAccess } from './accessParts.ts';
import type { AuditParts } from './auditParts.ts';
import type { RegistryParts } from './registryParts.ts';
import { buildStaffing, type StaffingNeeds } from './staffingParts.ts';

/** What resolvers need besides the registry. */
export interface AccessParts {
  readonly tree: AreaTree;
  readonly audit: AuditParts;
  readonly access: Pick<ReturnType<typeof buildAccess>, 'apiClients'>;
  readonly clock: Clock;
}

/** Every resolver, by its class. */
export function buildResolvers(db: Kysely<Database>, registry: RegistryParts, parts: AccessParts): ContainerType {
  const { atlas, directory, editions, finder, moments, teams, sites } = registry;
  const { tree, audit, access, clock } = parts;
  const auditRoom = { db, repository: audit.repository, audit: audit.log };
  const fileRoom = { db, repository: new StaffFileRepository(), audit: audit.log };
  const files = new StaffFileService(fileRoom, directory, tree, clock);
  const siteSources = { book: sites, directory, atlas };
  const siteFinder = new SiteFinder(sites, atlas);
  return containerOf(
    new LayerResolver(atlas, editions),
    new EditionResolver(editions),
    new GridResolver(finder, new CrosswalkService(db, atlas, finder), moments),
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
    ...buildManaging(db, registry, { tree, audit: audit.log, clock }),
    new OwnershipResolver(registry.ownership),
    new ViewerResolver(),
    access.apiClients,
    new AuditResolver(new AuditReadingService(auditRoom, tree, clock)),
  );
}

/** The resolvers of acts on teams and sites. */
function buildManaging(db: Kysely<Database>, registry: RegistryParts, { tree, audit, clock }: StaffingNeeds) {
  const { atlas, directory, editions, finder, moments, sites, writers } = registry;
  const desk = new StaffingDesk({ db, editions, repository: new StaffingRepository(), audit }, tree, clock);
  const managed = new ManagedTeamRepository();
  const reach = new TeamReach(desk, managed, clock);
  const teamActs = new TeamActsService(desk, { posts: writers.posts, teams: writers.teams, managed }, reach);
  const managedSites = new ManagedSiteRepository();
  const siteReach = new SiteReach(desk, managedSites, { atlas, moments });
  const siteActs = new SiteActsService(desk, { ...writers, managed: managedSites }, siteReach);
  const siteSources = { book: sites, directory, atlas };
  return [new TeamActsResolver(teamActs, directory, finder), new SiteActsResolver(siteActs, siteSources)];
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
