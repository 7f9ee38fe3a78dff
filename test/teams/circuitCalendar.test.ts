import { describe, expect, it } from 'vitest';
import { assertDays, CircuitCalendar } from '../../src/teams/circuitCalendar.ts';
import { onDays } from './teamsWorld.ts';

const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();

function spanAt(days: Parameters<typeof onDays>[0], instant: string) {
  const { isOn, from, until } = new CircuitCalendar(onDays(days)).at(at(instant));
  return [isOn, iso(from), iso(until)];
}

describe('the days of a circuit', () => {
  it('begin and end at midnight of their own time zone', () => {
    const tuesdays = { weekdays: [2] };
    expect(spanAt(tuesdays, '2026-06-02T00:00:00+08:00')).toEqual([true, '2026-06-01T16:00:00.000Z', '2026-06-02T16:00:00.000Z']); // biome-ignore format: one span
    expect(spanAt(tuesdays, '2026-06-01T23:59:59.999+08:00')[0]).toBe(false);
    expect(spanAt(tuesdays, '2026-06-02T23:59:59.999+08:00')[0]).toBe(true);
    expect(spanAt(tuesdays, '2026-06-03T00:00:00+08:00')[0]).toBe(false);
  });

  it('last 23 or 25 hours where clocks change', () => {
    const sundays = { weekdays: [7], timeZone: 'America/New_York' };
    expect(spanAt(sundays, '2026-03-08T12:00:00Z')).toEqual([true, '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z']); // biome-ignore format: one span
    expect(spanAt(sundays, '2026-11-01T12:00:00Z')).toEqual([true, '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z']); // biome-ignore format: one span
  });

  it('may be days of the month, its last day, and the first or last such weekday', () => {
    const on = (days: Parameters<typeof onDays>[0]) =>
      Array.from({ length: 28 }, (_, i) => i + 1).filter((date) => {
        const instant = at(`2026-02-${String(date).padStart(2, '0')}T12:00:00+08:00`);
        return new CircuitCalendar(onDays(days)).at(instant).isOn;
      });
    expect(on({ monthDays: [5, 15, 25] })).toEqual([5, 15, 25]);
    expect(on({ monthDays: [-1] })).toEqual([28]);
    expect(on({ weekdays: [1], monthWeeks: [1, -1] })).toEqual([2, 23]);
    expect(on({ weekdays: [1, 4], monthWeeks: [2] })).toEqual([9, 12]);
    expect(on({ weekdays: [5], monthDays: [13] })).toEqual([13]);
    expect(on({ monthDays: [31] })).toEqual([]);
  });

  it('follow one another as one stretch, and a stretch is the same wherever it is asked', () => {
    const calendar = new CircuitCalendar(onDays({ weekdays: [5, 6, 7] }));
    const weekend = calendar.at(at('2026-06-06T12:00:00+08:00'));
    expect(iso(weekend.until)).toBe('2026-06-07T16:00:00.000Z');
    expect(calendar.at(weekend.until).isOn).toBe(false);
    expect(calendar.at(weekend.until - 1).isOn).toBe(true);
    expect(iso(calendar.at(at('2026-06-05T12:00:00+08:00')).until)).toBe('2026-06-07T16:00:00.000Z');
  });

  it('that come on every day or on none end nowhere near, and the answer is still told', () => {
    const always = new CircuitCalendar(onDays({ weekdays: [1, 2, 3, 4, 5, 6, 7] })).at(at('2026-06-01T00:00:00Z'));
    expect(always.isOn).toBe(true);
    expect(always.until).toBeGreaterThan(at('2028-01-01T00:00:00Z'));
    const never = new CircuitCalendar(onDays({ weekdays: [1], monthDays: [31], monthWeeks: [1] }));
    expect(never.at(at('2026-06-01T00:00:00Z')).isOn).toBe(false);
  });

  it.each<[string, Parameters<typeof onDays>[0]]>([
    ['weekdays', { weekdays: [8] }],
    ['weekdays', { weekdays: [-1] }],
    ['weekdays', {}],
    ['monthDays', { monthDays: [32] }],
    ['monthDays', { monthDays: [1.5] }],
    ['monthWeeks', { weekdays: [1], monthWeeks: [6] }],
    ['monthWeeks', { monthDays: [1], monthWeeks: [1] }],
    ['timeZone', { weekdays: [1], timeZone: 'Asia/Nowhere' }],
  ])('are refused with the name of the field where they cannot be: %s', (field, days) => {
    expect(() => assertDays(onDays(days))).toThrow(expect.objectContaining({ code: 'BAD_INPUT', details: { field } }));
  });
});
