import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Edition } from '../../grids/api/connection.type.ts';
import type { EditionRecord } from '../../grids/edition.service.ts';

export enum EditionEventKind {
  PUBLISHED = 'PUBLISHED',
  PLANNED = 'PLANNED',
  EFFECTIVE = 'EFFECTIVE',
}
registerEnumType(EditionEventKind, {
  name: 'EditionEventKind',
  description: 'What happened to an edition.',
  valuesConfig: {
    PUBLISHED: { description: 'It was published, and holds at once. Read the area anew.' },
    PLANNED: {
      description: 'It was published and holds from `effectiveAt` on. Ask with that `asOf` to see it before.',
    },
    EFFECTIVE: {
      description:
        'The day has come on which something that it says begins or ends, as a planned border, or a term of office. Not told of what was taken back meanwhile. Read the area anew.',
    },
  },
});

/** What all events of editions have. */
@ObjectType({ simpleResolvers: true })
export abstract class EditionEvent {
  @Right('editions.follow')
  @Field(() => ID, {
    description: 'Unique. An event may come twice, as after a lost connection: forget it if you have its id.',
  })
  readonly id!: string;

  @Right('editions.follow')
  @Field(() => String, { description: 'Resume behind this event with `after: cursor`. Good for this area only.' })
  readonly cursor!: string;

  @Right('editions.follow')
  @Field(() => EditionEventKind, { description: 'Whether it holds, will hold, or begins to.' })
  readonly kind!: EditionEventKind;

  @Right('editions.follow')
  @Field(() => Edition, { description: 'The edition that says so.' })
  readonly edition!: EditionRecord;

  @Right('editions.follow')
  @Field(() => DateTimeScalar, { description: 'When it happened: its publication, or the day that came.' })
  readonly at!: Date;

  @Right('editions.follow')
  @Field(() => DateTimeScalar, { description: 'From when on it holds; of EFFECTIVE the day that came.' })
  readonly effectiveAt!: Date;
}

/** What all parts of feeds of editions have. */
@ObjectType({ simpleResolvers: true })
export abstract class EditionEventPage {
  @Right('editions.follow')
  @Field(() => String, { description: 'Pass it as `after` for what follows. It moves on though there was nothing.' })
  readonly cursor!: string;

  @Right('editions.follow')
  @Field(() => Boolean, { description: 'Whether more is there already.' })
  readonly hasMore!: boolean;
}
