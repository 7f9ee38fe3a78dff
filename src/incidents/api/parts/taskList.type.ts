import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { listOf } from '../../../api/listSize.ts';
import { PageArgs, PageInfo } from '../../../api/page.type.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import type { TaskQuestion } from '../../tasks/taskReader.service.ts';
import { IncidentPush } from './incidentParts.type.ts';
import { Task } from './task.type.ts';

@ObjectType({ description: 'A task in a list.', simpleResolvers: true })
export class TaskEdge {
  @Right('incidents.read')
  @Field(() => Task, { description: 'The task.' })
  readonly node!: Task;

  @Right('incidents.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this task.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of tasks, newest first.', simpleResolvers: true })
export class TaskConnection {
  @Right('incidents.read')
  @Field(() => [TaskEdge], { complexity: listOf(1), description: 'The tasks of this page.' })
  readonly edges!: readonly TaskEdge[];

  @Right('incidents.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('incidents.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

@ObjectType({ description: 'A push in a list.', simpleResolvers: true })
export class PushEdge {
  @Right('incidents.read')
  @Field(() => IncidentPush, { description: 'The push.' })
  readonly node!: IncidentPush;

  @Right('incidents.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this push.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of pushes, newest first.', simpleResolvers: true })
export class PushConnection {
  @Right('incidents.read')
  @Field(() => [PushEdge], { complexity: listOf(1), description: 'The pushes of this page.' })
  readonly edges!: readonly PushEdge[];

  @Right('incidents.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('incidents.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}

export enum TaskGrouping {
  STATUS = 'STATUS',
  GRID = 'GRID',
}
registerEnumType(TaskGrouping, {
  name: 'TaskGrouping',
  description: 'What tasks are counted by.',
  valuesConfig: {
    STATUS: { description: 'By their status.' },
    GRID: { description: 'By the grids right below the area, and what lies in none of them.' },
  },
});

@ObjectType({
  description: 'How many tasks there are of a kind. The counts of one answer add up to all tasks of the area.',
  simpleResolvers: true,
})
export class TaskCount {
  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The status; null where they are counted by grids.' })
  readonly status!: string | null;

  @Right('incidents.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid; null where they are counted by status, and for what lies in none.',
  })
  readonly grid!: Grid | null;

  @Right('incidents.read')
  @Field(() => Int, { description: 'How many.' })
  readonly count!: number;
}

@InputType({ description: 'Which tasks. What is not given does not matter.' })
export class TaskFilter {
  @Field(() => ID, { nullable: true, description: 'A grid by id or code: only tasks of posts in it and below.' })
  within?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only in one of these: ISSUED, ACKNOWLEDGED, HANDLED …' })
  status?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Only of this kind: HANDLE, MEDIATE, NOTICE …' })
  kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this post.' })
  postId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of this incident.' })
  incidentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those that were issued together.' })
  batchId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those that are late now, or that are not.' })
  overdue?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those of posts that you hold now.' })
  mine?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Due before this instant.' })
  dueBefore?: Date | null;
}

@ArgsType()
export class TasksArgs extends PageArgs {
  @Field(() => TaskFilter, { nullable: true, description: 'Which; all that you may see if not given.' })
  filter?: TaskFilter | null;
}

export enum PushSide {
  SENT = 'SENT',
  RECEIVED = 'RECEIVED',
}
registerEnumType(PushSide, {
  name: 'PushSide',
  description: 'Which end of a push lies in the area.',
  valuesConfig: {
    SENT: { description: 'It was sent from there.' },
    RECEIVED: { description: 'It is to be answered there.' },
  },
});

@ArgsType()
export class PushesArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'A grid by id or code: only pushes with an end in it or below.' })
  within?: string | null;

  @Field(() => PushSide, { nullable: true, description: 'Only those with this end in the area.' })
  side?: PushSide | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those without an answer, or with one.' })
  unanswered?: boolean | null;
}

/** What is not given is left out. */
export function questionOf(filter: TaskFilter | null | undefined): TaskQuestion {
  const { status, kind, ...rest } = filter ?? {};
  return { ...rest, statuses: status, purpose: kind } as TaskQuestion;
}
