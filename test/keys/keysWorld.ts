import { randomUUID } from 'node:crypto';
import { type GraphQLSchema, graphql } from 'graphql';
import { type Kysely, sql } from 'kysely';
import { buildSchemaSync } from 'type-graphql';
import { listRights } from '../../src/access/declareRight.ts';
import type { RequestContext } from '../../src/access/requestContext.ts';
import type { Role } from '../../src/access/rights.ts';
import type { Areas, Viewer } from '../../src/access/viewer.ts';
import { AuditRepository } from '../../src/audit/audit.repository.ts';
import { AuditLog } from '../../src/audit/auditLog.ts';
import type { Database } from '../../src/db/tables.ts';
import { DomainError } from '../../src/errors.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { GridFinder } from '../../src/grids/gridFinder.ts';
import { MomentReader } from '../../src/grids/momentReader.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { ApiClientResolver } from '../../src/keys/apiClient.resolver.ts';
import { KeyRepository } from '../../src/keys/key.repository.ts';
import { KeyService } from '../../src/keys/key.service.ts';
import { KeyRing } from '../../src/keys/keyRing.ts';
import { asSuperuser, emptyTables, openTestDatabase } from '../support/database.ts';
import { editionBooks } from '../support/editionBooks.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');
export const DAY_MS = 86_400_000;
export const HMAC_KEY = Buffer.alloc(32, 7);

/** Each grid by its code with the code of its parent. */
export type DrawnTree = Readonly<Record<string, string | null>>;

/** City C; districts D1 and D2; stations S1 and S2 in D1, S3 in D2. */
const TOWN: DrawnTree = { C: null, D1: 'C', D2: 'C', S1: 'D1', S2: 'D1', S3: 'D2' };

const SQUARE = [[new Int32Array([0, 0, 10000, 0, 10000, 10000, 0, 10000])]];

/** One who signs in; areas are ids. */
export function viewerOf(role: Role, areas: Areas, subject = `${role}-${areas}`): Viewer {
  return { kind: 'person', subject, grants: [{ role, areas }] };
}

export function contextOf(viewer: Viewer): RequestContext {
  return { viewer, requestId: 'request-1', purpose: 'a test', log: { error: () => {} } };
}

// biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query, which TypeScript cannot read.
export type Answer = { readonly data: any; readonly errors?: any };

/** The keys of an emptied registry, on a tree of grids that are all the same square of an overlay. */
export class KeysWorld {
  now = NOW;
  readonly clock = () => this.now;
  readonly db: Kysely<Database>;
  readonly repository: KeyRepository;
  readonly ring: KeyRing;
  readonly service: KeyService;
  readonly tree: GridAreas;
  readonly ids: ReadonlyMap<string, string>;
  readonly #editions: EditionService;
  readonly #schema: GraphQLSchema;

  private constructor(db: Kysely<Database>, codes: readonly string[]) {
    this.db = db;
    this.ids = new Map(codes.map((code) => [code, randomUUID()]));
    const atlas = new Atlas(new TerritoryRepository(db));
    this.#editions = new EditionService(db, this.clock, [atlas], editionBooks(this.clock));
    this.tree = new GridAreas(atlas, new GridFinder(atlas), new MomentReader(this.#editions, this.clock));
    this.repository = new KeyRepository(db, this.clock);
    this.ring = new KeyRing(this.repository, this.clock, HMAC_KEY);
    this.service = this.serviceOn(this.ring);
    const resolver = new ApiClientResolver(this.service);
    this.#schema = buildSchemaSync({
      resolvers: [ApiClientResolver],
      container: { get: () => resolver },
      validate: false,
    });
    // Throws where a field declares none.
    listRights(this.#schema);
  }

  static async open(tree: DrawnTree = TOWN): Promise<KeysWorld> {
    const { db } = await openTestDatabase();
    await emptyTables(db);
    const world = new KeysWorld(db, Object.keys(tree));
    await world.#draw(tree);
    return world;
  }

  serviceOn(ring: KeyRing): KeyService {
    return new KeyService(this.repository, ring, new AuditLog(new AuditRepository(), this.clock), this.tree);
  }

  /** The id of a grid. */
  id(code: string): string {
    return this.ids.get(code)!;
  }

  async #draw(tree: DrawnTree): Promise<void> {
    const depthOf = (code: string): number => {
      const parent = tree[code];
      return parent === null ? 0 : depthOf(parent) + 1;
    };
    const grids = new GridRepository();
    const codes = Object.keys(tree);
    const deepest = Math.max(...codes.map(depthOf));
    await this.#editions.publish('Tree', async (trx, edition) => {
      await grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
      await grids.insertLayer(trx, edition, { code: 'area', name: 'Areas', kind: 'OVERLAY' });
      for (let rank = 0; rank <= deepest; rank += 1) {
        await grids.insertTier(trx, edition, { layer: 'area', code: `t${rank}`, name: `t${rank}`, rank: rank + 1 });
      }
      const drafts = codes.map((code) => {
        const parent = tree[code];
        const place = { layer: 'area', tier: `t${depthOf(code)}`, codes: [{ scheme: 'local', code }] };
        const state = { name: code, kind: 'BASIC', managerId: null, boundary: SQUARE, loads: [] };
        const dates = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: null };
        return { id: this.id(code), ...place, ...state, ...dates, parentId: parent === null ? null : this.id(parent) };
      });
      await grids.insertGrids(trx, edition, drafts);
    });
  }

  viewer(role: Role, ...codes: string[]): Viewer {
    return viewerOf(
      role,
      codes.map((code) => this.id(code)),
      `${role}-${codes.join('-')}`,
    );
  }

  /** Data and errors as a client gets them. */
  async ask(viewer: Viewer, source: string, variableValues: Record<string, unknown> = {}): Promise<Answer> {
    const contextValue = contextOf(viewer);
    const { data, errors } = await graphql({ schema: this.#schema, source, variableValues, contextValue });
    const shown = errors?.map(({ message, path, locations, originalError }) => {
      if (!(originalError instanceof DomainError)) throw originalError ?? new Error(message);
      return { message, path, locations, extensions: { ...originalError.details, code: originalError.code } };
    });
    return JSON.parse(JSON.stringify({ data: data ?? null, errors: shown }));
  }

  /** A client of the registry's owner with its first key. */
  async issue(areas: readonly string[] | 'everywhere', more: object = {}) {
    const everywhere = areas === 'everywhere';
    const input = { name: 'Water works', areas: everywhere ? [] : [...areas], everywhere, eventTypes: [] };
    return this.service.createClient(contextOf(OWNER), { ...input, actions: ['registry.read'], ...more });
  }

  /** What the audit holds, oldest first, whoever may see it. */
  audited() {
    return asSuperuser(this.db, async (trx) => {
      const { rows } = await sql<Record<string, unknown>>`
        select subject, action, object_kind, object_id, grid_id, result, details from audit_entry order by seq`.execute(
        trx,
      );
      return rows;
    });
  }
}

/** An administrator of everything. */
export const OWNER = viewerOf('admin', 'everywhere', 'owner');
