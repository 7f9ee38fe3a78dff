import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { numberedPage, readNumberedPart } from '../../api/lists/numberedPage.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { ActivityService } from '../activities/activity.service.ts';
import { Activity, ActivityArgs, ActivityConnection, ActivityInput } from './activity.type.ts';
import type { VisitViews } from './visitViews.ts';

const WORK = 1_000;
const ONE = ({ childComplexity }: { childComplexity: number }) => WORK + childComplexity;

/** What takes place on grids. */
@Resolver()
export class ActivityResolver {
  private readonly acts: ActivityService;
  private readonly views: VisitViews;

  constructor(acts: ActivityService, views: VisitViews) {
    this.acts = acts;
    this.views = views;
  }

  @Right('visits.record')
  @Mutation(() => Activity, { complexity: ONE, description: 'Records an activity on grids of your area.' })
  async recordActivity(
    @Arg('input', () => ActivityInput, { description: 'The activity.' }) input: ActivityInput,
    @Ctx() context: RequestContext,
  ): Promise<Activity> {
    return this.views.activity(await this.acts.record(context, input));
  }

  @Right('visits.record')
  @Mutation(() => Activity, {
    complexity: ONE,
    description:
      'Ends an activity earlier than planned, or where no end was planned; once. Ended before it begins, it never takes place.',
  })
  async endActivity(
    @Arg('id', () => ID, { description: 'The activity; all of its grids must be in your area.' }) id: string,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'When; now if not given.' }) at: Date | null,
    @Ctx() context: RequestContext,
  ): Promise<Activity> {
    return this.views.activity(await this.acts.end(context, id, at));
  }

  @Right('visits.read')
  @Query(() => ActivityConnection, {
    complexity: pageSized(WORK),
    description: 'Activities on grids of your area, the last recorded first.',
  })
  async activities(
    @Args(() => ActivityArgs) { within, first, after, ...filter }: ActivityArgs,
    @Ctx() context: RequestContext,
  ): Promise<ActivityConnection> {
    const part = readNumberedPart('activity', { first, after });
    const { records, total } = await this.acts.list(context, within, filter, part);
    return { ...numberedPage('activity', records, part, (each) => this.views.activity(each)), totalCount: total };
  }
}
