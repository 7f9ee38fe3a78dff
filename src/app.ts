import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import type { Kysely } from 'kysely';
import { type Logger, pino } from 'pino';
import { type Clock, type LocalClock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { OpenDatabase } from './db/database.ts';
import { listenForEditions } from './db/listen.ts';
import { migrate } from './db/migrate.ts';
import type { Database } from './db/tables.ts';
import { GridExportService } from './exchange/gridExport.service.ts';
import { GridImportService } from './exchange/gridImport.service.ts';
import { BoundaryRepository } from './exchange/importing/boundary.repository.ts';
import { ImportWriter } from './exchange/importing/importWriter.ts';
import { TierPlanner } from './exchange/importing/tierPlan.ts';
import { LogFollower } from './followLog.ts';
import { GridResolver } from './grids/api/grid.resolver.ts';
import { LayerResolver } from './grids/api/layer.resolver.ts';
import { Atlas } from './grids/atlas/atlas.ts';
import { TerritoryRepository } from './grids/atlas/territory.repository.ts';
import { CrosswalkService } from './grids/crosswalk.service.ts';
import { EditionService } from './grids/edition.service.ts';
import { GridFinder } from './grids/gridFinder.ts';
import { MomentReader } from './grids/momentReader.ts';
import { GridRepository } from './grids/writing/grid.repository.ts';
import { OwnershipResolver } from './ownership/api/ownership.resolver.ts';
import { OwnershipService } from './ownership/ownership.service.ts';
import { ShareRepository } from './ownership/share.repository.ts';
import { GridPostsResolver, GridVersionPostsResolver } from './posts/api/gridPosts.resolver.ts';
import { StaffResolver } from './posts/api/staff.resolver.ts';
import { VacancyResolver } from './posts/api/vacancy.resolver.ts';
import { DirectoryRepository } from './posts/directory.repository.ts';
import { Directory } from './posts/directory.ts';
import { PostImportService } from './posts/import/postImport.service.ts';
import { PostRepository } from './posts/post.repository.ts';
import { RoleImportService } from './posts/practice/roleImport.service.ts';
import { VacancyFinder } from './posts/vacancyFinder.ts';
import { buildApiSchema } from './schema.ts';

/** The house, built: its database open and migrated, its memory showing the newest edition. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly database: OpenDatabase;
  readonly schema: GraphQLSchema;
  readonly editions: EditionService;
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly ownership: OwnershipService;
  readonly importers: {
    readonly grids: GridImportService;
    readonly posts: PostImportService;
    readonly roles: RoleImportService;
  };
  readonly exporter: GridExportService;
  /** For what publishes editions of its own, such as the seeds. */
  readonly writers: { readonly grids: GridRepository; readonly posts: PostRepository };
  /** Begins to show what other processes publish. */
  follow(): Promise<LogFollower>;
  /** Stops following and closes the database. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly clock?: Clock;
  /** Told what is going on while the database is made, migrated and read. */
  readonly onProgress?: (step: string) => void;
}

/** Brings an open database up to date and reads it into memory. This file is the only place that constructs things. */
export async function buildApp(database: OpenDatabase, config: Config, options: AppOptions = {}): Promise<App> {
  const { clock = systemClock, onProgress = () => {} } = options;
  await migrate(database.db, { onProgress: (name) => onProgress(`Migrating to ${name}`) });
  const house = build(database.db, { now: clock, timeZone: config.timeZone });
  onProgress('Reading the registry');
  await house.editions.catchUp();
  return { config, database, ...house, ...follower(config, database, house.editions) };
}

function build(db: Kysely<Database>, clock: LocalClock) {
  const atlas = new Atlas(new TerritoryRepository(db));
  const directory = new Directory(new DirectoryRepository(db));
  const editions = new EditionService(db, clock.now, [atlas, directory]);
  const moments = new MomentReader(editions, clock.now);
  const ownership = new OwnershipService({ atlas, directory }, new ShareRepository(db), moments);
  const writers = { grids: new GridRepository(), posts: new PostRepository() };
  const planner = new TierPlanner(atlas, new BoundaryRepository(db));
  return {
    atlas,
    directory,
    editions,
    ownership,
    writers,
    exporter: new GridExportService(editions, atlas, clock.now),
    importers: {
      grids: new GridImportService(editions, planner, new ImportWriter(editions, writers.grids), clock.now),
      posts: new PostImportService(editions, writers.posts, { atlas, directory }, clock),
      roles: new RoleImportService(editions, writers.posts, { atlas, directory }),
    },
    schema: buildApiSchema(
      containerOf(
        new LayerResolver(atlas, editions),
        ...registryResolvers(db, atlas, directory, moments),
        new OwnershipResolver(ownership),
      ),
    ),
  };
}

function registryResolvers(db: Kysely<Database>, atlas: Atlas, directory: Directory, moments: MomentReader) {
  const finder = new GridFinder(atlas);
  return [
    new GridResolver(finder, new CrosswalkService(db, atlas, finder), moments),
    new GridPostsResolver(directory),
    new GridVersionPostsResolver(directory),
    new VacancyResolver(new VacancyFinder(finder, directory), moments),
    new StaffResolver(directory, finder, moments),
  ];
}

function follower(config: Config, database: OpenDatabase, editions: EditionService) {
  // To stderr: stdout is for what a command was asked for.
  const log = pino({ name: 'wangge', level: config.logLevel }, pino.destination(2));
  const following = new LogFollower(editions, log);
  let stopListening: (() => Promise<void>) | undefined;
  return {
    log,
    async follow() {
      following.start();
      stopListening = await listenForEditions(database, () => following.look());
      return following;
    },
    async close() {
      await stopListening?.();
      await following.stop();
      await database.close();
    },
  };
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
