import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { inEveryArea } from '../../../src/db/areas.ts';
import type { Database } from '../../../src/db/tables.ts';
import { DueEditions } from '../../../src/feed/editions/dueEditions.ts';
import { type EditionReader, EditionService, type WriteEdition } from '../../../src/grids/edition.service.ts';
import type { GridDraft } from '../../../src/grids/territory.type.ts';
import { GridRepository } from '../../../src/grids/writing/grid.repository.ts';
import { PostRepository } from '../../../src/posts/post.repository.ts';
import { RosterRepository } from '../../../src/posts/roster/roster.repository.ts';
import { TeamRepository } from '../../../src/teams/writing/team.repository.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { editionBooks } from '../../support/editionBooks.ts';

export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
export const SINCE = { validFrom: day('2020-01-01'), validTo: null };

/** Two districts D1, D2 of two towns each, of two villages each: D1a is a town of D1, D1a2 a village of it. */
const CODES = ['D1', 'D2'].flatMap((district) => [
  district,
  ...['a', 'b'].flatMap((town) => [district + town, `${district + town}1`, `${district + town}2`]),
]);
export const TIERS = ['district', 'town', 'village'];
export const VILLAGES = CODES.filter((code) => code.length === 4);
export const TOWNS = CODES.filter((code) => code.length === 3);

const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];

/** An event as a test reads it: grids by their codes. */
export interface Told {
  readonly id: string;
  readonly topic: string;
  readonly kind: string;
  readonly edition: number;
  readonly at: Date;
  readonly effectiveAt: Date;
  readonly areas: readonly string[];
  readonly grids: readonly string[];
  readonly posts: readonly string[];
  readonly payload: Record<string, unknown>;
}

/** Writers over an emptied registry, with a clock that the test moves. */
export class EditionsWorld {
  readonly db: Kysely<Database>;
  readonly grids = new GridRepository();
  readonly posts = new PostRepository();
  readonly rosters = new RosterRepository();
  readonly teams = new TeamRepository();
  readonly editions: EditionService;
  readonly due: DueEditions;
  now = day('2026-06-01');
  readonly #ids = new Map<string, string>();
  #seen = 0;

  private constructor(db: Kysely<Database>, readers: readonly EditionReader[]) {
    this.db = db;
    const clock = () => this.now;
    this.editions = new EditionService(db, clock, readers, editionBooks(clock));
    this.due = new DueEditions(db, clock, { warn: () => {}, info: () => {} });
  }

  /** `readersOf`: what follows its editions in memory. */
  static async open(readersOf: (db: Kysely<Database>) => readonly EditionReader[] = () => []): Promise<EditionsWorld> {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const world = new EditionsWorld(db, readersOf(db));
    await world.publish(async (trx, edition) => {
      for (const code of ['local', 'other']) await world.grids.insertScheme(trx, edition, { code, name: code });
      await world.grids.insertLayer(trx, edition, { code: 'gov', name: 'Governance', kind: 'OVERLAY' });
      for (const [i, code] of TIERS.entries())
        await world.grids.insertTier(trx, edition, { layer: 'gov', code, name: code, rank: i + 1 });
      await world.grids.insertGrids(
        trx,
        edition,
        CODES.map((code) => world.grid(code)),
      );
      const tiers = TIERS.map((tier) => ({ layer: 'gov', tier, required: false }));
      const role = { answersAs: null, categories: [], tiers };
      await world.posts.insertRoles(trx, edition, [
        { ...role, code: 'officer', name: 'Officer', position: 1 },
        { ...role, code: 'worker', name: 'Worker', position: 2 },
      ]);
    });
    await world.told();
    return world;
  }

  /** A draft of a grid whose code says where it stands, all on one square: an OVERLAY asks no more. */
  grid(code: string, more: Partial<GridDraft> = {}): GridDraft {
    const id = randomUUID();
    this.#ids.set(code, id);
    const parent = code.length === 4 ? code.slice(0, 3) : code.length === 3 ? code.slice(0, 2) : undefined;
    const state = { name: code, kind: 'BASIC', managerId: null, boundary: SQUARE, loads: [] };
    const place = { layer: 'gov', tier: TIERS[code.length - 2], parentId: parent ? this.id(parent) : null };
    return { id, ...place, codes: [{ scheme: 'local', code }], ...state, ...SINCE, ...more };
  }

  id(code: string): string {
    const id = this.#ids.get(code);
    if (!id) throw new Error(`There is no grid ${code} in this test.`);
    return id;
  }

  codeOf(id: string): string {
    return [...this.#ids].find(([, known]) => known === id)?.[0] ?? id;
  }

  async publish(write: WriteEdition<void>, effectiveAt?: Date): Promise<number> {
    return (await this.editions.publish('Test', write, { effectiveAt })).edition;
  }

  /** Gives grids another state from an instant on. */
  revise(code: string, set: Partial<GridDraft>, from = this.now): Promise<number> {
    return this.publish(
      (trx, edition) => this.grids.reviseGrids(trx, edition, [{ gridId: this.id(code), from, set }]),
      from,
    );
  }

  /** Moves the clock and tells what is due then. */
  async until(now: Date): Promise<void> {
    this.now = now;
    while ((await this.due.runOnce()) > 0);
  }

  /** The events that were written since it was asked last, in their order. */
  async told(): Promise<Told[]> {
    while ((await sql<{ moved: number }>`select sequence_feed(1000) as moved`.execute(this.db)).rows[0].moved > 0);
    const rows = await inEveryArea(this.db, async (trx) => {
      const read = sql<{
        position: number;
        id: string;
        topic: string;
        kind: string;
        at: Date;
        areas: string[];
        payload: string;
      }>`
        select position, event_id as id, topic, kind, at, area_ids as areas, payload::text as payload
        from feed_event where position > ${this.#seen}::bigint order by position`;
      return (await read.execute(trx)).rows;
    });
    this.#seen = rows.at(-1)?.position ?? this.#seen;
    const codes = (ids: string[]) => ids.map((id) => this.codeOf(id)).sort();
    return rows.map(({ id, topic, kind, at, areas, payload }) => {
      const said = JSON.parse(payload);
      const { edition, effectiveAt, posts = [] } = said;
      const grids = codes(said.grids);
      return {
        id,
        topic,
        kind,
        edition,
        at,
        effectiveAt: new Date(effectiveAt),
        areas: codes(areas),
        grids,
        posts,
        payload: said,
      };
    });
  }
}
