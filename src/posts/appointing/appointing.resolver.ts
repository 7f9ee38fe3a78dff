import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { Directory } from '../directory.ts';
import { AppointInput, BodyChangesInput, GuardArgs, PersonChangesInput, ReinforceInput } from './appointing.input.ts';
import type { AppointingService } from './appointing.service.ts';
import { StaffingResult, showAct } from './appointing.type.ts';
import type { RevisingService } from './revising.service.ts';
import type { DoneAct } from './staffingDesk.ts';

/** Acts on staff, for those who manage it in their own area. */
@Resolver()
export class AppointingResolver {
  private readonly appointing: AppointingService;
  private readonly revising: RevisingService;
  private readonly directory: Directory;
  private readonly grids: GridFinder;

  constructor(appointing: AppointingService, revising: RevisingService, directory: Directory, grids: GridFinder) {
    this.appointing = appointing;
    this.revising = revising;
    this.directory = directory;
    this.grids = grids;
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, { description: 'Gives a post of your area to a person or body. One edition.' })
  appoint(
    @Arg('input', () => AppointInput, { description: 'Who, which post, when.' }) input: AppointInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.appointing.appoint(context, input, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Lends somebody to a post of your area for some time. The standing owner stays. One edition.',
  })
  reinforce(
    @Arg('input', () => ReinforceInput, { description: 'Who, which post, how long.' }) input: ReinforceInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.appointing.reinforce(context, input, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Ends an appointment to a post of your area at an instant. CONFLICT when it ends by then already.',
  })
  endAppointment(
    @Arg('appointmentId', () => ID, { description: '`appointmentId` of a holding.' }) appointmentId: string,
    @Arg('at', () => DateTimeScalar, { description: 'First instant no longer in office, past or planned.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.appointing.endAppointment(context, appointmentId, at, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description:
      'Moves a holder to another post at an instant, in the same rank and for the dates that were left. Both posts are in your area.',
  })
  transferAppointment(
    @Arg('appointmentId', () => ID, { description: '`appointmentId` of a holding.' }) appointmentId: string,
    @Arg('toPostId', () => ID, { description: 'The other post.' }) toPostId: string,
    @Arg('at', () => DateTimeScalar, { description: 'First instant on the other post.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.appointing.transferAppointment(context, appointmentId, toPostId, at, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description:
      'Changes what is known of a member of staff from an instant on. For who manages all standing posts of him or her.',
  })
  revisePerson(
    @Arg('personId', () => ID, { description: 'The stable id.' }) personId: string,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of the change.' }) from: Date,
    @Arg('set', () => PersonChangesInput, { description: 'What changes.' }) set: PersonChangesInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.revising.revisePerson(context, personId, from, set, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Changes what is known of a body from an instant on. For who manages all that it answers for.',
  })
  reviseBody(
    @Arg('bodyId', () => ID, { description: 'The stable id.' }) bodyId: string,
    @Arg('from', () => DateTimeScalar, { description: 'First instant of the change.' }) from: Date,
    @Arg('set', () => BodyChangesInput, { description: 'What changes.' }) set: BodyChangesInput,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.revising.reviseBody(context, bodyId, from, set, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description: 'Makes a post on a grid of your area, vacant until somebody is appointed.',
  })
  makePost(
    @Arg('roleCode', () => String, { description: 'Code of a role that sits at the tier of the grid.' })
    roleCode: string,
    @Arg('gridId', () => ID, { description: 'The grid, by id or code.' }) gridId: string,
    @Arg('from', () => DateTimeScalar, { description: 'Its first instant.' }) from: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.revising.makePost(context, roleCode, gridId, from, guard));
  }

  @Right('staff.manage')
  @Mutation(() => StaffingResult, {
    description:
      'Ends a post of your area at an instant, and every appointment to it. A required one is then shown vacant.',
  })
  endPost(
    @Arg('postId', () => ID, { description: 'The post.' }) postId: string,
    @Arg('at', () => DateTimeScalar, { description: 'The first instant at which it does not exist.' }) at: Date,
    @Args(() => GuardArgs) guard: GuardArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffingResult> {
    return this.show(this.revising.endPost(context, postId, at, guard));
  }

  private async show(done: Promise<DoneAct>): Promise<StaffingResult> {
    return showAct(await done, this.directory, this.grids);
  }
}
