import { Field, InputType } from 'type-graphql';
import { PointInput } from '../../api/point.input.ts';
import { GeoJsonScalar } from '../../api/scalars.ts';

@InputType({ description: 'Where. Exactly one field is given.' })
export class PlaceInput {
  @Field(() => PointInput, { nullable: true, description: 'A point.' })
  point?: PointInput | null;

  @Field(() => GeoJsonScalar, { nullable: true, description: 'A polygon or line: owners are ranked by share.' })
  area?: object | null;
}
