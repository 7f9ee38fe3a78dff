import { Arg, Args, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { pageSized } from '../../api/listSize.ts';
import { PageArgs, pageOf } from '../../api/page.type.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { type BodyFinder, bodyKey, sizeOf } from '../bodyFinder.ts';
import { BodyFilter } from './body.input.ts';
import { BodyConnection } from './bodyConnection.type.ts';

/** Lists of bodies. */
@Resolver()
export class BodiesResolver {
  private readonly finder: BodyFinder;
  private readonly moments: MomentReader;

  constructor(finder: BodyFinder, moments: MomentReader) {
    this.finder = finder;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => BodyConnection, {
    complexity: pageSized(5_000),
    description: 'Bodies and teams by kind, members, parent, standing, matter, coverage or name, as of an instant.',
  })
  bodies(
    @Arg('filter', () => BodyFilter, { nullable: true, description: 'Which ones; all if not given.' })
    filter: BodyFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): BodyConnection {
    const found = this.finder.list(filter ?? {}, this.moments.read(asOf, edition));
    return {
      ...pageOf(
        'body',
        found,
        page,
        ({ body }) => bodyKey(body),
        ({ body }) => body,
      ),
      totalMembers: found.reduce((sum, { team }) => sum + sizeOf(team), 0),
    };
  }
}
