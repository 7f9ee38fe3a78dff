import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../../access/declareRight.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import type { TaskState } from '../../course/state.ts';

export enum TaskResultEnum {
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(TaskResultEnum, {
  name: 'TaskResult',
  description: 'What came of a task.',
  valuesConfig: {
    DONE: { description: 'Done.' },
    FAILED: { description: 'Tried and not achieved: a reason for the matter to climb.' },
  },
});

@ObjectType({ description: 'Something that a post is to do about an incident, step by step until it is verified.' })
export class Task {
  readonly record: TaskState;

  @Right('incidents.read')
  @Field(() => ID, { description: 'The incident it is about.' })
  readonly incidentId: string;

  constructor(record: TaskState, incidentId: string) {
    this.record = record;
    this.incidentId = incidentId;
  }

  @Right('incidents.read')
  @Field(() => ID, { description: 'Stable.' })
  get id(): string {
    return this.record.id;
  }

  @Right('incidents.read')
  @Field(() => String, {
    description:
      'What it is for: HANDLE, JOINT (beside the one who handles), MEDIATE, ATTEND (be there), SUPERVISE (see that a late one is done), FOLLOW_UP (look again after the end), RECHECK, WARNING, NOTICE.',
  })
  get kind(): string {
    return this.record.purpose;
  }

  @Right('incidents.read')
  @Field(() => String, {
    description:
      'ISSUED, ACKNOWLEDGED, HANDLED, VERIFIED and CLOSED, in that order; or DECLINED (not theirs), or WITHDRAWN.',
  })
  get status(): string {
    return this.record.status;
  }

  @Right('incidents.read')
  @Field(() => String, {
    description: 'Why it was issued: ROUTE, LADDER (on climbing), WARNING (by a rule), OVERDUE, FOLLOW_UP or HAND.',
  })
  get cause(): string {
    return this.record.cause;
  }

  @Right('incidents.read')
  @Field(() => ID, { nullable: true, description: 'The same for tasks that were issued together to several posts.' })
  get batchId(): string | null {
    return this.record.batchId;
  }

  @Right('incidents.read')
  @Field(() => ID, { nullable: true, description: 'The task that this one watches.' })
  get aboutId(): string | null {
    return this.record.aboutId;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'What is wanted, in words.' })
  get note(): string | null {
    return this.record.note;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { description: 'When it was issued.' })
  get issuedAt(): Date {
    return this.record.issuedAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "Not before then is it anybody's turn: the task is for whoever holds the post on that day.",
  })
  get startsAt(): Date | null {
    return this.record.startsAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'By when it is to be handled; null: no deadline.' })
  get dueAt(): Date | null {
    return this.record.dueAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When its supervisor was told that it is late.' })
  get overdueAt(): Date | null {
    return this.record.overdueAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the post took note of it.' })
  get acknowledgedAt(): Date | null {
    return this.record.acknowledgedAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody of the post was at the place, as told.' })
  get arrivedAt(): Date | null {
    return this.record.arrivedAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was handled.' })
  get handledAt(): Date | null {
    return this.record.handledAt;
  }

  @Right('incidents.read')
  @Field(() => TaskResultEnum, { nullable: true, description: 'What came of it; null: not handled yet.' })
  get result(): 'DONE' | 'FAILED' | null {
    return this.record.result;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'The answer of whoever handled it.' })
  get answer(): string | null {
    return this.record.answer;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody else saw that it is so.' })
  get verifiedAt(): Date | null {
    return this.record.verifiedAt;
  }

  @Right('incidents.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed.' })
  get closedAt(): Date | null {
    return this.record.closedAt;
  }

  @Right('incidents.read')
  @Field(() => String, { nullable: true, description: 'Why it was declined or withdrawn.' })
  get endedReason(): string | null {
    return this.record.endedReason;
  }
}
