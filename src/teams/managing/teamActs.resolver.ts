import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import { GuardArgs } from '../../posts/appointing/appointing.input.ts';
import { StaffingResult, showAct } from '../../posts/appointing/appointing.type.ts';
import type { DoneAct } from '../../posts/appointing/staffingDesk.ts';
import type { Directory } from '../../posts/directory.ts';
import { FormTeamInput, TeamChangesInput } from './teamActs.input.ts';
import type { TeamActsService } from './teamActs.service.ts';

/** Acts on teams, for those who manage staff on all grids that a team covers. */
@Resolver()
export class TeamActsResolver {
  private readonly teams: TeamActsService;
  private readonly directory: Directory;
  private readonly grids: GridFinder;

  constructor(teams: TeamActsService, directory: Directory, grids: GridFinder) {
    this.teams = teams;
    this.directory = directory;
    this.grids = grids;
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Makes a team with its members by kind and the grids of your area that it covers. One edition.',
  })
  formTeam(
    @Arg('input', () => FormTeamInput, { description: 'What it is, and what it covers.' }) input: FormTeamInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.teams.formTeam(context, input, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description:
      'Changes what a team is made of from an instant on. For who manages all that it covers; `reviseBody` changes name and contact.',
  })
  reviseTeam(
    @Arg('id', () => ID, { description: 'The body that the team is.' }) id: string,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of the change.' }) from: Date,
    @Arg('set', () => TeamChangesInput, { description: 'What changes.' }) set: TeamChangesInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.teams.reviseTeam(context, id, from, set, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Lets a team that you manage cover more grids of your area, with all below them, in all its matters.',
  })
  coverGrids(
    @Arg('id', () => ID, { description: 'The body that the team is.' }) id: string,
    @Arg('gridIds', () => [ID], { description: 'The grids, by id or code.' }) gridIds: string[],
    @Arg('from', () => DateTimeScalar, { description: 'First instant of it.' }) from: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.teams.coverGrids(context, id, gridIds, from, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description:
      'Ends what a team covers of some grids, always and on circuits. A team that then covers nothing is managed by who manages everywhere.',
  })
  endCoverage(
    @Arg('id', () => ID, { description: 'The body that the team is.' }) id: string,
    @Arg('gridIds', () => [ID], { description: 'The grids, by id or code.' }) gridIds: string[],
    @Arg('at', () => DateTimeScalar, { description: 'First instant at which they are not covered.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.teams.endCoverage(context, id, gridIds, at, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Puts a team under another body in one line from an instant on, or takes it out of the line.',
  })
  setParent(
    @Arg('id', () => ID, { description: 'The body that the team is.' }) id: string,
    @Arg('line', () => String, { description: 'The line in local words, such as police or party.' }) line: string,
    @Arg('parentId', () => ID, {
      nullable: true,
      description: 'The body it is to stand under, of any area; null or left out: under nobody in this line.',
    })
    parentId: string | null | undefined,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of it; what was planned after it is given up.' })
    from: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.teams.setParent(context, id, { line, parentId: parentId ?? null, from }, guard));
  }

  private async show(done: Promise<DoneAct>): Promise<StaffingResult> {
    return showAct(await done, this.directory, this.grids);
  }
}
