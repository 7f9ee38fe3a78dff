import { Field, ID, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { listOf } from '../../../api/listSize.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import { Role } from '../../../posts/api/staff.type.ts';

@ObjectType({ description: 'A post that a matter goes to.', simpleResolvers: true })
export class RouteRecipient {
  @Right('practice.read')
  @Field(() => String, { description: 'What it is told for: HANDLE, JOINT, MEDIATE, ATTEND …, as the route says.' })
  readonly purpose!: string;

  @Right('practice.read')
  @Field(() => ID, {
    description: 'Id of the post. One that is required there but was never made has an id that begins with `vacant~`.',
  })
  readonly postId!: string;

  @Right('practice.read')
  @Field(() => Role, { description: 'The role of the post.' })
  readonly role!: Role;

  @Right('practice.read')
  @Field(() => Grid, { description: 'The grid of the post.' })
  readonly grid!: Grid;

  @Right('practice.read')
  @Field(() => Boolean, { description: 'Nobody holds the post at that instant: a task waits there.' })
  readonly vacant!: boolean;
}

@ObjectType({ description: 'Something to know about a row of the table of routes.', simpleResolvers: true })
export class RouteNotice {
  @Right('practice.read')
  @Field(() => String, {
    description:
      'NOT_CONFIGURED: the practice of the area does not say who; MISSING_TIER: no grid of the tier holds the place; VACANT: nobody holds the post.',
  })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: 'What it is, for people.' })
  readonly message!: string;
}

@ObjectType({ description: 'Whom matters of one category go to on one tier.', simpleResolvers: true })
export class RouteTableRow {
  @Right('practice.read')
  @Field(() => String, { description: 'The matter, in local words.' })
  readonly category!: string;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: 'Code of the layer; null where no tier serves the category.' })
  readonly layer!: string | null;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: 'Code of the tier; null where no tier serves the category.' })
  readonly tier!: string | null;

  @Right('practice.read')
  @Field(() => Boolean, { description: 'Whether it goes to anybody. False: the notices say what is not configured.' })
  readonly configured!: boolean;

  @Right('practice.read')
  @Field(() => [RouteRecipient], {
    complexity: listOf(4),
    description: 'Of a layer with several grids in the area, the posts of each.',
  })
  readonly recipients!: readonly RouteRecipient[];

  @Right('practice.read')
  @Field(() => [RouteNotice], { complexity: listOf(1), description: 'What is missing; also where others are told.' })
  readonly notices!: readonly RouteNotice[];
}
