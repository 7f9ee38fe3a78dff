/** Where "now" comes from; tests bring their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** A clock, and where it hangs: an IANA time zone such as Asia/Shanghai. */
export interface LocalClock {
  readonly now: Clock;
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The first instant of a day (YYYY-MM-DD) in a time zone: midnight, or, where clocks skip midnight, the end of the skip. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // No zone changes twice in two days, so one of these two offsets holds at the midnight.
  const candidates = [midnight - DAY_MS, midnight + DAY_MS].map((near) => midnight - offsetAt(near, timeZone));
  const real = candidates.filter((instant) => instant + offsetAt(instant, timeZone) === midnight);
  return new Date(Math.min(...(real.length > 0 ? real : [candidates[0]])));
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** What a cell of a file means: an instant of RFC 3339, or a day for its first instant in the zone. Undefined: neither. */
export function instantOf(text: string, timeZone: string): Date | undefined {
  const [, day, time] = INSTANT.exec(text) ?? [];
  // Date takes 30 February for 1 March.
  if (!day || !new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day)) return undefined;
  const instant = time ? new Date(text) : startOfDay(day, timeZone);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** Milliseconds by which the zone is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds = '0'] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [
    '',
    '+',
    '0',
    '0',
  ];
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -size : size) * 1000;
}
