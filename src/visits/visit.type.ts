import type { Datum } from '../geometry/datum.ts';

export type VisitState = 'UNREVIEWED' | 'ACCEPTED' | 'REFUSED';

/** Recorded more than 72 hours later; the same place, kind and post within 12 hours of another. */
export type VisitFlag = 'STALE' | 'TWICE';

/** What somebody says of a visit. Exactly one of `siteId`, `addressId` and `at` says where. */
export interface VisitRequest {
  readonly kind: string;
  readonly contactKind?: string | null;
  readonly postId: string;
  /** The member of staff who went, where another records it. */
  readonly visitorId?: string | null;
  /** Of a site or of premises. */
  readonly siteId?: string | null;
  readonly addressId?: string | null;
  readonly at?: { readonly lon: number; readonly lat: number; readonly datum?: Datum | null } | null;
  readonly visitedAt: Date;
  readonly note?: string | null;
  readonly clientKey?: string | null;
}

/** Where a visit was. At most one of the ids is there. */
export interface VisitedSpot {
  readonly siteId: string | null;
  readonly premisesId: string | null;
  readonly addressId: string | null;
  /** On the lattice. */
  readonly x: number;
  readonly y: number;
}

/** A visit as it is recorded; the database judges what makes it doubtful. */
export interface VisitDraft extends VisitedSpot {
  readonly id: string;
  readonly kind: string;
  readonly contactKind: string | null;
  readonly postId: string;
  readonly role: string;
  readonly staffId: string | null;
  /** The grid in whose area the post counts. */
  readonly postGridId: string;
  /** The smallest grid that held the place, in the layer of the post. */
  readonly gridId: string;
  /** The smallest grids of all layers that held it. */
  readonly gridIds: readonly string[];
  readonly visitedAt: Date;
  readonly recordedAt: Date;
  readonly recordedBy: string;
  readonly recorderId: string | null;
  readonly note: string | null;
}

export interface VisitRecord extends VisitDraft {
  /** Later ones have higher numbers. */
  readonly position: number;
  readonly flags: readonly VisitFlag[];
  readonly state: VisitState;
  readonly reviewedAt: Date | null;
  readonly reviewedBy: string | null;
  readonly reviewerId: string | null;
  readonly reviewReason: string | null;
}

export interface VisitReview {
  readonly state: 'ACCEPTED' | 'REFUSED';
  readonly reviewedAt: Date;
  readonly reviewedBy: string;
  readonly reviewerId: string | null;
  readonly reviewReason: string | null;
}

/** Which visits; what is left out does not matter. */
export interface VisitFilter {
  readonly kind?: string | null;
  readonly contactKind?: string | null;
  readonly state?: VisitState | null;
  /** True: only doubtful ones; false: only the others. */
  readonly flagged?: boolean | null;
  /** Visited at or after. */
  readonly from?: Date | null;
  /** Visited before. */
  readonly to?: Date | null;
  readonly postId?: string | null;
}
