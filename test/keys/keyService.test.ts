import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../src/access/viewer.ts';
import { asSuperuser } from '../support/database.ts';
import { type Answer, contextOf, DAY_MS, KeysWorld, NOW, OWNER } from './keysWorld.ts';

let world: KeysWorld;
beforeEach(async () => {
  world = await KeysWorld.open();
});

const KEY = 'id createdAt expiresAt revokedAt live';
const CLIENT = `id name areaIds everywhere actions eventTypes createdAt keys { ${KEY} }`;
const ISSUED = `secret key { ${KEY} } client { ${CLIENT} }`;
const CREATE = `mutation($input: ApiClientInput!) { createApiClient(input: $input) { ${ISSUED} } }`;
const ROTATE = `mutation($id: ID!, $days: Int) { rotateApiKey(clientId: $id, days: $days) { ${ISSUED} } }`;
const REVOKE = `mutation($id: ID!) { revokeApiKey(keyId: $id) { ${KEY} } }`;
const ONE = `query($id: ID!) { apiClient(id: $id) { ${CLIENT} } }`;
const LIST = `query($first: Int, $after: String) {
  apiClients(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${CLIENT} } }
  }
}`;

const input = (more: object = {}) => ({
  input: { name: 'Water works', areas: ['D1'], actions: ['registry.read'], ...more },
});

describe('issuing', () => {
  it('shows the key once, and everything else whenever asked', async () => {
    const admin = world.viewer('admin', 'D1');
    const wish = input({ name: '  水务集团 ', areas: ['S1', world.id('S2')], eventTypes: ['ENTERED'], days: 400 });
    const { createApiClient: issued } = (await world.ask(admin, CREATE, wish)).data;
    const expiresAt = new Date(NOW.getTime() + 400 * DAY_MS).toISOString();
    const key = { id: issued.key.id, createdAt: NOW.toISOString(), expiresAt, revokedAt: null, live: true };
    const client = {
      id: issued.client.id,
      name: '水务集团',
      areaIds: [world.id('S1'), world.id('S2')],
      everywhere: false,
      actions: ['registry.read'],
      eventTypes: ['ENTERED'],
      createdAt: NOW.toISOString(),
      keys: [key],
    };
    expect(issued).toEqual({ secret: expect.stringMatching(`^wgk_${key.id}_.{43}$`), key, client });
    const again = await world.ask(admin, ONE, { id: client.id });
    expect(again).toEqual({ data: { apiClient: client } });
    expect((await world.ask(admin, LIST)).data.apiClients.edges[0].node).toEqual(client);
  });

  it('rotates: both keys are good until the old one is revoked', async () => {
    const admin = world.viewer('admin', 'D1');
    const first = (await world.ask(admin, CREATE, input())).data.createApiClient;
    const second = (await world.ask(admin, ROTATE, { id: first.client.id, days: 10 })).data.rotateApiKey;
    expect(second.client.keys.map((key: { live: boolean }) => key.live)).toEqual([true, true]);
    expect(second.key.expiresAt).toBe(new Date(NOW.getTime() + 10 * DAY_MS).toISOString());
    for (const { secret } of [first, second]) expect(await world.ring.findViewer(secret)).toBeDefined();
    const revoked = (await world.ask(admin, REVOKE, { id: first.key.id })).data.revokeApiKey;
    expect(revoked).toEqual({ ...first.key, revokedAt: NOW.toISOString(), live: false });
    expect(await world.ring.findViewer(first.secret)).toBeUndefined();
    expect(await world.ring.findViewer(second.secret)).toBeDefined();
    world.now = new Date(NOW.getTime() + 1000);
    expect((await world.ask(admin, REVOKE, { id: first.key.id })).data.revokeApiKey).toEqual(revoked);
  });

  it('keeps at most two keys live, also when twenty rotations race', async () => {
    const admin = world.viewer('admin', 'D1');
    const { client, key } = (await world.ask(admin, CREATE, input())).data.createApiClient;
    const twentyTimes = (query: string) =>
      Promise.all(Array.from({ length: 20 }, () => world.ask(admin, query, { id: client.id })));
    // Opens every connection, so that none comes late.
    await twentyTimes(ONE);
    const answers = await twentyTimes(ROTATE);
    const refused = answers.filter(({ errors }) => errors);
    expect(refused).toHaveLength(19);
    for (const { errors } of refused) {
      expect(errors[0].extensions.code).toBe('CONFLICT');
      expect(errors[0].message).toMatch(/two live keys already. Revoke one/);
    }
    const { keys } = (await world.ask(admin, ONE, { id: client.id })).data.apiClient;
    expect(keys).toHaveLength(2);
    await world.ask(admin, REVOKE, { id: key.id });
    expect((await world.ask(admin, ROTATE, { id: client.id })).errors).toBeUndefined();
    expect((await world.ask(admin, ROTATE, { id: client.id })).errors[0].extensions.code).toBe('CONFLICT');
    // A key at its end makes room, as a revoked one does.
    world.now = new Date(NOW.getTime() + 365 * DAY_MS);
    expect((await world.ask(admin, ROTATE, { id: client.id })).errors).toBeUndefined();
  });

  it('refuses in plain words what cannot be, naming the field', async () => {
    const wrong: [object, string][] = [
      [{ name: ' ' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ name: 'Water\nworks' }, 'name'],
      [{ name: 'Water\u202eskrow' }, 'name'],
      [{ days: 0 }, 'days'],
      [{ days: 401 }, 'days'],
      [{ actions: [] }, 'actions'],
      [{ actions: ['registry.write'] }, 'actions'],
      [{ actions: ['keys.manage'] }, 'actions'],
      [{ actions: ['constructor'] }, 'actions'],
      [{ actions: ['registry.read', 'registry.read'] }, 'actions'],
      [{ eventTypes: ['an event'] }, 'eventTypes'],
      [{ eventTypes: ['E'.repeat(101)] }, 'eventTypes'],
      [{ eventTypes: Array.from({ length: 51 }, (_, i) => `E${i}`) }, 'eventTypes'],
      [{ areas: [] }, 'areas'],
      [{ areas: ['S1', 'S1'] }, 'areas'],
      [{ areas: Array.from({ length: 51 }, (_, i) => `X${i}`) }, 'areas'],
      [{ areas: ['S1'], everywhere: true }, 'areas'],
    ];
    for (const [more, field] of wrong) {
      const { errors } = await world.ask(OWNER, CREATE, input(more));
      expect(errors[0].extensions, JSON.stringify(more)).toMatchObject({ code: 'BAD_INPUT', field });
      expect(errors[0].message).toMatch(new RegExp(`^${field}: .{15,}`));
    }
    expect((await world.ask(OWNER, LIST)).data.apiClients.totalCount).toBe(0);
  });

  it('knows the same grid by its id and by its code', async () => {
    const { errors } = await world.ask(OWNER, CREATE, input({ areas: ['S1', world.id('S1')] }));
    expect(errors[0].message).toBe('areas: name each only once.');
  });

  it('takes a name of 100 characters, however many bytes', async () => {
    const name = '\u{20000}'.repeat(100);
    expect((await world.ask(OWNER, CREATE, input({ name }))).data.createApiClient.client.name).toBe(name);
  });
});

describe('whoever has no right', () => {
  it.each([
    ['the public', () => PUBLIC, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['an officer', () => world.viewer('officer', 'C'), 'FORBIDDEN', 'FORBIDDEN'],
    ['an administrator of nowhere', () => world.viewer('admin'), 'FORBIDDEN', 'FORBIDDEN'],
    ['an auditor', () => world.viewer('auditor', 'C'), undefined, 'FORBIDDEN'],
  ])('is told so: %s', async (_who, viewer, reading, managing) => {
    const { client, key } = await world.issue(['D1']);
    const codeOf = async (query: string, variables: Record<string, unknown> = {}) =>
      (await world.ask(viewer(), query, variables)).errors?.[0].extensions.code;
    expect(await codeOf(LIST)).toBe(reading);
    expect(await codeOf(ONE, { id: client.id })).toBe(reading);
    expect(await codeOf(CREATE, input())).toBe(managing);
    expect(await codeOf(ROTATE, { id: client.id })).toBe(managing);
    expect(await codeOf(REVOKE, { id: key.id })).toBe(managing);
  });

  it('gets for what lies outside the very answer for what does not exist', async () => {
    const foreign = world.viewer('admin', 'D2');
    const issued = [await world.issue(['D1']), await world.issue(['S1', 'S3']), await world.issue('everywhere')];
    const unknown = { client: randomUUID(), key: '0'.repeat(20), grid: 'X1' };
    const wish = (grid: string) => input({ areas: ['S3', grid] });
    for (const { client, key } of issued) {
      expect(await world.ask(foreign, ONE, { id: client.id })).toEqual({ data: { apiClient: null } });
      for (const odd of [unknown.client, 'no uuid', '']) {
        expect(await world.ask(foreign, ONE, { id: odd })).toEqual({ data: { apiClient: null } });
        const outside = await world.ask(foreign, ROTATE, { id: client.id });
        expect(outside.errors[0].extensions.code).toBe('NOT_FOUND');
        expect(outside).toEqual(await world.ask(foreign, ROTATE, { id: odd }));
      }
      for (const odd of [unknown.key, 'no key', key.id.toUpperCase()]) {
        const outside = await world.ask(foreign, REVOKE, { id: key.id });
        expect(outside.errors[0].extensions.code).toBe('NOT_FOUND');
        expect(outside).toEqual(await world.ask(foreign, REVOKE, { id: odd }));
      }
    }
    const abroad = await world.ask(foreign, CREATE, wish('D1'));
    expect(abroad.errors[0].extensions.code).toBe('NOT_FOUND');
    const same = JSON.parse(JSON.stringify(abroad).replace('D1', unknown.grid));
    expect(await world.ask(foreign, CREATE, wish(unknown.grid))).toEqual(same);
    expect((await world.ask(foreign, LIST)).data.apiClients).toMatchObject({ totalCount: 0, edges: [] });
    for (const { secret } of issued) expect(await world.ring.findViewer(secret)).toBeDefined();
    expect((await world.ask(OWNER, LIST)).data.apiClients.totalCount).toBe(3);
  });

  it('gives nobody more than the own area, neither above it nor everywhere', async () => {
    const admin = world.viewer('admin', 'D1');
    expect((await world.ask(admin, CREATE, input({ areas: ['C'] }))).errors[0].extensions.code).toBe('NOT_FOUND');
    const { errors } = await world.ask(admin, CREATE, input({ areas: [], everywhere: true }));
    expect(errors[0].extensions).toEqual({ code: 'FORBIDDEN', field: 'everywhere' });
    expect((await world.ask(OWNER, CREATE, input({ areas: [], everywhere: true }))).errors).toBeUndefined();
  });

  it('sees a client in each of the areas together though in none of them alone', async () => {
    const { client } = await world.issue(['D1', 'S3']);
    const seen = async (...codes: string[]) =>
      (await world.ask(world.viewer('auditor', ...codes), ONE, { id: client.id })).data.apiClient !== null;
    expect(await seen('D1')).toBe(false);
    expect(await seen('D2')).toBe(false);
    expect(await seen('D1', 'D2')).toBe(true);
    expect(await seen('C')).toBe(true);
  });
});

describe('lists', () => {
  it('go by name in pages without a repeat or a hole', async () => {
    for (const name of ['b', 'a', 'c', 'a', 'ä']) await world.issue(['S1'], { name });
    const admin = world.viewer('admin', 'D1');
    const names: string[] = [];
    for (let after: string | null = null; ; ) {
      const { apiClients }: Answer['data'] = (await world.ask(admin, LIST, { first: 2, after })).data;
      expect(apiClients.totalCount).toBe(5);
      names.push(...apiClients.edges.map((edge: { node: { name: string } }) => edge.node.name));
      if (!apiClients.pageInfo.hasNextPage) break;
      after = apiClients.pageInfo.endCursor;
    }
    expect(names).toEqual(['a', 'a', 'b', 'c', 'ä']);
    const { errors } = await world.ask(admin, LIST, { first: 201 });
    expect(errors[0].extensions).toMatchObject({ code: 'BAD_INPUT', field: 'first' });
  });
});

describe('the audit', () => {
  it('has every act with the grid that holds all areas of the client', async () => {
    const admin = world.viewer('admin', 'D1');
    const wish = input({ areas: ['S1', 'S2'] });
    const { client, key } = (await world.ask(admin, CREATE, wish)).data.createApiClient;
    const rotated = (await world.ask(admin, ROTATE, { id: client.id })).data.rotateApiKey;
    await world.ask(admin, ROTATE, { id: client.id });
    await world.ask(admin, REVOKE, { id: key.id });
    await world.ask(admin, ONE, { id: client.id });
    await world.ask(admin, LIST);
    await world.ask(admin, REVOKE, { id: rotated.secret });
    await world.ask(world.viewer('officer', 'D1'), REVOKE, { id: key.id });
    await world.ask(PUBLIC, REVOKE, { id: key.id });
    const of = { action: 'keys.manage', object_kind: 'api_client', object_id: client.id };
    const done = { ...of, subject: 'admin-D1', grid_id: world.id('D1'), result: 'DONE' };
    const ofKey = { action: 'keys.manage', object_kind: 'api_key', grid_id: null, result: 'REFUSED' };
    // The tree of the world was published first.
    const [, created, second, ...rest] = await world.audited();
    const scope = { areas: [world.id('S1'), world.id('S2')], actions: ['registry.read'], eventTypes: [] };
    const dates = { key: key.id, expiresAt: key.expiresAt };
    expect(created).toEqual({ ...done, details: { did: 'created', name: 'Water works', ...scope, ...dates } });
    expect(second).toMatchObject({ ...done, details: { did: 'rotated', key: rotated.key.id } });
    const refused = { code: 'CONFLICT', field: 'Mutation.rotateApiKey' };
    expect(rest).toEqual([
      { ...of, subject: 'admin-D1', grid_id: null, result: 'REFUSED', details: refused },
      { ...done, details: { did: 'revoked', key: key.id } },
      { ...done, action: 'keys.read', result: 'READ', details: {} },
      { ...done, action: 'keys.read', object_id: 'list', result: 'READ', details: { count: 1 } },
      {
        ...ofKey,
        subject: 'admin-D1',
        object_id: 'unknown',
        details: { code: 'NOT_FOUND', field: 'Mutation.revokeApiKey' },
      },
      {
        ...ofKey,
        subject: 'officer-D1',
        object_id: key.id,
        details: { code: 'FORBIDDEN', field: 'Mutation.revokeApiKey' },
      },
    ]);
  });

  it('and every other table hold nothing of a key but its id', async () => {
    const { secret, client } = await world.issue(['D1']);
    await world.service.rotateKey(contextOf(OWNER), client.id);
    await world.ask(OWNER, REVOKE, { id: secret });
    await world.ask(OWNER, ROTATE, { id: secret });
    await world.ask(OWNER, ONE, { id: secret });
    await world.ring.findViewer(secret);
    const random = secret.slice(25);
    const raw = Buffer.from(random, 'base64url');
    const parts = [random, raw.toString('hex'), raw.toString('base64'), Buffer.from(random).toString('hex')];
    const found = await asSuperuser(world.db, async (trx) => {
      const { rows: tables } = await sql<{ name: string }>`select tablename as name from pg_tables
        where schemaname = 'public' and tablename <> 'spatial_ref_sys'`.execute(trx);
      const hits: string[] = [];
      for (const { name } of tables) {
        const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(trx);
        if (rows.some(({ text }) => parts.some((part) => text.includes(part)))) hits.push(name);
        // The search itself works: the id is where it should be.
        if (rows.some(({ text }) => text.includes(secret.slice(4, 24)))) hits.push(`id in ${name}`);
      }
      return hits.sort();
    });
    expect(found).toEqual(['id in api_key', 'id in audit_entry']);
  });

  it('and the act are one: where one fails the other is not written', async () => {
    await asSuperuser(world.db, async (trx) => {
      await sql`create function refuse_audit() returns trigger language plpgsql as 'begin raise exception ''full''; end'`.execute(
        trx,
      );
      await sql`create trigger audit_full before insert on audit_entry for each row execute function refuse_audit()`.execute(
        trx,
      );
    });
    try {
      await expect(world.issue(['D1'])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
      const seen = await world.repository.seeing('everywhere', (trx) => world.repository.listClients(trx));
      expect(seen).toEqual([]);
    } finally {
      await asSuperuser(world.db, (trx) => sql`drop function refuse_audit() cascade`.execute(trx));
    }
  });
});
