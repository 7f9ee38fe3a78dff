import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

const TOKEN = 'a-token-of-sixteen';
const opened: Api[] = [];
let open: string;
let guarded: string;
let api: Api;

async function listenWith(env: Record<string, string>): Promise<[Api, string]> {
  const house = await openApi({ env });
  opened.push(house);
  return [house, await house.listen()];
}

beforeAll(async () => {
  await emptyTables((await openTestDatabase()).db);
  [api, open] = await listenWith({});
  [, guarded] = await listenWith({ METRICS_TOKEN: TOKEN });
});
afterAll(() => Promise.all(opened.map((house) => house.close())));

async function read(origin: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
}

describe('the figures of a server', () => {
  it('count what was answered and refused, and tell nothing of who asked or what', async () => {
    await api.ask('{ layers { code } }');
    await api.askRaw('{ layers { nothing } }');
    await api.askRaw('{ viewer { subject } }', {}, { authorization: 'Bearer some.bad.token' });
    await api.askRaw('{ auditEntries { edges { node { id } } } }', {}, await api.as('officer', '*'));
    const { status, text } = await read(open);
    expect(status).toBe(200);
    for (const line of [
      'wangge_operations_total{outcome="ok"} 1',
      'wangge_refusals_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
      'wangge_refusals_total{code="FORBIDDEN"} 1',
      'wangge_operation_seconds_count 1',
      'wangge_edition 0',
      'wangge_open_sockets 0',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/wangge_refused_sign_ins_total\{cause="\w+"\} 1/);
    expect(text).toContain('process_cpu_seconds_total');
    for (const secret of ['layers', 'test-officer', '127.0.0.1']) expect(text).not.toContain(secret);
  });

  it('are for this machine alone: what a proxy passes on finds nothing there', async () => {
    expect((await read(open)).status).toBe(200);
    const through = await read(open, { 'x-forwarded-for': '203.0.113.9' });
    const nowhere = await fetch(`${open}/nowhere`);
    expect([through.status, through.text]).toEqual([404, await nowhere.text()]);
  });

  it('are for whoever has METRICS_TOKEN where one is set, from wherever', async () => {
    const known = { authorization: `Bearer ${TOKEN}`, 'x-forwarded-for': '203.0.113.9' };
    expect((await read(guarded, known)).status).toBe(200);
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, TOKEN, `Bearer ${TOKEN.slice(1)}`]) {
      expect((await read(guarded, { authorization })).status).toBe(404);
    }
    expect((await read(guarded)).status).toBe(404);
  });
});

it('whoever signs in and reaches for a right of others is recorded, without what was asked', async () => {
  await api.askRaw('{ apiClient(id: "secret-of-mine") { name } }', {}, await api.as('officer', '*'));
  const auditor = await api.as('auditor', '*');
  const query = '{ auditEntries(action: "keys.read") { edges { node { subject role objectKind objectId result } } } }';
  await expect
    .poll(async () => (await api.ask(query, {}, auditor)).auditEntries.edges.map(({ node }: { node: object }) => node))
    .toEqual([
      {
        subject: 'urn:wangge:local|test-officer',
        role: 'officer,public',
        objectKind: 'field',
        objectId: 'Query.apiClient',
        result: 'REFUSED',
      },
    ]);
});
