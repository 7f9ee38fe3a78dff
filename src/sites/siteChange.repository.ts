import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';

type Trx = Transaction<Database>;

/** The dated tables of places: what tells a fact apart, and what else a row says. */
const FACTS = {
  site_version: {
    key: ['site_id'],
    said: ['name', 'kind', 'point', 'building_id', 'radius_metres', 'response_class', 'time_zone'],
  },
  site_body: { key: ['site_id', 'body_id'], said: [] },
  site_service: { key: ['site_id', 'code'], said: ['name', 'hours'] },
  site_rating: { key: ['site_id', 'scheme'], said: ['stars', 'most'] },
  site_honour: { key: ['site_id', 'name', 'given_on'], said: [] },
  premises_version: { key: ['premises_id'], said: ['name', 'kind', 'point', 'radius_metres'] },
  line_version: { key: ['line_id'], said: ['name', 'kind', 'path', 'tolerance_metres'] },
  channel_version: {
    key: ['channel_id'],
    said: ['name', 'kind', 'link', 'members', 'counted_on', 'grid_id', 'building_id'],
  },
  post_base: { key: ['post_id'], said: ['appointment_id', 'site_id'] },
} as const satisfies Record<string, { key: readonly string[]; said: readonly string[] }>;

export type FactTable = keyof typeof FACTS;

/** One fact by its key: for `site_body` the site and the body. */
export type FactKey<T extends FactTable> = Readonly<Record<(typeof FACTS)[T]['key'][number], string>>;

/** Ends facts about places inside an edition being published. */
export class SiteChangeRepository {
  /**
   * Ends a fact at an instant, past or planned: what was before it stays, what was planned for later is given up. To
   * change a fact, end it and insert what holds from then on. Throws NOT_FOUND for one that is over by then.
   */
  async end<T extends FactTable>(trx: Trx, edition: number, table: T, key: FactKey<T>, at: Date): Promise<void> {
    const { key: names, said } = FACTS[table];
    const asked = key as Readonly<Record<string, string>>;
    const same = sql.join(
      names.map((name) => sql`${sql.ref(name)}::text = ${asked[name]}`),
      sql` and `,
    );
    const columns: RawBuilder<unknown> = sql.join([...names, ...said].map((name) => sql.ref(name)));
    const closed = await sql`update ${sql.table(table)} set edition_to = ${edition}::int
      where ${same} and edition_to is null and valid && tstzrange(${at}::timestamptz, null) returning id`.execute(trx);
    if (closed.rows.length === 0) {
      const message = `No such fact of ${table} holds on or after ${at.toISOString()}.`;
      throw new DomainError('NOT_FOUND', message, { ...asked });
    }
    await sql`insert into ${sql.table(table)} (${columns}, valid, edition_from)
      select ${columns}, tstzrange(lower(valid), ${at}::timestamptz), ${edition}::int from ${sql.table(table)}
      where ${same} and edition_to = ${edition}::int and lower(valid) < ${at}::timestamptz`.execute(trx);
  }
}
