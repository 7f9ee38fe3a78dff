import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { Body } from '../../posts/api/staff.type.ts';

@ObjectType({ simpleResolvers: true, description: 'A body in a list.' })
export class BodyEdge {
  @Right('registry.read')
  @Field(() => Body, { description: 'The body.' })
  readonly node!: Body;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this body.' })
  readonly cursor!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A page of bodies, by name.' })
export class BodyConnection {
  @Right('registry.read')
  @Field(() => [BodyEdge], { complexity: listOf(1), description: 'The bodies of this page.' })
  readonly edges!: BodyEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;

  @Right('registry.read')
  @Field(() => Int, { description: 'Members of all kinds in the bodies of all pages, as far as they are known.' })
  readonly totalMembers!: number;
}
