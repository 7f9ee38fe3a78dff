import { ArgsType, Field, Int } from 'type-graphql';
import { DateTimeScalar } from './scalars.ts';

/** Which part of a list is asked for. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Go on behind this cursor.' })
  after?: string | null;
}

/** As of when, and as known to which edition. */
@ArgsType()
export class MomentArgs {
  @Field(() => DateTimeScalar, { nullable: true, description: 'The instant meant; now if not given.' })
  asOf?: Date | null;

  @Field(() => Int, { nullable: true, description: 'What the registry knew in this edition; the newest if not given.' })
  edition?: number | null;
}
