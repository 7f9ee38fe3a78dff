import { ArgsType, Field, ID, InputType, registerEnumType } from 'type-graphql';
import { PageArgs } from '../../../api/page.type.ts';
import { DateTimeScalar } from '../../../api/scalars.ts';
import { PlaceInput } from '../../../ownership/api/ownership.input.ts';
import type { IncidentQuestion } from '../../incidentReader.service.ts';

export enum IncidentOriginEnum {
  REPORTED = 'REPORTED',
  FOUND = 'FOUND',
  PUSHED = 'PUSHED',
}
registerEnumType(IncidentOriginEnum, {
  name: 'IncidentOrigin',
  description: 'How a matter became known.',
  valuesConfig: {
    REPORTED: { description: 'Somebody reported it to staff.' },
    FOUND: { description: 'Staff found it before anybody reported it; whoever found it never mediates it.' },
    PUSHED: { description: 'Another system sent it.' },
  },
});

@InputType({
  description: 'A matter at a place. There is no field for anybody who is a party to it: name nobody in its texts.',
})
export class IncidentInput {
  @Field(() => String, {
    description: 'The matter, by its code in the local practice, such as dispute; small letters, digits and _.',
  })
  category!: string;

  @Field(() => PlaceInput, {
    description: 'Where: a point, an address, or an uncertain area, whose owners are ranked by share.',
  })
  at!: PlaceInput;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it happened; now if not given. Not in the future.',
  })
  occurredAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it is about, at most 200 characters, for everybody whose area it is in.',
  })
  summary?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What happened, at most 4,000 characters, for those who handle it only.',
  })
  narrative?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its grade in the local scheme, such as red; BAD_INPUT lists the grades.',
  })
  severity?: string | null;

  @Field(() => IncidentOriginEnum, { nullable: true, description: 'How it became known; REPORTED if not given.' })
  origin?: IncidentOriginEnum | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Who of the staff found it, by the id of the person; of what you FOUND, you if not given.',
  })
  foundBy?: string | null;

  @Field(() => String, { nullable: true, description: 'A BCP 47 tag such as pcc: whoever speaks it is asked first.' })
  language?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The response class it falls under, by its code in the local practice.',
  })
  responseClass?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'De-duplicates retries: the same report under the same key, 8 to 200 characters, is answered and not filed again.',
  })
  clientKey?: string | null;
}

@InputType({ description: 'Which incidents. What is not given does not matter.' })
export class IncidentFilter {
  @Field(() => ID, {
    nullable: true,
    description: 'A grid by id or code: only those that it, or one below it, has to do with.',
  })
  within?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this matter.' })
  category?: string | null;

  @Field(() => String, { nullable: true, description: 'OPEN or CLOSED.' })
  status?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this grade.' })
  severity?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those that have reached this tier, by its code.' })
  tier?: string | null;

  @Field(() => IncidentOriginEnum, { nullable: true, description: 'Only those that became known so.' })
  origin?: IncidentOriginEnum | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only those with an open task of a post that you hold now.',
  })
  mine?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Reported at this instant or later.' })
  reportedFrom?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Reported before this instant.' })
  reportedTo?: Date | null;
}

@ArgsType()
export class IncidentsArgs extends PageArgs {
  @Field(() => IncidentFilter, { nullable: true, description: 'Which; all that you may see if not given.' })
  filter?: IncidentFilter | null;
}

/** What is not given is left out. */
export function questionOf(filter: IncidentFilter | null | undefined): IncidentQuestion {
  const { mine, ...rest } = filter ?? {};
  return { ...(rest as IncidentQuestion), ...(mine ? { assignedTo: 'me' as const } : {}) };
}
