import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import type { Role } from '../../../src/access/rights.ts';
import type { Areas, Viewer } from '../../../src/access/viewer.ts';
import { AuditRepository } from '../../../src/audit/audit.repository.ts';
import { AuditLog } from '../../../src/audit/auditLog.ts';
import { inAreas } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { GridAreas } from '../../../src/grids/areas.ts';
import { Atlas } from '../../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../../src/grids/edition.service.ts';
import { GridFinder } from '../../../src/grids/gridFinder.ts';
import { MomentReader } from '../../../src/grids/momentReader.ts';
import { GridRepository } from '../../../src/grids/writing/grid.repository.ts';
import type { NewTask, PartyState } from '../../../src/incidents/course/state.ts';
import { Hands } from '../../../src/incidents/desk/hands.ts';
import { IncidentDesk } from '../../../src/incidents/desk/incidentDesk.ts';
import { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import type { IncidentFile, NewIncident } from '../../../src/incidents/incident.type.ts';
import { IncidentReaderService } from '../../../src/incidents/incidentReader.service.ts';
import { ListsRepository } from '../../../src/incidents/store/lists.repository.ts';
import { TaskRepository } from '../../../src/incidents/tasks/task.repository.ts';
import { TaskReaderService } from '../../../src/incidents/tasks/taskReader.service.ts';
import { DirectoryRepository } from '../../../src/posts/directory.repository.ts';
import { Directory } from '../../../src/posts/directory.ts';
import { PostRepository } from '../../../src/posts/post.repository.ts';
import { drawGrid, type Rectangle, rectangle } from '../../grids/squareGrids.ts';
import { appoint, makeBody, makePerson, makePost } from '../../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { editionBooks } from '../../support/editionBooks.ts';

export const NOW = new Date('2026-06-01T04:00:00Z');
const LAYERS = { gov: ['town', 'village'], police: ['precinct'] } as const;

/** Towns T1 (villages A, B) and T2 (C, D); precincts P1 and P2 under the towns. */
const GRIDS: readonly (readonly [code: string, tier: string, on: Rectangle, parent?: string])[] = [
  ['T1', 'gov/town', [0, 0, 20, 10]],
  ['T2', 'gov/town', [20, 0, 20, 10]],
  ['A', 'gov/village', [0, 0, 10, 10], 'T1'],
  ['B', 'gov/village', [10, 0, 10, 10], 'T1'],
  ['C', 'gov/village', [20, 0, 10, 10], 'T2'],
  ['D', 'gov/village', [30, 0, 10, 10], 'T2'],
  ['P1', 'police/precinct', [0, 0, 20, 10]],
  ['P2', 'police/precinct', [20, 0, 20, 10]],
];

/** The store, the desk and the lists over an emptied registry with a little staff. */
export class DeskWorld {
  now = NOW;
  readonly db: Kysely<Database>;
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly editions: EditionService;
  readonly tree: GridAreas;
  readonly hands: Hands;
  readonly repository = new IncidentRepository();
  readonly tasks = new TaskRepository();
  readonly desk: IncidentDesk;
  readonly reader: IncidentReaderService;
  readonly taskReader: TaskReaderService;
  readonly grids = new GridRepository();
  readonly drafts = new Map(GRIDS.map(([code, tier, on]) => [code, drawGrid(tier, code, on)]));
  /** wang is officer of A, li of B; the station team (zhao is in it) mediates in T1; chen is police at P1. */
  readonly people = Object.fromEntries(['wang', 'li', 'zhao', 'chen'].map((name) => [name, randomUUID()]));
  readonly posts: Record<string, string> = {};
  readonly team = makeBody('Mediators of T1');

  constructor(db: Kysely<Database>) {
    this.db = db;
    const clock = () => this.now;
    this.atlas = new Atlas(new TerritoryRepository(db));
    this.directory = new Directory(new DirectoryRepository(db));
    this.editions = new EditionService(db, clock, [this.atlas, this.directory], editionBooks(clock));
    const moments = new MomentReader(this.editions, clock);
    this.tree = new GridAreas(this.atlas, new GridFinder(this.atlas), moments);
    this.hands = new Hands({ directory: this.directory, moments, tree: this.tree });
    const audit = new AuditLog(new AuditRepository(), clock);
    const room = { db, repository: this.repository, tasks: this.tasks, lists: new ListsRepository(), audit };
    const layerIds = () => new Map(this.atlas.layersAt(this.editions.latest).map(({ code, id }) => [code, id]));
    this.desk = new IncidentDesk(room, this.hands, { tree: this.tree, layerIds }, clock);
    this.reader = new IncidentReaderService(room, this.hands, this.tree, clock);
    this.taskReader = new TaskReaderService(room, this.hands, this.tree, clock);
  }

  static async open(): Promise<DeskWorld> {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const world = new DeskWorld(db);
    await world.#publishGrids();
    await world.#publishStaff();
    return world;
  }

  id(code: string): string {
    return this.drafts.get(code)!.id;
  }

  viewer(role: Role, areas: 'everywhere' | readonly string[], more: Partial<Viewer> = {}): RequestContext {
    const within: Areas = areas === 'everywhere' ? areas : areas.map((code) => this.drafts.get(code)?.id ?? code);
    const subject = `${role}@${areas === 'everywhere' ? '*' : areas.join('+')}`;
    const viewer: Viewer = { kind: 'person', subject, grants: [{ role, areas: within }], ...more };
    return { viewer, requestId: 'test', log: { error: () => {} } };
  }

  staff(name: string, role: Role, ...areas: string[]): RequestContext {
    return this.viewer(role, areas, { staffId: this.people[name], subject: name });
  }

  task(role: string, code: string, more: Partial<NewTask> = {}): NewTask {
    const [layer, tier] = GRIDS.find(([each]) => each === code)![1].split('/');
    const gridId = this.id(code);
    return {
      ...{ id: randomUUID(), purpose: 'HANDLE', cause: 'ROUTE', layer, tier, role, gridId },
      postId: this.posts[`${role}/${code}`] ?? `vacant~${gridId}~${role}`,
      ...{ dueAt: null, startsAt: null, batchId: null, aboutId: null, note: null, ...more },
    };
  }

  owner(code: string, share = 1): Omit<PartyState, 'reason'> {
    const gridId = this.id(code);
    return { gridId, layerId: this.atlas.findGrid(gridId)!.layer.id, share };
  }

  report(owners: readonly string[], tasks: readonly NewTask[] = [], more: Partial<NewIncident> = {}): NewIncident {
    return {
      ...{ id: randomUUID(), category: 'noise', summary: 'Loud at night', severity: 'yellow', origin: 'REPORTED' },
      ...{ language: null, responseClass: null, occurredAt: this.now, reportedAt: this.now },
      edition: this.editions.latest,
      place: { x: 1_050_050_000, y: 250_050_000, accuracyMetres: 10, area: null, addressId: null },
      ...{ ladder: 'dispute', rung: { layer: 'gov', tier: 'village' }, notices: [] },
      ...{ reportedBy: 'hotline', finderId: null, owners: owners.map((code) => this.owner(code)), tasks },
      narrative: 'Behind the market',
      ...more,
    };
  }

  file(incident: NewIncident): Promise<IncidentFile> {
    return inAreas(this.db, 'everywhere', this.now, (trx) => this.repository.file(trx, incident));
  }

  /** A village ends now and goes on in its neighbour, which takes up the whole town. */
  async endGrid(code: string, heir: string): Promise<void> {
    await this.editions.publish('Merged', async (trx, edition) => {
      await this.grids.retireGrids(trx, edition, [this.id(code)], this.now);
      const boundary = rectangle([20, 0, 20, 10]);
      await this.grids.reviseGrids(trx, edition, [{ gridId: this.id(heir), from: this.now, set: { boundary } }]);
      const link = { from: this.id(code), to: this.id(heir), how: 'MERGED' } as const;
      await this.grids.insertLineage(trx, edition, [link], this.now);
    });
  }

  async #publishGrids(): Promise<void> {
    await this.editions.publish('Grids', async (trx, edition) => {
      await this.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
      for (const [code, tiers] of Object.entries(LAYERS)) {
        const kind = code === 'gov' ? 'PARTITION' : 'OVERLAY';
        await this.grids.insertLayer(trx, edition, { code, name: code, kind });
        for (const [i, tier] of tiers.entries()) {
          await this.grids.insertTier(trx, edition, { layer: code, code: tier, name: tier, rank: i + 1 });
        }
      }
      const drafts = GRIDS.map(([code, , , parent]) => {
        return { ...this.drafts.get(code)!, parentId: parent ? this.id(parent) : null };
      });
      await this.grids.insertGrids(trx, edition, drafts);
    });
  }

  async #publishStaff(): Promise<void> {
    const people = Object.entries(this.people).map(([name, id]) => {
      return { ...makePerson(name, { bodyId: name === 'zhao' ? this.team.id : null }), id };
    });
    const person = (name: string) => people.find(({ id }) => id === this.people[name])!;
    const held = [
      ['officer', 'A', person('wang')],
      ['officer', 'B', person('li')],
      ['officer', 'P1', person('chen')],
      ['mediators', 'T1', this.team],
      ['officer', 'D', person('zhao')],
    ] as const;
    const posts = held.map(([role, code]) => makePost(role, this.id(code)));
    for (const [i, [role, code]] of held.entries()) this.posts[`${role}/${code}`] = posts[i].id;
    const sits = [
      ['gov', 'town'],
      ['gov', 'village'],
      ['police', 'precinct'],
    ] as const;
    const tiers = sits.map(([layer, tier]) => ({ layer, tier, required: false }));
    const writer = new PostRepository();
    await this.editions.publish('Staff', async (trx, edition) => {
      const roles = ['officer', 'mediators'].map((code, position) => {
        return { code, name: code, answersAs: null, position, categories: [], tiers };
      });
      await writer.insertRoles(trx, edition, roles);
      await writer.insertBodies(trx, edition, [this.team]);
      await writer.insertPeople(trx, edition, people);
      await writer.insertPosts(trx, edition, posts);
      const appointments = held.map(([, , holder], i) => appoint(posts[i], holder));
      await writer.insertAppointments(trx, edition, appointments);
    });
  }
}
