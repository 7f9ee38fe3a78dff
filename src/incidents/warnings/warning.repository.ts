import { sql, type Transaction } from 'kysely';
import { runNamed } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import type { Box } from '../../geometry/polygon.ts';
import type { EarlierMatter } from './warningRules.ts';

type Trx = Transaction<Database>;

/** Where and when earlier matters are looked for; undefined: not so. */
export interface Looking {
  readonly box?: Box;
  readonly addressId?: string;
  readonly gridId?: string;
  /** Of `occurredAt`, both included. */
  readonly from: Date;
  readonly to: Date;
}

// Prepared: to plan it, with all the policies of its tables, takes longer than to run it. What is not looked for is null
// and finds nothing. Nothing occurs after it was reported.
const EARLIER = `
  with found (id) as (
    select i.id from incident i where i.y between $1::int and $2::int and i.x between $3::int and $4::int
      and i.reported_at >= $7::timestamptz
    union select i.id from incident i where i.address_id = $5::uuid and i.reported_at >= $7::timestamptz
    union select i.id from incident_party p join incident i on i.id = p.incident_id
      where p.grid_id = $6::uuid and p.reason = 'OWNER' and p.to_version is null and i.reported_at >= $7::timestamptz
  )
  select i.category, i.occurred_at as "occurredAt", i.x, i.y, i.address_id as "addressId",
    array(select p.grid_id::text from incident_party p
      where p.incident_id = i.id and p.reason = 'OWNER' and p.to_version is null) as "gridIds",
    array(select split_part(t.note, ':', 1) from task t
      where t.incident_id = i.id and t.cause = 'WARNING' and t.note is not null) as warned
  from found f join incident i on i.id = f.id
  where i.occurred_at between $7::timestamptz and $8::timestamptz
    and (i.outcome is null or i.outcome not in ('UNFOUNDED', 'DUPLICATE'))`;

/** Earlier matters, as rules of warning count them. */
export class WarningRepository {
  /** Waits for whoever counts at one of the same places; until the end of the transaction. */
  async lock(trx: Trx, numbers: readonly bigint[]): Promise<void> {
    await sql`select pg_advisory_xact_lock(number) from unnest(${numbers.map(String)}::bigint[]) number`.execute(trx);
  }

  /** Only for whoever sees everything. Without those that came to nothing or were another's double. */
  listEarlier(trx: Trx, { box, addressId, gridId, from, to }: Looking): Promise<EarlierMatter[]> {
    const where = box ? [box.minY, box.maxY, box.minX, box.maxX] : [null, null, null, null];
    const when = [from.toISOString(), to.toISOString()];
    return runNamed(trx, 'warnings.earlier', EARLIER, [...where, addressId ?? null, gridId ?? null, ...when]);
  }
}
