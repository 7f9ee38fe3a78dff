import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';

export enum NoticeCode {
  NEAR_BORDER = 'NEAR_BORDER',
  GAP = 'GAP',
  NOT_SERVED = 'NOT_SERVED',
  OUTSIDE = 'OUTSIDE',
  VACANT = 'VACANT',
  FALLBACK = 'FALLBACK',
  NOT_ON_DUTY = 'NOT_ON_DUTY',
  AMBIGUOUS_ADDRESS = 'AMBIGUOUS_ADDRESS',
  ADDRESS_NOT_FOUND = 'ADDRESS_NOT_FOUND',
  LANGUAGE_NOT_SERVED = 'LANGUAGE_NOT_SERVED',
  BAD_PLACE = 'BAD_PLACE',
}
registerEnumType(NoticeCode, {
  name: 'NoticeCode',
  description: 'What a reader of the answer should know.',
  valuesConfig: {
    NEAR_BORDER: { description: 'Another grid lies within the accuracy of the place: see `nearby`.' },
    GAP: { description: 'No grid holds the place on the level it should.' },
    NOT_SERVED: {
      description: 'A layer leaves the place out on purpose, or nobody holds a post there and no body manages it.',
    },
    OUTSIDE: { description: 'A PARTITION layer does not reach there.' },
    VACANT: { description: 'A post that answers here has no holder.' },
    FALLBACK: { description: 'The body that manages the territory stands in for a role that nobody holds.' },
    NOT_ON_DUTY: {
      description:
        'A role is held here, but by the rosters nobody is on duty for it then; the standing owner is given.',
    },
    AMBIGUOUS_ADDRESS: { description: 'Several addresses match and have different owners.' },
    ADDRESS_NOT_FOUND: { description: 'No address matches the text.' },
    LANGUAGE_NOT_SERVED: {
      description: 'No mediation team here speaks the language asked for; the general one is given.',
    },
    BAD_PLACE: {
      description: 'The place could not be read; the message says why. Its neighbours in the request are answered.',
    },
  },
});

@ObjectType({ description: 'Something a reader of the answer should know.', simpleResolvers: true })
export class Notice {
  @Right('registry.read')
  @Field(() => NoticeCode, { description: 'What it is, for programs.' })
  readonly code!: NoticeCode;

  @Right('registry.read')
  @Field(() => String, { description: 'What it is, for people.' })
  readonly message!: string;
}
