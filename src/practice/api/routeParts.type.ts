import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import type {
  DeadlinePractice,
  HandlerPractice,
  LadderPractice,
  RoutePractice,
  WarningPractice,
} from '../practice.type.ts';
import { TaskPurposeEnum, WarningPlaceEnum } from './practiceWord.type.ts';

// Each class is a type and an input at once, so that what was read can be sent back.
const CODE = 'Small letters, digits and _; stays the same when the name is changed.';
const NAME = 'As it is shown, in 1 to 100 characters.';
const LAYER = 'Code of the layer.';
const TIER = 'Code of the tier in the layer.';

const HANDLER_WORDS = 'Whom a task goes to: the post of a role, or a post that a body of a kind holds.';
const ROUTE_WORDS = 'Who handles matters on a rung. The first route wins that names the matter.';
const DEADLINE_WORDS = 'How long a matter may stay on a tier.';
const LADDER_WORDS = 'The tiers through which matters climb.';
const WARNING_WORDS =
  'So many matters at one place within so many days make an instruction. Never about a person or a sensor.';

@ObjectType('PracticeHandler', { description: HANDLER_WORDS, simpleResolvers: true })
@InputType('PracticeHandlerInput', { description: HANDLER_WORDS })
export class PracticeHandler implements HandlerPractice {
  @Right('practice.read')
  @Field(() => TaskPurposeEnum, { description: 'What is asked.' })
  readonly purpose!: HandlerPractice['purpose'];

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: `${LAYER} With tier, or null: on the rung of the matter.` })
  readonly layer!: string | null;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: `${TIER} With layer, or null: on the rung of the matter.` })
  readonly tier!: string | null;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: 'Code of the role. It, `bodyKind` or both are given.' })
  readonly role!: string | null;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: 'Kind of the body that holds the post.' })
  readonly bodyKind!: string | null;

  @Right('practice.read')
  @Field(() => Float, { nullable: true, description: 'Due within so many hours; null: as the ladder says.' })
  readonly hours!: number | null;
}

@ObjectType('PracticeRoute', { description: ROUTE_WORDS, simpleResolvers: true })
@InputType('PracticeRouteInput', { description: ROUTE_WORDS })
export class PracticeRoute implements RoutePractice {
  @Right('practice.read')
  @Field(() => [String], {
    defaultValue: [],
    description: 'Codes of matters. Empty: every matter that no other route of the rung names.',
  })
  readonly categories!: readonly string[];

  @Right('practice.read')
  @Field(() => String, { description: LAYER })
  readonly layer!: string;

  @Right('practice.read')
  @Field(() => String, { description: TIER })
  readonly tier!: string;

  @Right('practice.read')
  @Field(() => [PracticeHandler], { complexity: listOf(3), description: 'Each gets a task.' })
  readonly handlers!: readonly PracticeHandler[];
}

@ObjectType('PracticeDeadline', { description: DEADLINE_WORDS, simpleResolvers: true })
@InputType('PracticeDeadlineInput', { description: DEADLINE_WORDS })
export class PracticeDeadline implements DeadlinePractice {
  @Right('practice.read')
  @Field(() => String, { description: 'A tier of the ladder.' })
  readonly tier!: string;

  @Right('practice.read')
  @Field(() => String, { nullable: true, description: 'Null: every grade that no other deadline of the tier names.' })
  readonly severity!: string | null;

  @Right('practice.read')
  @Field(() => Float, { description: 'So many hours.' })
  readonly hours!: number;
}

@ObjectType('PracticeLadder', { description: LADDER_WORDS, simpleResolvers: true })
@InputType('PracticeLadderInput', { description: LADDER_WORDS })
export class PracticeLadder implements LadderPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;

  @Right('practice.read')
  @Field(() => [String], {
    defaultValue: [],
    description: 'Codes of matters. Empty: every matter that no other ladder names.',
  })
  readonly categories!: readonly string[];

  @Right('practice.read')
  @Field(() => String, { description: LAYER })
  readonly layer!: string;

  @Right('practice.read')
  @Field(() => [String], { description: 'Codes of tiers, the lowest first.' })
  readonly tiers!: readonly string[];

  @Right('practice.read')
  @Field(() => [PracticeDeadline], { complexity: listOf(3), defaultValue: [], description: 'By tier and grade.' })
  readonly deadlines!: readonly PracticeDeadline[];

  @Right('practice.read')
  @Field(() => PracticeHandler, {
    nullable: true,
    description: 'Whom a late task is told to, on the rung above; null: its handlers.',
  })
  readonly supervisor!: PracticeHandler | null;

  @Right('practice.read')
  @Field(() => Boolean, { defaultValue: false, description: 'Whether a late task makes the matter climb, once.' })
  readonly climbsWhenLate!: boolean;

  @Right('practice.read')
  @Field(() => Int, {
    nullable: true,
    description: 'So many days after a settled end somebody looks again; null: nobody.',
  })
  readonly followUpDays!: number | null;

  @Right('practice.read')
  @Field(() => PracticeHandler, { nullable: true, description: 'Who looks again; null: the post that handled it.' })
  readonly followUp!: PracticeHandler | null;
}

@ObjectType('PracticeWarning', { description: WARNING_WORDS, simpleResolvers: true })
@InputType('PracticeWarningInput', { description: WARNING_WORDS })
export class PracticeWarning implements WarningPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;

  @Right('practice.read')
  @Field(() => Boolean, { defaultValue: false, description: 'Off unless it says so.' })
  readonly enabled!: boolean;

  @Right('practice.read')
  @Field(() => [String], { defaultValue: [], description: 'Codes of the matters that count. Empty: every matter.' })
  readonly categories!: readonly string[];

  @Right('practice.read')
  @Field(() => WarningPlaceEnum, { description: 'What counts as one place.' })
  readonly same!: WarningPractice['same'];

  @Right('practice.read')
  @Field(() => Float, { nullable: true, description: 'With NEARBY alone: 1 to 5000.' })
  readonly metres!: number | null;

  @Right('practice.read')
  @Field(() => Int, { description: 'The so-maniest matter makes the instruction: 2 is the second.' })
  readonly count!: number;

  @Right('practice.read')
  @Field(() => Int, { description: 'Matters of so many days are counted.' })
  readonly withinDays!: number;

  @Right('practice.read')
  @Field(() => Int, { nullable: true, description: 'Only matters from this hour of the local day on, 0 to 23.' })
  readonly fromHour!: number | null;

  @Right('practice.read')
  @Field(() => Int, { nullable: true, description: 'And before this one, 0 to 24; a smaller one is of the next day.' })
  readonly toHour!: number | null;

  @Right('practice.read')
  @Field(() => [PracticeHandler], { complexity: listOf(2), description: 'Each is instructed.' })
  readonly instruct!: readonly PracticeHandler[];
}
