import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DutyImportOptions } from '../../../src/posts/duties/dutyImport.service.ts';
import { day, StaffingWorld } from '../appointing/staffingWorld.ts';

let world: StaffingWorld;
beforeAll(async () => {
  world = await StaffingWorld.open();
});
afterAll(() => world.api.close());

const HEADER = 'role,category,stance,layer,tier,grid_code,from,to';
const importDuties = (lines: readonly string[], options: Partial<DutyImportOptions> = {}) => {
  const bytes = Buffer.from([HEADER, ...lines].join('\n'));
  return world.api.app.importers.duties.importDuties(bytes, { commit: true, ...options });
};

async function duty(role: string, category: string, asOf: Date, edition?: number) {
  const query = `query ($role: String!, $category: String!, $asOf: DateTime, $edition: Int) {
    duty(role: $role, category: $category, at: { point: { lon: 0.0005, lat: 0.0005 } }, asOf: $asOf, edition: $edition) {
      role { code } allowed stance byMatrix instead { code } holdings { post { role { code } vacant } } } }`;
  return (await world.api.ask(query, { role, category, asOf, edition })).duty;
}

const RULES = [
  'officer,dispute,NOT,gov,village,,2026-01-01,',
  'leader,dispute,LEADS,,,,2026-01-01,',
  'worker,dispute,MAY,,,,2026-01-01,',
  'worker,*,SUPPORTS,,,,2026-01-01,2026-09-01',
];

describe('importing duties', () => {
  it('makes one edition of a file, nothing of a dry run, and nothing new of the same file later', async () => {
    const { latest } = world.api.app.editions;
    expect(await importDuties(RULES, { commit: false })).toMatchObject({
      would: { rules: 4, closed: 0 },
      edition: null,
    });
    expect(world.api.app.editions.latest).toBe(latest);
    expect(await importDuties(RULES)).toMatchObject({ rows: 4, faults: [], edition: latest + 1 });
    expect(await importDuties(RULES)).toMatchObject({ would: { rules: 0, closed: 0 }, edition: null });
    const at = day('2026-06-01');
    expect(await duty('officer', 'dispute', at)).toMatchObject({ allowed: false, stance: 'NOT', byMatrix: true });
    expect(await duty('worker', 'noise', at)).toMatchObject({ allowed: false, stance: 'SUPPORTS' });
    expect(await duty('worker', 'noise', day('2026-10-01'))).toMatchObject({ allowed: true, byMatrix: false });
    expect(await duty('officer', 'dispute', day('2025-06-01'))).toMatchObject({ allowed: true, byMatrix: false });
  });

  it('"not this role": names the ones that do, leading first, with who holds them', async () => {
    const { instead, holdings } = await duty('officer', 'dispute', day('2026-06-01'));
    expect(instead.map(({ code }: { code: string }) => code)).toEqual(['leader', 'worker']);
    const roles = holdings.map(({ post }: { post: { role: { code: string } } }) => post.role.code);
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.every((code: string) => code === 'leader' || code === 'worker')).toBe(true);
  });

  it('changes a rule from a day on, and an earlier edition goes on saying what it said', async () => {
    const { latest } = world.api.app.editions;
    const { edition } = await importDuties(['officer,dispute,MAY,gov,village,,2026-07-01,']);
    expect(edition).toBe(latest + 1);
    expect((await duty('officer', 'dispute', day('2026-06-30'))).stance).toBe('NOT');
    expect((await duty('officer', 'dispute', day('2026-07-01'))).stance).toBe('MAY');
    expect((await duty('officer', 'dispute', day('2026-07-01'), latest)).stance).toBe('NOT');
    await importDuties(['officer,dispute,LEADS,,,V1,2026-07-01,']);
    expect((await duty('officer', 'dispute', day('2026-07-01'))).stance).toBe('LEADS');
  });

  it('names row, column, value and reason of every bad row, and then writes nothing', async () => {
    const { latest } = world.api.app.editions;
    const { faults, edition } = await importDuties([
      'mayor,dispute,MAY,,,,,',
      'officer,,MAY,,,,,',
      'officer,dispute,SOMETIMES,,,,,',
      'officer,dispute,MAY,gov,,,,',
      'officer,dispute,MAY,gov,district,,,',
      'officer,dispute,MAY,gov,hamlet,,,',
      'officer,dispute,MAY,,,V99,,',
      'officer,dispute,MAY,,,,2026-02-30,',
      'officer,dispute,MAY,,,,2026-02-03,2026-02-03',
      'officer,dispute,MAY',
      'worker,theft,MAY,,,,,',
      'worker,theft,NOT,,,,,',
    ]);
    expect(edition).toBeNull();
    expect(world.api.app.editions.latest).toBe(latest);
    expect(faults.map(({ row, column }) => `${row} ${column}`)).toEqual([
      ...['2 role', '3 category', '4 stance', '5 tier', '6 tier', '7 tier', '8 grid_code', '9 from', '10 to', '11 '],
      '13 category',
    ]);
    for (const { reason } of faults) expect(reason.length).toBeGreaterThan(6);
    await expect(
      world.api.app.importers.duties.importDuties(Buffer.from('role,category\nx,y'), { commit: true }),
    ).rejects.toThrow(/stance/);
  });

  it('says that a role is not known, and answers for a role that does not sit at the place', async () => {
    await expect(duty('mayor', 'dispute', day('2026-06-01'))).rejects.toThrow(/NOT_FOUND: role/);
  });
});
