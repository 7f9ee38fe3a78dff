import { Arg, Args, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import { Duty } from '../../posts/duties/duty.type.ts';
import { PlaceInput } from '../api/ownership.input.ts';
import type { DutyService } from './duty.service.ts';

/** Who may do what. Public, as the roles are. */
@Resolver()
export class DutyResolver {
  private readonly duties: DutyService;

  constructor(duties: DutyService) {
    this.duties = duties;
  }

  @Right('registry.read')
  @Query(() => Duty, { description: 'May this role act on this matter here? If not, who does?' })
  duty(
    @Arg('role', () => String, { description: 'Code of the role.' }) role: string,
    @Arg('category', () => String, { description: 'The matter, in local words, such as dispute.' }) category: string,
    @Arg('at', () => PlaceInput, { description: 'Where.' }) at: PlaceInput,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Promise<Duty> {
    return this.duties.duty({ role, category, at, asOf, edition });
  }
}
