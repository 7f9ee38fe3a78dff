import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../seeds/terrain/random.ts';
import { RuleFault } from '../../../src/posts/roster/pattern/ruleText.ts';
import { ERA_MS, ShiftPattern, type ShiftWords } from '../../../src/posts/roster/pattern/shiftPattern.ts';
import { DAY_MS, dayNumber, type LocalTime, zoneOf } from '../../../src/posts/roster/pattern/zone.ts';
import { type RosterPlan, randomRoster, sitThrough, type Wall, watchWall } from './minuteOracle.ts';

const MINUTE = 60_000;
const DAYS = 36;
const ROSTERS = 50;
const INSTANTS = 10_000;

/** Where and when: both changes of the clocks, and a place that has none. */
const WALLS: readonly [string, string][] = [
  ['Asia/Shanghai', '2026-02-05'],
  ['America/Toronto', '2026-02-20'],
  ['America/Toronto', '2026-10-15'],
  ['Europe/Berlin', '2026-03-14'],
  ['Europe/Berlin', '2026-10-10'],
];

interface Sat {
  readonly timeZone: string;
  readonly roster: RosterPlan;
  readonly wall: Wall;
  readonly on: Uint8Array;
}

const sat: Sat[] = [];
const random = new Random(2026);

beforeAll(() => {
  for (const [timeZone, day] of WALLS) {
    const wall = watchWall(timeZone, Date.parse(`${day}T00:00:00Z`), DAYS);
    for (let i = 0; i < ROSTERS; i += 1) {
      const roster = randomRoster(random, dayNumber(day)! + 3);
      sat.push({ timeZone, roster, wall, on: sitThrough(roster, wall) });
    }
  }
});

/** Random instants, many of them close to where the shift or the clock changes; the first days warm the clerk up. */
function instantsOf({ on, wall }: Sat, many: number): number[] {
  const changes: number[] = [];
  for (let i = 10 * 1440; i < on.length - 1; i += 1) {
    if (on[i] !== on[i - 1] || Math.abs(wall.shown[i] - wall.shown[i - 1] - 1) > 0.5) changes.push(i);
  }
  return Array.from({ length: many }, () => {
    const close = changes.length > 0 && random.below(3) === 0;
    const minute = close ? changes[random.below(changes.length)] : 10 * 1440 + random.below(on.length - 11 * 1440);
    return wall.from + minute * MINUTE + [0, -1, 1, 30_000][random.below(4)];
  });
}

/** How many random instants the house and the clerk see differently. */
function disagreements(timeOf: (timeZone: string) => LocalTime, words = (w: ShiftWords) => w): string[] {
  const wrong: string[] = [];
  for (const each of sat) {
    const { roster, timeZone, wall, on } = each;
    const pattern = new ShiftPattern(words(roster.words), timeOf(timeZone));
    for (const instant of instantsOf(each, INSTANTS / sat.length)) {
      const seen = on[Math.floor((instant - wall.from) / MINUTE)] === 1;
      if (pattern.dutyAt(instant, roster.holidays).on === seen) continue;
      wrong.push(`${timeZone} ${JSON.stringify(roster.words)} ${new Date(instant).toISOString()} ${seen}`);
    }
  }
  return wrong;
}

/** Clocks that never change: what a house shows that adds the offset of the first day. */
function withoutSummerTime(timeZone: string): LocalTime {
  const offset = zoneOf(timeZone).localAt(Date.parse('2026-01-15T00:00:00Z')) - Date.parse('2026-01-15T00:00:00Z');
  return { localAt: (instant) => instant + offset, instantOf: (local) => local - offset };
}

describe('shifts against a clerk who looks at the clock every minute', () => {
  it('agree at 10,000 random instants, in Shanghai and over both changes of the clocks in Toronto and Berlin', () => {
    const minutes = sat.reduce((sum, { on }) => sum + on.reduce((a, b) => a + b, 0), 0);
    expect(minutes).toBeGreaterThan(sat.length * DAYS * 100);
    expect(sat.filter(({ on }) => on.includes(1) && on.includes(0)).length).toBeGreaterThan(sat.length / 2);
    expect(disagreements(zoneOf)).toEqual([]);
  });

  it('tell the next change to the minute, and tell the same of every instant before it', () => {
    let told = 0;
    for (const each of sat) {
      const { roster, timeZone, wall, on } = each;
      const pattern = new ShiftPattern(roster.words, zoneOf(timeZone));
      for (const instant of instantsOf(each, 12)) {
        const duty = pattern.dutyAt(instant, roster.holidays);
        const at = (time: number) => Math.floor((time - wall.from) / MINUTE);
        expect(duty.from <= instant && instant < duty.until).toBe(true);
        const end = Math.min(at(duty.until), on.length);
        expect(on.subarray(Math.max(at(duty.from), 10 * 1440), end).includes(duty.on ? 0 : 1)).toBe(false);
        if (end === on.length || duty.until % ERA_MS === 0) continue;
        expect(on[end] === 1).toBe(!duty.on);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(1000);
  });

  it('list the shifts that cover exactly the minutes on duty', () => {
    for (const { roster, timeZone, wall, on } of sat) {
      const pattern = new ShiftPattern(roster.words, zoneOf(timeZone));
      const span = { from: wall.from + 10 * DAY_MS, until: wall.from + 30 * DAY_MS };
      const covered = new Uint8Array(on.length);
      for (const shift of pattern.shiftsIn(span, roster.holidays)) {
        covered.fill(1, Math.max(0, (shift.from - wall.from) / MINUTE), (shift.until - wall.from) / MINUTE);
      }
      const differs = covered.findIndex((value, i) => i >= 10 * 1440 && i < 30 * 1440 && value !== on[i]);
      expect([roster.words, differs]).toEqual([roster.words, -1]);
    }
  });

  it('catch a twin that forgets summer time, one that forgets exceptions and one that ends a minute late', () => {
    expect(disagreements(withoutSummerTime).length).toBeGreaterThan(50);
    const plain = (words: ShiftWords) => ({ ...words, datesIn: [], datesOut: [] });
    expect(disagreements(zoneOf, plain).length).toBeGreaterThan(50);
    const longer = (words: ShiftWords) => ({ ...words, minutes: words.minutes + 1 });
    expect(disagreements(zoneOf, longer).length).toBeGreaterThan(5);
  });
});

const shift = (more: Partial<ShiftWords>, timeZone = 'Asia/Shanghai') => {
  const words = { rule: 'FREQ=DAILY', startsLocal: '2026-01-01T22:00', minutes: 480, datesOut: [], datesIn: [] };
  return new ShiftPattern({ ...words, onHolidays: null, ...more }, zoneOf(timeZone));
};
const spansOf = (pattern: ShiftPattern, from: string, to: string) =>
  pattern.shiftsIn({ from: Date.parse(from), until: Date.parse(to) }).map((span) => {
    return `${new Date(span.from).toISOString()} ${new Date(span.until).toISOString()}`;
  });

describe('the clock on the wall', () => {
  it('a night from 22:00 to 06:00 is seven hours when clocks go forward and nine when they go back', () => {
    const night = shift({}, 'America/Toronto');
    const hours = (day: string) => {
      const [{ from, until }] = night.shiftsIn({
        from: Date.parse(`${day}T04:30Z`),
        until: Date.parse(`${day}T04:31Z`),
      });
      return (until - from) / 3_600_000;
    };
    expect([hours('2026-03-07'), hours('2026-03-08'), hours('2026-11-01'), hours('2026-11-02')]).toEqual([8, 7, 9, 8]);
  });

  it('three shifts of eight hours leave no minute open and share none, on the days of the change too', () => {
    const shifts = ['06:00', '14:00', '22:00'].map((time) =>
      shift({ startsLocal: `2026-01-01T${time}` }, 'Europe/Berlin'),
    );
    for (
      let instant = Date.parse('2026-03-28T00:00Z');
      instant < Date.parse('2026-03-30T00:00Z');
      instant += MINUTE * 5
    )
      expect(shifts.filter((each) => each.dutyAt(instant).on)).toHaveLength(1);
  });

  it('a shift that begins in the skipped hour begins when it is over, and one wholly inside does not take place', () => {
    const early = shift({ startsLocal: '2026-01-01T02:30', minutes: 120 }, 'America/Toronto');
    expect(spansOf(early, '2026-03-08T06:00Z', '2026-03-08T12:00Z')).toEqual([
      '2026-03-08T07:00:00.000Z 2026-03-08T08:30:00.000Z',
    ]);
    const inside = shift({ startsLocal: '2026-01-01T02:10', minutes: 20 }, 'America/Toronto');
    expect(spansOf(inside, '2026-03-08T05:00Z', '2026-03-08T12:00Z')).toEqual([]);
  });

  it('one round the clock ends nowhere, and one over for good never changes again', () => {
    const always = shift({ startsLocal: '2020-01-01T00:00', minutes: 1440 });
    const duty = always.dutyAt(Date.parse('2026-05-01T00:00Z'));
    expect([duty.on, duty.until % ERA_MS]).toEqual([true, 0]);
    const over = shift({ rule: 'FREQ=DAILY;COUNT=3' }).dutyAt(Date.parse('2026-05-01T00:00Z'));
    expect([over.on, over.until]).toEqual([false, Number.POSITIVE_INFINITY]);
  });
});

describe('a rule that cannot be read', () => {
  it.each([
    ['FREQ=HOURLY', 'more than once a day'],
    ['FREQ=DAILY;BYHOUR=8,20', 'more than once a day'],
    ['FREQ=FORTNIGHTLY', 'FREQ must be one of'],
    ['WEEKLY', 'NAME=VALUE'],
    ['FREQ=WEEKLY;BYDAY=XX', 'XX'],
    ['FREQ=WEEKLY;BYDAY=2MO', 'goes with MONTHLY or YEARLY'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20260301', 'exclude one another'],
    ['FREQ=DAILY;UNTIL=20260230', 'UNTIL=20260230'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL: 0'],
    ['FREQ=YEARLY;BYWEEKNO=3', 'BYWEEKNO cannot be read'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1', 'not used up within a century'],
    [`FREQ=DAILY;${'X'.repeat(600)}`, 'longer than 500'],
  ])('%s is told in words', (rule, words) => {
    const read = () => shift({ rule });
    expect(read).toThrow(RuleFault);
    expect(read).toThrow(words);
  });

  it('the last working day of each month and the second Sunday of May are read', () => {
    const days = (rule: string) => {
      const pattern = shift({ rule, startsLocal: '2026-01-01T00:00' });
      return spansOf(pattern, '2026-01-02T00:00Z', '2026-06-30T00:00Z').map((text) => text.slice(5, 10));
    };
    // As instants of UTC: a day in Shanghai begins on the evening before.
    const working = 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1';
    expect(days(working)).toEqual(['01-29', '02-26', '03-30', '04-29', '05-28', '06-29']);
    expect(days('FREQ=YEARLY;BYMONTH=5;BYDAY=2SU')).toEqual(['05-09']);
  });
});
