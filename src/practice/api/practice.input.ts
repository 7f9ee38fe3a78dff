import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../../api/scalars.ts';
import {
  PracticeActivity,
  PracticeCampaign,
  PracticeCategory,
  PracticeContact,
  PracticeQuota,
  PracticeResponse,
  PracticeSeverity,
  PracticeVisit,
} from './matterParts.type.ts';
import { PracticeLadder, PracticeRoute, PracticeWarning } from './routeParts.type.ts';

@InputType({
  description:
    'What an area sets, section by section, each at most 500 entries. Left out: as it was. Empty: none here. Null: no longer set here, so that of the area above holds.',
})
export class PracticeInput {
  @Field(() => [PracticeCategory], { nullable: true, description: 'Kinds of matters.' })
  categories?: PracticeCategory[] | null;

  @Field(() => [PracticeSeverity], { nullable: true, description: 'Grades, from the gravest to the lightest.' })
  severities?: PracticeSeverity[] | null;

  @Field(() => [PracticeRoute], { nullable: true, description: 'Who handles what; the first that fits wins.' })
  routes?: PracticeRoute[] | null;

  @Field(() => [PracticeLadder], { nullable: true, description: 'The tiers through which matters climb.' })
  ladders?: PracticeLadder[] | null;

  @Field(() => [PracticeWarning], { nullable: true, description: 'Rules over place, category and time.' })
  warnings?: PracticeWarning[] | null;

  @Field(() => [PracticeResponse], { nullable: true, description: 'Response classes.' })
  responses?: PracticeResponse[] | null;

  @Field(() => [PracticeVisit], { nullable: true, description: 'Kinds of visits to places.' })
  visits?: PracticeVisit[] | null;

  @Field(() => [PracticeContact], { nullable: true, description: 'Ways to make contact.' })
  contacts?: PracticeContact[] | null;

  @Field(() => [PracticeCampaign], { nullable: true, description: 'Campaigns.' })
  campaigns?: PracticeCampaign[] | null;

  @Field(() => [PracticeActivity], { nullable: true, description: 'Classes of activities on grids.' })
  activities?: PracticeActivity[] | null;

  @Field(() => [PracticeQuota], { nullable: true, description: 'What posts of a role attend to in a month.' })
  quotas?: PracticeQuota[] | null;
}

@ArgsType()
export class PracticeArgs {
  @Field(() => ID, { nullable: true, description: 'A grid by id or code. Null: what holds everywhere.' })
  area?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At this instant, past or planned; null: now.' })
  asOf?: Date | null;

  @Field(() => Int, { nullable: true, description: 'As this edition knew it; null: the newest.' })
  edition?: number | null;
}

@ArgsType()
export class SetPracticeArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'A grid by id or code, in your area. Null: everywhere, for those who administer everything.',
  })
  area?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From this instant on; null: now. Past is allowed: what was answered from earlier editions stays.',
  })
  from?: Date | null;

  @Field(() => PracticeInput, { description: 'The sections to set.' })
  practice!: PracticeInput;

  @Field(() => Int, {
    nullable: true,
    description: 'The newest edition when you read what you change; with another one since then it is a CONFLICT.',
  })
  expectedEdition?: number | null;
}
