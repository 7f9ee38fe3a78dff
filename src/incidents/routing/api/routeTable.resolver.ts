import { Arg, Args, ID, Query, Resolver } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { MomentArgs } from '../../../grids/api/grid.input.ts';
import type { MomentReader } from '../../../grids/momentReader.ts';
import type { RouteTableService } from './routeTable.service.ts';
import { RouteTableRow } from './routeTable.type.ts';

/** Who would be told of what. */
@Resolver()
export class RouteTableResolver {
  private readonly tables: RouteTableService;
  private readonly moments: MomentReader;

  constructor(tables: RouteTableService, moments: MomentReader) {
    this.tables = tables;
    this.moments = moments;
  }

  @Right('practice.read')
  @Query(() => [RouteTableRow], {
    // Every matter on every rung of a town takes half a second.
    complexity: ({ args, childComplexity }) => (args.category ? 5_000 : 100_000) + 50 * (1 + childComplexity),
    description:
      'Who would be told of each category in an area, tier by tier from the area upwards, by its local practice; what nobody is told of says so. Tiers below the area are asked of the grids there. Empty: no practice names any category there.',
  })
  routeTable(
    @Arg('area', () => ID, { description: 'Id of a grid; a small one gives the whole table of a place.' }) area: string,
    @Arg('category', () => String, { nullable: true, description: 'Only this one; all that are known if not given.' })
    category: string | null,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<RouteTableRow[]> {
    return this.tables.read(area, category ?? null, this.moments.read(asOf, edition));
  }
}
