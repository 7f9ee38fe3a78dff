import type { Kysely } from 'kysely';
import { AddressRepository } from '../addresses/address.repository.ts';
import { AddressesOutside } from '../addresses/addressesOutside.ts';
import { AddressFinder } from '../addresses/addressFinder.ts';
import { AddressWritingRepository } from '../addresses/addressWriting.repository.ts';
import { DivisionFinder } from '../addresses/divisionFinder.ts';
import { AddressImportService } from '../addresses/import/addressImport.service.ts';
import { KnownPlacesRepository } from '../addresses/import/knownPlaces.repository.ts';
import type { LocalClock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { GridExportService } from '../exchange/gridExport.service.ts';
import { GridImportService } from '../exchange/gridImport.service.ts';
import { BoundaryRepository } from '../exchange/importing/boundary.repository.ts';
import { ImportWriter } from '../exchange/importing/importWriter.ts';
import { TierPlanner } from '../exchange/importing/tierPlan.ts';
import { Atlas } from '../grids/atlas/atlas.ts';
import { TerritoryRepository } from '../grids/atlas/territory.repository.ts';
import { type EditionBooks, EditionService } from '../grids/edition.service.ts';
import { GridFinder } from '../grids/gridFinder.ts';
import { LineageRepository } from '../grids/lineage/lineage.repository.ts';
import { LineageBook } from '../grids/lineage/lineageBook.ts';
import { MomentReader } from '../grids/momentReader.ts';
import { GridRepository } from '../grids/writing/grid.repository.ts';
import { AddressPlaces } from '../ownership/addressPlaces.ts';
import { OwnershipService } from '../ownership/ownership.service.ts';
import { ShareRepository } from '../ownership/share.repository.ts';
import { DirectoryRepository } from '../posts/directory.repository.ts';
import { Directory } from '../posts/directory.ts';
import { DutyRepository } from '../posts/duties/duty.repository.ts';
import { DutyBook } from '../posts/duties/dutyBook.ts';
import { DutyImportService } from '../posts/duties/dutyImport.service.ts';
import { PostImportService } from '../posts/import/postImport.service.ts';
import { PostRepository } from '../posts/post.repository.ts';
import { RoleImportService } from '../posts/practice/roleImport.service.ts';
import { RosterImportService } from '../posts/roster/import/rosterImport.service.ts';
import { RosterRepository } from '../posts/roster/roster.repository.ts';
import { RosterBook } from '../posts/roster/rosterBook.ts';
import { RosterLogRepository } from '../posts/roster/rosterLog.repository.ts';
import { PracticeRepository } from '../practice/practice.repository.ts';
import { PracticeBook } from '../practice/practiceBook.ts';
import { SiteImportService } from '../sites/import/siteImport.service.ts';
import { SiteLogRepository } from '../sites/log/siteLog.repository.ts';
import { SiteRepository } from '../sites/site.repository.ts';
import { SiteBook } from '../sites/siteBook.ts';
import { SiteChangeRepository } from '../sites/siteChange.repository.ts';
import { TeamImportService } from '../teams/import/teamImport.service.ts';
import { TeamBook } from '../teams/memory/teamBook.ts';
import { TeamLogRepository } from '../teams/memory/teamLog.repository.ts';
import { TeamRepository } from '../teams/writing/team.repository.ts';

/** The registry itself: its editions, its memory, and what reads and writes it. */
export type RegistryParts = ReturnType<typeof buildRegistry>;

export function buildRegistry(db: Kysely<Database>, clock: LocalClock, books: EditionBooks) {
  const atlas = new Atlas(new TerritoryRepository(db));
  const rosters = new RosterBook(new RosterLogRepository(db));
  const directory = new Directory(new DirectoryRepository(db), rosters);
  const teams = new TeamBook(new TeamLogRepository(db), directory);
  const sites = new SiteBook(new SiteLogRepository(db));
  const dutyRows = new DutyRepository(db);
  const duties = new DutyBook(dutyRows);
  const lineage = new LineageBook(new LineageRepository(db));
  const practiceBook = new PracticeBook(new PracticeRepository(db));
  const readers = [atlas, lineage, directory, duties, teams, sites, practiceBook];
  const editions = new EditionService(db, clock.now, readers, books);
  const moments = new MomentReader(editions, clock.now);
  const writers = {
    grids: new GridRepository(),
    posts: new PostRepository(),
    addresses: new AddressWritingRepository(),
    rosters: new RosterRepository(),
    teams: new TeamRepository(),
    sites: new SiteRepository(),
    siteChanges: new SiteChangeRepository(),
    practice: new PracticeRepository(db),
  };
  const addresses = buildAddresses(db, atlas);
  const boundaries = new BoundaryRepository(db);
  const planner = new TierPlanner(atlas, boundaries);
  return {
    atlas,
    lineage,
    practiceBook,
    directory,
    duties,
    rosters,
    teams,
    sites,
    editions,
    moments,
    finder: new GridFinder(atlas),
    addresses,
    ownership: new OwnershipService(
      { atlas, directory, teams, sites },
      new ShareRepository(db),
      moments,
      addresses.places,
    ),
    writers,
    exporter: new GridExportService(editions, atlas, clock.now, boundaries),
    importers: {
      grids: new GridImportService(editions, planner, new ImportWriter(editions, writers.grids), clock.now),
      posts: new PostImportService(editions, writers.posts, { atlas, directory }, clock),
      rosters: new RosterImportService(editions, writers.rosters, { atlas, directory, rosters }, clock),
      roles: new RoleImportService(editions, writers.posts, { atlas, directory }),
      addresses: new AddressImportService(editions, new KnownPlacesRepository(db), writers.addresses, clock),
      duties: new DutyImportService(editions, dutyRows, { atlas, directory, duties }, clock),
      sites: new SiteImportService(editions, writers, { sites, directory }, clock),
      teams: new TeamImportService(editions, writers, { atlas, directory, teams }, clock),
    },
  };
}

function buildAddresses(db: Kysely<Database>, atlas: Atlas) {
  const repository = new AddressRepository(db);
  const finder = new AddressFinder(repository, atlas);
  return {
    repository,
    finder,
    outside: new AddressesOutside(repository, atlas),
    places: new AddressPlaces(finder, new DivisionFinder(atlas)),
  };
}
