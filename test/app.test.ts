import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCity } from '../seeds/city.ts';
import { loadCity } from '../seeds/load.ts';
import { PUBLIC } from '../src/access/viewer.ts';
import { type App, buildApp } from '../src/app.ts';
import type { OpenDatabase } from '../src/db/database.ts';
import { exampleQuestion } from '../src/exampleQuestion.ts';
import { buildServer } from '../src/http/server.ts';
import { emptyTables, openTestDatabase } from './support/database.ts';
import { testConfig } from './support/testConfig.ts';

const config = testConfig();
const plan = buildCity('town');
let database: OpenDatabase;
let app: App;
let other: App;

beforeAll(async () => {
  database = await openTestDatabase();
  await emptyTables(database.db);
  // The house does not own this database, so closing it must leave it open.
  const lent = { ...database, close: async () => {} };
  app = await buildApp(lent, config);
  other = await buildApp(lent, config);
  await loadCity({ editions: app.editions, ...app.writers }, plan, () => {});
});
afterAll(() => Promise.all([app.close(), other.close()]));

describe('the house', () => {
  it('loads the demo as one edition and one more for each later change', () => {
    expect(app.editions.editions.map((edition) => edition.title)).toEqual([
      'The demo city as it was founded',
      ...plan.changes.map((change) => change.title),
    ]);
    expect([...app.atlas.grids].length).toBe(plan.grids.length);
  });

  it('offers a first query that is answered by officer, grid worker, mediation team and four layers', async () => {
    const server = await buildServer({
      schema: app.schema,
      log: app.log,
      settings: config,
      authenticate: () => PUBLIC,
      status: () => ({ ready: true, edition: 1, followedAt: null, firstQuery: () => undefined }),
    });
    const query = exampleQuestion(app);
    // Once walked, once compiled.
    for (let time = 0; time < 3; time++) {
      const { data, errors } = (await server.inject({ method: 'POST', url: '/graphql', payload: { query } })).json();
      expect(errors).toBeUndefined();
      const { officer, gridWorker, mediationTeam, layers } = data.ownership;
      for (const holding of [officer, gridWorker, mediationTeam]) expect(holding.holder.name).toBeTruthy();
      expect(layers.filter(({ chain }: { chain: unknown[] }) => chain.length > 0).length).toBeGreaterThanOrEqual(4);
    }
    await server.close();
  });

  it('shows what another process published, at the next look at the log', async () => {
    const before = other.editions.latest;
    const following = await other.follow();
    await app.editions.publish('Nothing new', async () => {});
    await expect.poll(() => other.editions.latest, { timeout: 10_000, interval: 20 }).toBe(app.editions.latest);
    expect(app.editions.latest).toBeGreaterThan(before);
    expect(following.followedAt.getTime()).toBeGreaterThan(0);
  });

  it('is empty of questions where it is empty of grids', async () => {
    const empty = { ...app, atlas: { grids: [], layersAt: () => [] } } as unknown as App;
    expect(exampleQuestion(empty)).toBeUndefined();
  });
});
