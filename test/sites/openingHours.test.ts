import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type HoursPattern,
  isOpen,
  type OpeningSpan,
  ROUND_THE_CLOCK,
  wallClockAt,
} from '../../src/sites/hours/openingHours.ts';
import { HoursFault, isTimeZone, readHours } from '../../src/sites/hours/readHours.ts';

const SEED = 20260601;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Zones with an hour, half an hour and no change of clocks, and one that skipped a day; weeks in which clocks change. */
const WEEKS = [
  ['Asia/Shanghai', '2026-06-01'],
  ['Europe/Berlin', '2026-03-27'],
  ['Europe/Berlin', '2026-10-23'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-03'],
  ['Asia/Shanghai', '1988-04-08'],
  ['Pacific/Apia', '2011-12-28'],
] as const;

const time = fc.nat(95).map((quarter) => clockText(quarter * 15));
const span: fc.Arbitrary<OpeningSpan> = fc.record({
  from: time,
  to: fc.oneof(time, fc.constant('24:00')),
});
const pattern = (start: number): fc.Arbitrary<HoursPattern> =>
  fc.record({
    weekly: fc.array(
      fc.record({ day: fc.integer({ min: 1, max: 7 }), span }).map(({ day, span: hours }) => ({ day, ...hours })),
      { maxLength: 10 },
    ),
    exceptions: fc
      .uniqueArray(fc.nat(5), { maxLength: 2 })
      .chain((days) =>
        fc.tuple(
          ...days.map((day) =>
            fc.record({ date: fc.constant(dateText(start + day * DAY)), spans: fc.array(span, { maxLength: 2 }) }),
          ),
        ),
      ),
  });

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
function dateText(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Every minute that the clock may show while it is open, as text, filled in one by one. */
function openMinutes({ weekly, exceptions }: HoursPattern, start: number): Set<string> {
  const open = new Set<string>();
  for (let day = start - 3 * DAY; day < start + 9 * DAY; day += DAY) {
    const exception = exceptions.find(({ date }) => date === dateText(day));
    const weekday = new Date(day).getUTCDay() || 7;
    for (const { from, to } of exception ? exception.spans : weekly.filter((each) => each.day === weekday)) {
      let at = day + minutesOf(from) * MINUTE;
      do {
        open.add(`${dateText(at)} ${new Date(at).toISOString().slice(11, 16)}`);
        at += MINUTE;
      } while (clockText((at - day) / MINUTE) !== to && (at - day) % DAY !== (minutesOf(to) * MINUTE) % DAY);
    }
  }
  return open;
}
function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

interface Case {
  readonly hours: HoursPattern;
  readonly instant: number;
  readonly zone: string;
  readonly open: boolean;
}

function* makeCases(): Generator<Case> {
  for (const [zone, date] of WEEKS) {
    const start = Date.parse(`${date}T00:00:00Z`);
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    for (const hours of fc.sample(pattern(start), { seed: SEED, numRuns: 20 })) {
      const minutes = openMinutes(hours, start);
      for (const minute of fc.sample(fc.nat(6 * 1440), { seed: SEED, numRuns: 80 })) {
        const instant = start + minute * MINUTE + (minute % 60_000);
        yield { hours, instant, zone, open: minutes.has(shown.format(instant)) };
      }
    }
  }
}
const CASES = [...makeCases()];

function disagreements(open: (hours: HoursPattern, instant: number, zone: string) => boolean): number {
  return CASES.filter((each) => open(each.hours, each.instant, each.zone) !== each.open).length;
}

describe('opening hours', () => {
  it('agree with a list of every minute, in weeks in which clocks change too: 11,200 random instants', () => {
    expect(disagreements((hours, instant, zone) => isOpen(hours, wallClockAt(instant, zone)))).toBe(0);
  });

  it('are seen to be wrong where the change of clocks, the night before or an exception is forgotten', () => {
    const without = (forget: (hours: HoursPattern) => HoursPattern) =>
      disagreements((hours, instant, zone) => isOpen(forget(hours), wallClockAt(instant, zone)));
    const winter = (instant: number, zone: string) =>
      wallClockAt(Date.parse('2026-01-01T00:00:00Z'), zone).minute * MINUTE + instant;
    expect(
      disagreements((hours, instant, zone) => {
        const local = winter(instant, zone);
        return isOpen(hours, { day: Math.floor(local / DAY), minute: Math.floor((local % DAY) / MINUTE) });
      }),
    ).toBeGreaterThan(20);
    expect(without(({ weekly }) => ({ weekly, exceptions: [] }))).toBeGreaterThan(20);
    const cut = ({ weekly, exceptions }: HoursPattern): HoursPattern => ({
      weekly: weekly.map((each) => (each.to <= each.from ? { ...each, to: '24:00' } : each)),
      exceptions,
    });
    expect(without(cut)).toBeGreaterThan(20);
  });

  it('round the clock are open at every minute', () => {
    for (let at = Date.parse('2026-10-24T00:00:00Z'); at < Date.parse('2026-10-27T00:00:00Z'); at += 7 * MINUTE) {
      expect(isOpen(ROUND_THE_CLOCK, wallClockAt(at, 'Europe/Berlin'))).toBe(true);
    }
  });

  it('are read as people file them', () => {
    expect(readHours('24/7')).toEqual(ROUND_THE_CLOCK);
    const hours = readHours('Mo-Fr 08:30-12:00,14:00-17:30; Sa,Su 22:00-02:00; Fr 09:00-10:00; 2026-10-01 off');
    expect(hours.weekly.filter(({ day }) => day === 1)).toEqual([
      { day: 1, from: '08:30', to: '12:00' },
      { day: 1, from: '14:00', to: '17:30' },
    ]);
    expect(hours.weekly.filter(({ day }) => day === 5)).toEqual([{ day: 5, from: '09:00', to: '10:00' }]);
    expect(hours.weekly.filter(({ day }) => day > 5).length).toBe(2);
    expect(hours.exceptions).toEqual([{ date: '2026-10-01', spans: [] }]);
    expect(readHours('Sa-Mo 10:00-24:00').weekly.map(({ day }) => day)).toEqual([1, 6, 7]);
  });

  it.each([
    '',
    'Mo',
    'Xx 08:00-09:00',
    'Mo 8:00-9:00',
    'Mo 08:00-25:00',
    'Mo 24:00-08:00',
    '2026-02-30 off',
    'Mo 08:00',
    ';;',
  ])('are refused where they say nothing: “%s”', (text) => expect(() => readHours(text)).toThrow(HoursFault));

  it('know their zones', () => {
    expect(['Asia/Shanghai', 'UTC', 'Mars/Base'].map(isTimeZone)).toEqual([true, true, false]);
  });
});
