import { randomUUID } from 'node:crypto';
import { type GraphQLError, graphql } from 'graphql';
import type { Kysely } from 'kysely';
import { buildSchemaSync } from 'type-graphql';
import type { Role } from '../../src/access/rights.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import { AddressRepository } from '../../src/addresses/address.repository.ts';
import type { AddressDraft } from '../../src/addresses/address.type.ts';
import { AddressFinder } from '../../src/addresses/addressFinder.ts';
import { AddressWritingRepository } from '../../src/addresses/addressWriting.repository.ts';
import { AuditRepository } from '../../src/audit/audit.repository.ts';
import { AuditLog } from '../../src/audit/auditLog.ts';
import { inEveryArea } from '../../src/db/areas.ts';
import type { Database } from '../../src/db/tables.ts';
import { DomainError } from '../../src/errors.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { GridFinder } from '../../src/grids/gridFinder.ts';
import { MomentReader } from '../../src/grids/momentReader.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { PostRepository } from '../../src/posts/post.repository.ts';
import type { RoleDraft } from '../../src/posts/post.type.ts';
import type { Practice, PracticeReader } from '../../src/practice/practice.type.ts';
import { SiteLogRepository } from '../../src/sites/log/siteLog.repository.ts';
import { SiteRepository } from '../../src/sites/site.repository.ts';
import type { PremisesDraft, SiteDraft } from '../../src/sites/site.type.ts';
import { SiteBook } from '../../src/sites/siteBook.ts';
import { ActivityRepository } from '../../src/visits/activities/activity.repository.ts';
import { ActivityService } from '../../src/visits/activities/activity.service.ts';
import { ActivityResolver } from '../../src/visits/api/activity.resolver.ts';
import { VisitResolver } from '../../src/visits/api/visit.resolver.ts';
import { VisitViews } from '../../src/visits/api/visitViews.ts';
import { UnvisitedService } from '../../src/visits/must/unvisited.service.ts';
import { RecordingService } from '../../src/visits/recording.service.ts';
import { ResponseGapResolver } from '../../src/visits/response/responseGap.resolver.ts';
import { VisitRepository } from '../../src/visits/visit.repository.ts';
import { VisitService } from '../../src/visits/visit.service.ts';
import { VisitDesk } from '../../src/visits/visitDesk.ts';
import { drawGrid, placeAt } from '../grids/squareGrids.ts';
import { appoint, makeBody, makePerson, makePost } from '../posts/postsFixture.ts';
import { makeSite, OPEN } from '../sites/sitesWorld.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';

export const NOW = new Date('2026-06-01T12:00:00+08:00');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const NO_PRACTICE: Practice = {
  ...{ categories: [], severities: [], routes: [], ladders: [], warnings: [], responses: [] },
  ...{ visits: [], contacts: [], campaigns: [], activities: [], quotas: [] },
};

/** Practice by grid, as a book of it would read it: each section from the nearest grid that has it. */
class PaperPractice implements PracticeReader {
  readonly sections = new Map<string, Partial<Practice>>();

  practiceAt(gridIds: readonly string[]): Practice {
    const farFirst = [...gridIds].reverse().map((id) => this.sections.get(id) ?? {});
    return Object.assign({}, NO_PRACTICE, ...farFirst);
  }
}

const role = (code: string, layer: string, tiers: string[]): RoleDraft => ({
  ...{ code, name: `The ${code}`, answersAs: null, position: 1, categories: [] },
  tiers: tiers.map((tier) => ({ layer, tier, required: false })),
});

function draw() {
  const T1 = drawGrid('gov/town', 'T1', [0, 0, 20, 10]);
  const T2 = drawGrid('gov/town', 'T2', [20, 0, 20, 10]);
  const A = drawGrid('gov/village', 'A', [0, 0, 10, 10], { parent: T1 });
  const B = drawGrid('gov/village', 'B', [10, 0, 10, 10], { parent: T1 });
  const C = drawGrid('gov/village', 'C', [20, 0, 10, 10], { parent: T2 });
  const D = drawGrid('gov/village', 'D', [30, 0, 10, 10], { parent: T2 });
  return {
    T1,
    T2,
    A,
    B,
    C,
    D,
    P1: drawGrid('police/beat', 'P1', [0, 0, 15, 10]),
    P2: drawGrid('police/beat', 'P2', [15, 0, 25, 10]),
  };
}

function hire(grids: ReturnType<typeof draw>) {
  const station = makeBody('Station');
  const people = {
    ann: makePerson('Ann'),
    bea: makePerson('Bea'),
    cap: makePerson('Cap'),
    dan: makePerson('Dan', { bodyId: station.id }),
    eve: makePerson('Eve'),
  };
  const posts = {
    workerA: makePost('worker', grids.A.id),
    workerB: makePost('worker', grids.B.id),
    workerC: makePost('worker', grids.C.id),
    officer1: makePost('officer', grids.T1.id),
    officer2: makePost('officer', grids.T2.id),
    head1: makePost('head', grids.T1.id),
    beat1: makePost('beat', grids.P1.id),
  };
  const { ann, bea, cap, dan, eve } = people;
  const appointments = [
    appoint(posts.workerA, ann),
    appoint(posts.workerB, bea),
    appoint(posts.officer1, cap),
    appoint(posts.officer2, station),
    appoint(posts.workerC, dan, { validFrom: new Date('2026-05-31T00:00:00Z') }),
    appoint(posts.head1, eve),
    appoint(posts.beat1, cap),
  ];
  return { bodies: [station], people, posts, appointments };
}

export interface Asked {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query, which TypeScript cannot read.
  readonly data?: any;
  readonly code?: string;
  readonly message?: string;
}

/** The module over an emptied database, asked through its own part of the schema. */
export type VisitWorld = Awaited<ReturnType<typeof openVisitWorld>>;

export async function openVisitWorld() {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  const clock = { now: NOW };
  const now = () => clock.now;
  const atlas = new Atlas(new TerritoryRepository(db));
  const directory = new Directory(new DirectoryRepository(db));
  const sites = new SiteBook(new SiteLogRepository(db));
  const editions = new EditionService(db, now, [atlas, directory, sites], editionBooks(now));
  const grids = draw();
  const staff = hire(grids);
  const places = drawPlaces();
  await publishAll(editions, grids, staff, places);
  const moments = new MomentReader(editions, now);
  const finder = new GridFinder(atlas);
  const tree = new GridAreas(atlas, finder, moments);
  const practice = new PaperPractice();
  const desk = new VisitDesk({ db, audit: new AuditLog(new AuditRepository(), now) }, tree, now);
  const repository = new VisitRepository();
  const addresses = new AddressFinder(new AddressRepository(db), atlas);
  const memory = { atlas, directory, sites, addresses, practice, tree, finder, editions };
  const recording = new RecordingService(desk, repository, memory, moments);
  const reviewing = new VisitService(desk, repository, directory, moments);
  const missing = new UnvisitedService(desk, repository, memory, moments);
  const activities = new ActivityService(desk, new ActivityRepository(), memory);
  const views = new VisitViews(memory, moments);
  const resolvers = new Map<unknown, unknown>([
    [VisitResolver, new VisitResolver(recording, reviewing, missing, views)],
    [ActivityResolver, new ActivityResolver(activities, views)],
    [ResponseGapResolver, new ResponseGapResolver(memory, moments)],
  ]);
  const schema = buildSchemaSync({
    resolvers: [VisitResolver, ActivityResolver, ResponseGapResolver],
    container: { get: (type: unknown) => resolvers.get(type) },
    validate: false,
  });
  async function ask(viewer: Viewer, source: string, variableValues: Record<string, unknown> = {}): Promise<Asked> {
    const contextValue = { viewer, requestId: 'r', log: { error: () => {} } };
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    const [error] = errors ?? [];
    return error ? { code: codeOf(error), message: error.message } : { data };
  }
  return { db, clock, grids, places, ...memory, ...staff, editions, repository, moments, ask };
}

/** An unknown fault is shown whole, so that a test says what went wrong. */
function codeOf({ originalError, message }: GraphQLError): string {
  return originalError instanceof DomainError ? originalError.code : message;
}

function drawPlaces() {
  const inn: PremisesDraft = {
    id: randomUUID(),
    name: 'Inn',
    kind: 'INN',
    point: placeAt(6, 6),
    radiusMetres: 20,
    ...OPEN,
  };
  const address: AddressDraft = {
    id: randomUUID(),
    text: '寨湾村1号',
    aliases: [],
    point: placeAt(3, 3),
    buildingId: null,
    ...OPEN,
  };
  const sites: Record<'schoolA' | 'schoolB' | 'schoolC' | 'farmA', SiteDraft> = {
    schoolA: makeSite('School A', { kind: 'SCHOOL', point: placeAt(5, 5) }),
    schoolB: makeSite('School B', { kind: 'SCHOOL', point: placeAt(16, 5) }),
    schoolC: makeSite('School C', { kind: 'SCHOOL', point: placeAt(25, 5) }),
    farmA: makeSite('Farm A', { kind: 'FARM', point: placeAt(2, 2) }),
  };
  return { ...sites, inn, address };
}

type Places = ReturnType<typeof drawPlaces>;

async function publishAll(
  editions: EditionService,
  grids: ReturnType<typeof draw>,
  staff: ReturnType<typeof hire>,
  { inn, address, ...sites }: Places,
) {
  const writers = { grids: new GridRepository(), posts: new PostRepository(), sites: new SiteRepository() };
  await editions.publish('Visits', async (trx, edition) => {
    await writers.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
    for (const code of ['gov', 'police']) {
      await writers.grids.insertLayer(trx, edition, { code, name: code, kind: 'PARTITION' });
    }
    for (const [layer, code, rank] of [
      ['gov', 'town', 1],
      ['gov', 'village', 2],
      ['police', 'beat', 1],
    ] as const) {
      await writers.grids.insertTier(trx, edition, { layer, code, name: code, rank });
    }
    await writers.grids.insertGrids(trx, edition, Object.values(grids));
    await writers.posts.insertRoles(trx, edition, [
      role('worker', 'gov', ['village']),
      role('officer', 'gov', ['town', 'village']),
      role('head', 'gov', ['town']),
      role('beat', 'police', ['beat']),
    ]);
    await writers.posts.insertBodies(trx, edition, staff.bodies);
    await writers.posts.insertPeople(trx, edition, Object.values(staff.people));
    await writers.posts.insertPosts(trx, edition, Object.values(staff.posts));
    await writers.posts.insertAppointments(trx, edition, staff.appointments);
    await writers.sites.insertSites(trx, edition, Object.values(sites));
    await writers.sites.insertPremises(trx, edition, [inn]);
    await new AddressWritingRepository().insertAddresses(trx, edition, [address]);
  });
}

/** Somebody signed in with a role on some grids, and, with `staffId`, as a member of staff. */
export function signedIn(
  subject: string,
  role: Role,
  areas: readonly string[] | 'everywhere',
  staffId?: string,
): Viewer {
  return { kind: 'person', subject, grants: [{ role, areas }], ...(staffId ? { staffId } : {}) };
}

/** What is recorded in the audit of a kind of objects, oldest first. */
export function auditOf(db: Kysely<Database>, kind: string) {
  return inEveryArea(db, (trx) =>
    trx
      .selectFrom('audit_entry')
      .select(['action', 'result', 'subject', 'object_id', 'grid_id', 'details'])
      .where('object_kind', '=', kind)
      .orderBy('seq')
      .execute(),
  );
}

export const VISIT = `id kind contactKind postId role visitor { name } grid { code }
  place { siteId addressId name kind at { lon lat } } visitedAt recordedAt recordedBy note flags state reviewedAt
  reviewedBy reason`;
