import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../../../../src/incidents/api/response/arrivals.ts';
import { IncidentResponse } from '../../../../src/incidents/api/response/response.type.ts';

type Sent = Parameters<typeof arrivalsOf>[1][number];

const REPORTED = new Date('2026-06-01T08:00:00+08:00');
const minute = (minutes: number) => new Date(REPORTED.getTime() + minutes * 60_000);
const FIVE = { minutes: 5, roles: ['patrol'] };

function sent(arrivedAfter: number | null, more: Partial<Sent> = {}): Sent {
  const arrivedAt = arrivedAfter === null ? null : minute(arrivedAfter);
  const plain = { id: 'task', purpose: 'ATTEND', role: 'patrol', status: 'ACKNOWLEDGED', startsAt: null } as const;
  return { ...plain, issuedAt: REPORTED, arrivedAt, ...more };
}

function responseOf(tasks: readonly Sent[], nowAfter: number, practice = FIVE, occurredAfter = -10): IncidentResponse {
  const units = arrivalsOf(minute(occurredAfter), tasks, practice, minute(nowAfter).getTime());
  return new IncidentResponse({ code: '5', ...practice }, units);
}

describe('arrivals against a response class', () => {
  it('are in time up to the very minute, and late behind it', () => {
    const { units, late, arrived, allInTime } = responseOf([sent(5), sent(5.01)], 60);
    expect(units.map((unit) => unit.late)).toEqual([false, true]);
    expect([arrived, late, allInTime]).toEqual([2, 1, false]);
  });

  it('that are missing are late once their time is over, and not told before', () => {
    expect(responseOf([sent(2), sent(null)], 4)).toMatchObject({ arrived: 1, late: 0, allInTime: null });
    expect(responseOf([sent(2), sent(null)], 6)).toMatchObject({ arrived: 1, late: 1, allInTime: false });
    expect(responseOf([sent(2), sent(4)], 60).allInTime).toBe(true);
  });

  it('count only of those who have to go there, of the roles of the class, and of all where it names none', () => {
    const tasks = [
      sent(1),
      sent(1, { purpose: 'NOTICE' }),
      sent(1, { role: 'leader' }),
      sent(1, { purpose: 'HANDLE' }),
    ];
    expect(responseOf(tasks, 60).units).toHaveLength(2);
    expect(responseOf(tasks, 60, { minutes: 5, roles: [] }).units).toHaveLength(3);
    expect(responseOf([], 60).allInTime).toBeNull();
  });

  it('leave out who was taken back before coming, and keep who came and was taken back then', () => {
    const [gone, came] = [sent(null, { status: 'WITHDRAWN' }), sent(7, { status: 'WITHDRAWN' })];
    expect(responseOf([gone, came], 60).units).toMatchObject([{ minutes: 7, late: true }]);
    expect(responseOf([sent(null, { status: 'DECLINED' })], 60).units).toEqual([]);
  });

  it('count from when a unit was sent, and of what was taken down later from when it occurred', () => {
    const [second, noted] = [sent(24, { issuedAt: minute(20) }), sent(-4)];
    expect(responseOf([second, noted], 60).units.map(({ minutes }) => minutes)).toEqual([4, 6]);
    expect(responseOf([sent(63, { startsAt: minute(60) })], 90).units).toMatchObject([{ minutes: 3, late: false }]);
  });
});
