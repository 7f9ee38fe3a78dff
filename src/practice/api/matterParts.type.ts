import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type {
  ActivityPractice,
  CampaignPractice,
  CategoryPractice,
  ContactPractice,
  QuotaPractice,
  ResponsePractice,
  SeverityPractice,
  VisitPractice,
} from '../practice.type.ts';
import { TaskPurposeEnum } from './practiceWord.type.ts';

// Each class is a type and an input at once, so that what was read can be sent back.
const CODE = 'Small letters, digits and _; stays the same when the name is changed.';
const NAME = 'As it is shown, in 1 to 100 characters.';
const CATEGORIES = 'Codes of matters. Empty: every matter.';

const CATEGORY_WORDS = 'A kind of matter, in local words.';
const SEVERITY_WORDS = 'A grade of the local scheme, such as red.';
const RESPONSE_WORDS = 'A response class, such as 1-3-5 minutes.';
const VISIT_WORDS = 'A kind of visit to places.';
const CONTACT_WORDS = 'A way to make contact, such as going into a village.';
const CAMPAIGN_WORDS = 'Matters of its time are counted under its name.';
const ACTIVITY_WORDS = 'A class of activities on grids, such as a fair.';
const QUOTA_WORDS = 'What each post of a role attends to in a month.';

@ObjectType('PracticeCategory', { description: CATEGORY_WORDS, simpleResolvers: true })
@InputType('PracticeCategoryInput', { description: CATEGORY_WORDS })
export class PracticeCategory implements CategoryPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;

  @Right('practice.read')
  @Field(() => String, {
    nullable: true,
    description: 'The local family that it belongs to, such as tourism; null: none.',
  })
  readonly field!: string | null;
}

@ObjectType('PracticeSeverity', { description: SEVERITY_WORDS, simpleResolvers: true })
@InputType('PracticeSeverityInput', { description: SEVERITY_WORDS })
export class PracticeSeverity implements SeverityPractice {
  @Right('practice.read')
  @Field(() => String, { description: `${CODE} At most 32 characters.` })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;
}

@ObjectType('PracticeResponse', { description: RESPONSE_WORDS, simpleResolvers: true })
@InputType('PracticeResponseInput', { description: RESPONSE_WORDS })
export class PracticeResponse implements ResponsePractice {
  @Right('practice.read')
  @Field(() => String, { description: 'Small letters, digits and _, at most 16: 5.' })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => Float, { description: 'Whoever is bound by it arrives within so many minutes.' })
  readonly minutes!: number;

  @Right('practice.read')
  @Field(() => [String], { defaultValue: [], description: 'Codes of the roles whose posts answer in it.' })
  readonly roles!: readonly string[];
}

@ObjectType('PracticeVisit', { description: VISIT_WORDS, simpleResolvers: true })
@InputType('PracticeVisitInput', { description: VISIT_WORDS })
export class PracticeVisit implements VisitPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;

  @Right('practice.read')
  @Field(() => [String], { defaultValue: [], description: 'Kinds of sites and premises that must be visited so.' })
  readonly siteKinds!: readonly string[];

  @Right('practice.read')
  @Field(() => Int, { nullable: true, description: 'Each once in so many days; null: no rhythm.' })
  readonly everyDays!: number | null;
}

@ObjectType('PracticeContact', { description: CONTACT_WORDS, simpleResolvers: true })
@InputType('PracticeContactInput', { description: CONTACT_WORDS })
export class PracticeContact implements ContactPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;
}

@ObjectType('PracticeCampaign', { description: CAMPAIGN_WORDS, simpleResolvers: true })
@InputType('PracticeCampaignInput', { description: CAMPAIGN_WORDS })
export class PracticeCampaign implements CampaignPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;

  @Right('practice.read')
  @Field(() => DateTimeScalar, { description: 'Its first instant.' })
  readonly from!: Date;

  @Right('practice.read')
  @Field(() => DateTimeScalar, { description: 'The instant at which it is over.' })
  readonly to!: Date;

  @Right('practice.read')
  @Field(() => [String], { defaultValue: [], description: CATEGORIES })
  readonly categories!: readonly string[];
}

@ObjectType('PracticeActivity', { description: ACTIVITY_WORDS, simpleResolvers: true })
@InputType('PracticeActivityInput', { description: ACTIVITY_WORDS })
export class PracticeActivity implements ActivityPractice {
  @Right('practice.read')
  @Field(() => String, { description: CODE })
  readonly code!: string;

  @Right('practice.read')
  @Field(() => String, { description: NAME })
  readonly name!: string;
}

@ObjectType('PracticeQuota', { description: QUOTA_WORDS, simpleResolvers: true })
@InputType('PracticeQuotaInput', { description: QUOTA_WORDS })
export class PracticeQuota implements QuotaPractice {
  @Right('practice.read')
  @Field(() => String, { description: 'Code of the role.' })
  readonly role!: string;

  @Right('practice.read')
  @Field(() => TaskPurposeEnum, { description: 'Tasks of this purpose count.' })
  readonly purpose!: QuotaPractice['purpose'];

  @Right('practice.read')
  @Field(() => [String], { defaultValue: [], description: CATEGORIES })
  readonly categories!: readonly string[];

  @Right('practice.read')
  @Field(() => Int, { description: 'So many tasks.' })
  readonly perMonth!: number;
}
