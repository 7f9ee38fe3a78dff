import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/tables.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService, type WriteEdition } from '../../src/grids/edition.service.ts';
import type { Moment } from '../../src/grids/moment.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { PostRepository } from '../../src/posts/post.repository.ts';
import type { AppointmentDraft, BodyDraft, PersonDraft, PostDraft, RoleDraft } from '../../src/posts/post.type.ts';
import { editionBooks } from '../support/editionBooks.ts';

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
export const at = (text: string, edition: number): Moment => ({ asOf: day(text).getTime(), edition });
export const NOW = day('2024-06-01');

export function makeBody(name: string, more: Partial<BodyDraft> = {}): BodyDraft {
  const rest = { kind: 'STATION', officePhone: null, languages: [], categories: [] };
  return { id: randomUUID(), name, ...rest, validFrom: day('2020-01-01'), validTo: null, ...more };
}

export function makePerson(name: string, more: Partial<PersonDraft> = {}): PersonDraft {
  const rest = { officePhone: null, bodyId: null, languages: [] };
  return { id: randomUUID(), name, ...rest, validFrom: day('2020-01-01'), validTo: null, ...more };
}

export function makePost(roleCode: string, gridId: string, more: Partial<PostDraft> = {}): PostDraft {
  return { id: randomUUID(), roleCode, gridId, validFrom: day('2020-01-01'), validTo: null, ...more };
}

export function appoint(post: PostDraft, holder: PersonDraft | BodyDraft, more: Partial<AppointmentDraft> = {}) {
  const ref = 'kind' in holder ? { bodyId: holder.id } : { personId: holder.id };
  const dates = { validFrom: day('2020-01-01'), validTo: null };
  const draft: AppointmentDraft = {
    id: randomUUID(),
    postId: post.id,
    holder: ref,
    rank: 'PRIMARY',
    ...dates,
    ...more,
  };
  return draft;
}

const ROLES: RoleDraft[] = [
  role('officer', 1, 'officer', [
    ['village', true],
    ['town', false],
  ]),
  role('worker', 2, 'gridWorker', [['village', false]]),
  role('instructor', 2, null, [['village', false]]),
  role('secretary', 4, null, [['village', false]]),
  role('mediators', 5, 'mediationTeam', [['town', true]]),
];

function role(
  code: string,
  position: number,
  answersAs: RoleDraft['answersAs'],
  seats: [string, boolean][],
): RoleDraft {
  const tiers = seats.map(([tier, required]) => ({ layer: 'gov', tier, required }));
  return { code, name: `The ${code}`, answersAs, position, categories: [], tiers };
}

const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];

function makeGrid(tier: string, code: string, scheme = 'local'): GridDraft {
  const state = { name: `Grid ${code}`, kind: 'BASIC', parentId: null, managerId: null, boundary: SQUARE, loads: [] };
  const dates = { validFrom: day('2020-01-01'), validTo: null };
  return { id: randomUUID(), layer: 'gov', tier, codes: [{ scheme, code }], ...state, ...dates };
}

/** The registry's memory and writers over an emptied database: town T1, villages V1 to V9, five roles, edition 1. */
export class PostsWorld {
  readonly db: Kysely<Database>;
  readonly posts = new PostRepository();
  readonly grids = new GridRepository();
  readonly directory: Directory;
  readonly atlas: Atlas;
  readonly editions: EditionService;
  /** By code. */
  readonly gridIds = new Map<string, string>();

  private constructor(db: Kysely<Database>) {
    this.db = db;
    this.directory = new Directory(new DirectoryRepository(db));
    this.atlas = new Atlas(new TerritoryRepository(db));
    this.editions = new EditionService(
      db,
      () => NOW,
      [this.atlas, this.directory],
      editionBooks(() => NOW),
    );
  }

  static async make(db: Kysely<Database>): Promise<PostsWorld> {
    const world = new PostsWorld(db);
    const villages = Array.from({ length: 9 }, (_, index) => makeGrid('village', `V${index + 1}`));
    const grids = [makeGrid('town', 'T1'), ...villages, makeGrid('village', 'V1', 'police')];
    for (const grid of grids) world.gridIds.set(`${grid.codes[0].scheme}/${grid.codes[0].code}`, grid.id);
    await world.publish(async (trx, edition) => {
      for (const code of ['local', 'police']) await world.grids.insertScheme(trx, edition, { code, name: code });
      await world.grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'OVERLAY' });
      await world.grids.insertTier(trx, edition, { layer: 'gov', code: 'town', name: 'Town', rank: 1 });
      await world.grids.insertTier(trx, edition, { layer: 'gov', code: 'village', name: 'Village', rank: 2 });
      await world.grids.insertGrids(trx, edition, grids);
      await world.posts.insertRoles(trx, edition, ROLES);
    });
    return world;
  }

  gridId(code: string): string {
    return this.gridIds.get(`local/${code}`)!;
  }

  /** The grid as the Directory asks for it. */
  grid(code: string): { id: string; tierId: number } {
    return { id: this.gridId(code), tierId: this.atlas.findTier('gov', code.startsWith('T') ? 'town' : 'village')!.id };
  }

  async publish(write: WriteEdition<void>): Promise<number> {
    return (await this.editions.publish('Test', write)).edition;
  }

  /** Publishes bodies, people, posts and appointments as one edition. */
  async staff(drafts: {
    bodies?: BodyDraft[];
    people?: PersonDraft[];
    posts?: PostDraft[];
    appointments?: AppointmentDraft[];
  }): Promise<number> {
    return await this.publish(async (trx, edition) => {
      await this.posts.insertBodies(trx, edition, drafts.bodies ?? []);
      await this.posts.insertPeople(trx, edition, drafts.people ?? []);
      await this.posts.insertPosts(trx, edition, drafts.posts ?? []);
      await this.posts.insertAppointments(trx, edition, drafts.appointments ?? []);
    });
  }

  /** "role: holder RANK, …" of each post on a grid, vacant and missing ones too. */
  say(code: string, moment: Moment): string[] {
    return this.directory.holdingsOnGrid(this.grid(code), moment).map(({ role: { code: name }, post, holders }) => {
      const held = holders.map(({ holder, rank }) => `${holder.name} ${rank}`).join(', ');
      return `${name}: ${post.vacant ? 'vacant' : held}`;
    });
  }
}
