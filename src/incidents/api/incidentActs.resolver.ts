import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { CaseActs } from '../acts/caseActs.service.ts';
import type { IssuingService } from '../acts/issuing.service.ts';
import type { ClimbService } from '../oversight/climb.service.ts';
import type { ClosingService } from '../oversight/closing.service.ts';
import type { MoveService } from '../reporting/move.service.ts';
import type { ReportService } from '../reporting/report.service.ts';
import { Incident } from './incident.type.ts';
import { ClimbArgs, CloseArgs, IssueInput, LinkKindEnum } from './input/acts.input.ts';
import { IncidentInput } from './input/incident.input.ts';
import { showFile } from './showFile.ts';

const WRITES = 500;
const INCIDENT = { description: 'The incident.' };
const REASON = { description: 'Why, 1 to 500 characters.' };

/** What is done with incidents as a whole. */
export interface IncidentActServices {
  readonly reports: ReportService;
  readonly moves: MoveService;
  readonly climbs: ClimbService;
  readonly closings: ClosingService;
  readonly cases: CaseActs;
  readonly issuing: IssuingService;
}

/** Reporting incidents and directing their course. Every act is audited, and a line of the trail. */
@Resolver()
export class IncidentActsResolver {
  private readonly services: IncidentActServices;

  constructor(services: IncidentActServices) {
    this.services = services;
  }

  @Right('incidents.report')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Reports a matter at a place. It goes to the grids that own the place at this instant, and to the posts that the local practice names; `notices` says what is not configured.',
  })
  async reportIncident(
    @Arg('input', () => IncidentInput, { description: 'The matter.' }) input: IncidentInput,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.reports.report(by, input));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Hands an incident to another grid of a layer, with a reason. Its open tasks are withdrawn and issued anew for the new owner.',
  })
  async moveIncident(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('to', () => ID, { description: 'The grid that is to own it, by id or code.' }) to: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.moves.move(by, id, { to, reason }));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Hands an incident to the grids that own its place by the boundaries of now: after a boundary was published, open incidents stay with their owners until this.',
  })
  async adoptOwners(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.moves.adopt(by, id, reason));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: 'Asks something of one post or of several: a joint handler, one notice to many, somebody to be there.',
  })
  async issueTasks(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('input', () => IssueInput, { description: 'What, and of whom.' }) input: IssueInput,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.issuing.issue(by, id, input));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: 'Takes an incident up its ladder. It takes a failure, a deadline that has passed, or a reason.',
  })
  async escalateIncident(
    @Args(() => ClimbArgs) { id, ...request }: ClimbArgs,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.climbs.climb(by, id, request));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: 'Gives it another grade of the local scheme. The trail keeps the old one.',
  })
  async gradeIncident(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('severity', () => String, { description: 'The grade, by its code.' }) severity: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, at most 500 characters.' })
    reason: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.cases.grade(by, id, severity, reason));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Pushes it from the bodies of one layer to those of another, such as from police to governance. Pushed again while nobody answered, it is the same push.',
  })
  async pushIncident(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('from', () => String, { description: 'The layer that sends it, by its code.' }) from: string,
    @Arg('to', () => String, { description: 'The layer that is to answer, by its code.' }) to: string,
    @Arg('message', () => String, { nullable: true, description: 'What is wanted, at most 500 characters.' })
    message: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.cases.push(by, id, { from, to, message }));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Takes note of a push to your area.' })
  async acknowledgePush(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('pushId', () => ID, { description: 'The push.' }) pushId: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.cases.acknowledgePush(by, id, pushId));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Answers a push to your area, once.' })
  async answerPush(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('pushId', () => ID, { description: 'The push.' }) pushId: string,
    @Arg('answer', () => String, { description: 'The answer, 1 to 500 characters.' }) answer: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.cases.answerPush(by, id, pushId, answer));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Links it to another incident that you may see.' })
  async linkIncidents(
    @Arg('id', () => ID, INCIDENT) id: string,
    @Arg('otherId', () => ID, { description: 'The other incident.' }) otherId: string,
    @Arg('kind', () => LinkKindEnum, { description: 'How they hang together.' }) kind: LinkKindEnum,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.cases.link(by, id, otherId, kind));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Closes it. SETTLED takes that everything that was asked for is verified. Where related matters are open, `notices` warns of it (OPEN_RELATED).',
  })
  async closeIncident(
    @Args(() => CloseArgs) { id, ...request }: CloseArgs,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.services.closings.close(by, id, request));
  }
}
