import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Post } from '../../posts/api/holding.type.ts';
import { EditionEvent, EditionEventPage } from './editionEvent.type.ts';

@ObjectType({
  simpleResolvers: true,
  description:
    'An edition changed who answers in an area: posts, who holds them, on which shifts, what is known of the holders, and the teams that cover its grids; or will. At most one event for each edition and kind, and one more for each planned day. It names nobody: ask the posts.',
})
export class OwnershipEvent extends EditionEvent {
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
export class OwnershipEventPage extends EditionEventPage {
  @Right('editions.follow')
  @Field(() => [OwnershipEvent], { complexity: listOf(1), description: 'The events, in order.' })
  readonly events!: readonly OwnershipEvent[];
}
