import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { DAY_MS, NOW } from '../../keys/keysWorld.ts';
import { asSuperuser } from '../../support/database.ts';
import {
  DELIVERIES,
  LIST,
  MOVE,
  ONE,
  PARKED,
  PAUSE,
  REMOVE,
  REPLAY,
  RESUME,
  ROTATE,
  TEST,
  WebhooksWorld,
} from './webhooksWorld.ts';

const HOUR_MS = 3_600_000;

let world: WebhooksWorld;
let id: string;
let secret: string;
beforeAll(async () => {
  world = await WebhooksWorld.open();
});
beforeEach(async () => {
  await world.renew();
  const made = await world.make();
  id = made.webhook.id;
  secret = made.secret;
});

const admin = () => world.keys.viewer('admin', 'D1');
const ask = (source: string, variables: object = {}) => world.ask(admin(), source, { id, ...variables });
const shown = async () => (await ask(ONE)).data.webhook;
const later = (ms: number) => {
  world.keys.now = new Date(world.keys.now.getTime() + ms);
};
const positionNow = () =>
  asSuperuser(world.keys.db, async (trx) => {
    const { rows } = await sql<{ at: number }>`select position as at from webhook_endpoint`.execute(trx);
    return Number(rows[0].at);
  });
/** As retention leaves the log. */
const purgeThrough = (position: number) =>
  world.write(sql`with gone as (delete from feed_event where position <= ${position}::int)
    update feed_state set purged_through = ${position}::int`);

describe('rotating', () => {
  it('lets both secrets sign until the older ends, and never more than two', async () => {
    const first = (await ask(ROTATE)).data.rotateWebhookSecret;
    const oldEndsAt = new Date(NOW.getTime() + 24 * HOUR_MS).toISOString();
    expect(first.oldEndsAt).toBe(oldEndsAt);
    expect(first.secret).not.toBe(secret);
    expect(new Set(await world.secretsOf(id))).toEqual(new Set([secret, first.secret]));
    expect(first.webhook.secrets).toHaveLength(2);
    const { errors } = await ask(ROTATE);
    expect(errors[0].code).toBe('CONFLICT');
    expect(errors[0].message).toMatch(/two secrets already/);
    later(24 * HOUR_MS);
    expect(await world.secretsOf(id)).toEqual([first.secret]);
    const next = (await ask(ROTATE, { hours: 168 })).data.rotateWebhookSecret;
    expect(await world.secretsOf(id)).toEqual([next.secret, first.secret]);
  });

  it('with 0 hours ends every older secret now, as after a leak', async () => {
    await ask(ROTATE);
    later(1_000);
    const last = (await ask(ROTATE, { hours: 0 })).data.rotateWebhookSecret;
    expect(await world.secretsOf(id)).toEqual([last.secret]);
    expect(last.webhook.secrets).toEqual([{ createdAt: world.keys.now.toISOString(), expiresAt: null }]);
  });

  it('refuses what cannot be, and two rotations that race give one secret', async () => {
    for (const hours of [-1, 169]) {
      const { errors } = await ask(ROTATE, { hours });
      expect(errors[0]).toMatchObject({ code: 'BAD_INPUT', field: 'overlapHours' });
    }
    expect(await world.secretsOf(id)).toEqual([secret]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(ROTATE)));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(await world.secretsOf(id)).toHaveLength(2);
  });
});

describe('stopping', () => {
  it('keeps the place: paused and resumed, what happened in between waits', async () => {
    await world.happen('S1', 2);
    const before = await positionNow();
    later(1_000);
    const paused = (await ask(PAUSE)).data.pauseWebhook;
    expect(paused).toMatchObject({ status: 'PAUSED', reason: 'ASKED', behind: 2, waitingSince: NOW.toISOString() });
    expect(paused.statusAt).toBe(world.keys.now.toISOString());
    await world.happen('S3', 3);
    expect(await shown()).toMatchObject({ behind: 5, waitingSince: NOW.toISOString() });
    const resumed = (await ask(RESUME)).data.resumeWebhook;
    expect(resumed).toMatchObject({ status: 'ACTIVE', reason: null, behind: 5 });
    expect(await positionNow()).toBe(before);
    expect((await ask(RESUME, { skip: true })).data.resumeWebhook).toEqual(resumed);
    expect(await positionNow()).toBe(before);
  });

  it('skips nothing in silence: where the log has lost the place, resuming takes a word for it', async () => {
    await world.happen('S1', 5);
    await ask(PAUSE);
    await purgeThrough(3);
    const { errors } = await ask(RESUME);
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', field: 'skip' });
    expect(errors[0].message).toMatch(/skip: true/);
    expect(await shown()).toMatchObject({ status: 'PAUSED', behind: 5 });
    expect((await ask(RESUME, { skip: true })).data.resumeWebhook).toMatchObject({ status: 'ACTIVE', behind: 0 });
    const { details } = (await world.keys.audited()).at(-1)!;
    expect(details).toEqual({ did: 'resumed', was: 'PAUSED ASKED', skippedFrom: 0, skippedTo: 5 });
  });

  it.each([
    ['DISABLED', 'GONE'],
    ['DISABLED', 'FAILING'],
    ['PAUSED', 'NO_KEY'],
    ['PAUSED', 'CURSOR_EXPIRED'],
  ])('a webhook that the sender has %s as %s is resumed', async (status, reason) => {
    await world.happen('S1', 1);
    await world.write(sql`update webhook_endpoint set status = ${status}::text, reason = ${reason}, attempt = 4,
      failing_since = ${NOW}::timestamptz, next_attempt_at = ${NOW}::timestamptz`);
    expect(await shown()).toMatchObject({ status, reason, failingSince: NOW.toISOString() });
    // Pausing it would hide the reason.
    expect((await ask(PAUSE)).data.pauseWebhook).toMatchObject({ status, reason });
    const resumed = (await ask(RESUME)).data.resumeWebhook;
    expect(resumed).toMatchObject({
      status: 'ACTIVE',
      reason: null,
      failingSince: null,
      nextAttemptAt: null,
      behind: 1,
    });
  });

  it('removes for ever: the secrets end, the record stays', async () => {
    later(1_000);
    const removed = (await ask(REMOVE)).data.removeWebhook;
    expect(removed).toMatchObject({ status: 'DISABLED', reason: 'REMOVED', secrets: [] });
    expect(await world.secretsOf(id)).toEqual([]);
    for (const act of [PAUSE, RESUME, ROTATE, TEST, REPLAY]) {
      expect((await ask(act)).errors[0], act).toMatchObject({ code: 'CONFLICT', field: 'id' });
    }
    expect((await ask(MOVE, { url: 'https://other.example.org/' })).errors[0].code).toBe('CONFLICT');
    expect(world.pings.sent).toEqual([]);
    later(1_000);
    expect((await ask(REMOVE)).data.removeWebhook).toEqual(removed);
    expect(await shown()).toEqual(removed);
    expect((await ask(LIST)).data.webhooks.edges).toEqual([]);
  });
});

it('moving to another address keeps place and secret, and is judged as a new one', async () => {
  await world.happen('S1', 1);
  const place = await positionNow();
  const { errors } = await ask(MOVE, { url: 'https://inside.example.org/' });
  expect(errors[0]).toMatchObject({ code: 'BAD_INPUT', field: 'url' });
  const moved = (await ask(MOVE, { url: 'https://OTHER.example.org:443' })).data.moveWebhook;
  expect(moved).toMatchObject({ url: 'https://other.example.org/', status: 'ACTIVE', behind: 1 });
  expect(await positionNow()).toBe(place);
  expect(await world.secretsOf(id)).toEqual([secret]);
});

it('a test says how the receiver took it', async () => {
  expect((await ask(TEST)).data.testWebhook).toEqual({
    delivered: true,
    httpStatus: 204,
    milliseconds: 7,
    error: null,
  });
  await ask(PAUSE);
  world.pings.answer = { httpStatus: null, error: 'TIMED_OUT' };
  const { testWebhook } = (await ask(TEST)).data;
  expect(testWebhook).toEqual({ delivered: false, httpStatus: null, milliseconds: 7, error: 'TIMED_OUT' });
  expect(world.pings.sent).toEqual([id, id]);
});

describe('what was sent', () => {
  const attempt = (outcome: string, error: string | null, at = world.keys.now) =>
    world.write(sql`insert into webhook_attempt (endpoint_id, event_id, position, attempt, at, milliseconds, http_status, error, outcome)
      values (${id}::uuid, gen_random_uuid(), 1, 1, ${at}::timestamptz, 12, ${error === null ? 204 : 500}::int, ${error}::text,
        ${outcome}::text)`);

  it('is listed newest first, by outcome and in pages, and counted for seven days', async () => {
    await attempt('FAILED', 'HTTP_500', new Date(NOW.getTime() - 8 * DAY_MS));
    for (let i = 0; i < 3; i += 1) await attempt('FAILED', 'HTTP_500');
    await attempt('PARKED', 'HTTP_500');
    await attempt('DELIVERED', null);
    await attempt('PING', null);
    const list = async (more: object = {}) => (await ask(DELIVERIES, more)).data.webhookDeliveries;
    const outcomes = ({ edges }: { edges: { node: { outcome: string } }[] }) => edges.map(({ node }) => node.outcome);
    expect(outcomes(await list())).toEqual(['PING', 'DELIVERED', 'PARKED', 'FAILED', 'FAILED', 'FAILED', 'FAILED']);
    expect(outcomes(await list({ outcome: 'FAILED' }))).toHaveLength(4);
    const first = await list({ first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(outcomes(await list({ first: 3, after: first.pageInfo.endCursor }))).toEqual(['PARKED', 'FAILED', 'FAILED']);
    expect((await list({ first: 1, outcome: 'PARKED' })).edges[0].node).toEqual({
      ...{ id: expect.stringMatching(/^\d+$/), eventId: expect.stringMatching(/-/), attempt: 1, at: NOW.toISOString() },
      ...{ milliseconds: 12, httpStatus: 500, error: 'HTTP_500', outcome: 'PARKED' },
    });
    expect((await shown()).lastWeek).toEqual({ delivered: 1, failed: 4, parked: 1 });
    const { endCursor } = (await ask(PARKED)).data.webhookParkedEvents.pageInfo;
    expect(endCursor).toBeNull();
    expect((await ask(PARKED, { after: first.pageInfo.endCursor })).errors[0]).toMatchObject({
      code: 'BAD_INPUT',
      field: 'after',
    });
  });

  const park = (position: number, deliveredAt: Date | null = null) =>
    world.write(sql`insert into webhook_parked (endpoint_id, position, event_id, kind, area_ids, body, reason, attempts, parked_at,
        replayed_at, replay_attempt, next_attempt_at, delivered_at)
      values (${id}::uuid, ${position}::int, ${randomUUID()}::uuid, 'CLOSED', '{}', '{"a":1}', 'HTTP_500', 10, ${NOW}::timestamptz,
        ${deliveredAt}::timestamptz, 3, ${deliveredAt}::timestamptz, ${deliveredAt}::timestamptz)`);

  it('and given up is replayed: all of it, or what is named, and nothing twice', async () => {
    for (const position of [5, 6, 7]) await park(position);
    await park(8, NOW);
    expect((await shown()).parked).toBe(3);
    const list = async (more: object = {}) => {
      const { edges } = (await ask(PARKED, more)).data.webhookParkedEvents;
      return edges.map(({ node }: { node: { id: string; state: string } }) => `${node.id} ${node.state}`);
    };
    expect(await list()).toEqual(['7 PARKED', '6 PARKED', '5 PARKED']);
    expect(await list({ delivered: true })).toEqual(['8 DELIVERED', '7 PARKED', '6 PARKED', '5 PARKED']);
    const [{ node }] = (await ask(PARKED, { first: 1 })).data.webhookParkedEvents.edges;
    expect(node).toMatchObject({ eventType: 'incident.closed', reason: 'HTTP_500', attempts: 10, deliveredAt: null });
    const replay = async (parked?: string[]) => (await ask(REPLAY, { parked })).data.replayWebhook;
    expect(await replay(['6', '8', '99'])).toBe(1);
    expect(await list()).toEqual(['7 PARKED', '6 REPLAYING', '5 PARKED']);
    expect(await replay()).toBe(2);
    expect(await replay()).toBe(0);
    for (const parked of [['x'], ['5', '5'], ['-1']]) {
      expect((await ask(REPLAY, { parked })).errors[0]).toMatchObject({ code: 'BAD_INPUT', field: 'parked' });
    }
  });
});

describe('the audit', () => {
  it('has every act and look, with the grid that holds all areas of the client', async () => {
    const before = (await world.keys.audited()).length;
    await ask(ROTATE, { hours: 1 });
    await ask(ROTATE);
    await ask(MOVE, { url: 'https://other.example.org/x?t0p' });
    await ask(PAUSE);
    await ask(RESUME);
    await ask(REPLAY);
    await ask(TEST);
    await ask(REMOVE);
    await ask(ONE);
    await ask(DELIVERIES);
    await ask(LIST);
    await world.ask(admin(), ONE, { id: secret });
    await world.ask(world.keys.viewer('officer', 'D1'), PAUSE, { id });
    await world.ask(PUBLIC, PAUSE, { id });
    const entries = (await world.keys.audited()).slice(before);
    const of = { object_kind: 'webhook', object_id: id, grid_id: world.keys.id('D1'), subject: 'admin-D1' };
    const done = (details: object) => ({ ...of, action: 'webhooks.manage', result: 'DONE', details });
    const read = (details: object) => ({ ...of, action: 'webhooks.read', result: 'READ', details });
    const refused = (code: string, field: string) => ({
      ...{ ...of, action: 'webhooks.manage', grid_id: null, result: 'REFUSED' },
      details: { code, field: `Mutation.${field}` },
    });
    expect(entries).toEqual([
      done({ did: 'rotated', oldEndsAt: new Date(NOW.getTime() + HOUR_MS).toISOString() }),
      refused('CONFLICT', 'rotateWebhookSecret'),
      done({ did: 'moved', host: 'other.example.org', before: 'hooks.example.org' }),
      done({ did: 'paused', was: 'ACTIVE' }),
      done({ did: 'resumed', was: 'PAUSED ASKED' }),
      done({ did: 'replayed', asked: 'all', count: 0 }),
      done({ did: 'tested' }),
      done({ did: 'removed', was: 'ACTIVE' }),
      read({ field: 'Query.webhook' }),
      read({ field: 'Query.webhookDeliveries' }),
      { ...read({ count: 0 }), object_id: 'list' },
      { ...read({ field: 'Query.webhook' }), object_id: 'unknown', grid_id: null, result: 'REFUSED' },
      { ...refused('FORBIDDEN', 'pauseWebhook'), subject: 'officer-D1' },
    ]);
  });

  it('and the act are one: where one fails the other is not done, and nothing is sent', async () => {
    await asSuperuser(world.keys.db, async (trx) => {
      await sql`create function refuse_audit() returns trigger language plpgsql as 'begin raise exception ''full''; end'`.execute(
        trx,
      );
      await sql`create trigger audit_full before insert on audit_entry for each row execute function refuse_audit()`.execute(
        trx,
      );
    });
    try {
      for (const act of [PAUSE, ROTATE, REMOVE, TEST])
        expect((await ask(act)).errors[0].code, act).toBe('DATABASE_FAILED');
    } finally {
      await asSuperuser(world.keys.db, (trx) => sql`drop function refuse_audit() cascade`.execute(trx));
    }
    expect(world.pings.sent).toEqual([]);
    expect(await shown()).toMatchObject({ status: 'ACTIVE', secrets: [expect.anything()] });
    expect(await world.secretsOf(id)).toEqual([secret]);
  });
});
