export const DAY_MS = 86_400_000;

/** Whole days since 1970-01-01, by the calendar on the wall. */
export type DayNumber = number;

/**
 * How instants and what the clocks of a place show belong together. Local times are counted like instants: milliseconds
 * from 1970-01-01T00:00 on the wall, as if every day had 24 hours.
 */
export interface LocalTime {
  /** What the clocks show at an instant. */
  localAt(instant: number): number;
  /** The first instant at which the clocks show that time or a later one, so none is skipped and none comes twice. */
  instantOf(local: number): number;
}

/** An offset from UTC that holds from one instant to another. */
interface Stretch {
  readonly from: number;
  readonly offset: number;
}

const SAMPLE_MS = 8 * DAY_MS;
const CHUNK_MS = 8 * SAMPLE_MS;
const MOST_CHUNKS = 2_000;

/** A time zone by its IANA name. Offsets are read from the runtime once for each two months, and then kept. */
export class Zone implements LocalTime {
  readonly #format: Intl.DateTimeFormat;
  readonly #chunks = new Map<number, readonly Stretch[]>();

  /** Throws RangeError for a name that the runtime does not know. */
  constructor(timeZone: string) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const;
    const form = { ...numeric, minute: 'numeric', second: 'numeric', era: 'short', hourCycle: 'h23' } as const;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, ...form });
  }

  localAt(instant: number): number {
    return instant + this.#offsetAt(instant);
  }

  instantOf(local: number): number {
    // Offsets are less than a day, and no zone changes twice within two.
    const before = this.#offsetAt(local - DAY_MS);
    const after = this.#offsetAt(local + DAY_MS);
    if (before === after) return local - before;
    const change = this.#changeBetween(local - DAY_MS, local + DAY_MS, after, (instant) => this.#offsetAt(instant));
    return local - before < change ? local - before : Math.max(change, local - after);
  }

  #offsetAt(instant: number): number {
    const stretches = this.#stretchesOf(Math.floor(instant / CHUNK_MS));
    let i = stretches.length - 1;
    while (i > 0 && stretches[i].from > instant) i -= 1;
    return stretches[i].offset;
  }

  #stretchesOf(chunk: number): readonly Stretch[] {
    const known = this.#chunks.get(chunk);
    if (known) return known;
    const start = chunk * CHUNK_MS;
    const stretches: Stretch[] = [{ from: start, offset: this.#readOffset(start) }];
    for (let sample = start; sample < start + CHUNK_MS; sample += SAMPLE_MS) {
      const { offset } = stretches[stretches.length - 1];
      const next = this.#readOffset(sample + SAMPLE_MS);
      if (next === offset) continue;
      const read = (instant: number) => this.#readOffset(instant);
      stretches.push({ from: this.#changeBetween(sample, sample + SAMPLE_MS, next, read), offset: next });
    }
    if (this.#chunks.size >= MOST_CHUNKS) this.#chunks.clear();
    this.#chunks.set(chunk, stretches);
    return stretches;
  }

  /** The instant in (from, to] from which on the offset is `after`. */
  #changeBetween(from: number, to: number, after: number, offsetAt: (instant: number) => number): number {
    let [low, high] = [from, to];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === after) high = middle;
      else low = middle;
    }
    return high;
  }

  /** Milliseconds by which the clocks are ahead of UTC. */
  #readOffset(instant: number): number {
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) part[type] = value;
    const year = part.era.startsWith('B') ? 1 - Number(part.year) : Number(part.year);
    const shown = new Date(0);
    shown.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
    shown.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
    return shown.getTime() - Math.floor(instant / 1000) * 1000;
  }
}

const zones = new Map<string, Zone>();

/** The zone of that name, the same object each time. Throws RangeError for an unknown name. */
export function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    zone = new Zone(timeZone);
    zones.set(timeZone, zone);
  }
  return zone;
}

/** The number of a day written YYYY-MM-DD; undefined for one that the calendar does not have. */
export function dayNumber(text: string): DayNumber | undefined {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return midnight?.toJSON()?.startsWith(text) ? midnight.getTime() / DAY_MS : undefined;
}
