import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { type Page, PageInfo, type PageRequest, pageOf } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { VersionEntry } from '../atlas/rows.ts';
import type { EditionRecord } from '../edition.service.ts';
import { listingKey } from '../gridFinder.ts';
import type { Moment } from '../moment.ts';
import { Grid } from './grid.type.ts';

@ObjectType({ description: 'A grid in a list.', simpleResolvers: true })
export class GridEdge {
  @Right('registry.read')
  @Field(() => Grid, { description: 'The grid.' })
  readonly node!: Grid;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this grid.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of grids.', simpleResolvers: true })
export class GridConnection {
  @Right('registry.read')
  @Field(() => [GridEdge], { complexity: listOf(1), description: 'The grids of this page.' })
  readonly edges!: GridEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('registry.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({
  description: 'One publication of the registry. Same place, asOf and edition give the same answer for ever.',
  simpleResolvers: true,
})
export class Edition {
  @Right('registry.read')
  @Field(() => Int, { description: '1, 2, 3 … without a hole.' })
  readonly number!: number;

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  readonly publishedAt!: Date;

  @Right('registry.read')
  @Field(() => DateTimeScalar, { description: 'From when on it changes the world; may be later than its publication.' })
  readonly effectiveAt!: Date;

  @Right('registry.read')
  @Field(() => String, { description: 'What it was about.' })
  readonly title!: string;
}

@ObjectType({ description: 'An edition in a list.', simpleResolvers: true })
export class EditionEdge {
  @Right('registry.read')
  @Field(() => Edition, { description: 'The edition.' })
  readonly node!: EditionRecord;

  @Right('registry.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this edition.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of editions, oldest first.', simpleResolvers: true })
export class EditionConnection {
  @Right('registry.read')
  @Field(() => [EditionEdge], { complexity: listOf(1), description: 'The editions of this page.' })
  readonly edges!: EditionEdge[];

  @Right('registry.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;
}

/** A page of grids that are in listing order. */
export function gridPage(list: readonly VersionEntry[], page: PageRequest, moment: Moment): Page<Grid> {
  return pageOf(
    'grid',
    list,
    page,
    (version) => listingKey(version.grid, moment.edition),
    (version) => new Grid(version, moment),
  );
}
