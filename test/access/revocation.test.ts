import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawGrid, openPaper, placeAt, publishGrids } from '../grids/squareGrids.ts';
import { type Api, openApi } from '../support/api.ts';
import { bySocket, byStream, type Follower } from './keyFollowers.ts';

let here: Api;
let elsewhere: Api;
let origin: string;
const village = drawGrid('gov/village', 'V', [0, 0, 9, 9]);

beforeAll(async () => {
  // Open connections are judged by the clock of the machine.
  const clock = () => new Date();
  const paper = await openPaper([{ code: 'gov', kind: 'PARTITION', tiers: ['village'] }], ['local'], clock);
  await publishGrids(paper, [village]);
  await paper.close();
  // Two servers of one database.
  const env = { SECRET_KEY: 'one secret for all servers of this database' };
  here = await openApi({ clock, env });
  elsewhere = await openApi({ clock, env });
  origin = await here.listen();
  const practice = `area: "${village.id}", from: "2026-01-01T00:00:00Z", practice: { categories: [{ code: "noise", name: "Noise" }] }`;
  await here.ask(`mutation { setPractice(${practice}) { edition } }`, {}, await here.as('admin', '*'));
});
afterAll(() => Promise.all([here?.close(), elsewhere?.close()]));

const CREATE = `mutation ($input: ApiClientInput!) { createApiClient(input: $input) { secret key { id } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(keyId: $id) { live } }';
const REPORT = 'mutation ($input: IncidentInput!) { reportIncident(input: $input) { id } }';
const INCIDENTS = `subscription { incidentFeed(within: "${village.id}") { id incident { id } } }`;
const incidentOf = (data: Record<string, unknown>) => (data.incidentFeed as { incident: { id: string } }).incident.id;

const SERVERS: readonly [string, () => Api][] = [
  ['by the server that holds the connection', () => here],
  ['by another server', () => elsewhere],
];
const WAYS = [
  ['over a WebSocket', bySocket, 4403],
  ['as an event stream', byStream, 'UNAUTHENTICATED'],
] as const;
const CASES = SERVERS.flatMap(([by, server]) =>
  WAYS.map(([over, way, why]) => [`${by}, ${over}`, { server, way, why }] as const),
);

async function newKey(...actions: readonly string[]): Promise<{ secret: string; id: string }> {
  const input = { name: 'Feeds', areas: [village.id], actions };
  const { secret, key } = (await here.ask(CREATE, { input }, await here.as('admin', '*'))).createApiClient;
  return { secret, id: key.id };
}

const incidentKey = () => newKey('registry.read', 'incidents.read');

async function revoke(server: Api, id: string): Promise<void> {
  const { revokeApiKey } = await server.ask(REVOKE, { id }, await server.as('admin', '*'));
  expect(revokeApiKey).toEqual({ live: false });
}

async function report(server: Api): Promise<string> {
  const input = { category: 'noise', at: { point: placeAt(4, 4) } };
  return (await server.ask(REPORT, { input }, await server.as('dispatcher', village.id))).reportIncident.id;
}

/** Numbers what was committed, and shows it to the server that holds the connections. */
async function show(): Promise<void> {
  while ((await elsewhere.app.feed.sequencer.runOnce()) > 0);
  await here.app.feed.memory.catchUp();
}

const incidentsIn = (follower: Follower) => [...new Set(follower.seen)];

/** Waits until the follower is told of a new incident, so that its feed is open; gives that incident. */
async function opened(follower: Follower): Promise<string> {
  const begun = performance.now();
  while (here.app.feed.memory.readers === 0) {
    if (performance.now() - begun > 20_000) throw new Error('The feed was not opened.');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const id = await report(here);
  await show();
  await follower.told(1);
  return id;
}

describe('a key that is revoked while it follows incidents', () => {
  it.each(CASES)('%s: the log alone tells what was committed before and nothing after', async (_, each) => {
    const { id, secret } = await incidentKey();
    // Nobody looks at connections twice a second here.
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      const follower = each.way(origin, secret, INCIDENTS, incidentOf);
      const first = await opened(follower);
      const before = await report(here);
      await revoke(each.server(), id);
      const after = await report(elsewhere);
      expect(incidentsIn(follower)).toEqual([first]);
      const shownAt = performance.now();
      await show();
      const { at, why } = await follower.ended;
      expect(why).toBe(each.why);
      expect(at - shownAt).toBeLessThan(1_000);
      expect(incidentsIn(follower)).toEqual([first, before]);
      await show();
      expect(follower.seen).not.toContain(after);
    } finally {
      vi.useRealTimers();
    }
  });

  it('would be told what came after, if readers passed over its end in the log: the test can see it', async () => {
    const { id, secret } = await incidentKey();
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const heedless = vi.spyOn(here.app.feed.memory, 'assertNotRevoked').mockReturnValue();
    const follower = bySocket(origin, secret, INCIDENTS, incidentOf);
    try {
      const first = await opened(follower);
      await revoke(here, id);
      const after = await report(elsewhere);
      const count = follower.seen.length;
      await show();
      await follower.told(count + 1);
      expect(incidentsIn(follower)).toEqual([first, after]);
    } finally {
      heedless.mockRestore();
      vi.useRealTimers();
      follower.close();
    }
  });

  it.each(CASES)('%s: is cut off within a second though nothing happens', async (_, each) => {
    const { id, secret } = await incidentKey();
    const follower = each.way(origin, secret, INCIDENTS, incidentOf);
    const first = await opened(follower);
    await revoke(each.server(), id);
    const committedAt = performance.now();
    const { at, why } = await follower.ended;
    expect(why).toBe(each.why);
    expect(at - committedAt).toBeLessThan(1_000);
    await report(here);
    await show();
    expect(incidentsIn(follower)).toEqual([first]);
    // Nor is it let in again.
    const again = each.way(origin, secret, INCIDENTS, incidentOf);
    await again.ended;
    expect(again.seen).toEqual([]);
  });

  it('leaves alone who follows by another key', async () => {
    const [one, other] = [await incidentKey(), await incidentKey()];
    const follower = bySocket(origin, other.secret, INCIDENTS, incidentOf);
    const first = await opened(follower);
    await revoke(elsewhere, one.id);
    const after = await report(here);
    const count = follower.seen.length;
    await show();
    await follower.told(count + 1);
    expect(incidentsIn(follower)).toEqual([first, after]);
    await revoke(here, other.id);
    await follower.ended;
  });
});

describe('a key that is revoked while it follows editions', () => {
  const EDITIONS = 'subscription { editionFeed { number } }';
  const numberOf = (data: Record<string, unknown>) => (data.editionFeed as { number: number }).number;
  const publish = async () => {
    await here.app.editions.publish('Something new', async () => {});
    await here.app.editions.catchUp();
  };

  it.each(CASES)('%s: is cut off within a second, and told nothing more', async (_, each) => {
    const { id, secret } = await newKey('registry.read', 'editions.follow');
    const follower = each.way(origin, secret, EDITIONS, numberOf);
    await expect.poll(async () => publish().then(() => follower.seen.length), { timeout: 5_000 }).toBeGreaterThan(0);
    const revokedAt = performance.now();
    await revoke(each.server(), id);
    const committedAt = performance.now();
    const { at, why } = await follower.ended;
    expect(why).toBe(each.why);
    // From the commit on, which lies between these two.
    expect(at - committedAt).toBeLessThan(1_000);
    expect(at).toBeGreaterThan(revokedAt);
    const before = follower.seen.length;
    await publish();
    expect(follower.seen.length).toBe(before);
  });
});
