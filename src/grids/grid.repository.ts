import { type RawBuilder, sql, type Transaction } from 'kysely';
import { shapeToWkb } from '../db/postgis.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import type { Shape } from '../geometry/polygon.ts';
import type {
  GapDraft,
  GridDraft,
  GridRevision,
  GridState,
  LayerDraft,
  SchemeDraft,
  TierDraft,
} from './territory.type.ts';

type Trx = Transaction<Database>;

// Bounds the size of one statement: 500 boundaries of some 50 vertices are about half a megabyte.
const BATCH = 500;

/** Writes territory inside an edition being published. Every method takes the transaction that publishes it. */
export class GridRepository {
  async hasScheme(trx: Trx, code: string): Promise<boolean> {
    return (await trx.selectFrom('scheme').select('id').where('code', '=', code).executeTakeFirst()) !== undefined;
  }

  async insertScheme(trx: Trx, edition: number, scheme: SchemeDraft): Promise<void> {
    await trx
      .insertInto('scheme')
      .values({ code: scheme.code, name: scheme.name, family: scheme.family ?? null, edition_from: edition })
      .execute();
  }

  async insertLayer(trx: Trx, edition: number, layer: LayerDraft): Promise<void> {
    await sql`insert into layer (code, name, kind, position, edition_from)
      select ${layer.code}, ${layer.name}, ${layer.kind}, coalesce(max(position), 0) + 1, ${edition}::int from layer`.execute(
      trx,
    );
  }

  async insertTier(trx: Trx, edition: number, tier: TierDraft): Promise<void> {
    await sql`insert into tier (layer_id, code, name, rank, scheme_id, edition_from)
      select l.id, ${tier.code}, ${tier.name}, ${tier.rank}::int,
        (select s.id from scheme s where s.code = ${tier.scheme ?? null}), ${edition}::int
      from layer l where l.code = ${tier.layer}`.execute(trx);
  }

  /** Inserts grids with their codes and first versions. Parents may come in the same call, in any order. */
  async insertGrids(
    trx: Trx,
    edition: number,
    drafts: readonly GridDraft[],
    onProgress?: (done: number) => void,
  ): Promise<void> {
    const tiers = await tierIds(trx);
    // All identities first, so that a version may name a parent of a later batch.
    for (const batch of batches(drafts)) await this.#insertIdentities(trx, edition, batch, tiers);
    await this.insertVersions(trx, edition, drafts, onProgress);
  }

  /** Adds versions to grids whose identity is known, for dates on which they have none. */
  async insertVersions(
    trx: Trx,
    edition: number,
    drafts: readonly GridDraft[],
    onProgress?: (done: number) => void,
  ): Promise<void> {
    const tiers = await tierIds(trx);
    let done = 0;
    for (const batch of batches(drafts)) {
      await this.#insertVersionBatch(trx, edition, batch, tiers);
      done += batch.length;
      onProgress?.(done);
    }
  }

  async #insertIdentities(trx: Trx, edition: number, drafts: readonly GridDraft[], tiers: TierIds): Promise<void> {
    await trx
      .insertInto('grid')
      .values(drafts.map((draft) => ({ id: draft.id, ...tiers.of(draft.layer, draft.tier), edition_from: edition })))
      .execute();
    const codes = drafts.flatMap((draft) =>
      draft.codes.map((code, index) => ({ gridId: draft.id, scheme: code.scheme, code: code.code, main: index === 0 })),
    );
    if (codes.length === 0) return;
    await sql`insert into grid_code (grid_id, scheme_id, code, main, edition_from)
      select c.grid_id, s.id, c.code, c.main, ${edition}::int
      from unnest(${codes.map((c) => c.gridId)}::uuid[], ${codes.map((c) => c.scheme)}::text[],
        ${codes.map((c) => c.code)}::text[], ${codes.map((c) => c.main)}::boolean[]) as c (grid_id, scheme, code, main)
      join scheme s on s.code = c.scheme`.execute(trx);
  }

  async #insertVersionBatch(trx: Trx, edition: number, drafts: readonly GridDraft[], tiers: TierIds): Promise<void> {
    await trx
      .insertInto('grid_version')
      .values(
        drafts.map((draft) => ({
          grid_id: draft.id,
          ...tiers.of(draft.layer, draft.tier),
          ...stateColumns(draft),
          valid: instantRange(draft.validFrom, draft.validTo) as unknown as string,
          edition_from: edition,
        })),
      )
      .execute();
  }

  /**
   * Changes known grids from an instant on: rows that reach past it are closed, what they said before it is kept as it
   * was, and what they said after it is written anew with the change. Planned changes after `from` keep their dates.
   */
  async reviseGrids(trx: Trx, edition: number, revisions: readonly GridRevision[]): Promise<void> {
    for (const revision of revisions) await this.#reviseGrid(trx, edition, revision);
  }

  async #reviseGrid(trx: Trx, edition: number, { gridId, from, set }: GridRevision): Promise<void> {
    const later = sql`tstzrange(${from}, null)`;
    const closed = await trx
      .updateTable('grid_version')
      .set({ edition_to: edition })
      .where('grid_id', '=', gridId)
      .where('edition_to', 'is', null)
      .where(sql<boolean>`valid && ${later}`)
      .returning('id')
      .execute();
    if (closed.length === 0) {
      throw new DomainError('NOT_FOUND', `Grid ${gridId} does not exist on or after ${from.toISOString()}.`, {
        gridId,
      });
    }
    const ids = closed.map((row) => row.id);
    const changed = (column: keyof ReturnType<typeof stateColumns>, key: keyof GridState) =>
      set[key] === undefined ? sql.ref(column) : sql`${stateColumns(set as GridState)[column]}`;
    const copy = (
      condition: RawBuilder<boolean>,
      valid: RawBuilder<unknown>,
      boundary: RawBuilder<unknown>,
      rest: RawBuilder<unknown>,
    ) =>
      sql`insert into grid_version (grid_id, layer_id, tier_id, valid, edition_from, boundary, name, kind, parent_id, manager_id, loads)
        select grid_id, layer_id, tier_id, ${valid}, ${edition}::int, ${boundary}, ${rest}
        from grid_version where id = any(${ids}::bigint[]) and ${condition}`.execute(trx);
    await copy(
      sql<boolean>`lower(valid) < ${from}`,
      sql`valid * tstzrange(null, ${from})`,
      sql`boundary`,
      sql`name, kind, parent_id, manager_id, loads`,
    );
    await copy(
      sql<boolean>`true`,
      sql`valid * ${later}`,
      changed('boundary', 'boundary'),
      sql`${changed('name', 'name')}, ${changed('kind', 'kind')}, ${changed('parent_id', 'parentId')}::uuid,
        ${changed('manager_id', 'managerId')}::uuid, ${changed('loads', 'loads')}::jsonb`,
    );
  }

  /** Ends grids at an instant: what they were before it is kept, what was planned for later is given up. */
  async retireGrids(trx: Trx, edition: number, gridIds: readonly string[], from: Date): Promise<void> {
    await sql`with closed as (
        update grid_version set edition_to = ${edition}::int
        where grid_id = any(${gridIds}::uuid[]) and edition_to is null and valid && tstzrange(${from}, null)
        returning grid_id, layer_id, tier_id, valid, boundary, name, kind, parent_id, manager_id, loads
      )
      insert into grid_version (grid_id, layer_id, tier_id, valid, edition_from, boundary, name, kind, parent_id, manager_id, loads)
      select grid_id, layer_id, tier_id, valid * tstzrange(null, ${from}), ${edition}::int, boundary, name, kind,
        parent_id, manager_id, loads from closed where lower(valid) < ${from}`.execute(trx);
  }

  /** Ends named gaps at an instant, because a grid holds the place from then on or the gap has another shape. */
  async endGaps(trx: Trx, edition: number, ids: readonly number[], from: Date): Promise<void> {
    await sql`with closed as (
        update gap set edition_to = ${edition}::int where id = any(${ids}::bigint[]) and edition_to is null
        returning layer_id, name, status, boundary, valid
      )
      insert into gap (layer_id, name, status, boundary, valid, edition_from)
      select layer_id, name, status, boundary, valid * tstzrange(null, ${from}), ${edition}::int
      from closed where lower(valid) < ${from}`.execute(trx);
  }

  async insertGaps(trx: Trx, edition: number, gaps: readonly GapDraft[]): Promise<void> {
    for (const gap of gaps) {
      await sql`insert into gap (layer_id, name, status, boundary, valid, edition_from)
        select id, ${gap.name}, ${gap.status}, ${geometry(gap.boundary)}, ${instantRange(gap.validFrom, null)}, ${edition}::int
        from layer where code = ${gap.layer}`.execute(trx);
    }
  }
}

interface TierIds {
  of(layer: string, tier: string): { layer_id: number; tier_id: number };
}

async function tierIds(trx: Trx): Promise<TierIds> {
  const rows = await trx
    .selectFrom('tier')
    .innerJoin('layer', 'layer.id', 'tier.layer_id')
    .select(['layer.code as layer', 'tier.code as tier', 'layer.id as layer_id', 'tier.id as tier_id'])
    .execute();
  const byCode = new Map(rows.map((row) => [`${row.layer}/${row.tier}`, row]));
  return {
    of(layer, tier) {
      const row = byCode.get(`${layer}/${tier}`);
      if (!row) throw new DomainError('NOT_FOUND', `Layer ${layer} has no tier ${tier}.`, { layer, tier });
      return { layer_id: row.layer_id, tier_id: row.tier_id };
    },
  };
}

function stateColumns(state: GridState) {
  return {
    name: state.name,
    kind: state.kind,
    parent_id: state.parentId,
    manager_id: state.managerId,
    boundary: state.boundary && geometry(state.boundary),
    loads: JSON.stringify(state.loads ?? []),
  };
}

function geometry(shape: Shape): RawBuilder<unknown> {
  return sql`ST_GeomFromEWKB(${shapeToWkb(shape)}::bytea)`;
}

function instantRange(from: Date, to: Date | null): RawBuilder<string> {
  return sql<string>`tstzrange(${from}::timestamptz, ${to}::timestamptz)`;
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH);
}
