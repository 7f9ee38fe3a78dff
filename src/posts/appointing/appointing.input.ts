import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../../api/scalars.ts';
import { HoldingRank } from '../api/holding.type.ts';

@InputType({
  description:
    'A member of staff: one who is filed, by `id` and nothing else, or somebody new, by name and office contact. Never a private number.',
})
export class PersonInput {
  @Field(() => ID, { nullable: true, description: 'Somebody who is filed already, in any area.' })
  readonly id?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of somebody new; at most 100 characters.' })
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'The number of the office. Mobile numbers are refused.' })
  readonly officePhone?: string | null;

  @Field(() => ID, { nullable: true, description: 'The body that the person belongs to.' })
  readonly bodyId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Languages the person serves in, as BCP 47 tags.' })
  readonly languages?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: this is not the one of the same name, office phone and body who is filed already.',
  })
  readonly anotherOfSameName?: boolean | null;
}

@InputType({ description: 'Who is to hold which post, and when. Give `postId`, or `roleCode` and `gridId`.' })
export class AppointInput {
  @Field(() => ID, { nullable: true, description: 'A post that exists, or one shown vacant (`vacant~…`).' })
  readonly postId?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the role; the post is made where it does not exist.' })
  readonly roleCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'The grid of the post, by id or code.' })
  readonly gridId?: string | null;

  @Field(() => PersonInput, { nullable: true, description: 'The person who is to hold it; or give `bodyId`.' })
  readonly person?: PersonInput | null;

  @Field(() => ID, { nullable: true, description: 'The body that is to hold it; or give `person`.' })
  readonly bodyId?: string | null;

  @Field(() => HoldingRank, {
    defaultValue: HoldingRank.PRIMARY,
    description: 'PRIMARY, DEPUTY or SUPPORT; for a reinforcement use `reinforce`.',
  })
  readonly rank!: HoldingRank;

  @Field(() => DateTimeScalar, { description: 'First instant in office, past or planned.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant no longer in office; left out: no end.' })
  readonly to?: Date | null;
}

@InputType({ description: 'Who is lent to which post, for how long and by whom. The standing owner stays.' })
export class ReinforceInput {
  @Field(() => ID, { nullable: true, description: 'A post that exists, or one shown vacant (`vacant~…`).' })
  readonly postId?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the role, together with `gridId`.' })
  readonly roleCode?: string | null;

  @Field(() => ID, { nullable: true, description: 'The grid of the post, by id or code.' })
  readonly gridId?: string | null;

  @Field(() => PersonInput, { description: 'Who is lent; mostly somebody who is filed elsewhere.' })
  readonly person!: PersonInput;

  @Field(() => ID, {
    nullable: true,
    description: 'The unit that lends, shown as `homeUnit`; left out, the body that the person belongs to.',
  })
  readonly homeBodyId?: string | null;

  @Field(() => DateTimeScalar, { description: 'First instant of the loan.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'First instant after it.' })
  readonly to!: Date;
}

@InputType({ description: 'What changes of a member of staff. What is left out stays; null takes it away.' })
export class PersonChangesInput {
  @Field(() => String, { nullable: true, description: 'The name.' })
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'The number of the office. Mobile numbers are refused.' })
  readonly officePhone?: string | null;

  @Field(() => ID, { nullable: true, description: 'The body that the person belongs to.' })
  readonly bodyId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Languages as BCP 47 tags.' })
  readonly languages?: string[] | null;
}

@InputType({ description: 'What changes of a body. What is left out stays; null takes it away.' })
export class BodyChangesInput {
  @Field(() => String, { nullable: true, description: 'The name.' })
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'The number of the office. Mobile numbers are refused.' })
  readonly officePhone?: string | null;

  @Field(() => [String], { nullable: true, description: 'Languages as BCP 47 tags.' })
  readonly languages?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Matters it answers for; none is all.' })
  readonly categories?: string[] | null;
}

/** What every act on staff may carry besides. */
@ArgsType()
export class GuardArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'The edition you read. CONFLICT, and nothing is done, when another was published since.',
  })
  readonly expectedEdition?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'A key of your own for this act, 8 to 200 characters, such as a UUID: sent again with the same input it is answered as before and not done twice.',
  })
  readonly clientKey?: string | null;
}
