import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import type { RequestContext } from '../../../access/requestContext.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import type { GridFinder } from '../../../grids/gridFinder.ts';
import { GuardArgs } from '../../appointing/appointing.input.ts';
import type { Directory } from '../../directory.ts';
import type { HolidayManagingService } from './holidayManaging.service.ts';
import { AddRostersInput, HolidayInput } from './managing.input.ts';
import { HolidaysResult, RostersResult, showHolidays, showRosters } from './managing.type.ts';
import type { RosterManagingService } from './rosterManaging.service.ts';

/** Acts on rosters, for those who manage staff in their own area, and on holidays, for those who manage it everywhere. */
@Resolver()
export class RosterManagingResolver {
  private readonly rosters: RosterManagingService;
  private readonly holidays: HolidayManagingService;
  private readonly directory: Directory;
  private readonly grids: GridFinder;

  constructor(
    rosters: RosterManagingService,
    holidays: HolidayManagingService,
    directory: Directory,
    grids: GridFinder,
  ) {
    this.rosters = rosters;
    this.holidays = holidays;
    this.directory = directory;
    this.grids = grids;
  }

  @Right('staff.manage')
  @Mutation(() => RostersResult, {
    description:
      'Gives rosters to a holder of a post of your area. From then on all holders of the post are on duty by rosters only. One edition.',
  })
  async addRosters(
    @Arg('input', () => AddRostersInput, { description: 'Whose, and which shifts.' }) input: AddRostersInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<RostersResult> {
    return showRosters(await this.rosters.addRosters(context, input, guard), this.directory, this.grids);
  }

  @Right('staff.manage')
  @Mutation(() => RostersResult, {
    description:
      'Ends rosters of one post of your area at an instant. CONFLICT when one ends by then already. Once the last has ended, every holder of the post is on duty.',
  })
  async endRosters(
    @Arg('ids', () => [ID], { description: '1 to 30 rosters of one post, as `rosterIds` names them.' }) ids: string[],
    @Arg('at', () => DateTimeScalar, { description: 'First instant without them, past or planned.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<RostersResult> {
    return showRosters(await this.rosters.endRosters(context, ids, at, guard), this.directory, this.grids);
  }

  @Right('staff.manage')
  @Mutation(() => HolidaysResult, {
    description:
      'Adds days to a calendar of holidays, which is made by its first. For who manages staff everywhere, for a calendar concerns every area. A day that it has keeps its name. One edition.',
  })
  async addHolidays(
    @Arg('calendar', () => String, { description: 'Its name, 1 to 64 characters.' }) calendar: string,
    @Arg('days', () => [HolidayInput], { description: '1 to 400 days.' }) days: HolidayInput[],
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<HolidaysResult> {
    return showHolidays(await this.holidays.addHolidays(context, calendar, days, guard));
  }

  @Right('staff.manage')
  @Mutation(() => HolidaysResult, {
    description:
      'Takes days out of a calendar of holidays, of past years too; earlier editions keep them. For who manages staff everywhere. NOT_FOUND for a day that it does not have.',
  })
  async endHolidays(
    @Arg('calendar', () => String, { description: 'Its name.' }) calendar: string,
    @Arg('days', () => [String], { description: '1 to 400 days, YYYY-MM-DD.' }) days: string[],
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<HolidaysResult> {
    return showHolidays(await this.holidays.endHolidays(context, calendar, days, guard));
  }
}
