import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '../../api/scalars.ts';

@InputType({ description: 'Which grids are wanted; every field given narrows.' })
export class GridFilter {
  @Field(() => String, { nullable: true, description: 'Code of a layer.' })
  layer?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of a tier.' })
  tier?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only grids below this one.' })
  within?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of a name or code the grid has or ever had.' })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'BASIC, EXCLUSIVE … local data.' })
  kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Id of a body: only grids that it manages at that instant.' })
  managedBy?: string | null;
}

@InputType({ description: 'One tier of one layer.' })
export class TierRef {
  @Field(() => String, { description: 'Code of the layer.' })
  layer!: string;

  @Field(() => String, { description: 'Code of the tier within that layer.' })
  tier!: string;
}

/** As of when, and as known to which edition. */
@ArgsType()
export class MomentArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'The instant meant; now if not given.' })
  asOf?: Date | null;

  @Field(() => Int, { nullable: true, description: 'What the registry knew in this edition; the newest if not given.' })
  edition?: number | null;
}
