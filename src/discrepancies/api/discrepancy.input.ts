import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../api/page.type.ts';
import { PointInput } from '../../api/point.input.ts';
import { DiscrepancyKindEnum, DiscrepancyOutcomeEnum, DiscrepancyStatusEnum } from './discrepancy.type.ts';

@InputType({ description: 'What is wrong, and where.' })
export class DiscrepancyInput {
  @Field(() => DiscrepancyKindEnum, { description: 'What is wrong.' })
  kind!: DiscrepancyKindEnum;

  @Field(() => PointInput, { description: 'Where; its `accuracyMetres` is of no account.' })
  at!: PointInput;

  @Field(() => String, {
    nullable: true,
    description: 'The layer that is wrong, if you know it: `layers` lists them.',
  })
  layer?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What is wrong, in at most 500 characters. Describe the place, never a person: phone numbers, identity cards and licence plates are refused. Only those who maintain the place read it.',
  })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A key of your own, 8 to 200 characters, such as a UUID: the same report under the same key is one.',
  })
  clientKey?: string | null;
}

@ArgsType()
export class DiscrepancyArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only reports that go to this grid or one below it, by id or code. Outside your area: nothing.',
  })
  within?: string | null;

  @Field(() => DiscrepancyStatusEnum, { nullable: true, description: 'Only these.' })
  status?: DiscrepancyStatusEnum | null;

  @Field(() => DiscrepancyKindEnum, { nullable: true, description: 'Only of this kind.' })
  kind?: DiscrepancyKindEnum | null;
}

@ArgsType()
export class AnswerArgs {
  @Field(() => ID, { description: 'The report.' })
  id!: string;

  @Field(() => DiscrepancyOutcomeEnum, { description: 'What comes of it.' })
  outcome!: DiscrepancyOutcomeEnum;

  @Field(() => String, {
    description: 'What was found, in at most 500 characters; whoever has the id of the report reads it.',
  })
  answer!: string;

  @Field(() => ID, { nullable: true, description: 'The changeset that puts it right.' })
  changesetId?: string | null;
}
