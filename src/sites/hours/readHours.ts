import type { HoursException, HoursPattern, OpeningSpan, WeeklySpan } from './openingHours.ts';
import { ROUND_THE_CLOCK } from './openingHours.ts';

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const DAY_RANGE = /^(Mo|Tu|We|Th|Fr|Sa|Su)(?:-(Mo|Tu|We|Th|Fr|Sa|Su))?$/;
const SPAN = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MOST_PARTS = 100;

/** What is wrong with a text of opening hours, in plain words. */
export class HoursFault extends Error {}

/**
 * Reads opening hours as people file them, a part of what OpenStreetMap writes: `24/7`; `Mo-Fr 08:30-12:00,14:00-17:30; Sa
 * 09:00-12:00`; one date: `2026-10-01 off`, `2026-10-02 10:00-16:00`. Days that are not named are closed; a later part
 * replaces an earlier one for its days. Throws HoursFault.
 */
export function readHours(text: string): HoursPattern {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.length > MOST_PARTS) throw new HoursFault(`has ${parts.length} parts; at most ${MOST_PARTS}`);
  const byDay = new Map<number, readonly OpeningSpan[]>();
  const exceptions = new Map<string, HoursException>();
  for (const part of parts.filter((each) => each !== '')) {
    if (part === '24/7') {
      for (const { day, from, to } of ROUND_THE_CLOCK.weekly) byDay.set(day, [{ from, to }]);
      continue;
    }
    const [days, times] = splitPart(part);
    const spans = readSpans(times);
    if (DATE.test(days)) exceptions.set(assertDate(days), { date: days, spans });
    else for (const day of readDays(days)) byDay.set(day, spans);
  }
  if (byDay.size === 0 && exceptions.size === 0)
    throw new HoursFault('names no hours; write them like Mo-Fr 08:30-17:30');
  const weekly: WeeklySpan[] = [...byDay]
    .sort(([a], [b]) => a - b)
    .flatMap(([day, spans]) => spans.map((span) => ({ day, ...span })));
  return { weekly, exceptions: [...exceptions.values()].sort((a, b) => (a.date < b.date ? -1 : 1)) };
}

function splitPart(part: string): [string, string] {
  const space = part.indexOf(' ');
  if (space > 0) return [part.slice(0, space), part.slice(space + 1).trim()];
  throw new HoursFault(`“${part}” names no hours; write it like Mo-Fr 08:30-17:30 or 2026-10-01 off`);
}

function readSpans(text: string): OpeningSpan[] {
  if (text === 'off') return [];
  return text.split(',').map((each) => {
    const span = SPAN.exec(each.trim());
    if (!span) throw new HoursFault(`“${each.trim()}” is no span of hours; write it like 08:30-17:30`);
    return { from: span[1], to: span[2] };
  });
}

function readDays(text: string): number[] {
  return text.split(',').flatMap((each) => {
    const range = DAY_RANGE.exec(each);
    if (!range) throw new HoursFault(`“${each}” is no day; write Mo, Tu, We, Th, Fr, Sa, Su, Mo-Fr or a date`);
    const first = DAYS.indexOf(range[1]);
    const last = range[2] === undefined ? first : DAYS.indexOf(range[2]);
    const count = ((last - first + 7) % 7) + 1;
    return Array.from({ length: count }, (_, i) => ((first + i) % 7) + 1);
  });
}

function assertDate(text: string): string {
  if (new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)) return text;
  throw new HoursFault(`“${text}” is no date`);
}

/** Whether a zone is one that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
