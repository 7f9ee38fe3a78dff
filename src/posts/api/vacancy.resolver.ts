import { Arg, Args, ID, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { pageSized } from '../../api/listSize.ts';
import { type Page, PageArgs } from '../../api/page.type.ts';
import { GridConnection, gridPage } from '../../grids/api/connection.type.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import type { Grid } from '../../grids/api/grid.type.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { VacancyFinder } from '../vacancyFinder.ts';

/** Where somebody is lacking. */
@Resolver()
export class VacancyResolver {
  private readonly finder: VacancyFinder;
  private readonly moments: MomentReader;

  constructor(finder: VacancyFinder, moments: MomentReader) {
    this.finder = finder;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => GridConnection, {
    complexity: pageSized(5_000),
    description:
      'The grids on which a role is vacant: there is a post of it, which nobody holds at that instant. A post that the tier requires counts though it was never made; where the role may sit but need not, a grid without the post is not listed.',
  })
  vacancies(
    @Arg('role', () => String, { description: 'Code of the role.' }) role: string,
    @Arg('within', () => ID, { nullable: true, description: 'Only grids below this one.' }) within: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Page<Grid> {
    const moment = this.moments.read(asOf, edition);
    return gridPage(this.finder.list(role, within ?? null, moment), page, moment);
  }
}
