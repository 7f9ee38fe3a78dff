import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Edition } from '../../grids/api/connection.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
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

@ObjectType({
  simpleResolvers: true,
  description:
    'An edition changed the grids of an area: their borders, names, codes, places in the tree or gaps; or will. At most one event for each edition and kind, and one more for each planned day.',
})
export class BoundaryEvent {
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

  @Right('editions.follow')
  @Field(() => [Grid], {
    complexity: listOf(20),
    description:
      'The changed grids that are or were in the area, as this edition has them at `effectiveAt`, by code; one that ends then, as it last was. At most 200.',
  })
  readonly grids!: readonly Grid[];

  @Right('editions.follow')
  @Field(() => Int, { description: 'How many grids were changed in the whole registry.' })
  readonly gridCount!: number;

  @Right('editions.follow')
  @Field(() => Boolean, { description: 'Whether the area has more of them than are listed: read it as a whole.' })
  readonly hasMore!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A part of the feed of borders of an area, oldest event first.' })
export class BoundaryEventPage {
  @Right('editions.follow')
  @Field(() => [BoundaryEvent], { complexity: listOf(1), description: 'The events, in order.' })
  readonly items!: readonly BoundaryEvent[];

  @Right('editions.follow')
  @Field(() => String, { description: 'Pass it as `after` for what follows. It moves on though there was nothing.' })
  readonly cursor!: string;

  @Right('editions.follow')
  @Field(() => Boolean, { description: 'Whether more is there already.' })
  readonly hasMore!: boolean;
}
