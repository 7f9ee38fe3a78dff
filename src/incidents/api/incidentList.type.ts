import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { Incident } from './incident.type.ts';

@ObjectType({ description: 'An incident in a list.', simpleResolvers: true })
export class IncidentEdge {
  @Right('incidents.read')
  @Field(() => Incident, { description: 'The incident.' })
  readonly node!: Incident;

  @Right('incidents.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this incident.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of incidents, newest first.', simpleResolvers: true })
export class IncidentConnection {
  @Right('incidents.read')
  @Field(() => [IncidentEdge], { complexity: listOf(1), description: 'The incidents of this page.' })
  readonly edges!: readonly IncidentEdge[];

  @Right('incidents.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('incidents.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
