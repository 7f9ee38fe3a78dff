import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Post } from '../api/holding.type.ts';
import { Person } from '../api/staff.type.ts';

export enum PostFaultEnum {
  VACANT = 'VACANT',
  NO_STANDING_OWNER = 'NO_STANDING_OWNER',
  DEPUTY_ONLY = 'DEPUTY_ONLY',
  RETIRED_GRID = 'RETIRED_GRID',
}
registerEnumType(PostFaultEnum, {
  name: 'PostFaultKind',
  description: 'What may be wrong with a post.',
  valuesConfig: {
    VACANT: { description: 'Nobody holds it; one that the tier requires counts though it was never made.' },
    NO_STANDING_OWNER: { description: 'It is held, but only by reinforcements or support.' },
    DEPUTY_ONLY: { description: 'A deputy stands in for a primary holder who is not there.' },
    RETIRED_GRID: { description: 'It exists, but its grid does not.' },
  },
});

export enum StaffFaultEnum {
  NO_POST = 'NO_POST',
  NO_GRID = 'NO_GRID',
  MANY_POSTS = 'MANY_POSTS',
}
registerEnumType(StaffFaultEnum, {
  name: 'StaffFaultKind',
  description: 'What may be wrong with what a member of staff holds.',
  valuesConfig: {
    NO_POST: { description: 'Filed, but appointed to nothing at that instant.' },
    NO_GRID: { description: 'Appointed, but every post has ended or is on a grid that has.' },
    MANY_POSTS: { description: 'Appointed to more posts than `moreThan`.' },
  },
});

@ObjectType({ description: 'A post with something wrong.', simpleResolvers: true })
export class PostFault {
  @Right('registry.read')
  @Field(() => PostFaultEnum, { description: 'What is wrong.' })
  readonly kind!: PostFaultEnum;

  @Right('registry.read')
  @Field(() => Post, { description: 'The post.' })
  readonly post!: Post;

  @Right('registry.read')
  @Field(() => Grid, {
    description: 'The grid of the post; one that does not exist any more is shown as it was at its last instant.',
  })
  readonly grid!: Grid;
}

@ObjectType({ description: 'A post with something wrong, in a list.', simpleResolvers: true })
class PostFaultEdge {
  @Right('registry.read')
  @Field(() => PostFault, { description: 'What was found.' })
  readonly node!: PostFault;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this one.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of posts with something wrong.', simpleResolvers: true })
export class PostFaultConnection {
  @Right('registry.read')
  @Field(() => [PostFaultEdge], { complexity: listOf(1), description: 'Those of this page.' })
  readonly edges!: PostFaultEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({ description: 'A member of staff with something wrong.', simpleResolvers: true })
export class StaffFault {
  @Right('staff.audit')
  @Field(() => StaffFaultEnum, { description: 'What is wrong.' })
  readonly kind!: StaffFaultEnum;

  @Right('staff.audit')
  @Field(() => Person, { description: 'Whom it is about.' })
  readonly person!: Person;

  @Right('staff.audit')
  @Field(() => Int, { description: 'To how many posts he or she is appointed then, anywhere.' })
  readonly postCount!: number;
}

@ObjectType({ description: 'A member of staff with something wrong, in a list.', simpleResolvers: true })
class StaffFaultEdge {
  @Right('staff.audit')
  @Field(() => StaffFault, { description: 'What was found.' })
  readonly node!: StaffFault;

  @Right('staff.audit')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this one.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of members of staff with something wrong.', simpleResolvers: true })
export class StaffFaultConnection {
  @Right('staff.audit')
  @Field(() => [StaffFaultEdge], { complexity: listOf(1), description: 'Those of this page.' })
  readonly edges!: StaffFaultEdge[];

  @Right('staff.audit')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('staff.audit')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
