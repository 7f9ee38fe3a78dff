import { beforeEach, describe, expect, it } from 'vitest';
import type { TeamImportOptions } from '../../../src/teams/import/teamImport.service.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { at, day, TeamsWorld } from '../teamsWorld.ts';

let world: TeamsWorld;

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await TeamsWorld.make(db);
});

const HEADER = 'name,kind,standing,members,languages,categories,parents,covers,from,to';

function load(lines: readonly string[], options: Partial<TeamImportOptions> = { commit: true }) {
  return world.importer.importTeams(Buffer.from([HEADER, ...lines].join('\n')), { commit: true, ...options });
}

function team(name: string, when = '2024-06-01') {
  const moment = at(when, world.editions.latest);
  const rows = world.directory.knownIn(moment.edition).bodies.filter(({ value }) => value.name === name);
  const body = rows.length > 0 ? world.directory.findBody(rows[0].value.id, moment) : undefined;
  if (!body) return undefined;
  const { standing, members } = world.book.teamOf(body.id, moment);
  const { book } = world;
  return {
    kind: body.kind,
    standing,
    members: members.map(({ kind, count }) => `${kind}:${count}`).join(';'),
    languages: body.languages.join(),
    categories: body.categories.join(),
    parents: book.parentsOf(body.id, moment).map(({ line, body: above }) => `${line}=${above.name}`), // biome-ignore format: one line
    covers: book.coverageOf(body.id, moment).map(({ gridId }) => world.atlas.findGrid(gridId)!.codes[0].code).sort(), // biome-ignore format: one line
  };
}

const PATROL = '义警队,VOLUNTEERS,civil,民警:1;志愿者:20,zh;pcc,safety,police=B0;party=党支部,T1;T2a,2022-01-01,';
const PARTY = '党支部,PARTY,,,,,,,2022-01-01,';

describe('a file of teams', () => {
  it('makes teams whole, whichever row comes first, and makes nothing new the second time', async () => {
    const report = await load([PATROL, PARTY]);
    expect(report).toMatchObject({
      rows: 2,
      faults: [],
      edition: 2,
      would: { bodies: 2, members: 21, parents: 2, coverage: 2 },
    });
    expect(team('义警队')).toEqual({
      kind: 'VOLUNTEERS',
      standing: 'civil',
      members: '民警:1;志愿者:20',
      languages: 'zh,pcc',
      categories: 'safety',
      parents: ['party=党支部', 'police=B0'],
      covers: ['T1', 'T2a'],
    });
    expect(team('义警队', '2021-12-31')).toBeUndefined();
    expect(await load([PATROL, PARTY])).toMatchObject({ faults: [], nothingNew: true, edition: null });
  });

  it('is only looked at in a dry run, and changes just what it says otherwise', async () => {
    await load([PATROL, PARTY]);
    const changed = '义警队,VOLUNTEERS,,民警:2,,,police=B1,T1;T1a,2024-01-01,';
    const dry = await load([changed], { commit: false });
    expect(dry).toMatchObject({ edition: null, would: { bodies: 0, parents: 1, coverage: 1, changes: 3 } });
    expect((await load([changed])).edition).toBe(3);
    const { parents, members, covers, standing, languages } = team('义警队')!;
    expect({ parents, members, covers, standing, languages }).toEqual({
      parents: ['party=党支部', 'police=B1'],
      members: '民警:2',
      covers: ['T1', 'T1a'],
      standing: 'civil',
      languages: 'zh,pcc',
    });
    expect(team('义警队', '2023-06-01')).toMatchObject({ members: '民警:1;志愿者:20', covers: ['T1', 'T2a'] });
    expect((await load([changed])).nothingNew).toBe(true);
  });

  it.each([
    ['name', ',TEAM,,,,,,,,', 'is empty'],
    ['kind', 'X,,,,,,,,,', 'is empty'],
    ['members', 'X,TEAM,,民警三名,,,,,,', 'is not a kind and a count'],
    ['members', 'X,TEAM,,民警:-3,,,,,,', 'is not a kind and a count'],
    ['members', 'X,TEAM,,民警:1;民警:2,,,,,,', 'is there twice'],
    ['members', 'X,TEAM,,13912345678:1,,,,,,', 'looks like a mobile phone number'],
    ['languages', 'X,TEAM,,,布依语,,,,,', 'write language tags'],
    ['parents', 'X,TEAM,,,,,B0,,,', 'is not a line and a body'],
    ['parents', 'X,TEAM,,,,,police=Nobody,,,', 'is no body'],
    ['parents', 'X,TEAM,,,,,police=B0;police=B1,,,', 'is there twice'],
    ['parents', 'X,TEAM,,,,,police=X,,,', 'above itself'],
    ['covers', 'X,TEAM,,,,,,T9,,', 'is the code of no grid'],
    ['covers', 'X,TEAM,,,,,,T1,2019-01-01,', 'begins only on'],
    ['from', 'X,TEAM,,,,,,,2024-02-30,', 'is not a date'],
    ['to', 'X,TEAM,,,,,,,2024-02-02,2024-01-01', 'is not after'],
    ['to', 'B0,STATION,,,,,,,,2025-01-01', 'does not end bodies'],
    ['from', 'B0,STATION,,,,,,,2019-01-01,', 'does not exist'],
    ['name', 'Good,TEAM,,,,,,,,', 'says the same team as row 2'],
    ['', 'X,TEAM', 'has 2 cells'],
  ])('says of a bad row its row, column (%s), value and reason, and writes nothing', async (column, line, reason) => {
    const report = await load(['Good,TEAM,,,,,,,2024-01-01,', line]);
    expect(report.faults[0]).toMatchObject({ row: 3, column, reason: expect.stringContaining(reason) });
    expect(report.edition).toBeNull();
    expect(team('Good')).toBeUndefined();
  });

  it('publishes the good rows where that is asked, without those that stand under a bad one', async () => {
    const lines = [
      'Good,TEAM,,a:1,,,,T1,2024-01-01,',
      'Bad,TEAM,,a:x,,,,,2024-01-01,',
      'Worse,TEAM,,,,,,T9,2024-01-01,',
      'Below,TEAM,,,,,police=Worse,,2024-01-01,',
      'Lowest,TEAM,,,,,police=Below,,2024-01-01,',
    ];
    const report = await load(lines, { keepGood: true });
    expect(report.faults.map(({ row, column }) => `${row} ${column}`)).toEqual([
      '3 members',
      '4 covers',
      '5 parents',
      '6 parents',
    ]);
    expect(report).toMatchObject({ rows: 5, edition: 2, would: { bodies: 1 } });
    expect([team('Good')?.members, team('Worse'), team('Below'), team('Lowest')]).toEqual([
      'a:1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('refuses a ring over several rows, and one that known parents close', async () => {
    const ring = ['R1,T,,,,,l=R2,,2024-01-01,', 'R2,T,,,,,l=R3,,2024-01-01,', 'R3,T,,,,,l=R1,,2024-01-01,'];
    expect((await load(ring)).faults.length).toBeGreaterThan(0);
    await load(['R1,T,,,,,l=B1,,2024-01-01,']);
    const closing = await load(['B1,STATION,,,,,l=R1,,2024-02-01,']);
    expect(closing.faults).toMatchObject([{ row: 2, column: 'parents', value: 'l' }]);
  });

  it('is refused as a whole for a column that is unknown, twice or missing', async () => {
    const file = (text: string) => world.importer.importTeams(Buffer.from(text), { commit: true });
    await expect(file('name,kind,member_names\na,b,c')).rejects.toMatchObject({
      code: 'BAD_FILE',
      details: { column: 'member_names' },
    });
    await expect(file('name,kind,kind\na,b,c')).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(file('name\na')).rejects.toMatchObject({ code: 'BAD_FILE', details: { column: 'kind' } });
  });

  it('takes days in the time zone of the registry, and means a body by its key whatever it is called', async () => {
    const text = 'code,name,kind,from\nK1,Old name,TEAM,2024-01-01\n';
    await world.importer.importTeams(Buffer.from(text), { commit: true });
    const [row] = world.directory.knownIn(2).bodies.filter(({ value }) => value.name === 'Old name');
    expect(new Date(row.validFrom)).toEqual(new Date('2023-12-31T16:00:00Z'));
    const renamed = 'code,name,kind,from\nK1,New name,TEAM,2024-03-01\n';
    expect((await world.importer.importTeams(Buffer.from(renamed), { commit: true })).would).toMatchObject({
      bodies: 0,
      changes: 1,
    });
    expect(world.directory.findBody(row.value.id, { asOf: day('2024-04-01').getTime(), edition: 3 })?.name).toBe(
      'New name',
    );
  });
});
