import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../support/api.ts';
import { day, NOW, StaffingWorld } from '../../appointing/staffingWorld.ts';

let world: StaffingWorld;
let admin: Headers;
let neighbour: Headers;
let everywhere: Headers;
const from = day('2026-01-01');

type Headers = Record<string, string>;

beforeAll(async () => {
  world = await StaffingWorld.open();
  admin = await world.as('admin', 'D1');
  neighbour = await world.as('admin', 'D2');
  everywhere = await world.as('admin', '*');
});
afterAll(() => world.api.close());

const GUARDS = '$expectedEdition: Int, $clientKey: String';
const GUARD = 'expectedEdition: $expectedEdition, clientKey: $clientKey';
const SHOWN = 'edition asOf rosterIds post { id role { code } grid { id } }';
const ACTS: Readonly<Record<string, string>> = {
  addRosters: `mutation ($input: AddRostersInput!, ${GUARDS}) { addRosters(input: $input, ${GUARD}) { ${SHOWN} } }`,
  endRosters: `mutation ($ids: [ID!]!, $at: DateTime!, ${GUARDS}) {
    endRosters(ids: $ids, at: $at, ${GUARD}) { ${SHOWN} } }`,
  addHolidays: `mutation ($calendar: String!, $days: [HolidayInput!]!, ${GUARDS}) {
    addHolidays(calendar: $calendar, days: $days, ${GUARD}) { edition calendar changed } }`,
  endHolidays: `mutation ($calendar: String!, $days: [String!]!, ${GUARDS}) {
    endHolidays(calendar: $calendar, days: $days, ${GUARD}) { edition calendar changed } }`,
};

const act = async (headers: Headers, name: string, variables: object): Promise<Answer> =>
  (await world.api.ask(ACTS[name], variables, headers))[name];

/** The code and message with which an act is refused; the edition is left as it was. */
async function refusal(headers: Headers, name: string, variables: object): Promise<string> {
  const { editions } = world.api.app;
  const before = editions.latest;
  const { errors = [] } = await world.api.askRaw(ACTS[name], variables, headers);
  await editions.catchUp();
  expect(editions.latest).toBe(before);
  return errors.map(({ message, extensions }) => `${extensions.code} ${message}`).join('; ');
}

/** Every day from 08:00 to 16:00 in Shanghai, which is 00:00 to 08:00 UTC. */
const daily = (more: object = {}) => ({
  ...{ timeZone: 'Asia/Shanghai', rule: 'FREQ=DAILY', startsLocal: '2026-01-01T08:00', minutes: 480, from },
  ...more,
});
const input = (appointmentId: string, ...rosters: object[]) => ({ input: { appointmentId, rosters } });

let people = 0;
async function appoint(headers: Headers, grid: string, rank = 'PRIMARY', more: object = {}): Promise<string> {
  people += 1;
  const wish = { roleCode: 'worker', gridId: grid, person: { name: `Person ${people}` }, rank, from, ...more };
  return (await world.do(headers, 'appoint', { input: wish })).appointmentId;
}

/** "on" or "off" of each holder of the worker's post, by appointment. */
async function duty(grid: string, asOf: string, edition?: number): Promise<Record<string, string>> {
  const query = `query ($id: ID!, $asOf: DateTime, $edition: Int) { grid(id: $id, asOf: $asOf, edition: $edition) {
    holdings(role: "worker") { appointmentId onDuty } } }`;
  const { grid: shown } = await world.api.ask(query, { id: world.id(grid), asOf, edition });
  return Object.fromEntries(
    shown.holdings.map((held: Answer) => [held.appointmentId, held.onDuty ? 'on' : 'off']),
  ) as Record<string, string>;
}

describe('rosters by the API', () => {
  it('say in the next request who is on duty, and when ended say so no more; earlier editions keep them', async () => {
    const [one, two] = [await appoint(admin, 'V1'), await appoint(admin, 'V1', 'DEPUTY')];
    const [morning, evening] = ['2026-06-01T04:00:00Z', '2026-06-01T12:00:00Z'];
    expect(await duty('V1', morning)).toEqual({ [one]: 'on', [two]: 'on' });
    const added = await act(admin, 'addRosters', input(one, daily(), daily({ startsLocal: '2026-01-03T08:00' })));
    expect(added).toMatchObject({ asOf: from.toISOString(), post: { role: { code: 'worker' }, grid: {} } });
    expect(added.post.grid.id).toBe(world.id('V1'));
    expect(added.rosterIds).toHaveLength(2);
    expect(await duty('V1', morning)).toEqual({ [one]: 'on', [two]: 'off' });
    expect(await duty('V1', evening)).toEqual({ [one]: 'off', [two]: 'off' });
    const ended = await act(admin, 'endRosters', { ids: added.rosterIds, at: '2026-06-01T00:00:00Z' });
    expect(ended).toMatchObject({ rosterIds: added.rosterIds, asOf: '2026-06-01T00:00:00.000Z' });
    expect(await duty('V1', evening)).toEqual({ [one]: 'on', [two]: 'on' });
    expect(await duty('V1', '2026-05-31T12:00:00Z')).toEqual({ [one]: 'off', [two]: 'off' });
    expect(await duty('V1', evening, added.edition)).toEqual({ [one]: 'off', [two]: 'off' });
    expect(await refusal(admin, 'endRosters', { ids: added.rosterIds, at: '2026-06-01T00:00:00Z' })).toMatch(
      /^CONFLICT at: the roster ids\[0\] has ended by then/,
    );
  });

  it('begin now when nothing else is said, and may be given to who is yet to come', async () => {
    const planned = await appoint(admin, 'V2', 'PRIMARY', { from: day('2026-09-01') });
    const added = await act(admin, 'addRosters', input(planned, daily({ from: undefined })));
    expect(added.asOf).toBe(day('2026-09-01').toISOString());
    expect(await duty('V2', '2026-09-02T12:00:00Z')).toEqual({ [planned]: 'off' });
    const holder = await appoint(admin, 'V4');
    expect((await act(admin, 'addRosters', input(holder, daily({ from: null })))).asOf).toBe(NOW.toISOString());
    expect(await duty('V4', '2026-05-31T12:00:00Z')).toEqual({ [holder]: 'on' });
    expect(await duty('V4', '2026-06-01T12:00:00Z')).toEqual({ [holder]: 'off' });
  });

  it('are added once however often the request comes, thirty at a time too, and not after another edition', async () => {
    const holder = await appoint(admin, 'V3');
    const many = Array.from({ length: 30 }, (_, i) => daily({ minutes: 60 + i }));
    const sent = { ...input(holder, ...many), clientKey: randomUUID() };
    const first = await act(admin, 'addRosters', sent);
    expect(await act(admin, 'addRosters', sent)).toEqual(first);
    const other = { ...sent, ...input(holder, daily()) };
    expect(await refusal(admin, 'addRosters', other)).toMatch(/^CONFLICT clientKey/);
    const late = { ...input(holder, daily()), expectedEdition: first.edition - 1 };
    expect(await refusal(admin, 'addRosters', late)).toMatch(/^CONFLICT expectedEdition/);
    const again = input(holder, daily({ minutes: 65, datesOut: [] }));
    expect(await refusal(admin, 'addRosters', again)).toMatch(/^CONFLICT rosters\[0\]: .*this very roster/);
    const twice = input(holder, daily({ minutes: 20 }), daily({ minutes: 20 }));
    expect(await refusal(admin, 'addRosters', twice)).toMatch(/^CONFLICT rosters\[1\]: .*this very roster/);
  });

  it('are audited, done and refused, without what they say', async () => {
    const holder = await appoint(admin, 'V3', 'SUPPORT');
    const { rosterIds, post } = await act(admin, 'addRosters', input(holder, daily()));
    await act(admin, 'endRosters', { ids: rosterIds, at: NOW });
    await refusal(admin, 'endRosters', { ids: [randomUUID()], at: NOW });
    const entries = (await world.audited()).slice(-3);
    const about = { role: 'worker', postId: post.id, rosters: 1 };
    expect(entries).toMatchObject([
      { action: 'staff.manage', object_kind: 'appointment', object_id: holder, result: 'DONE' },
      { action: 'staff.manage', object_kind: 'post', object_id: post.id, result: 'DONE' },
      { action: 'staff.manage', result: 'REFUSED', details: { field: 'Mutation.endRosters', code: 'NOT_FOUND' } },
    ]);
    expect(entries.map(({ details }) => details).slice(0, 2)).toEqual([
      { did: 'rosters added', ...about },
      { did: 'rosters ended', ...about },
    ]);
    expect(entries[0].grid_id).toBe(world.id('V3'));
  });
});

describe('rosters that are refused', () => {
  let holder: string;
  beforeAll(async () => {
    holder = await appoint(admin, 'V1', 'SUPPORT');
  });

  it.each<[string, object, RegExp]>([
    ['a zone that is not there', { timeZone: 'Asia/Suizhou' }, /rosters\[1\]\.timeZone: Asia\/Suizhou is no IANA/],
    ['a rule that nobody can read', { rule: 'FREQ=HOURLY' }, /rosters\[1\]\.rule: HOURLY lets a shift begin/],
    ['a rule far too long', { rule: `FREQ=DAILY;${'x'.repeat(600)}` }, /rosters\[1\]\.rule: it is longer than 500/],
    ['an instant for a local time', { startsLocal: '2026-01-01T08:00Z' }, /rosters\[1\]\.startsLocal:/],
    ['a shift of no length', { minutes: 0 }, /rosters\[1\]\.minutes: a shift has 1 to 10080/],
    ['a date out that is none', { datesOut: ['1 May'] }, /rosters\[1\]\.datesOut: 1 May is not a day/],
    ['holidays of no calendar', { onHolidays: 'OFF' }, /rosters\[1\]\.holidayCalendar: name the calendar/],
    [
      'a calendar that nobody can read',
      { holidayCalendar: 'a\u0000b', onHolidays: 'ONLY' },
      /rosters\[1\]\.holidayCalendar: leave out control/,
    ],
    ['an end before its beginning', { to: day('2025-06-01') }, /rosters\[1\]\.to: .* is not after the beginning/],
    ['a year of antiquity', { from: '0026-01-01T00:00:00Z' }, /rosters\[1\]\.from: give an instant of the years 1900/],
    [
      'dates before the appointment',
      { from: day('2025-01-01'), to: from },
      /rosters\[1\]\.from: the appointment is for/,
    ],
  ])('%s', async (_title, wrong, words) => {
    const said = await refusal(admin, 'addRosters', input(holder, daily(), daily(wrong)));
    expect(said).toMatch(/^BAD_INPUT /);
    expect(said).toMatch(words);
  });

  it('none, too many, one named twice, those of two posts, and those of somebody who has gone', async () => {
    expect(await refusal(admin, 'addRosters', input(holder))).toMatch(/^BAD_INPUT rosters: give 1 to 30, not 0/);
    const many = Array.from({ length: 31 }, (_, i) => randomUUID().replace(/^./, String(i % 10)));
    expect(await refusal(admin, 'endRosters', { ids: many, at: NOW })).toMatch(/^BAD_INPUT ids: give 1 to 30, not 31/);
    const twice = [many[0], many[0].toUpperCase()];
    expect(await refusal(admin, 'endRosters', { ids: twice, at: NOW })).toMatch(/^BAD_INPUT ids: name each only once/);
    const other = await appoint(admin, 'V2', 'SUPPORT');
    const [mine] = (await act(admin, 'addRosters', input(holder, daily()))).rosterIds;
    const [theirs] = (await act(admin, 'addRosters', input(other, daily()))).rosterIds;
    expect(await refusal(admin, 'endRosters', { ids: [mine, theirs], at: NOW })).toMatch(/^BAD_INPUT ids: .*2 posts/);
    await world.do(admin, 'endAppointment', { id: other, at: '2026-05-01T00:00:00Z' });
    expect(await refusal(admin, 'addRosters', input(other, daily({ minutes: 5 })))).toMatch(
      /^CONFLICT appointmentId: the appointment ended on 2026-05-01/,
    );
    const calendar = { holidayCalendar: 'nowhere', onHolidays: 'OFF' };
    expect(await refusal(admin, 'addRosters', input(holder, daily(calendar)))).toMatch(
      /^NOT_FOUND holidayCalendar: there is no calendar nowhere/,
    );
  });

  it('those of another area, in the very words of what is not there', async () => {
    const foreign = await appoint(neighbour, 'W1');
    const { rosterIds } = await act(neighbour, 'addRosters', input(foreign, daily()));
    const [mine] = (await act(admin, 'addRosters', input(holder, daily({ minutes: 7 })))).rosterIds;
    const nobody = await refusal(admin, 'addRosters', input(randomUUID(), daily()));
    expect(nobody).toBe('NOT_FOUND appointmentId: there is no such appointment within your areas.');
    expect(await refusal(admin, 'addRosters', input(foreign, daily()))).toBe(nobody);
    expect(await refusal(admin, 'addRosters', input('x', daily()))).toBe(nobody);
    const nothing = await refusal(admin, 'endRosters', { ids: [randomUUID()], at: NOW });
    expect(nothing).toBe('NOT_FOUND ids: there is no such roster within your areas.');
    for (const ids of [rosterIds, [mine, ...rosterIds], ['x']]) {
      expect(await refusal(admin, 'endRosters', { ids, at: NOW })).toBe(nothing);
    }
    expect(await duty('W1', '2026-06-01T12:00:00Z')).toEqual({ [foreign]: 'off' });
  });

  it('those of another area by row security too, even where the tree in memory is not asked', async () => {
    const foreign = await appoint(neighbour, 'W2');
    const { rosterIds } = await act(neighbour, 'addRosters', input(foreign, daily()));
    const { editions, writers } = world.api.app;
    const end = editions.publish(
      'Foreign',
      (trx, edition) => writers.rosters.endRosters(trx, edition, rosterIds, NOW),
      {
        areas: [world.id('D1')],
      },
    );
    await expect(end).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('holidays by the API', () => {
  const national = [{ day: '2026-06-19', name: '端午节' }];

  it('are for who manages staff everywhere', async () => {
    const wanted = { addHolidays: { calendar: 'cn', days: national }, endHolidays: { calendar: 'cn', days: ['x'] } };
    const officer = await world.as('officer', '*');
    for (const [name, variables] of Object.entries(wanted)) {
      expect(await refusal(admin, name, variables)).toMatch(/^FORBIDDEN .*: a calendar concerns every area/);
      expect(await refusal(officer, name, variables)).toMatch(/^FORBIDDEN .*takes the right staff.manage/);
      expect(await refusal({}, name, variables)).toMatch(/^UNAUTHENTICATED/);
    }
  });

  it('free of duty in the next request, and no more when they are taken out', async () => {
    const added = await act(everywhere, 'addHolidays', { calendar: 'cn', days: national });
    expect(added).toMatchObject({ calendar: 'cn', changed: 1 });
    const holder = await appoint(admin, 'V4', 'SUPPORT');
    await act(admin, 'addRosters', input(holder, daily({ holidayCalendar: 'cn', onHolidays: 'OFF' })));
    const [before, on] = ['2026-06-18T04:00:00Z', '2026-06-19T04:00:00Z'];
    expect((await duty('V4', before))[holder]).toBe('on');
    expect((await duty('V4', on))[holder]).toBe('off');
    const ended = await act(everywhere, 'endHolidays', { calendar: 'cn', days: ['2026-06-19'] });
    expect(ended).toMatchObject({ calendar: 'cn', changed: 1 });
    expect((await duty('V4', on))[holder]).toBe('on');
    expect((await duty('V4', on, ended.edition - 1))[holder]).toBe('off');
    const [entry] = (await world.audited()).slice(-1);
    expect(entry).toMatchObject({ object_kind: 'calendar', object_id: 'cn', grid_id: null, result: 'DONE' });
    expect(entry.details).toEqual({ did: 'holidays ended', days: 1 });
  });

  it('are refused in plain words: days that are none, that are known, that are not there', async () => {
    const days = [{ day: '2026-10-01', name: '国庆节' }];
    const sent = { calendar: 'kept', days, clientKey: randomUUID() };
    const added = await act(everywhere, 'addHolidays', sent);
    expect(await act(everywhere, 'addHolidays', sent)).toEqual(added);
    const more = [...days, { day: '2026-10-02', name: '国庆节' }];
    expect(await act(everywhere, 'addHolidays', { calendar: 'kept', days: more })).toMatchObject({ changed: 1 });
    const add = (wrong: object) => refusal(everywhere, 'addHolidays', { calendar: 'kept', days, ...wrong });
    expect(await add({})).toBe('CONFLICT days: the calendar has all of them already.');
    expect(await add({ days: [] })).toMatch(/^BAD_INPUT days: give 1 to 400, not 0/);
    expect(await add({ days: [...days, ...days] })).toMatch(/^BAD_INPUT days: name each only once/);
    expect(await add({ days: [{ day: '2026-02-30', name: 'x' }] })).toMatch(/^BAD_INPUT day: 2026-02-30 is not a day/);
    expect(await add({ days: [{ day: '2026-02-20', name: ' ' }] })).toMatch(/^BAD_INPUT name: give the name/);
    expect(await add({ calendar: ' ' })).toMatch(/^BAD_INPUT calendar: give the name/);
    expect(await add({ calendar: 'a\u0000b' })).toMatch(/^BAD_INPUT calendar: leave out control characters/);
    expect(await add({ calendar: 'x'.repeat(65) })).toMatch(/^BAD_INPUT calendar: give at most 64/);
    expect(await add({ calendar: ' kept ' })).toMatch(/^CONFLICT days/);
    const end = (wrong: string) => refusal(everywhere, 'endHolidays', { calendar: 'kept', days: [wrong] });
    expect(await end('2026-10-09')).toBe('NOT_FOUND Calendar kept has no holiday on 2026-10-09.');
    expect(await end('tomorrow')).toMatch(/^BAD_INPUT day: tomorrow is not a day/);
  });
});
