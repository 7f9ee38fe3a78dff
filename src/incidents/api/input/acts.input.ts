import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../../api/scalars.ts';
import type { IssuedPurpose } from '../../acts/issuing.service.ts';
import type { Outcome } from '../../course/state.ts';

export enum IssuedPurposeEnum {
  HANDLE = 'HANDLE',
  JOINT = 'JOINT',
  MEDIATE = 'MEDIATE',
  ATTEND = 'ATTEND',
  FOLLOW_UP = 'FOLLOW_UP',
  RECHECK = 'RECHECK',
  NOTICE = 'NOTICE',
}
registerEnumType(IssuedPurposeEnum, {
  name: 'IssuedPurpose',
  description: 'What a task is for that is issued by hand.',
  valuesConfig: {
    HANDLE: { description: 'Handles the matter.' },
    JOINT: { description: 'Handles it beside the one who does already, who stays.' },
    MEDIATE: { description: 'Mediates it, in attempts; never whoever found it.' },
    ATTEND: { description: 'Is there.' },
    FOLLOW_UP: { description: 'Looks again after the end.' },
    RECHECK: { description: 'Checks on a later day whether it is still right, as a hazard that was rectified.' },
    NOTICE: { description: 'Takes note and answers; each recipient for itself.' },
  },
});

export enum OutcomeEnum {
  SETTLED = 'SETTLED',
  UNFOUNDED = 'UNFOUNDED',
  DUPLICATE = 'DUPLICATE',
  HANDED_OVER = 'HANDED_OVER',
}
registerEnumType(OutcomeEnum, {
  name: 'Outcome',
  description: 'How an incident ends.',
  valuesConfig: {
    SETTLED: { description: 'Settled: everything that was asked for is verified.' },
    UNFOUNDED: { description: 'There was nothing. What is open is withdrawn.' },
    DUPLICATE: { description: 'The same as another one. What is open is withdrawn.' },
    HANDED_OVER: { description: 'Somebody outside the registry has it now. What is open is withdrawn.' },
  },
});

export enum ClimbCauseEnum {
  FAILED = 'FAILED',
  DEADLINE = 'DEADLINE',
  REASON = 'REASON',
}
registerEnumType(ClimbCauseEnum, {
  name: 'ClimbCause',
  description: 'Why a matter climbs.',
  valuesConfig: {
    FAILED: { description: 'It was tried on this tier and failed.' },
    DEADLINE: { description: 'A task of this tier is late.' },
    REASON: { description: 'For a reason that is given.' },
  },
});

export enum LinkKindEnum {
  ROOT = 'ROOT',
  RELATED = 'RELATED',
}
registerEnumType(LinkKindEnum, {
  name: 'LinkKind',
  description: 'How two matters hang together.',
  valuesConfig: {
    ROOT: { description: 'This one came out of the other.' },
    RELATED: { description: 'They have to do with one another.' },
  },
});

export enum AttemptResultEnum {
  FAILED = 'FAILED',
  SETTLED = 'SETTLED',
}
registerEnumType(AttemptResultEnum, {
  name: 'AttemptResult',
  description: 'What came of an attempt at mediation.',
  valuesConfig: {
    FAILED: { description: 'Not settled; another attempt may follow.' },
    SETTLED: { description: 'Settled: the last attempt.' },
  },
});

@InputType({ description: 'What is asked of some posts, together: all of it is issued, or nothing.' })
export class IssueInput {
  @Field(() => IssuedPurposeEnum, { description: 'What for.' })
  purpose!: IssuedPurpose;

  @Field(() => [ID], { description: 'The posts, wherever they are; 1 to 50. Each gets a task and answers for itself.' })
  postIds!: string[];

  @Field(() => String, { nullable: true, description: 'What is wanted, at most 500 characters.' })
  note?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'By when it is to be handled.' })
  dueAt?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: "Not before then is it anybody's turn; at once if not given.",
  })
  startsAt?: Date | null;
}

@ArgsType()
export class ClimbArgs {
  @Field(() => ID, { description: 'The incident.' })
  id!: string;

  @Field(() => ClimbCauseEnum, { description: 'Why.' })
  cause!: ClimbCauseEnum;

  @Field(() => String, {
    nullable: true,
    description:
      'To this tier of its ladder; the next one that has a grid if not given. Leaving out a tier needs a reason.',
  })
  to?: string | null;

  @Field(() => String, { nullable: true, description: 'In words, at most 500 characters.' })
  reason?: string | null;
}

@ArgsType()
export class CloseArgs {
  @Field(() => ID, { description: 'The incident.' })
  id!: string;

  @Field(() => OutcomeEnum, { description: 'How it ends.' })
  outcome!: Outcome;

  @Field(() => String, { description: 'What came of it, 1 to 500 characters.' })
  result!: string;
}
