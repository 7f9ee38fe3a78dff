import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Edition } from '../../grids/api/connection.type.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { EditionRecord } from '../../grids/edition.service.ts';
import { Post } from '../../posts/api/holding.type.ts';
import { EditionEventKind } from './boundaryEvent.type.ts';

@ObjectType({
  simpleResolvers: true,
  description:
    'An edition changed who answers in an area: posts, who holds them, on which shifts, what is known of the holders, and the teams that cover its grids; or will. At most one event for each edition and kind, and one more for each planned day. It names nobody: ask the posts.',
})
export class OwnershipEvent {
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
  @Field(() => [Post], {
    complexity: listOf(20),
    description:
      'The posts of the area that it concerns, as this edition has them at `effectiveAt`, by grid and role; one that has ended is vacant. At most 200.',
  })
  readonly posts!: readonly Post[];

  @Right('editions.follow')
  @Field(() => Int, { description: 'How many posts it concerns in the whole registry.' })
  readonly postCount!: number;

  @Right('editions.follow')
  @Field(() => [Grid], {
    complexity: listOf(20),
    description:
      'The grids of the area on which they are, or that a team covers anew or no longer, by code. At most 200.',
  })
  readonly grids!: readonly Grid[];

  @Right('editions.follow')
  @Field(() => Int, { description: 'How many grids it concerns in the whole registry.' })
  readonly gridCount!: number;

  @Right('editions.follow')
  @Field(() => Boolean, {
    description: 'Whether the area may have more of them than are listed: ask anew what you keep of it.',
  })
  readonly hasMore!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A part of the feed of who answers in an area, oldest event first.' })
export class OwnershipEventPage {
  @Right('editions.follow')
  @Field(() => [OwnershipEvent], { complexity: listOf(1), description: 'The events, in order.' })
  readonly items!: readonly OwnershipEvent[];

  @Right('editions.follow')
  @Field(() => String, { description: 'Pass it as `after` for what follows. It moves on though there was nothing.' })
  readonly cursor!: string;

  @Right('editions.follow')
  @Field(() => Boolean, { description: 'Whether more is there already.' })
  readonly hasMore!: boolean;
}
