import type { Kysely } from 'kysely';
import type { AreaTree } from '../access/areaTree.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { DutyResolver } from '../ownership/duties/duty.resolver.ts';
import { DutyService } from '../ownership/duties/duty.service.ts';
import { AppointingResolver } from '../posts/appointing/appointing.resolver.ts';
import { AppointingService } from '../posts/appointing/appointing.service.ts';
import { RevisingService } from '../posts/appointing/revising.service.ts';
import { HolderDesk } from '../posts/appointing/seats/holder.ts';
import { SeatFinder } from '../posts/appointing/seats/seat.ts';
import { StaffingRepository } from '../posts/appointing/staffing.repository.ts';
import { StaffingDesk } from '../posts/appointing/staffingDesk.ts';
import { AuditsResolver } from '../posts/audits/audits.resolver.ts';
import { PostAudit } from '../posts/audits/postAudit.ts';
import { StaffAuditService } from '../posts/audits/staffAudit.service.ts';
import { StaffCensus } from '../posts/audits/staffCensus.ts';
import { HolidayManagingService } from '../posts/roster/managing/holidayManaging.service.ts';
import { RosterReadingRepository } from '../posts/roster/managing/managing.repository.ts';
import { RosterManagingResolver } from '../posts/roster/managing/managing.resolver.ts';
import { RosterManagingService } from '../posts/roster/managing/rosterManaging.service.ts';
import { ManagedSiteRepository } from '../sites/managing/managedSite.repository.ts';
import { SiteActsResolver } from '../sites/managing/siteActs.resolver.ts';
import { SiteActsService } from '../sites/managing/siteActs.service.ts';
import { SiteReach } from '../sites/managing/siteReach.ts';
import { ManagedTeamRepository } from '../teams/managing/managedTeam.repository.ts';
import { TeamActsResolver } from '../teams/managing/teamActs.resolver.ts';
import { TeamActsService } from '../teams/managing/teamActs.service.ts';
import { TeamReach } from '../teams/managing/teamReach.ts';
import type { RegistryParts } from './registryParts.ts';

/** What staffing needs besides the registry. */
export interface StaffingNeeds {
  readonly tree: AreaTree;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
}

type StaffedRegistry = Pick<
  RegistryParts,
  'atlas' | 'directory' | 'duties' | 'editions' | 'finder' | 'moments' | 'ownership' | 'sites' | 'writers'
>;

/** The resolvers of acts on staff, teams and sites, of audits of staffing and of the duty matrix. */
export function buildStaffing(db: Kysely<Database>, registry: StaffedRegistry, { tree, audit, clock }: StaffingNeeds) {
  const { atlas, directory, duties, editions, finder, moments, ownership } = registry;
  const { posts, rosters } = registry.writers;
  const staffing = new StaffingRepository();
  const desk = new StaffingDesk({ db, editions, repository: staffing, audit }, tree, clock);
  const seats = new SeatFinder(desk, staffing, posts);
  const appointing = new AppointingService(desk, { posts, staffing }, seats, new HolderDesk(staffing, posts));
  const revising = new RevisingService(desk, { posts, staffing }, seats, clock);
  const reading = new RosterReadingRepository();
  const rostering = new RosterManagingService(desk, { staffing, rosters, reading }, seats, clock);
  const holidays = new HolidayManagingService(desk, rosters, reading, clock);
  const staffAudit = new StaffAuditService({ db, audit }, new StaffCensus(atlas, directory), tree, clock);
  return [
    new AppointingResolver(appointing, revising, directory, finder),
    new RosterManagingResolver(rostering, holidays, directory, finder),
    new AuditsResolver(new PostAudit(atlas, finder, directory), staffAudit, moments),
    new DutyResolver(new DutyService(ownership, directory, duties)),
    ...buildManaging(desk, registry, clock),
  ];
}

/** The resolvers of acts on teams and sites. */
function buildManaging(desk: StaffingDesk, registry: StaffedRegistry, clock: Clock) {
  const { atlas, directory, finder, moments, sites, writers } = registry;
  const managed = new ManagedTeamRepository();
  const reach = new TeamReach(desk, managed, clock);
  const teamActs = new TeamActsService(desk, { posts: writers.posts, teams: writers.teams, managed }, reach);
  const managedSites = new ManagedSiteRepository();
  const siteReach = new SiteReach(desk, managedSites, { atlas, moments });
  const siteActs = new SiteActsService(desk, { ...writers, managed: managedSites }, siteReach);
  const siteSources = { book: sites, directory, atlas };
  return [new TeamActsResolver(teamActs, directory, finder), new SiteActsResolver(siteActs, siteSources)];
}
