import { randomUUID } from 'node:crypto';
import type { Shape } from '../../src/geometry/polygon.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { placeAt as at, type Rectangle, rectangle } from '../grids/squareGrids.ts';
import { makeBody } from '../posts/postsFixture.ts';
import { type Api, NOW, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

export const box = (...on: Rectangle): Shape => rectangle(on);

export { at };

interface Drawn {
  readonly code: string;
  readonly tier: string;
  readonly boundary: Shape;
  readonly layer?: string;
  readonly parent?: string;
  readonly manager?: string;
}

/** Towns T1, T2 of 20 by 10 steps; in T1 villages A and B with a gap between, in T2 C, D; a river along the south. */
const GRIDS: readonly Drawn[] = [
  { code: 'T1', tier: 'town', boundary: box(0, 0, 20, 10), manager: 'First hall' },
  { code: 'T2', tier: 'town', boundary: box(20, 0, 20, 10), manager: 'Second hall' },
  { code: 'A', tier: 'village', boundary: box(0, 0, 9, 10), parent: 'T1', manager: 'A committee' },
  { code: 'B', tier: 'village', boundary: box(10, 0, 10, 10), parent: 'T1' },
  { code: 'C', tier: 'village', boundary: box(20, 0, 10, 10), parent: 'T2' },
  { code: 'D', tier: 'village', boundary: box(30, 0, 10, 10), parent: 'T2' },
  { code: 'R', tier: 'river', layer: 'water', boundary: box(0, -1, 40, 3), manager: 'River office' },
];

export interface ReportWorld {
  readonly api: Api;
  now: Date;
  readonly ids: Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, string>>;
  report(input: object, headers?: Record<string, string>): Promise<{ id: string; count: number; status: string }>;
}

export async function openReportWorld(): Promise<ReportWorld> {
  await emptyTables((await openTestDatabase()).db);
  const clock = { now: NOW };
  const api = await openApi({ clock: () => clock.now });
  const { editions, writers } = api.app;
  const names = GRIDS.flatMap(({ manager }) => manager ?? []);
  const drafts = names.map((name) => makeBody(name));
  const bodies = Object.fromEntries(drafts.map(({ id, name }) => [name, id]));
  const ids = Object.fromEntries(GRIDS.map(({ code }) => [code, randomUUID()]));
  await editions.publish('Reports', async (trx, edition) => {
    await writers.grids.insertScheme(trx, edition, { code: 'local', name: 'Local' });
    await writers.grids.insertLayer(trx, edition, { code: 'land', name: 'Land', kind: 'PARTITION' });
    await writers.grids.insertLayer(trx, edition, { code: 'water', name: 'Water', kind: 'OVERLAY' });
    await writers.grids.insertTier(trx, edition, { layer: 'land', code: 'town', name: 'Town', rank: 1 });
    await writers.grids.insertTier(trx, edition, { layer: 'land', code: 'village', name: 'Village', rank: 2 });
    await writers.grids.insertTier(trx, edition, { layer: 'water', code: 'river', name: 'River', rank: 1 });
    await writers.posts.insertBodies(trx, edition, drafts);
    const dates = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: null };
    const grids = GRIDS.map(
      ({ code, parent, manager, layer = 'land', tier, boundary }): GridDraft => ({
        id: ids[code],
        ...{ layer, tier, boundary, name: code, kind: 'BASIC', loads: [], ...dates },
        codes: [{ scheme: 'local', code }],
        parentId: parent ? ids[parent] : null,
        managerId: manager ? bodies[manager] : null,
      }),
    );
    await writers.grids.insertGrids(trx, edition, grids);
  });
  return {
    api,
    ids,
    bodies,
    get now() {
      return clock.now;
    },
    set now(instant) {
      clock.now = instant;
    },
    async report(input, headers) {
      const text = `mutation ($input: DiscrepancyInput!) { reportDiscrepancy(input: $input) { ${REPORT} } }`;
      return (await api.ask(text, { input }, headers)).reportDiscrepancy;
    },
  };
}

export const REPORT = `id kind status count confirmed edition reportedAt at { lon lat } layer { code } grid { code }
  grounds { layer { code } status grid { code } distanceMetres } managedThenBy { name } managedBy { name }
  outcome answer answeredAt changesetId`;
