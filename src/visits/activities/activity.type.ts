/** What somebody says of an activity. */
export interface ActivityRequest {
  /** A class of the local practice. */
  readonly activityClass: string;
  readonly title: string;
  /** By id or code. */
  readonly gridIds: readonly string[];
  readonly from: Date;
  /** Null: no end is planned. */
  readonly to?: Date | null;
  /** A campaign of the local practice. */
  readonly campaign?: string | null;
  readonly clientKey?: string | null;
}

export interface ActivityDraft {
  readonly id: string;
  readonly activityClass: string;
  readonly title: string;
  readonly gridIds: readonly string[];
  readonly from: Date;
  readonly to: Date | null;
  readonly campaign: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

export interface ActivityRecord extends ActivityDraft {
  /** Later ones have higher numbers. */
  readonly position: number;
  /** Earlier than planned, or at all where nothing was planned; null: nobody ended it. */
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

/** Which activities; what is left out does not matter. */
export interface ActivityFilter {
  readonly activityClass?: string | null;
  readonly campaign?: string | null;
  /** Going on at this instant. */
  readonly on?: Date | null;
}
