import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { TaskActs } from '../acts/taskActs.service.ts';
import { Incident } from './incident.type.ts';
import { AttemptResultEnum } from './input/acts.input.ts';
import { TaskResultEnum } from './parts/task.type.ts';
import { showFile } from './showFile.ts';

const WRITES = 500;
const TASK = { description: 'The task.' };
const REASON = { description: 'Why, 1 to 500 characters.' };

/** The steps of tasks. Each answers with the whole incident, and is a line of its trail. */
@Resolver()
export class TaskActsResolver {
  private readonly acts: TaskActs;

  constructor(acts: TaskActs) {
    this.acts = acts;
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Takes note of a task of a post that you hold.' })
  async acknowledgeTask(@Arg('id', () => ID, TASK) id: string, @Ctx() by: RequestContext): Promise<Incident> {
    return showFile(await this.acts.acknowledge(by, id));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Says that somebody of the post is at the place.' })
  async arriveAtTask(
    @Arg('id', () => ID, TASK) id: string,
    @Arg('at', () => DateTimeScalar, { nullable: true, description: 'Since when; now if not given.' }) at: Date | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.arrive(by, id, at));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: 'Says what came of a task. Somebody else verifies it; a task to mediate is handled by its attempts.',
  })
  async handleTask(
    @Arg('id', () => ID, TASK) id: string,
    @Arg('result', () => TaskResultEnum, { description: 'What came of it.' }) result: TaskResultEnum,
    @Arg('answer', () => String, { description: 'In words, 1 to 500 characters.' }) answer: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.handle(by, id, { result, answer }));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: '"Not ours": declines a task, with a reason and, where you know it, the grid whose it is.',
  })
  async declineTask(
    @Arg('id', () => ID, TASK) id: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Arg('belongsTo', () => ID, { nullable: true, description: 'Whose it is: a grid, by id or code.' })
    belongsTo: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.decline(by, id, reason, belongsTo));
  }

  @Right('incidents.handle')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description:
      'Records an attempt under a task to mediate. Whoever found the matter is refused. The one that settles it is the last.',
  })
  async recordAttempt(
    @Arg('taskId', () => ID, TASK) taskId: string,
    @Arg('result', () => AttemptResultEnum, { description: 'What came of it.' }) result: AttemptResultEnum,
    @Arg('agreement', () => String, {
      nullable: true,
      description: 'Of one that settled it: the number of the agreement in the local archive, at most 100 characters.',
    })
    agreement: string | null,
    @Arg('note', () => String, { nullable: true, description: 'In words, at most 500 characters.' })
    note: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.attempt(by, taskId, { result, agreement, note }));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, {
    complexity: WRITES,
    description: 'Says whether what was handled is so. Never by whoever handled it. Not accepted, it goes back.',
  })
  async verifyTask(
    @Arg('id', () => ID, TASK) id: string,
    @Arg('accepted', () => Boolean, { description: 'Whether it is so.' }) accepted: boolean,
    @Arg('reason', () => String, { nullable: true, description: 'Why not, at most 500 characters.' })
    reason: string | null,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.verify(by, id, accepted, reason));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Closes a task that was verified.' })
  async closeTask(@Arg('id', () => ID, TASK) id: string, @Ctx() by: RequestContext): Promise<Incident> {
    return showFile(await this.acts.close(by, id));
  }

  @Right('incidents.direct')
  @Mutation(() => Incident, { complexity: WRITES, description: 'Takes a task back, with a reason.' })
  async withdrawTask(
    @Arg('id', () => ID, TASK) id: string,
    @Arg('reason', () => String, REASON) reason: string,
    @Ctx() by: RequestContext,
  ): Promise<Incident> {
    return showFile(await this.acts.withdraw(by, id, reason));
  }
}
