import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/tables.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService, type WriteEdition } from '../../src/grids/edition.service.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { PostRepository } from '../../src/posts/post.repository.ts';
import type { BodyDraft } from '../../src/posts/post.type.ts';
import { SiteLogRepository } from '../../src/sites/log/siteLog.repository.ts';
import { SiteRepository } from '../../src/sites/site.repository.ts';
import type { SiteDraft } from '../../src/sites/site.type.ts';
import { SiteBook } from '../../src/sites/siteBook.ts';
import { SiteChangeRepository } from '../../src/sites/siteChange.repository.ts';
import { day, makeBody, NOW, PostsWorld } from '../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';

export const OPEN = { validFrom: day('2020-01-01'), validTo: null };

/** The memory and writers of sites over an emptied database: town T1, villages V1 to V9, five roles, two bodies. */
export interface SitesWorld {
  readonly db: Kysely<Database>;
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly book: SiteBook;
  readonly editions: EditionService;
  readonly posts: PostRepository;
  readonly sites: SiteRepository;
  readonly siteChanges: SiteChangeRepository;
  readonly bodies: readonly BodyDraft[];
  gridId(code: string): string;
  publish(write: WriteEdition<void>): Promise<number>;
}

export async function openSitesWorld(): Promise<SitesWorld> {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  const ground = await PostsWorld.make(db);
  const bodies = ['Station', 'Hall'].map((name) => makeBody(name));
  await ground.staff({ bodies });
  const atlas = new Atlas(new TerritoryRepository(db));
  const directory = new Directory(new DirectoryRepository(db));
  const book = new SiteBook(new SiteLogRepository(db));
  const editions = new EditionService(
    db,
    () => NOW,
    [atlas, directory, book],
    editionBooks(() => NOW),
  );
  await editions.catchUp();
  return {
    ...{ db, atlas, directory, book, editions, bodies },
    posts: new PostRepository(),
    sites: new SiteRepository(),
    siteChanges: new SiteChangeRepository(),
    gridId: (code) => ground.gridId(code),
    publish: async (write) => (await editions.publish('Test', write)).edition,
  };
}

export function makeSite(name: string, more: Partial<SiteDraft> = {}): SiteDraft {
  const rest = { kind: 'ROOM', buildingId: null, radiusMetres: 20, responseClass: null, timeZone: 'Asia/Shanghai' };
  return { id: randomUUID(), name, point: { lon: 105.2, lat: 25.1 }, ...rest, ...OPEN, ...more };
}
