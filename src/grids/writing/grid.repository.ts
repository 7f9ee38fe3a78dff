import { sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { GapDraft, GridDraft, GridRevision, LayerDraft, SchemeDraft, TierDraft } from '../territory.type.ts';
import { type GridCodes, setCodes } from './codes.ts';
import { geometry, instantRange, stateColumns, type TierIds, tierIds } from './columns.ts';
import { endCoveredGaps, endGaps, retireGrids, reviseGrid } from './laterRows.ts';
import { type GridMembers, insertLineage, type LineageDraft, setMembers } from './members.ts';

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
   * Changes known grids from an instant on; planned changes after it keep their dates. Throws NOT_FOUND for a grid that
   * does not exist on or after its instant.
   */
  async reviseGrids(trx: Trx, edition: number, revisions: readonly GridRevision[]): Promise<void> {
    for (const revision of revisions) await reviseGrid(trx, edition, revision);
  }

  /** Ends grids at an instant: what they were before it is kept, what was planned for later is given up. */
  async retireGrids(trx: Trx, edition: number, gridIds: readonly string[], from: Date): Promise<void> {
    await retireGrids(trx, edition, gridIds, from);
  }

  /** Ends named gaps at an instant, because a grid holds the place from then on or the gap has another shape. */
  async endGaps(trx: Trx, edition: number, ids: readonly number[], from: Date): Promise<void> {
    await endGaps(trx, edition, ids, from);
  }

  /** Ends named gaps that grids hold altogether from an instant on, as the edition leaves them. */
  async endCoveredGaps(trx: Trx, edition: number, from: Date): Promise<void> {
    await endCoveredGaps(trx, edition, from);
  }

  /** Gives grids exactly these codes; one of a grid that has ended by `from` is taken over. Throws DUPLICATE_CODE. */
  async setCodes(trx: Trx, edition: number, grids: readonly GridCodes[], from: Date): Promise<void> {
    await setCodes(trx, edition, grids, from);
  }

  /** Makes grids up of exactly these members from an instant on. */
  async setMembers(trx: Trx, edition: number, grids: readonly GridMembers[], from: Date): Promise<void> {
    await setMembers(trx, edition, grids, from);
  }

  /** Writes down in which grids others go on from an instant on. */
  async insertLineage(trx: Trx, edition: number, links: readonly LineageDraft[], at: Date): Promise<void> {
    await insertLineage(trx, edition, links, at);
  }

  async insertGaps(trx: Trx, edition: number, gaps: readonly GapDraft[]): Promise<void> {
    for (const gap of gaps) {
      await sql`insert into gap (layer_id, name, status, boundary, valid, edition_from)
        select id, ${gap.name}, ${gap.status}, ${geometry(gap.boundary)}, ${instantRange(gap.validFrom, null)}, ${edition}::int
        from layer where code = ${gap.layer}`.execute(trx);
    }
  }
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH);
}
