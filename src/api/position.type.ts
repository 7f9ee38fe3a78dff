import { Field, Float, ObjectType } from 'type-graphql';
import { Right } from '../access/declareRight.ts';

@ObjectType('Position', {
  description: 'A position in degrees on WGS84, rounded to 1e-7 degree (1 cm).',
  simpleResolvers: true,
})
export class PositionType {
  @Right('registry.read')
  @Field(() => Float, { description: 'Longitude.' })
  readonly lon!: number;

  @Right('registry.read')
  @Field(() => Float, { description: 'Latitude.' })
  readonly lat!: number;
}
