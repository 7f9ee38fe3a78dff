import rrule from 'rrule';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../seeds/terrain/random.ts';
import { Recurrence } from '../../../src/posts/roster/pattern/recurrence.ts';

const DAY_MS = 86_400_000;
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / DAY_MS;

/** A rule as people write them, and as odd as RFC 5545 allows; left out are BYSETPOS and mixtures such as TU,2WE, which the library gets wrong. */
function randomRule(random: Random): string {
  const frequency = random.pick(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
  const parts = [`FREQ=${frequency}`];
  const some = (list: readonly string[]) => [
    ...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(list))),
  ];
  if (random.next() < 0.5) parts.push(`INTERVAL=${1 + random.below(4)}`);
  if (random.next() < 0.3) parts.push(`BYMONTH=${some(['1', '2', '6', '10', '12'])}`);
  if (random.next() < 0.5) {
    const numbered = (frequency === 'MONTHLY' || frequency === 'YEARLY') && random.next() < 0.5;
    parts.push(`BYDAY=${some(DAYS).map((day) => (numbered ? random.pick(['1', '2', '-1']) : '') + day)}`);
  } else if (frequency !== 'WEEKLY') {
    parts.push(`BYMONTHDAY=${some(['1', '15', '29', '31', '-1', '-3'])}`);
  }
  if (random.next() < 0.3) parts.push(random.next() < 0.5 ? `COUNT=${1 + random.below(40)}` : 'UNTIL=20270315');
  if (random.next() < 0.2) parts.push(`WKST=${random.pick(DAYS)}`);
  return parts.join(';');
}

describe('the days of a rule', () => {
  it('are those that the library rrule gives, for 200 random rules over a year', () => {
    const random = new Random(5545);
    const [from, to] = [dayOf('2026-01-01'), dayOf('2027-02-01')];
    const wrong: string[] = [];
    for (let i = 0; i < 200; i++) {
      const text = randomRule(random);
      const start = from + random.below(90);
      const begins = new Date(start * DAY_MS).toISOString().replace(/[-:]|\.\d+/g, '');
      const theirs = rrule.rrulestr(`DTSTART:${begins}\nRRULE:${text.replace(/UNTIL=(\d+)/, 'UNTIL=$1T000000Z')}`);
      const expected = theirs
        .between(new Date(from * DAY_MS), new Date(to * DAY_MS), true)
        .map((date) => date.getTime() / DAY_MS);
      const ours = ourDays(text, start, from, to);
      if (ours !== undefined && ours.join() !== expected.join()) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  it('with BYSETPOS are those of RFC 5545', () => {
    const iso = (days: readonly number[]) => days.map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
    const lastWorkday = ourDays(
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      dayOf('2026-01-01'),
      dayOf('2026-01-01'),
      dayOf('2026-06-30'),
    );
    expect(iso(lastWorkday!)).toEqual([
      '2026-01-30',
      '2026-02-27',
      '2026-03-31',
      '2026-04-30',
      '2026-05-29',
      '2026-06-30',
    ]);
    const thirdTuesdayToThursday = ourDays(
      'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
      dayOf('1997-09-04'),
      dayOf('1997-09-01'),
      dayOf('1998-01-01'),
    );
    // An example of the RFC itself (section 3.8.5.3).
    expect(iso(thirdTuesdayToThursday!)).toEqual(['1997-09-04', '1997-10-07', '1997-11-06']);
  });
});

/** Undefined for a rule that is refused, as one whose COUNT is never used up. */
function ourDays(text: string, start: number, from: number, to: number): number[] | undefined {
  try {
    const rule = new Recurrence(text, start);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((day) => rule.fallsOn(day));
  } catch {
    return undefined;
  }
}
