import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { RosterDraft } from '../../src/posts/roster/roster.type.ts';
import type { Answer } from '../support/api.ts';
import { lookup, placeIn, type Town } from './demoTown.ts';
import { publishStaff } from './extraStaff.ts';

const HELD =
  'post { id vacant role { code } } rank onDuty rostered appointmentId holder { ... on Person { id name } ... on Body { name } }';
const DUTY = `query ($at: PlaceInput!, $asOf: DateTime!) { ownership(at: $at, asOf: $asOf) {
  validUntil officer { ${HELD} shifts(from: "2026-06-06T00:00:00+08:00", to: "2026-06-08T00:00:00+08:00") { from to } }
  holdings(role: "community_officer") { ${HELD} } atWork: holdings(onDuty: true) { ${HELD} } instructors: holdings(role: "instructor") { ${HELD} }
  notices { code message } } }`;
const UNCOVERED = `query ($role: String!, $within: ID, $from: DateTime!, $to: DateTime!) {
  uncoveredHours(role: $role, within: $within, from: $from, to: $to) {
    totalCount edges { node { hours uncovered { from to } post { id grid { id } } } } } }`;

/** A time of that week on the town's clock; 6 June 2026 is a Saturday. */
const june = (text: string) => new Date(`2026-06-${text}:00+08:00`);
const NAMED = { holder: { name: '夜班民警' } };

function shiftOf(appointmentId: string, more: Partial<RosterDraft>): RosterDraft {
  const days = { datesOut: [], datesIn: [], holidayCalendar: null, onHolidays: null };
  const hours = { rule: 'FREQ=DAILY', startsLocal: '2026-06-01T09:00', minutes: 480, timeZone: 'Asia/Shanghai' };
  // Of one week only: the other rows know nothing of rosters.
  const dates = { validFrom: june('05T00:00'), validTo: june('12T00:00') };
  return { id: randomUUID(), appointmentId, ...hours, ...days, ...dates, ...more };
}

/** Posts that are held in shifts. */
export function rosterRows(town: () => Town): void {
  // As it comes: the check of answers against the contract takes no code that the contract has not, though lists of
  // codes may grow.
  const ask = async (at: object, asOf: Date): Promise<Answer> => {
    const { data, errors } = await town().api.askRaw(DUTY, { at, asOf: asOf.toISOString() });
    expect(errors).toBeUndefined();
    return data.ownership;
  };
  const uncovered = async (role: string, within: string | null, from: Date, to: Date) =>
    (await town().api.ask(UNCOVERED, { role, within, from: from.toISOString(), to: to.toISOString() })).uncoveredHours;

  it('2.6 Saturday 23:30 returns who is on duty and the standing owner, a person with stacked posts is on duty in one of them, and uncovered hours are listed', async () => {
    const { at } = town().highlight('threePostOfficer');
    const before = await lookup(town(), at, { asOf: june('06T23:30') });
    expect(before.officer.onDuty).toBe(true);
    await putOnShifts(town(), before);

    const night = await ask(at, june('06T23:30'));
    expect(night.officer).toMatchObject({ ...NAMED, onDuty: true, rostered: true, rank: 'DEPUTY' });
    expect(night.officer.shifts.map((each: Answer) => each.from)).toEqual(
      [june('06T18:00'), june('07T18:00')].map((each) => each.toISOString()),
    );
    const own = night.holdings.filter((each: Answer) => each.post.id === before.officer.post.id);
    expect(own.map((each: Answer) => [each.rank, each.onDuty])).toEqual([['DEPUTY', true], ['PRIMARY', false]]); // biome-ignore format: two holders
    expect(own[1].holder.id).toBe(before.officer.holder.id);
    const atWork = night.atWork.filter((each: Answer) => each.holder?.id === before.officer.holder.id);
    expect(atWork.map((each: Answer) => each.post.role.code)).toContain('instructor');
    expect(atWork.map((each: Answer) => each.post.role.code)).not.toContain('community_officer');
    const tellsOf = ({ notices }: Answer, name: string) =>
      notices.filter((each: Answer) => each.code === 'NOT_ON_DUTY' && each.message.includes(name)).length;
    expect(tellsOf(night, before.officer.holder.name)).toBe(0);

    const morning = await ask(at, june('07T03:00'));
    expect(morning.officer).toMatchObject({ holder: { id: before.officer.holder.id }, onDuty: false, rank: 'PRIMARY' });
    // As the officer, and as the instructor that the same person is.
    expect(tellsOf(morning, before.officer.holder.name)).toBe(2);

    const grid = before.officer.grid.id;
    const list = await uncovered('community_officer', grid, june('06T00:00'), june('08T00:00'));
    expect(list.totalCount).toBe(1);
    const [{ node }] = list.edges;
    const gaps = [['06T00:00', '06T18:00'], ['07T02:00', '07T18:00']]; // biome-ignore format: two gaps
    expect(node.uncovered).toEqual(
      gaps.map(([from, to]) => ({ from: june(from).toISOString(), to: june(to).toISOString() })),
    );
    expect([node.hours, node.post.id, node.post.grid.id]).toEqual([34, before.officer.post.id, grid]);
    const weekdays = await uncovered('community_officer', null, june('08T09:00'), june('08T17:00'));
    expect(weekdays.edges.map((edge: Answer) => edge.node.hours)).toEqual([0, 0]);
  });

  it('2.6 an answer holds until validUntil, shift by shift through the weekend, and changes then', async () => {
    const { at } = town().highlight('threePostOfficer');
    const words = ({ validUntil: _, ...answer }: Answer) => JSON.stringify(answer);
    let asOf = june('06T12:00');
    let changes = 0;
    for (; asOf < june('08T12:00'); changes += 1) {
      const answer = await ask(at, asOf);
      const until = new Date(answer.validUntil);
      expect(until > asOf).toBe(true);
      const last = await ask(at, new Date(until.getTime() - 1));
      expect(words(last)).toBe(words(answer));
      expect(words(await ask(at, until))).not.toBe(words(answer));
      expect(words(await ask(at, asOf))).toBe(words(answer));
      asOf = until;
    }
    expect(changes).toBeGreaterThan(5);
  });

  it('2.6 a room with three shifts is staffed round the clock: one of three is on duty at any hour, and no hour is uncovered', async () => {
    const { api, plan, publish } = town();
    const grid = plan.grids.find(({ id }) => id === town().highlight('farm').expect.gridId)!;
    const seats = [0, 1, 2].map((person) => ({ gridId: grid.id, person }));
    await publishStaff(town(), [{ code: 'duty_room', tier: grid.tier, seats }]);
    const room =
      'query ($at: PlaceInput!, $asOf: DateTime!) { ownership(at: $at, asOf: $asOf) { holdings(role: "duty_room") { appointmentId onDuty } } }';
    const at = placeIn(grid.boundary);
    const heldAt = async (asOf: Date): Promise<Answer[]> =>
      (await api.ask(room, { at, asOf: asOf.toISOString() })).ownership.holdings;
    const starts = ['2026-06-01T06:00', '2026-06-01T14:00', '2026-06-01T22:00'];
    const held = await heldAt(june('06T12:00'));
    expect(held.map(({ onDuty }) => onDuty)).toEqual([true, true, true]);
    const drafts = held.map(({ appointmentId }, i) => shiftOf(appointmentId, { startsLocal: starts[i] }));
    await publish('Round the clock', (trx, edition) => api.app.writers.rosters.insertRosters(trx, edition, drafts));
    const seen = new Set<string>();
    for (let hour = 0; hour < 48; hour += 1) {
      const onDuty = (await heldAt(new Date(june('06T00:30').getTime() + hour * 3_600_000))).filter(
        (each) => each.onDuty,
      );
      expect(onDuty).toHaveLength(1);
      seen.add(onDuty[0].appointmentId);
    }
    expect(seen.size).toBe(3);
    const { edges } = await uncovered('duty_room', null, june('06T00:00'), june('12T00:00'));
    expect(edges.map((edge: Answer) => [edge.node.hours, edge.node.uncovered])).toEqual([[0, []]]);
  });
}

/** The officer works on weekdays, somebody else on weekend nights; as an instructor the officer works Saturday evening. */
async function putOnShifts({ api, plan, publish }: Town, { officer, inRole }: Answer): Promise<void> {
  const { posts, rosters } = api.app.writers;
  const dates = { validFrom: june('05T00:00'), validTo: june('12T00:00') };
  const night = { id: randomUUID(), name: NAMED.holder.name, officePhone: '0859-0000110', bodyId: null, languages: [] };
  const deputy = { id: randomUUID(), postId: officer.post.id, holder: { personId: night.id }, rank: 'DEPUTY' as const };
  const appointmentOf = (postId: string, personId = officer.holder.id) =>
    plan.appointments.find(({ postId: id, holder }) => {
      return id === postId && 'personId' in holder && holder.personId === personId;
    })!.id;
  // The officer of the district, too: without a roster he or she would answer at night for all beats below.
  const others = inRole('community_officer').filter((each: Answer) => each.holder && each.post.id !== officer.post.id);
  const weekdays = { rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' };
  const stacked = inRole('instructor').find((each: Answer) => each.holder?.id === officer.holder.id);
  await publish('Shifts', async (trx, edition) => {
    await posts.insertPeople(trx, edition, [{ ...night, ...dates }]);
    await posts.insertAppointments(trx, edition, [{ ...deputy, ...dates }]);
    await rosters.insertRosters(trx, edition, [
      shiftOf(appointmentOf(officer.post.id), weekdays),
      ...others.map((each: Answer) => shiftOf(appointmentOf(each.post.id, each.holder.id), weekdays)),
      shiftOf(deputy.id, { rule: 'FREQ=WEEKLY;BYDAY=SA,SU', startsLocal: '2026-06-01T18:00' }),
      shiftOf(appointmentOf(stacked.post.id), {
        rule: 'FREQ=WEEKLY;BYDAY=SA',
        startsLocal: '2026-06-01T19:00',
        minutes: 300,
      }),
    ]);
  });
}
