import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Position } from '../../geometry/lattice.ts';
import type { Validity } from '../site.type.ts';
import type { FactKey, FactTable } from '../siteChange.repository.ts';

type Trx = Transaction<Database>;

/** A site as the newest edition knows it on some dates. */
export interface WrittenSite extends Validity {
  readonly point: Position;
  readonly timeZone: string;
}

/** A fact about a site that is to be ended, by its key. */
export interface SiteFact<T extends FactTable = FactTable> {
  readonly table: T;
  readonly key: FactKey<T>;
}

/** Reads what is written about sites by the newest edition, within the publication that changes it. */
export class ManagedSiteRepository {
  /** A site on all dates, oldest first. */
  listSite(trx: Trx, siteId: string): Promise<WrittenSite[]> {
    return rows(
      trx,
      sql`select jsonb_build_object('lon', ST_X(point), 'lat', ST_Y(point)) as point, time_zone as "timeZone",
          lower(valid) as "validFrom", upper(valid) as "validTo"
        from site_version where site_id = ${siteId}::uuid and edition_to is null order by lower(valid)`,
    );
  }

  /** What holds of a site at or after an instant besides that it exists. */
  listFacts(trx: Trx, siteId: string, since: Date): Promise<SiteFact[]> {
    const of = sql`r.site_id = ${siteId}::uuid and r.edition_to is null and r.valid && tstzrange(${since}::timestamptz, null)`;
    return rows(
      trx,
      sql`select distinct 'site_body' as table, jsonb_build_object('site_id', site_id, 'body_id', body_id) as key
          from site_body r where ${of}
        union select 'site_service', jsonb_build_object('site_id', site_id, 'code', code) from site_service r where ${of}
        union select 'site_rating', jsonb_build_object('site_id', site_id, 'scheme', scheme) from site_rating r where ${of}
        union select 'site_honour', jsonb_build_object('site_id', site_id, 'name', name, 'given_on', given_on)
          from site_honour r where ${of} order by 1, 2`,
    );
  }

  /** Whether a post answers for the site itself at or after an instant, as far as the areas show. */
  hasPosts(trx: Trx, siteId: string, since: Date): Promise<boolean> {
    return any(
      trx,
      sql`select from post p join post_version v on v.post_id = p.id where p.site_id = ${siteId}::uuid
        and v.edition_to is null and v.valid && tstzrange(${since}::timestamptz, null) limit 1`,
    );
  }

  async listUnknownBodies(trx: Trx, bodyIds: readonly string[]): Promise<string[]> {
    const found = await rows<{ id: string }>(
      trx,
      sql`select b.id from unnest(${bodyIds}::uuid[]) as b (id)
        where not exists (select from body_version v where v.body_id = b.id and v.edition_to is null)`,
    );
    return found.map(({ id }) => id);
  }

  /** A site of this name and kind on the same point at or after an instant. */
  async findSame(trx: Trx, name: string, kind: string, { lon, lat }: Position, since: Date) {
    const [same] = await rows<{ id: string }>(
      trx,
      sql`select site_id as id from site_version where name = ${name} and kind = ${kind} and edition_to is null
        and ST_Equals(point, ST_SetSRID(ST_MakePoint(${lon}::float8, ${lat}::float8), 4326))
        and valid && tstzrange(${since}::timestamptz, null) order by 1 limit 1`,
    );
    return same?.id;
  }
}

async function rows<T>(trx: Trx, query: RawBuilder<unknown>): Promise<T[]> {
  return (await (query as RawBuilder<T>).execute(trx)).rows;
}

async function any(trx: Trx, query: RawBuilder<unknown>): Promise<boolean> {
  return (await query.execute(trx)).rows.length > 0;
}
