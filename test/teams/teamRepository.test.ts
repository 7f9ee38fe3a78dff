import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { WriteEdition } from '../../src/grids/edition.service.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { ALWAYS, at, cover, day, onDays, TeamsWorld } from './teamsWorld.ts';

let world: TeamsWorld;
let b: string[];

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await TeamsWorld.make(db);
  b = world.bodies.map(({ id }) => id);
});

async function refusal(write: WriteEdition<void>): Promise<string> {
  const { latest } = world.editions;
  const words = await world.publish(write).then(
    () => 'accepted',
    ({ code, message, cause }) => [code, cause?.constraint, message].filter(Boolean).join(' '),
  );
  expect(world.editions.latest).toBe(words === 'accepted' ? latest + 1 : latest);
  return words;
}

const link = (bodyId: string, parentId: string, more = {}) => ({
  bodyId,
  line: 'police',
  parentId,
  ...ALWAYS,
  ...more,
});
const members = (text: string) =>
  text.split(' ').map((part) => ({ kind: part.split(':')[0], count: Number(part.split(':')[1]) }));
const say = (bodyId: string, when: string, edition = world.editions.latest) =>
  world.book.teamOf(bodyId, at(when, edition)).members.map(({ kind, count }) => `${kind}:${count}`).join(' '); // biome-ignore format: one chain

describe('what bodies are as teams', () => {
  it('is revised from a day on, planned changes keep their dates, and the old edition says what it said', async () => {
    const { teams } = world;
    const team = { bodyId: b[0], standing: 'civil', members: members('a:1 b:2'), ...ALWAYS };
    await world.publish((trx, e) => teams.insertTeams(trx, e, [{ ...team, validTo: day('2025-01-01') }]));
    await world.publish((trx, e) =>
      teams.insertTeams(trx, e, [{ ...team, members: members('c:9'), validFrom: day('2025-01-01') }]),
    );
    const revision = { bodyId: b[0], from: day('2024-01-01'), set: { standing: 'official' } };
    await world.publish((trx, e) => teams.reviseTeams(trx, e, [revision]));
    expect([say(b[0], '2023-01-01'), say(b[0], '2024-06-01'), say(b[0], '2025-06-01')]).toEqual([
      'a:1 b:2',
      'a:1 b:2',
      'c:9',
    ]);
    const standing = (when: string, edition: number) => world.book.teamOf(b[0], at(when, edition)).standing;
    expect([standing('2023-12-31', 4), standing('2024-01-01', 4), standing('2025-06-01', 4)]).toEqual(['civil', 'official', 'official']); // biome-ignore format: one row
    expect([standing('2024-01-01', 3), say(b[0], '2025-06-01', 2)]).toEqual(['civil', '']);
  });

  it('ends with the body: members, lines above and below it and coverage, and what was before stays', async () => {
    const { teams } = world;
    await world.publish(async (trx, e) => {
      await teams.insertTeams(trx, e, [{ bodyId: b[1], standing: null, members: members('a:3'), ...ALWAYS }]);
      await teams.insertParents(trx, e, [link(b[1], b[0]), link(b[2], b[1])]);
      await teams.insertCoverage(trx, e, [cover(b[1], world.gridId('T1'))]);
    });
    await world.publish((trx, e) => teams.endTeam(trx, e, b[1], day('2024-01-01')));
    const all = (when: string) => {
      const moment = at(when, world.editions.latest);
      const { book } = world;
      const units = [...book.unitsOf(b[0], null, moment), ...book.unitsOf(b[1], 'police', moment)];
      return [say(b[1], when), units.length, book.coversOn(world.gridId('T1'), moment).length];
    };
    expect(all('2023-12-31')).toEqual(['a:3', 2, 1]);
    expect(all('2024-01-01')).toEqual(['', 0, 0]);
    expect(await refusal((trx, e) => teams.endTeam(trx, e, b[5], day('2024-01-01')))).toBe('accepted');
  });

  it('is not changed, left or ended where nothing is known of it any more', async () => {
    const { teams } = world;
    const from = day('2024-01-01');
    expect(await refusal((trx, e) => teams.reviseTeams(trx, e, [{ bodyId: b[0], from, set: {} }]))).toMatch(
      /^NOT_FOUND/,
    );
    expect(await refusal((trx, e) => teams.endParents(trx, e, [{ bodyId: b[0], line: 'x' }], from))).toMatch(
      /^NOT_FOUND/,
    );
    expect(await refusal((trx, e) => teams.endCoverage(trx, e, [randomUUID()], from))).toMatch(/^NOT_FOUND/);
  });
});

describe('what cannot be written of teams', () => {
  it.each(['a:-1', 'a:1.5', 'a:1 a:2', ':1', 'a:x'])('members %s', async (text) => {
    const draft = { standing: null, members: members(text), ...ALWAYS };
    const write = (trx: never, e: number) => world.teams.insertTeams(trx, e, [{ ...draft, bodyId: b[0] }]);
    expect(await refusal(write as never)).toMatch(/^BAD_INPUT members: /);
  });

  it.each([
    ['{a}', '{-1}'],
    ['{a,b}', '{1}'],
    ['{a,a}', '{1,2}'],
    ['{a}', '{NULL}'],
    ['{""}', '{1}'],
  ])('members %s %s by raw SQL', async (kinds, counts) => {
    const write: WriteEdition<void> = async (trx, e) => {
      await sql`insert into team_version (body_id, member_kinds, member_counts, valid, edition_from)
        values (${b[0]}, ${kinds}::text[], ${counts}::int[], tstzrange('2020-01-01', null), ${e})`.execute(trx);
    };
    expect(await refusal(write)).toMatch(/team_version_composition/);
  });

  it('a body above itself, over any number of steps, within one edition or several, on any day', async () => {
    const { teams } = world;
    const ring = [link(b[0], b[1]), link(b[1], b[2]), link(b[2], b[0])];
    expect(await refusal((trx, e) => teams.insertParents(trx, e, ring))).toMatch(/^MISSING_PARENT .*above itself/);
    expect(await refusal((trx, e) => teams.insertParents(trx, e, [link(b[0], b[0])]))).toMatch(
      /body_parent_not_itself/,
    );
    await world.publish((trx, e) => teams.insertParents(trx, e, ring.slice(0, 2)));
    const closing = link(b[2], b[0], { validFrom: day('2030-01-01'), validTo: day('2030-01-02') });
    expect(await refusal((trx, e) => teams.insertParents(trx, e, [closing]))).toMatch(/^MISSING_PARENT/);
    // In another line, or after the others have left, there is no ring.
    expect(await refusal((trx, e) => teams.insertParents(trx, e, [{ ...closing, line: 'party' }]))).toBe('accepted');
    await world.publish((trx, e) => teams.endParents(trx, e, [{ bodyId: b[1], line: 'police' }], day('2029-01-01')));
    expect(await refusal((trx, e) => teams.insertParents(trx, e, [closing]))).toBe('accepted');
  });

  it('two parents in one line, or the same coverage twice, on one day', async () => {
    const { teams } = world;
    const two = [link(b[0], b[1]), link(b[0], b[2])];
    expect(await refusal((trx, e) => teams.insertParents(trx, e, two))).toMatch(
      /^CONFLICT body_parent_one_per_instant/,
    );
    const twice = [cover(b[0], world.gridId('T1')), cover(b[0], world.gridId('T1'))];
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, twice))).toMatch(/^CONFLICT team_coverage_once/);
    const circuits = twice.map((each) => ({ ...each, days: onDays({ weekdays: [1] }) }));
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, circuits))).toBe('accepted');
  });

  it('coverage on dates on which the grid does not exist; a grid that ends later takes nothing along', async () => {
    const { teams, grids } = world;
    const early = cover(b[0], world.gridId('T1a'), { validFrom: day('2019-01-01') });
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, [early]))).toMatch(
      /^MISSING_PARENT Grid .* does not exist/,
    );
    await world.publish((trx, e) => teams.insertCoverage(trx, e, [cover(b[0], world.gridId('T1a1'))]));
    const ending: WriteEdition<void> = (trx, e) => grids.retireGrids(trx, e, [world.gridId('T1a1')], day('2024-01-01'));
    expect(await refusal(ending)).toBe('accepted');
    const late = cover(b[1], world.gridId('T1a1'));
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, [late]))).toMatch(/^MISSING_PARENT Grid/);
    const within = { ...late, validTo: day('2024-01-01') };
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, [within]))).toBe('accepted');
  });

  it('circuit days that cannot be, in words by the writer and as a law of the table', async () => {
    const { teams } = world;
    const bad = cover(b[0], world.gridId('T1'), { days: onDays({ weekdays: [9] }) });
    expect(await refusal((trx, e) => teams.insertCoverage(trx, e, [bad]))).toMatch(/^BAD_INPUT weekdays/);
    const raw = (columns: string, values: string) =>
      refusal(async (trx, e) => {
        await sql`insert into team_coverage (coverage_id, body_id, grid_id, valid, edition_from, ${sql.raw(columns)})
          values (gen_random_uuid(), ${b[0]}, ${world.gridId('T1')}, tstzrange('2020-01-01Z', null), ${e}, ${sql.raw(values)})`.execute(
          trx,
        );
      });
    expect(await raw('time_zone', `'Asia/Shanghai'`)).toMatch(/team_coverage_days/);
    expect(await raw('weekdays', `'{1}'`)).toMatch(/team_coverage_days/);
    expect(await raw('weekdays, time_zone', `'{0}', 'UTC'`)).toMatch(/weekdays/);
    expect(await raw('weekdays, time_zone', `'{1}', 'Asia/Nowhere'`)).toMatch(/^MISSING_PARENT There is no time zone/);
    expect(await raw('weekdays, time_zone', `'{1}', 'Asia/Shanghai'`)).toBe('accepted');
  });
});
