import { sql, type Transaction } from 'kysely';
import type { NumberedPart } from '../../api/lists/numberedPage.ts';
import type { Database } from '../../db/tables.ts';
import type { AttemptOutcome, ParkedRecord } from '../endpoint.type.ts';
import type { NumberedAttempt, SecretDates, WebhookRecord, WebhookStanding } from './webhookRecord.ts';

/** How far behind a webhook what waits for it is looked for. */
const LOOK_AHEAD = 1_000;

type StandingRow = Omit<WebhookStanding, 'secrets' | 'week'> & WebhookStanding['week'] & { readonly id: string };
type SecretRow = SecretDates & { readonly endpointId: string };

/** What was sent, what was given up and how the sending stands. Every method sees only what its transaction's areas show. */
export class WebhookLogRepository {
  /** How each of some stands at the instant; `since` begins the seven days. */
  async readStandings(
    trx: Transaction<Database>,
    webhooks: readonly WebhookRecord[],
    { now, since }: { readonly now: Date; readonly since: Date },
  ): Promise<ReadonlyMap<string, WebhookStanding>> {
    if (webhooks.length === 0) return new Map();
    const ids = webhooks.map(({ id }) => id);
    const { rows } = await sql<StandingRow>`
      select e.id, greatest(s.last_position - e.position, 0) as behind, w.since as "waitingSince",
        a.delivered, a.failed, a.parked, p.parked_now as "parkedNow"
      from webhook_endpoint e cross join feed_state s
      cross join lateral (select min(f.sequenced_at) as since from feed_event f
        where f.position > e.position and f.position <= e.position + ${LOOK_AHEAD}::int and f.topic = e.topic
          and f.area_ids @> array[e.grid_id] and (e.categories is null or f.category = any (e.categories))) w
      cross join lateral (select count(*) filter (where t.outcome = 'DELIVERED') as delivered,
          count(*) filter (where t.outcome in ('FAILED', 'PARKED')) as failed,
          count(*) filter (where t.outcome = 'PARKED') as parked
        from webhook_attempt t where t.endpoint_id = e.id and t.at > ${since}::timestamptz) a
      cross join lateral (select count(*) as parked_now from webhook_parked k
        where k.endpoint_id = e.id and k.delivered_at is null) p
      where e.id = any (${ids}::uuid[])`.execute(trx);
    const secrets = await this.#listSecrets(trx, ids, now);
    return new Map(
      rows.map(({ id, behind, waitingSince, parkedNow, ...week }) => {
        const own = secrets.filter(({ endpointId }) => endpointId === id);
        return [id, { behind, waitingSince, parkedNow, week, secrets: own }];
      }),
    );
  }

  /** Of one webhook, newest first; one more than asked for tells that more is there. */
  async listAttempts(
    trx: Transaction<Database>,
    { id, outcome }: { readonly id: string; readonly outcome: AttemptOutcome | undefined },
    { limit, before }: NumberedPart,
  ): Promise<NumberedAttempt[]> {
    const { rows } = await sql<NumberedAttempt>`
      select id, event_id as "eventId", position, attempt, at, milliseconds, http_status as "httpStatus", error, outcome
      from webhook_attempt where endpoint_id = ${id}::uuid
        and ${before === undefined ? sql`true` : sql`id < ${before}::bigint`}
        and ${outcome === undefined ? sql`true` : sql`outcome = ${outcome}::text`}
      order by id desc limit ${limit + 1}::int`.execute(trx);
    return rows;
  }

  /** Of one webhook, newest first, those delivered since only where asked for; one more than asked for. */
  async listParked(
    trx: Transaction<Database>,
    { id, delivered }: { readonly id: string; readonly delivered: boolean },
    { limit, before }: NumberedPart,
  ): Promise<ParkedRecord[]> {
    const { rows } = await sql<ParkedRecord>`
      select endpoint_id as "endpointId", position, event_id as "eventId", kind, reason, attempts, parked_at as "parkedAt",
        replayed_at as "replayedAt", delivered_at as "deliveredAt"
      from webhook_parked where endpoint_id = ${id}::uuid
        and ${before === undefined ? sql`true` : sql`position < ${before}::bigint`}
        and ${delivered ? sql`true` : sql`delivered_at is null`}
      order by position desc limit ${limit + 1}::int`.execute(trx);
    return rows;
  }

  async #listSecrets(trx: Transaction<Database>, ids: readonly string[], now: Date): Promise<SecretRow[]> {
    const { rows } = await sql<SecretRow>`
      select endpoint_id as "endpointId", created_at as "createdAt", expires_at as "expiresAt" from webhook_secret
      where endpoint_id = any (${ids}::uuid[]) and (expires_at is null or expires_at > ${now}::timestamptz)
      order by created_at desc, id`.execute(trx);
    return rows;
  }
}
