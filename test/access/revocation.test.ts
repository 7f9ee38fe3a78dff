import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

let here: Api;
let elsewhere: Api;
let origin: string;

beforeAll(async () => {
  await emptyTables((await openTestDatabase()).db);
  here = await openApi();
  // Another server of the same database, with the secret of the first.
  elsewhere = await openApi();
  origin = await here.listen();
});
afterAll(() => Promise.all([here.close(), elsewhere.close()]));

const CREATE = `mutation { createApiClient(input: { name: "Feeds", everywhere: true, actions: ["registry.read", "editions.follow"] }) {
  secret key { id } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(keyId: $id) { live } }';

/** Follows editions with a new key over an open socket, and says what came and when it ended. */
async function follow() {
  const { secret, key } = (await here.ask(CREATE, {}, await here.as('admin', '*'))).createApiClient;
  const seen: number[] = [];
  const client = createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
  });
  const ended = new Promise<{ at: number; code: unknown }>((resolve) => {
    client.on('closed', (event) => resolve({ at: performance.now(), code: (event as CloseEvent).code }));
  });
  client.subscribe(
    { query: 'subscription { editionFeed { number } }' },
    {
      next: ({ data }) => void seen.push((data!.editionFeed as { number: number }).number),
      error: () => {},
      complete: () => {},
    },
  );
  await new Promise((resolve) => client.on('connected', resolve));
  return { key: key.id as string, seen, ended };
}

const publish = async (house: Api) => {
  await house.app.editions.publish('Something new', async () => {});
  await here.app.editions.catchUp();
};

it.each([
  ['by the server that holds the connection', () => here],
  ['by another server', () => elsewhere],
])(
  'a key that is revoked %s is cut off from its open feed within a second, and told nothing more',
  async (_, other) => {
    const { key, seen, ended } = await follow();
    await expect.poll(async () => publish(here).then(() => seen.length), { timeout: 5_000 }).toBeGreaterThan(0);
    const told = seen.length;
    const revokedAt = performance.now();
    const { revokeApiKey } = await other().ask(REVOKE, { id: key }, await other().as('admin', '*'));
    const committedAt = performance.now();
    expect(revokeApiKey).toEqual({ live: false });
    const { at, code } = await ended;
    expect(code).toBe(4403);
    // From the commit on, which lies between these two.
    expect(at - committedAt).toBeLessThan(1_000);
    expect(at).toBeGreaterThan(revokedAt);
    const before = seen.length;
    await publish(here);
    expect(seen.length).toBe(before);
    expect(before).toBeGreaterThanOrEqual(told);
  },
);
