import type { Calendar } from './holidayBook.ts';
import { RuleFault } from './pattern/ruleText.ts';
import { type Duty, ShiftPattern, type Span } from './pattern/shiftPattern.ts';
import { zoneOf } from './pattern/zone.ts';
import type { RosterState } from './roster.type.ts';

const NEVER: Duty = { on: false, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** A roster in memory. Its rule is read when it is first asked, and the last answer is kept for as long as it holds. */
export class KeptRoster {
  readonly state: RosterState;
  // Null: the rule cannot be read, which only a writer past our repository can have brought about.
  #pattern: ShiftPattern | null | undefined;
  #duty = NEVER;
  #calendar: Calendar | undefined;

  constructor(state: RosterState) {
    this.state = state;
  }

  /** Whether the shift is on at an instant, and a span around it in which that stays so. */
  dutyAt(asOf: number, calendar: Calendar): Duty {
    const kept = this.#duty;
    if (this.#calendar === calendar && kept.from <= asOf && asOf < kept.until) return kept;
    this.#duty = this.#read()?.dutyAt(asOf, calendar.days) ?? NEVER;
    this.#calendar = calendar;
    return this.#duty;
  }

  /** The shifts that overlap the span, each whole. */
  shiftsIn(span: Span, calendar: Calendar): readonly Span[] {
    return this.#read()?.shiftsIn(span, calendar.days) ?? [];
  }

  #read(): ShiftPattern | null {
    if (this.#pattern === undefined) this.#pattern = readPattern(this.state);
    return this.#pattern;
  }
}

function readPattern(state: RosterState): ShiftPattern | null {
  try {
    return new ShiftPattern(state, zoneOf(state.timeZone));
  } catch (error) {
    // A lookup must not fail for it: nobody is on duty by such a roster, and the standing owner answers.
    if (error instanceof RuleFault || error instanceof RangeError) return null;
    throw error;
  }
}
