import { Args, ArgsType, Field, ID, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { pageSized } from '../../../api/listSize.ts';
import { type Page, PageArgs, pageOf } from '../../../api/page.type.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import type { MomentReader } from '../../../grids/momentReader.ts';
import { Post } from '../../api/holding.type.ts';
import type { Span } from '../pattern/shiftPattern.ts';
import type { RosteredPost, UncoveredFinder } from '../uncoveredFinder.ts';
import { readDutySpan, toShift } from './shift.type.ts';
import { UncoveredConnection, type UncoveredPost } from './uncovered.type.ts';

const HOUR_MS = 3_600_000;

@ArgsType()
class UncoveredArgs {
  @Field(() => String, { description: 'Code of the role.' })
  role!: string;

  @Field(() => ID, { nullable: true, description: 'Only posts in this grid and all below it.' })
  within?: string | null;

  @Field(() => DateTimeScalar, { description: 'From this instant on.' })
  from!: Date;

  @Field(() => DateTimeScalar, { description: 'Up to, but without, this instant; at most 31 days later.' })
  to!: Date;

  @Field(() => Int, { nullable: true, description: 'What the registry knew in this edition; the newest if not given.' })
  edition?: number | null;
}

/** When nobody is on duty. */
@Resolver()
export class UncoveredHoursResolver {
  private readonly finder: UncoveredFinder;
  private readonly moments: MomentReader;

  constructor(finder: UncoveredFinder, moments: MomentReader) {
    this.finder = finder;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => UncoveredConnection, {
    complexity: pageSized(2_000),
    description:
      'The hours in which nobody is on duty, for each post of a role that has rosters then; posts without any count as always covered and are not listed, nor are those that begin later than `from`. Posts come in the order of their grids, those without a gap with an empty list.',
  })
  uncoveredHours(
    @Args(() => UncoveredArgs) { role, within, from, to, edition }: UncoveredArgs,
    @Args(() => PageArgs) page: PageArgs,
  ): Page<UncoveredPost> {
    const span = readDutySpan(from, to);
    const known = this.moments.read(from, edition).edition;
    const posts = this.finder.listPosts({ role, within: within ?? null, span, edition: known });
    return pageOf(
      'uncovered',
      posts,
      page,
      (post) => post.key,
      (post) => this.show(post, span, known),
    );
  }

  private show({ entry, version, placeId }: RosteredPost, span: Span, edition: number): UncoveredPost {
    const grid = placeId === null ? new Grid(version, { asOf: span.from, edition }) : null;
    const gaps = this.finder.uncovered(entry.post.id, span, edition);
    const hours = gaps.reduce((sum, gap) => sum + gap.until - gap.from, 0) / HOUR_MS;
    return { post: new Post(entry, grid), uncovered: gaps.map(toShift), hours };
  }
}
