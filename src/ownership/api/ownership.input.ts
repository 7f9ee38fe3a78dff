import { Field, ID, InputType } from 'type-graphql';
import { PointInput } from '../../api/point.input.ts';
import { GeoJsonScalar } from '../../api/scalars.ts';

@InputType({ description: 'Where. Exactly one field is given.' })
export class PlaceInput {
  @Field(() => PointInput, { nullable: true, description: 'A point.' })
  point?: PointInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'An address as people write or say it, 1 to 200 characters; at most 200 such texts in one request. `place` says which one was understood and how surely; see also the notices AMBIGUOUS_ADDRESS and ADDRESS_NOT_FOUND.',
  })
  address?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of an address, as `addresses` gives it.' })
  addressId?: string | null;

  @Field(() => GeoJsonScalar, { nullable: true, description: 'A polygon or line: owners are ranked by share.' })
  area?: object | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Id of an incident that you may see: who answers at its place now, or at `asOf` and in `edition`. `Incident.ownership` has the owners of its day. Unless you handle it, the place is shown to about 100 m. Only `ownership` and `ownerships` take it.',
  })
  incidentId?: string | null;
}
