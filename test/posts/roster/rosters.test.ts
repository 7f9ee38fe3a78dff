import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RosterDraft } from '../../../src/posts/roster/roster.type.ts';
import { emptyTables, openTestDatabase } from '../../support/database.ts';
import { appoint, day, makePerson, makePost, PostsWorld } from '../postsFixture.ts';
import { makeRoster, openDirectory, rosters, sayDuty } from './rosterFixture.ts';

let world: PostsWorld;
const ids = { ann: '', bob: '', lee: '' };

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  const post = makePost('officer', world.gridId('V1'));
  const people = ['Ann', 'Bob', 'Lee'].map((name) => makePerson(name));
  const ranks = ['PRIMARY', 'DEPUTY', 'SUPPORT'] as const;
  const appointments = people.map((person, i) => appoint(post, person, { rank: ranks[i] }));
  [ids.ann, ids.bob, ids.lee] = appointments.map(({ id }) => id);
  await world.staff({ people, posts: [post], appointments });
});

const publish = (...drafts: RosterDraft[]) =>
  world.publish((trx, edition) => rosters.insertRosters(trx, edition, drafts));

/** Who is on duty on V1, as a server just started tells it. */
async function duty(at: string, edition = world.editions.latest): Promise<string> {
  const { directory } = await openDirectory(world);
  return sayDuty(directory, world.gridId('V1'), at, edition)[0];
}

describe('who is on duty', () => {
  it('everybody is while no holder of the post has a roster, and again when the last has ended', async () => {
    expect(await duty('2024-06-01T04:00Z')).toBe('Ann Bob Lee');
    const night = makeRoster(ids.bob, { startsLocal: '2024-01-01T20:00', minutes: 720, validTo: day('2024-07-01') });
    await publish(night);
    expect(await duty('2024-06-01T04:00Z')).toBe('(Ann) (Bob) (Lee)');
    expect(await duty('2024-06-01T13:00Z')).toBe('Bob (Ann) (Lee)');
    expect(await duty('2024-07-01T00:00Z')).toBe('Ann Bob Lee');
    expect(await duty('2023-12-31T23:59Z')).toBe('Ann Bob Lee');
  });

  it('comes first, the standing owner stays behind, and whoever only backs up never comes before them', async () => {
    await publish(
      makeRoster(ids.ann),
      makeRoster(ids.bob, { startsLocal: '2024-01-01T16:00' }),
      makeRoster(ids.lee, { startsLocal: '2024-01-01T00:00', minutes: 1440 }),
    );
    expect(await duty('2024-06-01T04:00Z')).toBe('Ann (Bob) Lee');
    expect(await duty('2024-06-01T09:00Z')).toBe('Bob (Ann) Lee');
    expect(await duty('2024-06-01T17:00Z')).toBe('(Ann) (Bob) Lee');
  });

  it('is told by several rosters of one holder together, by exceptions and by holidays', async () => {
    await world.publish(async (trx, edition) => {
      const calendar = 'cn';
      await rosters.insertHolidays(trx, edition, [{ calendar, day: '2024-10-01', name: '国庆节' }]);
      const weekdays = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';
      await rosters.insertRosters(trx, edition, [
        makeRoster(ids.ann, { rule: weekdays, holidayCalendar: calendar, onHolidays: 'OFF', datesOut: ['2024-09-30'] }),
        makeRoster(ids.ann, { rule: 'FREQ=WEEKLY;BYDAY=SA', datesIn: ['2024-10-02'], startsLocal: '2024-01-01T20:00' }),
        makeRoster(ids.bob, { holidayCalendar: calendar, onHolidays: 'ONLY' }),
      ]);
    });
    const noon = async (date: string) =>
      (await duty(`${date}T04:00Z`)).split(' ').filter((name) => !name.startsWith('('));
    expect(await noon('2024-09-27')).toEqual(['Ann']);
    expect(await noon('2024-09-28')).toEqual([]);
    expect(await noon('2024-09-30')).toEqual([]);
    expect(await noon('2024-10-01')).toEqual(['Bob']);
    expect(await duty('2024-09-28T13:00Z')).toBe('Ann (Bob) (Lee)');
    expect(await duty('2024-10-02T13:00Z')).toBe('Ann (Bob) (Lee)');
    const before = world.editions.latest;
    await world.publish((trx, edition) => rosters.endHolidays(trx, edition, 'cn', ['2024-10-01']));
    expect(await noon('2024-10-01')).toEqual(['Ann']);
    expect(await duty('2024-10-01T04:00Z', before)).toBe('Bob (Ann) (Lee)');
  });

  it('is remembered by edition: a roster that was ended still holds in the edition before', async () => {
    const roster = makeRoster(ids.ann);
    const first = await publish(roster);
    const second = await world.publish((trx, edition) =>
      rosters.endRosters(trx, edition, [roster.id], new Date('2024-06-01T04:00Z')),
    );
    expect(await duty('2024-06-01T03:59Z', second)).toBe('Ann (Bob) (Lee)');
    expect(await duty('2024-06-01T04:00Z', second)).toBe('Ann Bob Lee');
    expect(await duty('2024-06-01T04:00Z', first)).toBe('Ann (Bob) (Lee)');
    const never = world.publish((trx, edition) => rosters.endRosters(trx, edition, [roster.id], day('2024-08-01')));
    await expect(never).rejects.toThrow(/No roster .* is kept on or after/);
  });

  it('lists the shifts that are worked: cut where the roster or the appointment ends', async () => {
    await publish(makeRoster(ids.ann, { startsLocal: '2024-01-01T22:00', validTo: new Date('2024-03-03T16:00Z') }));
    await world.publish((trx, edition) =>
      world.posts.endAppointments(trx, edition, [ids.ann], new Date('2024-03-02T20:00Z')),
    );
    const { directory } = await openDirectory(world);
    const moment = { asOf: Date.parse('2024-03-01T04:00Z'), edition: world.editions.latest };
    const [{ holders }] = directory.postsOn(world.gridId('V1'), moment);
    const span = { from: Date.parse('2024-03-01T16:00Z'), until: Date.parse('2024-03-10T00:00Z') };
    const shifts = holders.map(({ duty: said }) => said!.shiftsIn(span).map(({ from, until }) => [from, until]));
    const at = (text: string) => Date.parse(`2024-03-0${text}:00Z`);
    const nights = [[at('1T14'), at('1T22')], [at('2T14'), at('2T20')]]; // biome-ignore format: two nights
    expect(shifts).toEqual([nights, [], []]);
  });
});

describe('a roster that is refused', () => {
  it.each<[string, Partial<RosterDraft>, RegExp]>([
    ['a zone that is not there', { timeZone: 'Asia/Suizhou' }, /^timeZone: Asia\/Suizhou is no IANA time zone/],
    ['an offset for a zone', { timeZone: '+08:00' }, /^timeZone: \+08:00 is no IANA/],
    ['a shift of more than a week', { minutes: 10_081 }, /^minutes: a shift has 1 to 10080 whole minutes/],
    ['a shift of no length', { minutes: 0 }, /^minutes:/],
    ['an instant for a local time', { startsLocal: '2024-01-01T08:00Z' }, /^startsLocal:/],
    ['a day that is not there', { startsLocal: '2024-02-30T08:00' }, /^startsLocal:/],
    ['a rule that nobody can read', { rule: 'FREQ=DAILY;BYEASTER=1' }, /^rule: BYEASTER cannot be read/],
    ['a rule of every hour', { rule: 'FREQ=HOURLY' }, /^rule: HOURLY lets a shift begin .*more than once a day/],
    ['a rule that falls on no day', { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, /^rule: .*falls on no day/],
    ['a date out that is none', { datesOut: ['1 May'] }, /^datesOut: 1 May is not a day/],
    ['a date both out and in', { datesOut: ['2024-05-01'], datesIn: ['2024-05-01'] }, /^datesIn: 2024-05-01 is in/],
    ['holidays of no calendar', { onHolidays: 'OFF' }, /^holidayCalendar: name the calendar/],
    ['a calendar without a meaning', { holidayCalendar: 'cn' }, /^onHolidays: say OFF/],
    ['an end before its beginning', { validTo: day('2023-01-01') }, /^validTo:/],
  ])('%s', async (_title, wrong, words) => {
    await expect(publish(makeRoster(ids.ann, wrong))).rejects.toThrow(words);
  });

  it('one of an appointment or a calendar that is not known', async () => {
    await expect(publish(makeRoster(randomUUID()))).rejects.toThrow(/there is no appointment .*; appoint the holder/);
    const holidays = { holidayCalendar: 'cn', onHolidays: 'OFF' } as const;
    await expect(publish(makeRoster(ids.ann, holidays))).rejects.toThrow(/no calendar cn; known are none/);
  });
});
