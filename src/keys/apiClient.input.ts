import { Field, ID, InputType, Int } from 'type-graphql';

@InputType({
  description: 'A new integrator. Its scopes cannot be changed later; other scopes are another integrator.',
})
export class ApiClientInput {
  @Field(() => String, { description: 'Which organisation or system, in at most 100 characters. Never a person.' })
  readonly name!: string;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Grids, by id or code, that it may see with all below them: at most 50, within your own areas.',
  })
  readonly areas!: string[];

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'The whole registry in place of areas. Only administrators of everywhere may give it.',
  })
  readonly everywhere!: boolean;

  @Field(() => [String], {
    description:
      'Rights of those that integrators may have; a feed such as editions.follow needs registry.read beside it.',
  })
  readonly actions!: string[];

  @Field(() => [String], { defaultValue: [], description: 'Kinds of events it may receive; none named is all.' })
  readonly eventTypes!: string[];

  @Field(() => Int, { nullable: true, description: 'For how many days its first key is good: 1 to 400, else 365.' })
  readonly days?: number | null;
}
