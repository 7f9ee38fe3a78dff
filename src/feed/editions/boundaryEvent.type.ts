import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { EditionEvent, EditionEventPage } from './editionEvent.type.ts';

@ObjectType({
  simpleResolvers: true,
  description:
    'An edition changed the grids of an area: their borders, names, codes, places in the tree or gaps; or will. At most one event for each edition and kind, and one more for each planned day.',
})
export class BoundaryEvent extends EditionEvent {
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
export class BoundaryEventPage extends EditionEventPage {
  @Right('editions.follow')
  @Field(() => [BoundaryEvent], { complexity: listOf(1), description: 'The events, in order.' })
  readonly events!: readonly BoundaryEvent[];
}
