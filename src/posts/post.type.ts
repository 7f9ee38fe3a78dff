import { Field, ID, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import type { Moment } from '../grids/moment.ts';

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

@ObjectType({
  simpleResolvers: true,
  description: 'An organisation or team: station, squad, committee, mediation team, department, firm.',
})
export class Body {
  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  readonly id: string;

  @Right('registry.read')
  @Field(() => String, { description: 'The name it has at the asked instant.' })
  readonly name: string;

  @Right('registry.read')
  @Field(() => String, { description: 'What sort of body it is, in local words, such as STATION or MEDIATION_TEAM.' })
  readonly kind: string;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'The number of the office; null when none is known.' })
  readonly officePhone: string | null;

  @Right('registry.read')
  @Field(() => [String], { description: 'Languages it serves in, as BCP 47 tags; empty when not stated.' })
  readonly languages: readonly string[];

  /** Matters it answers for; empty means all. */
  readonly categories: readonly string[];

  constructor(state: BodyState) {
    this.id = state.id;
    this.name = state.name;
    this.kind = state.kind;
    this.officePhone = state.officePhone;
    this.languages = state.languages;
    this.categories = state.categories;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'A member of staff who holds a post, by name and office contact. Never a resident.',
})
export class Person {
  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  readonly id: string;

  @Right('registry.read')
  @Field(() => String, { description: 'The name at the asked instant.' })
  readonly name: string;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'The number of the office, never a private one.' })
  readonly officePhone: string | null;

  @Right('registry.read')
  @Field(() => Body, { nullable: true, description: 'The body this person belongs to at the asked instant.' })
  readonly body: Body | null;

  @Right('registry.read')
  @Field(() => [String], { description: 'Languages the person serves in, as BCP 47 tags; empty when not stated.' })
  readonly languages: readonly string[];

  /** As of when the person's posts are meant. */
  readonly moment: Moment;

  constructor(state: Omit<PersonState, 'bodyId'>, body: Body | null, moment: Moment) {
    this.id = state.id;
    this.name = state.name;
    this.officePhone = state.officePhone;
    this.body = body;
    this.languages = state.languages;
    this.moment = moment;
  }

  /** The same person, asked about at another moment at which all that is said here holds too. */
  at(moment: Moment): Person {
    return new Person(this, this.body, moment);
  }
}

/** Everything known of a role; never changed, though later editions may let it sit at more tiers. */
export type RoleState = Omit<RoleDraft, 'tiers'> & { readonly id: number; readonly editionFrom: number };

@ObjectType({
  simpleResolvers: true,
  description: 'A kind of responsibility, such as officer or grid worker. Which ones exist is local data.',
})
export class Role {
  /** The database's own number. */
  readonly id: number;

  @Right('registry.read')
  @Field(() => String, { description: 'Stable; use it as the `role` argument of `holdings`.' })
  readonly code: string;

  @Right('registry.read')
  @Field(() => String, { description: 'Name to show to people.' })
  readonly name: string;

  readonly answersAs: AnswersAs | null;

  /** Roles are listed by this, then by code. */
  readonly position: number;

  /** Matters it answers for; empty means all. */
  readonly categories: readonly string[];

  /** The edition since which the role is known. */
  readonly editionFrom: number;

  constructor(state: RoleState) {
    this.id = state.id;
    this.code = state.code;
    this.name = state.name;
    this.answersAs = state.answersAs;
    this.position = state.position;
    this.categories = state.categories;
    this.editionFrom = state.editionFrom;
  }
}
