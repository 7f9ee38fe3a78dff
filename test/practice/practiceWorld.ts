import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../src/access/rights.ts';
import { systemViewer, type Viewer } from '../../src/access/viewer.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { GridFinder } from '../../src/grids/gridFinder.ts';
import { MomentReader } from '../../src/grids/momentReader.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { PracticeRepository } from '../../src/practice/practice.repository.ts';
import { type PracticeRequest, PracticeService } from '../../src/practice/practice.service.ts';
import { PracticeBook } from '../../src/practice/practiceBook.ts';
import { PracticeFinder } from '../../src/practice/practiceFinder.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';
import { ROLES, TIERS } from './randomPractice.ts';

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const NOW = day('2026-06-01');
const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];
/** City C; counties D1 and D2; villages V1 and V2 in D1, W1 in D2. */
const TREE: Readonly<Record<string, string | null>> = { C: null, D1: 'C', D2: 'C', V1: 'D1', V2: 'D1', W1: 'D2' };
const DEPTH = ['C', 'D', 'V'];

/** What keeps and sets practice, over a small tree of grids in an emptied database; edition 1 is the tree. */
export class PracticeWorld {
  readonly ids = new Map(Object.keys(TREE).map((code) => [code, randomUUID()]));
  now = NOW;
  readonly #clock = () => this.now;
  readonly atlas: Atlas;
  readonly book: PracticeBook;
  readonly editions: EditionService;
  readonly repository: PracticeRepository;
  readonly finder: PracticeFinder;
  readonly service: PracticeService;
  /** What another server keeps in memory. */
  readonly otherBook: PracticeBook;
  readonly other: EditionService;
  readonly #db: Awaited<ReturnType<typeof openTestDatabase>>['db'];

  private constructor(db: Awaited<ReturnType<typeof openTestDatabase>>['db']) {
    this.#db = db;
    this.atlas = new Atlas(new TerritoryRepository(db));
    this.repository = new PracticeRepository(db);
    this.book = new PracticeBook(this.repository);
    const books = editionBooks(this.#clock);
    this.editions = new EditionService(db, this.#clock, [this.atlas, this.book], books);
    this.otherBook = new PracticeBook(this.repository);
    this.other = new EditionService(db, this.#clock, [this.otherBook], books);
    const grids = new GridFinder(this.atlas);
    const moments = new MomentReader(this.editions, this.#clock);
    this.finder = new PracticeFinder(this.book, grids, moments);
    const words = {
      rankOf: (layer: string, tier: string) => this.atlas.findTier(layer, tier)?.rank,
      hasRole: (code: string) => ROLES.includes(code),
    };
    this.service = new PracticeService(
      { db, editions: this.editions, repository: this.repository, audit: books.audit },
      { book: this.book, words, finder: grids },
      new GridAreas(this.atlas, grids, moments),
      this.#clock,
    );
  }

  static async open(): Promise<PracticeWorld> {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const world = new PracticeWorld(db);
    await world.#draw();
    return world;
  }

  id(code: string): string {
    return this.ids.get(code)!;
  }

  at() {
    return { asOf: this.now.getTime(), edition: this.editions.latest };
  }

  /** Somebody with a role on some grids, by their codes here. */
  viewer(role: Role, ...codes: string[]): Viewer {
    const areas = codes.includes('*') ? ('everywhere' as const) : codes.map((code) => this.id(code));
    return { kind: 'person', subject: `${role} of ${codes}`, grants: [{ role, areas }] };
  }

  /** As the command line sets it, unless somebody is named. */
  set(request: Partial<PracticeRequest> & Pick<PracticeRequest, 'sections'>, viewer: Viewer = systemViewer('test')) {
    return this.service.setPractice({ viewer }, { area: null, ...request });
  }

  /** Each audit entry about practice, oldest first: who, result, object, area and details. */
  async audited(): Promise<string[]> {
    const { rows } = await asSuperuser(this.#db, (trx) =>
      sql<{ line: string }>`select concat_ws(' ', subject, result, object_id, grid_id, details::text) as line
        from audit_entry where action = 'practice.manage' order by seq`.execute(trx),
    );
    return rows.map(({ line }) => line);
  }

  async #draw(): Promise<void> {
    const writer = new GridRepository();
    const common = { kind: 'BASIC', managerId: null, boundary: SQUARE, loads: [], validFrom: day('2020-01-01') };
    await this.editions.publish('Tree', async (trx, edition) => {
      await writer.insertScheme(trx, edition, { code: 'local', name: 'Local' });
      await writer.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'OVERLAY' });
      for (const [i, code] of TIERS.entries()) {
        await writer.insertTier(trx, edition, { layer: 'gov', code, name: code, rank: i + 1 });
      }
      const grids = Object.entries(TREE).map(([code, above]) => ({
        ...{ ...common, id: this.id(code), layer: 'gov', name: `Grid ${code}`, codes: [{ scheme: 'local', code }] },
        tier: TIERS[Math.max(DEPTH.indexOf(code.charAt(0)), code.startsWith('W') ? 2 : 0)],
        ...{ parentId: above === null ? null : this.id(above), validTo: null },
      }));
      await writer.insertGrids(trx, edition, grids);
    });
  }
}
