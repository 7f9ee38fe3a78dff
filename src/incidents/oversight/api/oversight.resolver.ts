import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import type { RequestContext } from '../../../access/requestContext.ts';
import { listOf, pageSized } from '../../../api/listSize.ts';
import { assertPageSize } from '../../../api/page.type.ts';
import type { RegistryViews } from '../../api/parts/registryViews.ts';
import type { OversightService, PunctualityRow } from '../lists/oversight.service.ts';
import {
  LadderClosingsType,
  LateArgs,
  LateTasks,
  OversightArgs,
  type TaskPunctuality,
  TaskPunctualityList,
} from './oversight.type.ts';

const COUNTS = 1_000;

/** Who is slow, and how far matters climb: sums of an area, out of the trail. */
@Resolver()
export class OversightResolver {
  private readonly oversight: OversightService;
  private readonly views: Pick<RegistryViews, 'grid'>;

  constructor(oversight: OversightService, views: Pick<RegistryViews, 'grid'>) {
    this.oversight = oversight;
    this.views = views;
  }

  @Right('figures.read')
  @Query(() => TaskPunctualityList, {
    complexity: ({ childComplexity }) => COUNTS + childComplexity,
    description: 'How many tasks issued in a period were handled in time, for each part of an area, slowest first.',
  })
  async taskPunctuality(
    @Args(() => OversightArgs) question: OversightArgs,
    @Ctx() by: RequestContext,
  ): Promise<TaskPunctualityList> {
    const { rows, total } = await this.oversight.slow(by, question);
    return { rows: rows.map((row) => this.punctuality(row)), total: this.punctuality(total) };
  }

  @Right('figures.read')
  @Query(() => [LateTasks], {
    complexity: pageSized(COUNTS),
    description:
      'The grids of an area whose posts have late tasks, or handled some late, of those issued in a period; most waiting first.',
  })
  async lateTasks(@Args(() => LateArgs) args: LateArgs, @Ctx() by: RequestContext): Promise<LateTasks[]> {
    const grids = await this.oversight.overdue(by, { ...args, first: assertPageSize(args.first) });
    return grids.map(({ gridId, ...late }) => ({ grid: this.views.grid(gridId), ...late }));
  }

  @Right('figures.read')
  @Query(() => [LadderClosingsType], {
    complexity: listOf(3, COUNTS),
    description: 'On which tiers the incidents of an area ended that were closed in a period, by ladder.',
  })
  closedPerTier(
    @Args(() => OversightArgs) question: OversightArgs,
    @Ctx() by: RequestContext,
  ): Promise<LadderClosingsType[]> {
    return this.oversight.closedPerTier(by, question);
  }

  private punctuality({ gridId, ...counts }: PunctualityRow): TaskPunctuality {
    return { grid: this.views.grid(gridId), ...counts };
  }
}
