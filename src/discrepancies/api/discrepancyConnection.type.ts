import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { DiscrepancyReport } from './discrepancy.type.ts';

@ObjectType({ description: 'A report in a list.', simpleResolvers: true })
export class DiscrepancyEdge {
  @Right('discrepancies.read')
  @Field(() => DiscrepancyReport, { description: 'The report.' })
  readonly node!: DiscrepancyReport;

  @Right('discrepancies.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this report.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of reports, newest first.', simpleResolvers: true })
export class DiscrepancyConnection {
  @Right('discrepancies.read')
  @Field(() => [DiscrepancyEdge], { complexity: listOf(1), description: 'The reports of this page.' })
  readonly edges!: readonly DiscrepancyEdge[];

  @Right('discrepancies.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('discrepancies.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
