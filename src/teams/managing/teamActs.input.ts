import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../../api/scalars.ts';

@InputType({ description: 'How many members of one kind there are. Never who they are.' })
export class MemberCountInput {
  @Field(() => String, { description: 'The kind in local words, such as volunteer; at most 40 characters.' })
  readonly kind!: string;

  @Field(() => Int, { description: 'How many, from 0 on.' })
  readonly count!: number;
}

@InputType({ description: 'A new team: a body with what it is made of and the grids it covers.' })
export class FormTeamInput {
  @Field(() => String, { description: 'Its name; at most 200 characters.' })
  readonly name!: string;

  @Field(() => String, { description: 'What sort of body, in local words, such as MEDIATION_TEAM.' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'The number of the office. Mobile numbers are refused.' })
  readonly officePhone?: string | null;

  @Field(() => [String], { nullable: true, description: 'Languages it serves in, as BCP 47 tags.' })
  readonly languages?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Matters it answers for; none is all.' })
  readonly categories?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Its standing in local words, such as civil.' })
  readonly standing?: string | null;

  @Field(() => [MemberCountInput], { nullable: true, description: 'Its members, counted by kind.' })
  readonly members?: MemberCountInput[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'The grids it covers with all below them, by id or code, all in your area; at least one unless you manage everywhere.',
  })
  readonly covers?: string[] | null;

  @Field(() => DateTimeScalar, { description: 'Its first instant, past or planned.' })
  readonly from!: Date;
}

@InputType({ description: 'What changes of a team. What is left out stays; null takes it away.' })
export class TeamChangesInput {
  @Field(() => [MemberCountInput], { nullable: true, description: 'All its members, counted by kind.' })
  readonly members?: MemberCountInput[] | null;

  @Field(() => String, { nullable: true, description: 'Its standing in local words, such as civil.' })
  readonly standing?: string | null;
}
