import { type RawBuilder, sql, type Transaction } from 'kysely';
import { shapeToWkb } from '../../db/postgis.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { GridState } from '../territory.type.ts';

/** The database's numbers of layers and tiers, by their codes. */
export interface TierIds {
  /** Throws NOT_FOUND. */
  of(layer: string, tier: string): { layer_id: number; tier_id: number };
}

export async function tierIds(trx: Transaction<Database>): Promise<TierIds> {
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

/** What a grid is in one version, by column. */
export function stateColumns(state: GridState) {
  return {
    name: state.name,
    kind: state.kind,
    parent_id: state.parentId,
    manager_id: state.managerId,
    boundary: state.boundary && geometry(state.boundary),
    loads: JSON.stringify(state.loads ?? []),
  };
}

export function geometry(shape: Shape): RawBuilder<unknown> {
  return sql`ST_GeomFromEWKB(${shapeToWkb(shape)}::bytea)`;
}

/** Half-open; without an end where `to` is null. */
export function instantRange(from: Date, to: Date | null): RawBuilder<string> {
  return sql<string>`tstzrange(${from}::timestamptz, ${to}::timestamptz)`;
}
