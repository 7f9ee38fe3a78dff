import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { numberedPage, readNumberedPart } from '../../api/lists/numberedPage.ts';
import { pageOf } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { UnvisitedService } from '../must/unvisited.service.ts';
import { unvisitedKey } from '../must/unvisited.ts';
import type { RecordingService } from '../recording.service.ts';
import type { VisitService } from '../visit.service.ts';
import { UnvisitedConnection, VisitKindCount } from './unvisited.type.ts';
import { ReviewArgs, UnvisitedArgs, VisitInput, VisitListArgs } from './visit.input.ts';
import { Visit, VisitConnection } from './visit.type.ts';
import type { VisitViews } from './visitViews.ts';

const WORK = 1_000;
const ONE = ({ childComplexity }: { childComplexity: number }) => WORK + childComplexity;

/** Staff record visits to places, others review them, and what was not visited is listed. */
@Resolver()
export class VisitResolver {
  private readonly recording: RecordingService;
  private readonly visiting: VisitService;
  private readonly missing: UnvisitedService;
  private readonly views: VisitViews;

  constructor(recording: RecordingService, visiting: VisitService, missing: UnvisitedService, views: VisitViews) {
    this.recording = recording;
    this.visiting = visiting;
    this.missing = missing;
    this.views = views;
  }

  @Right('visits.record')
  @Mutation(() => Visit, {
    complexity: ONE,
    description:
      'Records that somebody was at a place. Refused outside the grid of the post and in the future; flagged where it is old or was recorded before. It counts once somebody else accepts it.',
  })
  async recordVisit(
    @Arg('input', () => VisitInput, { description: 'The visit.' }) input: VisitInput,
    @Ctx() context: RequestContext,
  ): Promise<Visit> {
    return this.views.visit(await this.recording.record(context, input));
  }

  @Right('visits.review')
  @Mutation(() => Visit, {
    complexity: ONE,
    description:
      'Judges a visit of your area, once. FORBIDDEN for one that you made or recorded; to refuse needs a reason.',
  })
  async reviewVisit(
    @Args(() => ReviewArgs) { id, accepted, reason }: ReviewArgs,
    @Ctx() context: RequestContext,
  ): Promise<Visit> {
    return this.views.visit(await this.visiting.review(context, id, accepted, reason));
  }

  @Right('visits.read')
  @Query(() => Visit, {
    nullable: true,
    complexity: ONE,
    description: 'A visit of your area by its id. Null: there is none.',
  })
  async visit(
    @Arg('id', () => ID, { description: 'The visit.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<Visit | null> {
    const found = await this.visiting.find(context, id);
    return found ? this.views.visit(found) : null;
  }

  @Right('visits.read')
  @Query(() => VisitConnection, {
    complexity: pageSized(WORK),
    description: 'Visits to places in your area, the last recorded first.',
  })
  async visits(
    @Args(() => VisitListArgs) args: VisitListArgs,
    @Ctx() context: RequestContext,
  ): Promise<VisitConnection> {
    const part = readNumberedPart('visit', args);
    const { within, post, ...filter } = args.filter ?? {};
    const { records, total } = await this.visiting.list(context, within, { ...filter, postId: post }, part);
    return { ...numberedPage('visit', records, part, (each) => this.views.visit(each)), totalCount: total };
  }

  @Right('visits.read')
  @Query(() => UnvisitedConnection, {
    complexity: pageSized(WORK),
    description:
      'Sites and premises in your area that the local practice says must be visited, and whose last accepted visit is too long ago, or which have none.',
  })
  async unvisited(
    @Args(() => UnvisitedArgs) { first, after, ...question }: UnvisitedArgs,
    @Ctx() context: RequestContext,
  ): Promise<UnvisitedConnection> {
    const { found, at } = await this.missing.list(context, question);
    return pageOf('unvisited', found, { first, after }, unvisitedKey, (each) => this.views.unvisited(each, at));
  }

  @Right('visits.read')
  @Query(() => [VisitKindCount], {
    complexity: listOf(11, WORK),
    description: 'Every kind of visits of the local practice, with how many places must be visited and how many were.',
  })
  visitKinds(
    @Arg('within', () => ID, {
      nullable: true,
      description: 'In this grid and below, by id or code; your whole area if not given. NOT_FOUND outside of it.',
    })
    within: string | null,
    @Arg('asOf', () => DateTimeScalar, { nullable: true, description: 'As of this instant; now if not given.' })
    asOf: Date | null,
    @Ctx() context: RequestContext,
  ): Promise<VisitKindCount[]> {
    return this.missing.count(context, { within, asOf });
  }
}
