import { Args, ArgsType, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { assertMay } from '../../access/viewer.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { PageArgs, PageInfo, pageOf } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { listingKey } from '../../grids/gridFinder.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { listResponseGaps, type ResponseSources } from './responseGaps.ts';

@ObjectType({ description: 'A grid that nobody answers in a response class.', simpleResolvers: true })
export class ResponseGap {
  @Right('practice.read')
  @Field(() => Grid, { description: 'The grid.' })
  readonly grid!: Grid;

  @Right('practice.read')
  @Field(() => Boolean, {
    description: 'False: the local practice knows no such class here, so nobody is bound by it.',
  })
  readonly configured!: boolean;

  @Right('practice.read')
  @Field(() => Int, {
    nullable: true,
    description: 'In so many minutes somebody should be there; null: not configured.',
  })
  readonly minutes!: number | null;

  @Right('practice.read')
  @Field(() => [String], { description: 'Codes of the roles of which one would do; none where it is not configured.' })
  readonly roles!: readonly string[];
}

@ObjectType({ description: 'A grid in a list of response gaps.', simpleResolvers: true })
export class ResponseGapEdge {
  @Right('practice.read')
  @Field(() => ResponseGap, { description: 'The gap.' })
  readonly node!: ResponseGap;

  @Right('practice.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this grid.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of response gaps.', simpleResolvers: true })
export class ResponseGapConnection {
  @Right('practice.read')
  @Field(() => [ResponseGapEdge], { complexity: listOf(1), description: 'The gaps of this page.' })
  readonly edges!: readonly ResponseGapEdge[];

  @Right('practice.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('practice.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ArgsType()
export class ResponseGapArgs extends PageArgs {
  @Field(() => String, { description: 'Code of a response class of the local practice.' })
  responseClass!: string;

  @Field(() => String, { description: 'Code of the layer of the grids.' })
  layer!: string;

  @Field(() => String, { description: 'Code of their tier.' })
  tier!: string;

  @Field(() => ID, { nullable: true, description: 'Only this grid and those below it, by id.' })
  within?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of this instant; now if not given.' })
  asOf?: Date | null;
}

/** Which places nobody would reach in time, from who holds posts; never from where anybody is. */
@Resolver()
export class ResponseGapResolver {
  private readonly sources: ResponseSources;
  private readonly moments: MomentReader;

  constructor(sources: ResponseSources, moments: MomentReader) {
    this.sources = sources;
    this.moments = moments;
  }

  @Right('practice.read')
  @Query(() => ResponseGapConnection, {
    complexity: pageSized(1_000),
    description:
      'Grids of a tier on which and below which nobody holds a post of a role that answers in a response class.',
  })
  responseGaps(
    @Args(() => ResponseGapArgs) { first, after, asOf, within = null, ...asked }: ResponseGapArgs,
    @Ctx() { viewer }: RequestContext,
  ): ResponseGapConnection {
    assertMay(viewer, 'practice.read', 'Query.responseGaps');
    const moment = this.moments.read(asOf);
    const found = listResponseGaps(this.sources, { ...asked, within }, moment);
    const keyOf = ({ version }: (typeof found)[number]) => listingKey(version.grid, moment.edition);
    return pageOf('responseGap', found, { first, after }, keyOf, ({ version, response }) => ({
      grid: new Grid(version, moment),
      configured: response !== null,
      minutes: response?.minutes ?? null,
      roles: response?.roles ?? [],
    }));
  }
}
