import { beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/app.ts';
import { buildApp } from '../../../src/app.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { testConfig } from '../../support/testConfig.ts';

const HEADER = 'code,name,answers_as,position,categories,layer,tier,required';
let app: App;

const importRoles = (lines: string[], commit = true) =>
  app.importers.roles.importRoles(Buffer.from([HEADER, ...lines].join('\n')), { commit });
const sitting = (tier: string) =>
  app.directory
    .tierRoles(app.atlas.findTier('police', tier)!.id, app.editions.latest)
    .map(({ role, required }) => `${role.code} ${required}`);

beforeAll(async () => {
  const database = await openTestDatabase();
  await emptyTables(database.db);
  app = await buildApp(database, testConfig());
  await app.editions.publish('Layers', async (trx, edition) => {
    await app.writers.grids.insertLayer(trx, edition, { code: 'police', name: '警务', kind: 'PARTITION' });
    await app.writers.grids.insertTier(trx, edition, { layer: 'police', code: 'station', name: '派出所', rank: 1 });
    await app.writers.grids.insertTier(trx, edition, { layer: 'police', code: 'beat', name: '警格', rank: 2 });
  });
});

describe('a file of roles', () => {
  it('is a dry run without commit', async () => {
    const report = await importRoles(['officer,社区民警,officer,1,fraud;theft,police,beat,true'], false);
    expect(report).toMatchObject({ rows: 1, faults: [], would: { roles: 1, seats: 1 }, edition: null });
    expect(app.directory.findRole('officer', app.editions.latest)).toBeUndefined();
  });

  it('makes roles and seats in one edition, and the same file again makes nothing', async () => {
    const lines = [
      'officer,社区民警,officer,1,fraud;theft,police,beat,true',
      'officer,社区民警,officer,1,fraud;theft,police,station,',
    ];
    expect(await importRoles(lines)).toMatchObject({ would: { roles: 1, seats: 2 }, edition: 2 });
    expect(sitting('beat')).toEqual(['officer true']);
    expect(sitting('station')).toEqual(['officer false']);
    expect(app.directory.findRole('officer', 2)).toMatchObject({
      answersAs: 'officer',
      categories: ['fraud', 'theft'],
    });
    expect(await importRoles(lines)).toMatchObject({ faults: [], would: { roles: 0, seats: 0 }, edition: null });
  });

  it('names row and column of everything that is wrong, and writes nothing', async () => {
    const report = await importRoles([
      'head,所长,boss,2,,police,station,true',
      'officer,片警,officer,1,fraud;theft,police,beat,true',
      'guard,保安,,x,,police,beat,perhaps',
      'guard,保安,,3,,police,province,',
    ]);
    expect(report.edition).toBeNull();
    expect(report.faults.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '2 answers_as',
      '4 position',
      '4 required',
      '3 name',
      '5 tier',
    ]);
    expect(app.editions.latest).toBe(2);
  });

  it('counts rows as a spreadsheet does, blank lines too, and refuses a cell too many', async () => {
    const report = await importRoles(['', 'head,所长,,2,,police,station,true,more'], false);
    expect(report.faults).toMatchObject([{ row: 3, reason: 'has 9 cells where the header names 8 columns' }]);
  });

  it('is refused as a whole when columns are missing or unknown', async () => {
    const bytes = Buffer.from('code,name,phone\nofficer,x,1\n');
    await expect(app.importers.roles.importRoles(bytes, { commit: true })).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('answers_as'),
    });
  });
});
