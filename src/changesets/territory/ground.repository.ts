import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Moment } from '../../grids/moment.ts';

/** What is asked of the grids of one tier. */
export interface TierRuleRow {
  readonly tierId: number;
  readonly madeOf: 'CHILDREN' | 'MEMBERS' | null;
  readonly memberLayer: string | null;
  readonly memberTier: string | null;
  readonly codePattern: string | null;
  readonly leastSquareMetres: number;
  readonly leastWidthMetres: number;
  readonly loadMeasure: string | null;
  readonly loadLeast: number | null;
  readonly loadMost: number | null;
}

/** A membership; instants in milliseconds, half-open. */
export interface MemberRow {
  readonly gridId: string;
  readonly memberId: string;
  readonly validFrom: number;
  readonly validTo: number | null;
}

/** Reads what a territory is made of that the atlas does not hold. */
export class GroundRepository {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  listRules(): Promise<TierRuleRow[]> {
    return this.#db
      .selectFrom('tier_rule as r')
      .leftJoin('tier as t', 't.id', 'r.member_tier_id')
      .leftJoin('layer as l', 'l.id', 't.layer_id')
      .select(['r.tier_id as tierId', 'r.made_of as madeOf', 'l.code as memberLayer', 't.code as memberTier'])
      .select(['r.code_pattern as codePattern', 'r.least_square_metres as leastSquareMetres'])
      .select(['r.least_width_metres as leastWidthMetres', 'r.load_measure as loadMeasure'])
      .select(['r.load_least as loadLeast', 'r.load_most as loadMost'])
      .orderBy('r.tier_id')
      .execute();
  }

  /** Replaces the rules of a tier. */
  async saveRules(trx: Transaction<Database>, row: TierRuleRow): Promise<void> {
    const member = sql<number>`(select t.id from tier t join layer l on l.id = t.layer_id
      where l.code = ${row.memberLayer}::text and t.code = ${row.memberTier}::text)`;
    const rules = {
      ...{ made_of: row.madeOf, member_tier_id: member, code_pattern: row.codePattern },
      ...{ least_square_metres: row.leastSquareMetres, least_width_metres: row.leastWidthMetres },
      ...{ load_measure: row.loadMeasure, load_least: row.loadLeast, load_most: row.loadMost },
    };
    await trx
      .insertInto('tier_rule')
      .values({ tier_id: row.tierId, ...rules })
      .onConflict((conflict) => conflict.column('tier_id').doUpdateSet(rules))
      .execute();
  }

  /** Every membership that the edition knows, on any date, in the order of their members. */
  async listMembers({ edition }: Pick<Moment, 'edition'>): Promise<MemberRow[]> {
    const { rows } = await sql<MemberRow>`
      select grid_id as "gridId", member_id as "memberId",
        (extract(epoch from lower(valid)) * 1000)::float8 as "validFrom",
        (extract(epoch from upper(valid)) * 1000)::float8 as "validTo"
      from grid_member where edition_from <= ${edition}::int and (edition_to is null or edition_to > ${edition}::int)
      order by member_id`.execute(this.#db);
    return rows;
  }
}
