import { Field, ID, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { Moment } from '../../grids/moment.ts';
import type { AnswersAs, BodyState, PersonState, RoleState } from '../post.type.ts';

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

  /** When it is as it reads here; what other modules add to a body is read as of this. */
  readonly moment: Moment;

  constructor(state: BodyState, moment: Moment) {
    this.moment = moment;
    this.id = state.id;
    this.name = state.name;
    this.kind = state.kind;
    this.officePhone = state.officePhone;
    this.languages = state.languages;
    this.categories = state.categories;
  }

  /** The same at another moment, at which its own fields are known to read alike. */
  at(moment: Moment): Body {
    const { asOf, edition } = this.moment;
    return asOf === moment.asOf && edition === moment.edition ? this : new Body(this, moment);
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

  constructor(state: Omit<PersonState, 'bodyId'>, body: Body | null) {
    this.id = state.id;
    this.name = state.name;
    this.officePhone = state.officePhone;
    this.body = body;
    this.languages = state.languages;
  }

  /** The same at another moment, at which the fields of both are known to read alike. */
  at(moment: Moment): Person {
    const body = this.body?.at(moment) ?? null;
    return body === this.body ? this : new Person(this, body);
  }
}

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
