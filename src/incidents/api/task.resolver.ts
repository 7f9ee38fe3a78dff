import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Holding, Post } from '../../posts/api/holding.type.ts';
import { Body, Person } from '../../posts/api/staff.type.ts';
import type { IncidentReaderService } from '../incidentReader.service.ts';
import type { TaskReaderService } from '../tasks/taskReader.service.ts';
import type { RegistryViews } from './parts/registryViews.ts';
import { Task } from './parts/task.type.ts';
import {
  PushConnection,
  PushesArgs,
  questionOf,
  TaskConnection,
  TaskCount,
  TaskGrouping,
  TasksArgs,
} from './parts/taskList.type.ts';

/** Tasks and pushes in lists, and what a task names. */
@Resolver(() => Task)
export class TaskResolver {
  private readonly tasksOf: TaskReaderService;
  private readonly reader: IncidentReaderService;
  private readonly views: RegistryViews;

  constructor(tasksOf: TaskReaderService, reader: IncidentReaderService, views: RegistryViews) {
    this.tasksOf = tasksOf;
    this.reader = reader;
    this.views = views;
  }

  @Right('incidents.read')
  @FieldResolver(() => Post, { description: 'The post that is to do it; whoever holds it when it is due answers.' })
  post(@Root() { record }: Task): Post {
    return this.views.post(record);
  }

  @Right('incidents.read')
  @FieldResolver(() => [Holding], {
    complexity: listOf(2),
    description: 'Who holds the post now; of a task that begins later, as is known now, on that day.',
  })
  holders(@Root() { record }: Task): readonly Holding[] {
    return this.views.holders(record);
  }

  @Right('incidents.read')
  @FieldResolver(() => Person, {
    nullable: true,
    description: 'Who of the staff handled it, where the login says who it was.',
  })
  handler(@Root() { record }: Task): Person | null {
    return this.views.personAt(record.handlerId, record.handledAt);
  }

  @Right('incidents.read')
  @FieldResolver(() => Body, {
    nullable: true,
    description: 'The unit that whoever handled it came from: of a reinforcement, the one that lent him or her.',
  })
  homeUnit(@Root() { record }: Task): Body | null {
    return this.views.bodyAt(record.handlerBodyId, record.handledAt);
  }

  @Right('incidents.read')
  @FieldResolver(() => Grid, {
    nullable: true,
    description: 'Of a task that was declined: whose it is, as whoever declined it said.',
  })
  belongsTo(@Root() { record }: Task): Grid | null {
    return record.belongsTo === null ? null : this.views.grid(record.belongsTo);
  }

  @Right('incidents.read')
  @Query(() => TaskConnection, {
    complexity: pageSized(1_000),
    description: 'Tasks of posts in your area and of incidents that you may see, newest first.',
  })
  async tasks(@Args(() => TasksArgs) args: TasksArgs, @Ctx() by: RequestContext): Promise<TaskConnection> {
    const { filter, ...page } = args;
    const { edges, ...rest } = await this.tasksOf.list(by, questionOf(filter), page);
    return {
      ...rest,
      edges: edges.map(({ node, cursor }) => ({ node: new Task(node, node.incidentId), cursor })),
    };
  }

  @Right('incidents.read')
  @Query(() => [TaskCount], {
    complexity: listOf(50, 1_000),
    description: 'How many tasks of posts there are in an area, by status or by the grids below it.',
  })
  async taskCounts(
    @Arg('within', () => ID, { description: 'The area: a grid by id or code.' }) within: string,
    @Arg('by', () => TaskGrouping, { description: 'What they are counted by.' }) grouping: TaskGrouping,
    @Ctx() by: RequestContext,
  ): Promise<TaskCount[]> {
    const counts = await this.tasksOf.count(by, { within }, grouping);
    return counts.map(({ status = null, gridId = null, count }) => ({
      ...{ status, count },
      grid: gridId === null ? null : this.views.grid(gridId),
    }));
  }

  @Right('incidents.read')
  @Query(() => PushConnection, {
    complexity: pageSized(1_000),
    description:
      'Incidents pushed between the bodies of two layers, newest first: what waits for an answer on either side.',
  })
  async pushes(@Args(() => PushesArgs) args: PushesArgs, @Ctx() by: RequestContext): Promise<PushConnection> {
    const { first, after, within, side, unanswered } = args;
    const question = { within, side, unanswered };
    const { edges, ...rest } = await this.reader.listPushes(by, question, { first, after });
    return {
      ...rest,
      edges: edges.map(({ node, cursor }) => ({ node: this.views.push(node, node.incidentId), cursor })),
    };
  }
}
