import type { Areas } from '../../access/viewer.ts';
import type { Database } from '../../db/tables.ts';
import type { TierEntry, VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { CampaignPractice } from '../../practice/practice.type.ts';

export type Origin = Database['incident']['origin'];

/** Which figures are asked for. Instants are half-open: from `from` up to but without `to`. */
export interface FigureQuestion {
  /** A grid by id or code. */
  readonly within: string;
  /** Null: those of the campaign. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Code of a tier below; null: not broken down. */
  readonly by: string | null;
  /** Where places lay on this day; null: where they are owned. */
  readonly boundaryDate: Date | null;
  readonly campaign: string | null;
  /** Empty: every matter. */
  readonly categories: readonly string[];
  readonly origin: Origin | null;
}

/** What figures are about, worked out and judged: all of a rate's definition but its numerator and denominator. */
export interface Frame {
  /** Where the viewer may read figures; matters of nobody in there are not seen. */
  readonly areas: Areas;
  readonly within: VersionEntry;
  readonly by: TierEntry | null;
  /** Whose tree: of the boundary date, or of the last instant of the period that has come. */
  readonly moment: Moment;
  readonly from: Date;
  readonly to: Date;
  readonly boundaryDate: Date | null;
  readonly campaign: CampaignPractice | null;
  readonly categories: readonly string[];
  readonly origin: Origin | null;
  readonly now: Date;
  readonly timeZone: string;
}
