import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { PointInput } from '../../api/point.input.ts';
import { DateTimeScalar } from '../../api/scalars.ts';

@InputType({ description: 'Which sites are wanted; every field given narrows.' })
export class SiteFilter {
  @Field(() => String, { nullable: true, description: 'What sort of site, in local words.' })
  kind?: string | null;

  @Field(() => PointInput, { nullable: true, description: 'From where: the nearest come first, with their distance.' })
  near?: PointInput | null;

  @Field(() => Float, { nullable: true, description: 'At most so far from `near`, up to 1,000,000 metres.' })
  withinMetres?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only sites that this grid holds.' })
  within?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of a service that is offered there.' })
  service?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Only where the service (any, where none is named) is open at this instant. Without `asOf`, facts are as of it too.',
  })
  openAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Name of an honour that is borne.' })
  honour?: string | null;

  @Field(() => String, { nullable: true, description: 'An honour given on this day (YYYY-MM-DD) or later.' })
  honouredFrom?: string | null;

  @Field(() => String, { nullable: true, description: 'An honour given on this day (YYYY-MM-DD) or earlier.' })
  honouredTo?: string | null;

  @Field(() => Int, { nullable: true, description: 'At least so many stars, in the scheme named or in any.' })
  ratingAtLeast?: number | null;

  @Field(() => String, { nullable: true, description: 'Rated in this scheme.' })
  ratingScheme?: string | null;

  @Field(() => String, { nullable: true, description: 'How fast it is to respond, in local words.' })
  responseClass?: string | null;
}

@InputType({ description: 'Which premises are wanted; every field given narrows.' })
export class PremisesFilter {
  @Field(() => String, { nullable: true, description: 'What sort of premises, in local words.' })
  kind?: string | null;

  @Field(() => PointInput, { nullable: true, description: 'From where: the nearest come first, with their distance.' })
  near?: PointInput | null;

  @Field(() => Float, { nullable: true, description: 'At most so far from `near`, up to 1,000,000 metres.' })
  withinMetres?: number | null;

  @Field(() => ID, { nullable: true, description: 'Only premises that this grid holds.' })
  within?: string | null;
}
