/** From `validFrom` on, up to but without `validTo`; null means no end is known. */
export interface Validity {
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** How many members of one kind, in local words such as 民警. Never a name. */
export interface MemberCount {
  readonly kind: string;
  readonly count: number;
}

/** What a body is as a team, besides its name and kind. */
export interface TeamState {
  readonly bodyId: string;
  /** Civil, official … in local words; null when not told apart. */
  readonly standing: string | null;
  readonly members: readonly MemberCount[];
}

/** A body stands under another in a line, such as the police line and the party line. */
export interface ParentState {
  readonly bodyId: string;
  readonly line: string;
  readonly parentId: string;
}

/**
 * The days of a circuit in its time zone: those on which everything given agrees. At least weekdays or days of the month
 * are given.
 */
export interface CircuitDays {
  /** 1 (Monday) to 7 (Sunday). */
  readonly weekdays: readonly number[];
  /** 1 to 31; -1 is the last day of the month. */
  readonly monthDays: readonly number[];
  /** Only the first (1) to fifth (5) such weekday of a month; -1 is the last. */
  readonly monthWeeks: readonly number[];
  /** An IANA name such as Asia/Shanghai. */
  readonly timeZone: string;
}

/** A body covers a grid and all below it: always, or on the days of a circuit. */
export interface CoverageState {
  readonly id: string;
  readonly bodyId: string;
  readonly gridId: string;
  /** Matters it covers there; empty means all that the body answers for. */
  readonly categories: readonly string[];
  readonly days: CircuitDays | null;
}

export type TeamDraft = TeamState & Validity;
export type ParentDraft = ParentState & Validity;
export type CoverageDraft = CoverageState & Validity;

/** A change of a team from an instant on; what is not named stays as it is on each later date. */
export interface TeamRevision {
  readonly bodyId: string;
  readonly from: Date;
  readonly set: Partial<Omit<TeamState, 'bodyId'>>;
}
