import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../../src/access/viewer.ts';
import { DAY_MS, NOW, OWNER } from '../../keys/keysWorld.ts';
import { asSuperuser } from '../../support/database.ts';
import {
  CREATE,
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

let world: WebhooksWorld;
beforeAll(async () => {
  world = await WebhooksWorld.open();
});
beforeEach(() => world.renew());

const URL_HERE = 'https://hooks.example.org/wangge?token=t0p';
const admin = () => world.keys.viewer('admin', 'D1');
const inputOf = (clientId: string, more: object = {}) => ({
  input: { clientId, within: 'S1', url: URL_HERE, ...more },
});

describe('a new webhook', () => {
  it('begins at the end of the log, and shows its secret once', async () => {
    await world.happen('S1', 3);
    const clientId = await world.client(['D1'], ['incident']);
    const wish = inputOf(clientId, { eventTypes: ['incident.closed'], categories: ['noise'] });
    const { webhook, secret } = (await world.ask(admin(), CREATE, wish)).data.createWebhook;
    expect(webhook).toEqual({
      ...{ id: webhook.id, clientId, clientName: 'Water works', areaId: world.keys.id('S1'), topic: 'INCIDENT' },
      ...{ url: URL_HERE, eventTypes: ['incident.closed'], categories: ['noise'], status: 'ACTIVE', reason: null },
      ...{ statusAt: NOW.toISOString(), behind: 0, waitingSince: null, lastDeliveredAt: null, failingSince: null },
      ...{ nextAttemptAt: null, lastWeek: { delivered: 0, failed: 0, parked: 0 }, parked: 0 },
      ...{ secrets: [{ createdAt: NOW.toISOString(), expiresAt: null }], createdAt: NOW.toISOString() },
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(new Webhook(secret).sign('id', NOW, '{}')).toMatch(/^v1,/);
    expect(await world.secretsOf(webhook.id)).toEqual([secret]);
    expect(await world.ask(admin(), ONE, { id: webhook.id })).toEqual({ data: { webhook } });
    expect((await world.ask(admin(), LIST)).data.webhooks.edges).toEqual([{ node: webhook }]);
  });

  it('is made once under one clientKey, however often and at whatever time it is asked for', async () => {
    const wish = inputOf(await world.client(['D1']), { clientKey: 'first-one' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => world.ask(admin(), CREATE, wish)));
    const made = answers.map(({ data }) => data.createWebhook);
    expect(new Set(made.map(({ webhook }) => webhook.id)).size).toBe(1);
    expect(made.filter(({ secret }) => secret !== null)).toHaveLength(1);
    world.keys.now = new Date(NOW.getTime() + DAY_MS);
    const again = (await world.ask(admin(), CREATE, wish)).data.createWebhook;
    expect(again).toEqual({ webhook: made[0].webhook, secret: null });
    const other = { input: { ...wish.input, categories: ['noise'] } };
    const { errors } = await world.ask(admin(), CREATE, other);
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', field: 'input.clientKey' });
    // Another administrator may choose the same key.
    const theirs = (await world.ask(OWNER, CREATE, wish)).data.createWebhook;
    expect(theirs.webhook.id).not.toBe(again.webhook.id);
    expect((await world.ask(OWNER, LIST)).data.webhooks.totalCount).toBe(2);
  });

  it('is refused in plain words where the receiver may not be reached, naming url and the way out', async () => {
    const clientId = await world.client(['D1']);
    const wrong: [string, RegExp][] = [
      ['hooks.example.org', /^url: .*https:/],
      ['http://hooks.example.org/', /^url: .*https/],
      ['https://user:geheim@hooks.example.org/', /^url: .*leave out user and password/],
      ['https://127.0.0.1/', /^url: .*public/],
      ['https://0x7f.1/', /^url: .*public/],
      ['https://localhost/', /^url: .*public/],
      ['https://inside.example.org/', /^url: .*WEBHOOK_PRIVATE_NETWORKS/],
      ['https://nowhere.example.org/', /^url: .*not found/],
    ];
    for (const [url, words] of wrong) {
      const { errors } = await world.ask(admin(), CREATE, inputOf(clientId, { url }));
      expect(errors[0], url).toMatchObject({ code: 'BAD_INPUT', field: 'url' });
      expect(errors[0].message).toMatch(words);
      expect(errors[0].message).not.toMatch(/geheim|10\.0\.0\.5/);
    }
  });

  it('is for what its client may have, and for nothing else', async () => {
    const all = await world.client(['D1']);
    const some = await world.client(['D1'], ['incident.closed', 'ownership']);
    const wrong: [string, object, string][] = [
      [all, { eventTypes: ['incident.nonsense'] }, 'input.eventTypes'],
      [all, { eventTypes: ['boundary.published'] }, 'input.eventTypes'],
      [all, { eventTypes: ['incident.left', 'incident.left'] }, 'input.eventTypes'],
      [some, { eventTypes: ['incident.left'] }, 'input.eventTypes'],
      [some, { eventTypes: ['incident'] }, 'input.eventTypes'],
      [some, { topic: 'BOUNDARY' }, 'input.topic'],
      [all, { categories: [] }, 'input.categories'],
      [all, { categories: ['Noise!'] }, 'input.categories'],
      [all, { topic: 'BOUNDARY', categories: ['noise'] }, 'input.categories'],
      [all, { clientKey: 'short' }, 'input.clientKey'],
    ];
    for (const [clientId, more, field] of wrong) {
      const { errors } = await world.ask(admin(), CREATE, inputOf(clientId, more));
      expect(errors?.[0], JSON.stringify(more)).toMatchObject({ code: 'BAD_INPUT', field });
    }
    const right: [string, object][] = [
      [all, { eventTypes: ['incident'] }],
      [some, { eventTypes: ['incident.closed'] }],
      [some, { topic: 'OWNERSHIP', eventTypes: ['ownership.planned'] }],
    ];
    for (const [clientId, more] of right) {
      expect((await world.ask(admin(), CREATE, inputOf(clientId, more))).errors, JSON.stringify(more)).toBeUndefined();
    }
    const reader = (await world.keys.issue(['D1'], { actions: ['registry.read'] })).client.id;
    const { errors } = await world.ask(admin(), CREATE, inputOf(reader));
    expect(errors[0]).toMatchObject({ code: 'BAD_INPUT', field: 'input.clientId', right: 'incidents.read' });
  });

  it('is for a grid within the areas of its client; another grid is as unknown as one that is not there', async () => {
    const clientId = await world.client(['S1']);
    const wordsFor = async (within: string) => {
      const { errors } = await world.ask(admin(), CREATE, inputOf(clientId, { within }));
      expect(errors[0].code).toBe('NOT_FOUND');
      return errors[0].message.replace(within, 'X');
    };
    expect(new Set([await wordsFor('S2'), await wordsFor('S3'), await wordsFor('none')]).size).toBe(1);
    const anywhere = await world.client('everywhere');
    expect((await world.ask(OWNER, CREATE, inputOf(anywhere, { within: 'C' }))).errors).toBeUndefined();
  });

  it('cannot be made, rotated or tested without SECRET_KEY, and the words say so', async () => {
    const { webhook } = await world.make();
    const answers = [
      await world.askUnkeyed(admin(), CREATE, inputOf(webhook.clientId)),
      await world.askUnkeyed(admin(), ROTATE, { id: webhook.id }),
      await world.askUnkeyed(admin(), TEST, { id: webhook.id }),
    ];
    for (const { errors } of answers) expect(errors[0]).toMatchObject({ code: 'BAD_CONFIG', setting: 'SECRET_KEY' });
    expect(await world.secretsOf(webhook.id)).toHaveLength(1);
  });
});

describe('who has no right', () => {
  it('finds a webhook of a foreign client just as one that is not there', async () => {
    const { webhook } = await world.make();
    const foreign = world.keys.viewer('admin', 'D2');
    // Sees the grid of the webhook, but not all areas of its client.
    const lower = world.keys.viewer('admin', 'S1');
    const acts = [ROTATE, PAUSE, RESUME, REMOVE, TEST, REPLAY, DELIVERIES, PARKED];
    for (const who of [foreign, lower]) {
      for (const act of acts) {
        const there = await world.ask(who, act, { id: webhook.id });
        expect(there.errors[0], act).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
        expect(there).toEqual(await world.ask(who, act, { id: randomUUID() }));
        expect(there).toEqual(await world.ask(who, act, { id: 'whsec_bm90aGluZw==' }));
      }
      const moved = await world.ask(who, MOVE, { id: webhook.id, url: 'https://other.example.org/' });
      expect(moved.errors[0].code).toBe('NOT_FOUND');
      expect(await world.ask(who, ONE, { id: webhook.id })).toEqual({ data: { webhook: null } });
      expect((await world.ask(who, LIST, { removed: true })).data.webhooks.edges).toEqual([]);
      const { errors } = await world.ask(who, CREATE, inputOf(webhook.clientId));
      expect(errors).toEqual((await world.ask(who, CREATE, inputOf(randomUUID()))).errors);
    }
    expect(world.pings.sent).toEqual([]);
    const after = (await world.ask(admin(), ONE, { id: webhook.id })).data.webhook;
    expect(after).toEqual(webhook);
  });

  it('is refused: an auditor looks and changes nothing, an officer and an integrator do not look', async () => {
    const { webhook } = await world.make();
    const auditor = world.keys.viewer('auditor', 'D1');
    expect((await world.ask(auditor, ONE, { id: webhook.id })).data.webhook).toEqual(webhook);
    for (const act of [PAUSE, ROTATE, REMOVE, TEST, REPLAY]) {
      expect((await world.ask(auditor, act, { id: webhook.id })).errors[0].code).toBe('FORBIDDEN');
    }
    for (const role of ['officer', 'integrator'] as const) {
      expect((await world.ask(world.keys.viewer(role, 'D1'), LIST)).errors[0].code).toBe('FORBIDDEN');
    }
    expect((await world.ask(PUBLIC, LIST)).errors[0].code).toBe('UNAUTHENTICATED');
    expect((await world.ask(PUBLIC, PAUSE, { id: webhook.id })).errors[0].code).toBe('UNAUTHENTICATED');
  });

  it('is not shown it by the database either', async () => {
    const { webhook } = await world.make();
    const { repository } = world.keys;
    const seenIn = (codes: string[]) =>
      repository.seeing(
        codes.map((code) => world.keys.id(code)),
        async (trx) => {
          const tables = ['webhook_endpoint', 'webhook_secret'];
          const counts = tables.map((table) =>
            sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(trx),
          );
          return (await Promise.all(counts)).map(({ rows }) => Number(rows[0].n));
        },
      );
    expect(webhook.status).toBe('ACTIVE');
    expect(await seenIn(['D1'])).toEqual([1, 1]);
    expect(await seenIn(['S1', 'D2'])).toEqual([0, 0]);
    expect(await seenIn([])).toEqual([0, 0]);
  });
});

describe('a secret', () => {
  it('is in no table, audit, error or list, nor is the path of the receiver in the audit', async () => {
    const { webhook, secret } = await world.make();
    const rotated = (await world.ask(admin(), ROTATE, { id: webhook.id })).data.rotateWebhookSecret;
    const shown = [
      await world.ask(admin(), ONE, { id: webhook.id }),
      await world.ask(admin(), LIST),
      await world.ask(admin(), PAUSE, { id: secret }),
      await world.ask(admin(), ROTATE, { id: webhook.id }),
    ];
    const parts = [secret, rotated.secret].flatMap((text) => {
      const random = Buffer.from(text.slice(6), 'base64');
      return [text.slice(6), random.toString('hex'), random.toString('base64url'), Buffer.from(text).toString('hex')];
    });
    for (const part of parts) expect(JSON.stringify(shown)).not.toContain(part);
    const found = await asSuperuser(world.keys.db, async (trx) => {
      const { rows: tables } = await sql<{ name: string }>`select tablename as name from pg_tables
        where schemaname = 'public' and tablename <> 'spatial_ref_sys'`.execute(trx);
      const hits: string[] = [];
      for (const { name } of tables) {
        const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(trx);
        if (rows.some(({ text }) => parts.some((part) => text.includes(part)))) hits.push(name);
        if (rows.some(({ text }) => text.includes('t0p'))) hits.push(`path in ${name}`);
      }
      return hits;
    });
    expect(found).toEqual(['path in webhook_endpoint']);
  });

  it('is bound to its row: sealed for one webhook it opens nothing of another', async () => {
    const first = await world.make();
    const second = await world.make();
    await world.write(sql`update webhook_secret set sealed = (select sealed from webhook_secret
      where endpoint_id = ${first.webhook.id}::uuid) where endpoint_id = ${second.webhook.id}::uuid`);
    expect(await world.secretsOf(first.webhook.id)).toEqual([first.secret]);
    expect(await world.secretsOf(second.webhook.id)).toEqual([undefined]);
  });
});

it('the list is in the order in which webhooks were made, by area, in pages', async () => {
  const ids: string[] = [];
  for (const within of ['S1', 'S2', 'D1']) {
    world.keys.now = new Date(world.keys.now.getTime() + 1_000);
    ids.push((await world.make({ within })).webhook.id);
  }
  const idsOf = async (variables: object) => {
    const { edges } = (await world.ask(admin(), LIST, variables)).data.webhooks;
    return edges.map((edge: { node: { id: string } }) => edge.node.id);
  };
  expect(await idsOf({})).toEqual(ids);
  expect(await idsOf({ within: 'D1' })).toEqual(ids);
  expect(await idsOf({ within: 'S2' })).toEqual([ids[1]]);
  expect(await idsOf({ within: 'S3' })).toEqual([]);
  const { pageInfo } = (await world.ask(admin(), LIST, { first: 2 })).data.webhooks;
  expect(await idsOf({ first: 2, after: pageInfo.endCursor })).toEqual([ids[2]]);
  await world.ask(admin(), REMOVE, { id: ids[0] });
  expect(await idsOf({})).toEqual(ids.slice(1));
  expect(await idsOf({ removed: true })).toEqual(ids);
});
