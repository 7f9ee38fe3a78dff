import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../src/db/tables.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { chainOf, type VersionEntry, versionAt } from '../../src/grids/atlas/rows.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService, type WriteEdition } from '../../src/grids/edition.service.ts';
import type { Moment } from '../../src/grids/moment.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { PostRepository } from '../../src/posts/post.repository.ts';
import { TeamImportService } from '../../src/teams/import/teamImport.service.ts';
import { TeamBook } from '../../src/teams/memory/teamBook.ts';
import { TeamLogRepository } from '../../src/teams/memory/teamLog.repository.ts';
import type { CircuitDays, CoverageDraft } from '../../src/teams/team.type.ts';
import { TeamRepository } from '../../src/teams/writing/team.repository.ts';
import { day, makeBody, NOW } from '../posts/postsFixture.ts';
import { editionBooks } from '../support/editionBooks.ts';

export { at, day } from '../posts/postsFixture.ts';

export const ALWAYS = { validFrom: day('2020-01-01'), validTo: null };

const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];
/** Two towns of three villages of two fields each. */
const CODES = ['T1', 'T2'].flatMap((town) => [
  [town, null],
  ...['a', 'b', 'c'].flatMap((v) => [[town + v, town], ...['1', '2'].map((f) => [town + v + f, town + v])]),
]) as [string, string | null][];
export const GRIDS = CODES.map(([code]) => code);
const TIERS = ['town', 'village', 'field'];

export function cover(bodyId: string, gridId: string, more: Partial<CoverageDraft> = {}): CoverageDraft {
  return { id: randomUUID(), bodyId, gridId, categories: [], days: null, ...ALWAYS, ...more };
}

export function onDays(days: Partial<CircuitDays>): CircuitDays {
  return { weekdays: [], monthDays: [], monthWeeks: [], timeZone: 'Asia/Shanghai', ...days };
}

/** The registry's memory and writers over an emptied database: the grids, and bodies B0 to B7, in edition 1. */
export class TeamsWorld {
  readonly db: Kysely<Database>;
  readonly grids = new GridRepository();
  readonly posts = new PostRepository();
  readonly teams = new TeamRepository();
  readonly atlas: Atlas;
  readonly directory: Directory;
  readonly book: TeamBook;
  readonly editions: EditionService;
  readonly importer: TeamImportService;
  readonly bodies = Array.from({ length: 8 }, (_, i) => makeBody(`B${i}`, { categories: i % 3 ? [] : ['dispute'] }));
  readonly #ids = new Map<string, string>(GRIDS.map((code) => [code, randomUUID()]));

  private constructor(db: Kysely<Database>) {
    this.db = db;
    this.atlas = new Atlas(new TerritoryRepository(db));
    this.directory = new Directory(new DirectoryRepository(db));
    this.book = new TeamBook(new TeamLogRepository(db), this.directory);
    const readers = [this.atlas, this.directory, this.book];
    this.editions = new EditionService(db, () => NOW, readers, editionBooks(() => NOW)); // biome-ignore format: one call
    const shown = { atlas: this.atlas, directory: this.directory, teams: this.book };
    const clock = { now: () => NOW, timeZone: 'Asia/Shanghai' };
    this.importer = new TeamImportService(this.editions, { posts: this.posts, teams: this.teams }, shown, clock);
  }

  static async make(db: Kysely<Database>): Promise<TeamsWorld> {
    const world = new TeamsWorld(db);
    await world.publish(async (trx, edition) => {
      await world.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
      await world.grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'OVERLAY' });
      for (const [i, code] of TIERS.entries()) {
        await world.grids.insertTier(trx, edition, { layer: 'gov', code, name: code, rank: i + 1 });
      }
      await world.grids.insertGrids(trx, edition, CODES.map(([code, parent]) => world.#draft(code, parent))); // biome-ignore format: one call
      await world.posts.insertBodies(trx, edition, world.bodies);
    });
    return world;
  }

  gridId(code: string): string {
    return this.#ids.get(code)!;
  }

  version(code: string, moment: Moment): VersionEntry | undefined {
    const grid = this.atlas.findGrid(this.gridId(code));
    return grid && versionAt(grid, moment);
  }

  /** From the grid up to its town; empty where it does not exist. */
  chain(code: string, moment: Moment): readonly VersionEntry[] {
    const version = this.version(code, moment);
    return version ? chainOf(version, moment) : [];
  }

  async publish(write: WriteEdition<void>): Promise<number> {
    return (await this.editions.publish('Test', write)).edition;
  }

  #draft(code: string, parent: string | null): GridDraft {
    const state = { name: code, kind: 'BASIC', managerId: null, boundary: SQUARE, loads: [] };
    const place = { layer: 'gov', tier: TIERS[code.length - 2], parentId: parent && this.gridId(parent) };
    return { id: this.gridId(code), ...place, codes: [{ scheme: 'local', code }], ...state, ...ALWAYS };
  }
}
