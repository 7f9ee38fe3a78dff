import type { Position } from '../geometry/lattice.ts';
import type { HoursPattern } from './hours/openingHours.ts';

/** What a post may answer for besides a grid. */
export type PlaceKind = 'BUILDING' | 'SITE' | 'PREMISES' | 'LINE';

/** From `validFrom` on, up to but without `validTo`; null means no end is known. */
export interface Validity {
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** A site as it is from one instant to another: a station, a police room, a self-service room …, in local words. */
export interface SiteState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** In degrees; stored on the lattice. */
  readonly point: Position;
  readonly buildingId: string | null;
  /** A place within so many metres of the point is at the site. */
  readonly radiusMetres: number;
  readonly responseClass: string | null;
  /** IANA name of the zone of its opening hours. */
  readonly timeZone: string;
}

export interface HousedState {
  readonly siteId: string;
  readonly bodyId: string;
}

export interface ServiceState {
  readonly siteId: string;
  readonly code: string;
  readonly name: string;
  readonly hours: HoursPattern;
}

export interface RatingState {
  readonly siteId: string;
  readonly scheme: string;
  readonly stars: number;
  /** The most stars that the scheme gives. */
  readonly most: number;
}

export interface HonourState {
  readonly siteId: string;
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly givenOn: string;
}

/** An inn, a warehouse, a market …; who answers for it is a post. */
export interface PremisesState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly point: Position;
  readonly radiusMetres: number;
}

/** A street or a stretch of a river. */
export interface LineState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Two or more positions. */
  readonly path: readonly Position[];
  /** A place within so many metres of the path is on the line. */
  readonly toleranceMetres: number;
}

export interface BuildingState {
  readonly id: string;
  readonly name: string;
  readonly point: Position;
}

/** A chat group of one grid or one building: name, link and head-count, never who is in it. */
export interface ChannelState {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly link: string | null;
  readonly members: number | null;
  /** YYYY-MM-DD; null when nobody counted. */
  readonly countedOn: string | null;
  readonly gridId: string | null;
  readonly buildingId: string | null;
}

/** Where the holders of a post are based, or, with `appointmentId`, one of them. */
export interface BaseState {
  readonly postId: string;
  readonly appointmentId: string | null;
  readonly siteId: string;
}

export type SiteDraft = SiteState & Validity;
export type HousedDraft = HousedState & Validity;
export type ServiceDraft = ServiceState & Validity;
export type RatingDraft = RatingState & Validity;
export type HonourDraft = HonourState & Validity;
export type PremisesDraft = PremisesState & Validity;
export type LineDraft = LineState & Validity;
export type ChannelDraft = ChannelState & Validity;
export type BaseDraft = BaseState & Validity;

/** A post on a place. `gridId` is the grid in whose area it counts: usually the smallest that holds the place. */
export interface PlacePostDraft extends Validity {
  readonly id: string;
  readonly roleCode: string;
  readonly place: { readonly kind: PlaceKind; readonly id: string };
  readonly gridId: string;
}
