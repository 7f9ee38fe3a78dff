import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';

@ObjectType({
  description: 'Which grids hold the place of an incident in one layer, before and after.',
  simpleResolvers: true,
})
export class IncidentLayerChange {
  @Right('incidents.read')
  @Field(() => Layer, { description: 'The layer.' })
  readonly layer!: Layer;

  @Right('incidents.read')
  @Field(() => [Grid], {
    complexity: listOf(1),
    description: 'The smallest grid that holds it before; in an OVERLAY there may be several. Empty: none does.',
  })
  readonly before!: readonly Grid[];

  @Right('incidents.read')
  @Field(() => [Grid], { complexity: listOf(1), description: 'Afterwards. Empty: no grid of the layer.' })
  readonly after!: readonly Grid[];
}

@ObjectType('IncidentChange', {
  description: 'An open incident whose place goes to other grids. It stays with its owners until somebody moves it.',
  simpleResolvers: true,
})
export class IncidentChangeType {
  @Right('incidents.read')
  @Field(() => ID, { description: 'The incident; `incident` shows the rest of it.' })
  readonly id!: string;

  @Right('incidents.read')
  @Field(() => String, { description: 'The matter, by its code in the local practice.' })
  readonly category!: string;

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'Its grade in the local scheme, such as red.' })
  readonly severity!: string | null;

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it was reported.' })
  readonly reportedAt!: Date;

  @Right('incidents.read')
  @Field(() => [IncidentLayerChange], { complexity: listOf(1), description: 'The layers in which its place does.' })
  readonly layers!: readonly IncidentLayerChange[];
}

@ObjectType({ description: 'An open incident whose place goes to other grids, in a list.', simpleResolvers: true })
export class IncidentChangeEdge {
  @Right('incidents.read')
  @Field(() => IncidentChangeType, { description: 'The incident with whose its place is before and after.' })
  readonly node!: IncidentChangeType;

  @Right('incidents.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this incident.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of open incidents whose places go to other grids.', simpleResolvers: true })
export class IncidentChangeConnection {
  @Right('boundaries.read')
  @Field(() => [IncidentChangeEdge], {
    complexity: listOf(1),
    description: 'Those of this page, of the ones that you may see.',
  })
  readonly edges!: readonly IncidentChangeEdge[];

  @Right('boundaries.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many you may see, on all pages.' })
  readonly totalCount!: number;

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many there are, those of others too.' })
  readonly allCount!: number;

  @Right('boundaries.read')
  @Field(() => Int, {
    description:
      'Open incidents about an area or line near the moved borders, which are not in the list: look at each after publishing.',
  })
  readonly areaCount!: number;

  @Right('boundaries.read')
  @Field(() => Boolean, {
    description: 'True where more than 100,000 open incidents lie near the moved borders: the rest is not counted.',
  })
  readonly truncated!: boolean;
}
