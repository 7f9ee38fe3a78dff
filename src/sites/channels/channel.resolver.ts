import { Arg, Args, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { SiteFinder } from '../siteFinder.ts';
import { Channel, ChannelTotals } from './channel.type.ts';
import type { ChannelBook } from './channelBook.ts';

/** Chat groups of grids, and their sums. */
@Resolver(() => Grid)
export class ChannelResolver {
  private readonly book: ChannelBook;
  private readonly finder: SiteFinder;
  private readonly moments: MomentReader;

  constructor(book: ChannelBook, finder: SiteFinder, moments: MomentReader) {
    this.book = book;
    this.finder = finder;
    this.moments = moments;
  }

  @Right('registry.read')
  @FieldResolver(() => [Channel], {
    complexity: listOf(5),
    description:
      'The chat groups of this grid itself, by name. Those of grids below it and of buildings are not listed.',
  })
  channels(@Root() grid: Grid): Channel[] {
    return this.book.ofGrid(grid.id, grid.moment);
  }

  @Right('registry.read')
  @Query(() => ChannelTotals, {
    complexity: 500,
    description: 'How many chat groups there are and how many they count together.',
  })
  channelTotals(
    @Arg('within', () => ID, { nullable: true, description: 'Only of this grid, the grids below and buildings in it.' })
    within: string | null,
    @Arg('kind', () => String, { nullable: true, description: 'Only of this sort, in local words.' })
    kind: string | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): ChannelTotals {
    const moment = this.moments.read(asOf, edition);
    const grid = within == null ? undefined : this.finder.getGrid(within);
    return this.book.sum(grid, kind, moment);
  }
}
