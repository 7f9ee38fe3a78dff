import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { listOf } from '../../../api/listSize.ts';
import { PageInfo } from '../../../api/page.type.ts';
import { Post } from '../../api/holding.type.ts';
import { Shift } from './shift.type.ts';

@ObjectType({ simpleResolvers: true, description: 'A post that has rosters, and when nobody is on duty there.' })
export class UncoveredPost {
  @Right('registry.read')
  @Field(() => Post, { description: 'The post, as it is at the beginning of the time asked about.' })
  readonly post!: Post;

  @Right('registry.read')
  @Field(() => [Shift], {
    complexity: listOf(40),
    description:
      'The times in which nobody is on duty, in their order: no shift is on, or nobody holds the post. Empty where somebody always is.',
  })
  readonly uncovered!: readonly Shift[];

  @Right('registry.read')
  @Field(() => Float, { description: 'How many hours they are together.' })
  readonly hours!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A post in a list.' })
export class UncoveredEdge {
  @Right('registry.read')
  @Field(() => UncoveredPost, { description: 'The post and its hours.' })
  readonly node!: UncoveredPost;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this post.' })
  readonly cursor!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A page of posts that have rosters.' })
export class UncoveredConnection {
  @Right('registry.read')
  @Field(() => [UncoveredEdge], { complexity: listOf(1), description: 'The posts of this page.' })
  readonly edges!: UncoveredEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many posts with rosters there are on all pages, covered or not.' })
  readonly totalCount!: number;
}
