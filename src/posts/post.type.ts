import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';

export type AppointmentRank = Database['appointment']['rank'];
/** Which short answer of an ownership a role gives; which role gives it is local data. */
export type AnswersAs = NonNullable<Database['role']['answers_as']>;

/** From `validFrom` on, up to but without `validTo`; null means no end is known. */
export interface Validity {
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** Throws BAD_INPUT for a draft that ends before it begins; one without dates passes. */
export function assertDates({ id, validFrom, validTo }: Partial<Validity & { id: string }>): void {
  if (!validFrom || !validTo || validFrom < validTo) return;
  const dates = `${validFrom.toISOString()} to ${validTo.toISOString()}`;
  throw new DomainError('BAD_INPUT', `validTo: ${dates} ends before it begins; give a later end.`, { id });
}

/** A body with its first version. `categories` are the matters it answers for; empty means all. */
export interface BodyDraft extends Validity {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly officePhone: string | null;
  readonly languages: readonly string[];
  readonly categories: readonly string[];
}

/** A member of staff with the first version; refused by the database unless appointed in the same edition. */
export interface PersonDraft extends Validity {
  readonly id: string;
  readonly name: string;
  readonly officePhone: string | null;
  readonly bodyId: string | null;
  readonly languages: readonly string[];
}

/** A tier where a role sits. A required post is shown vacant on every grid of the tier where none was made. */
export interface RoleTierDraft {
  readonly layer: string;
  readonly tier: string;
  readonly required: boolean;
}

/** A kind of responsibility. Roles are listed by `position`; `categories` empty means it answers for all matters. */
export interface RoleDraft {
  readonly code: string;
  readonly name: string;
  readonly answersAs: AnswersAs | null;
  readonly position: number;
  readonly categories: readonly string[];
  readonly tiers: readonly RoleTierDraft[];
}

export interface PostDraft extends Validity {
  readonly id: string;
  readonly roleCode: string;
  readonly gridId: string;
}

export type HolderRef = { readonly personId: string } | { readonly bodyId: string };

export interface AppointmentDraft extends Validity {
  readonly id: string;
  readonly postId: string;
  readonly holder: HolderRef;
  readonly rank: AppointmentRank;
  /** Of a reinforcement, the body that lends the holder; left out, the body that the person belongs to. */
  readonly homeBodyId?: string | null;
}

/** A change of a known body or person from an instant on; what is not named stays as it is on each later date. */
export interface Revision<T> {
  readonly id: string;
  readonly from: Date;
  readonly set: Partial<Omit<T, 'id' | keyof Validity>>;
}

/** A body as it is from one instant to another. */
export type BodyState = Omit<BodyDraft, keyof Validity>;
/** A person as it is from one instant to another. */
export type PersonState = Omit<PersonDraft, keyof Validity>;

/** Everything known of a role; never changed, though later editions may let it sit at more tiers. */
export type RoleState = Omit<RoleDraft, 'tiers'> & { readonly id: number; readonly editionFrom: number };
