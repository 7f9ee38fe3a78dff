import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { Address } from '../../addresses/api/address.type.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';
import { Holding } from '../../posts/api/holding.type.ts';
import { Role } from '../../posts/api/staff.type.ts';

export enum PostChangeReason {
  ENDED = 'ENDED',
  BOUNDARY = 'BOUNDARY',
  PARENT = 'PARENT',
  MANAGER = 'MANAGER',
}
registerEnumType(PostChangeReason, {
  name: 'PostChangeReason',
  description: 'What happens to the grid of a post.',
  valuesConfig: {
    ENDED: { description: 'It ends; `heirs` are the grids in which it goes on.' },
    BOUNDARY: { description: 'It gains or loses ground.' },
    PARENT: { description: 'It comes under another grid.' },
    MANAGER: { description: 'Another body manages it.' },
  },
});

@ObjectType({ description: 'Who owns an address in one layer, before and after.', simpleResolvers: true })
export class AddressLayerChange {
  @Right('boundaries.read')
  @Field(() => Layer, { description: 'The layer.' })
  readonly layer!: Layer;

  @Right('boundaries.read')
  @Field(() => [Grid], {
    complexity: listOf(1),
    description: 'The smallest grid that owns it now; in an OVERLAY there may be several. Empty: nobody does.',
  })
  readonly before!: readonly Grid[];

  @Right('boundaries.read')
  @Field(() => [Grid], { complexity: listOf(1), description: 'Afterwards. Empty: a gap, or outside.' })
  readonly after!: readonly Grid[];
}

@ObjectType('AddressChange', { description: 'An address that changes hands.', simpleResolvers: true })
export class AddressChangeType {
  @Right('boundaries.read')
  @Field(() => Address, { description: 'The address.' })
  readonly address!: Address;

  @Right('boundaries.read')
  @Field(() => [AddressLayerChange], { complexity: listOf(1), description: 'The layers in which it does.' })
  readonly layers!: readonly AddressLayerChange[];
}

@ObjectType({ description: 'An address that changes hands, in a list.', simpleResolvers: true })
export class AddressChangeEdge {
  @Right('boundaries.read')
  @Field(() => AddressChangeType, { description: 'The address with who owns it before and after.' })
  readonly node!: AddressChangeType;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this address.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of addresses that change hands.', simpleResolvers: true })
export class AddressChangeConnection {
  @Right('boundaries.read')
  @Field(() => [AddressChangeEdge], { complexity: listOf(1), description: 'Those of this page.' })
  readonly edges!: readonly AddressChangeEdge[];

  @Right('boundaries.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;

  @Right('boundaries.read')
  @Field(() => Boolean, {
    description: 'True where more than 100,000 addresses lie near the moved borders: the rest is not counted.',
  })
  readonly truncated!: boolean;
}

@ObjectType('PostChange', { description: 'A post whose grid ends or changes.', simpleResolvers: true })
export class PostChangeType {
  @Right('boundaries.read')
  @Field(() => Holding, {
    description: 'The post with who holds it now in the first place; `holder` is null where nobody does.',
  })
  readonly holding!: Holding;

  @Right('boundaries.read')
  @Field(() => [PostChangeReason], { description: 'What happens to its grid.' })
  readonly reasons!: readonly string[];

  @Right('boundaries.read')
  @Field(() => Grid, { description: 'Its grid as it is.' })
  readonly before!: Grid;

  @Right('boundaries.read')
  @Field(() => Grid, { nullable: true, description: 'Its grid as it would be; null where it ends.' })
  readonly after!: Grid | null;

  @Right('boundaries.read')
  @Field(() => [Grid], { complexity: listOf(1), description: 'Where its grid ends, those in which it goes on.' })
  readonly heirs!: readonly Grid[];

  @Right('boundaries.read')
  @Field(() => Float, { nullable: true, description: 'Ground that the grid gains. Null: not worked out.' })
  readonly gainedSquareMetres!: number | null;

  @Right('boundaries.read')
  @Field(() => Float, { nullable: true, description: 'Ground that the grid loses. Null: not worked out.' })
  readonly lostSquareMetres!: number | null;

  @Right('boundaries.read')
  @Field(() => Float, { nullable: true, description: 'What it gains, of what it then has: 0 to 1.' })
  readonly gainedShare!: number | null;

  @Right('boundaries.read')
  @Field(() => Float, { nullable: true, description: 'What it loses, of what it has now: 0 to 1.' })
  readonly lostShare!: number | null;
}

@ObjectType({ description: 'A required post that nobody would hold, on a grid that is new.', simpleResolvers: true })
export class VacancyChange {
  @Right('boundaries.read')
  @Field(() => Grid, { description: 'The new grid.' })
  readonly grid!: Grid;

  @Right('boundaries.read')
  @Field(() => Role, { description: 'The role that its tier requires.' })
  readonly role!: Role;
}

@ObjectType({ description: 'How much of the ground one grid has afterwards.', simpleResolvers: true })
export class CrosswalkShare {
  @Right('boundaries.read')
  @Field(() => Grid, { description: 'The grid, as it would be.' })
  readonly to!: Grid;

  @Right('boundaries.read')
  @Field(() => Float, { description: 'Of the area of the old grid, 0 to 1.' })
  readonly share!: number;
}

@ObjectType({ description: 'Where the ground of a grid that ends or changes goes.', simpleResolvers: true })
export class CrosswalkChange {
  @Right('boundaries.read')
  @Field(() => Grid, { description: 'The grid, as it is.' })
  readonly from!: Grid;

  @Right('boundaries.read')
  @Field(() => [CrosswalkShare], {
    complexity: listOf(3),
    description: 'Among the grids of its tier, itself too, largest share first.',
  })
  readonly shares!: readonly CrosswalkShare[];

  @Right('boundaries.read')
  @Field(() => Float, {
    description: 'The part that no grid of the tier has afterwards. In a PARTITION it and the shares sum to 1.',
  })
  readonly lost!: number;
}
