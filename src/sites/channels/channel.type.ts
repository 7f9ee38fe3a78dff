import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';

@ObjectType({
  simpleResolvers: true,
  description: 'A chat group of a grid or a building: name, link and head-count. Nothing says who is in it.',
})
export class Channel {
  @Right('registry.read')
  @Field(() => ID, { description: 'Stable for ever.' })
  readonly id!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'Its name at the asked instant.' })
  readonly name!: string;

  @Right('registry.read')
  @Field(() => String, { description: 'What sort of group, in local words.' })
  readonly kind!: string;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'Where one joins; null when none is known.' })
  readonly link!: string | null;

  @Right('registry.read')
  @Field(() => Int, { nullable: true, description: 'How many it counts; null: nobody counted.' })
  readonly members!: number | null;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'The day on which heads were counted, YYYY-MM-DD.' })
  readonly countedOn!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The sum of chat groups of a grid, of all grids below it and of the buildings in it. A person who is in two groups counts twice.',
})
export class ChannelTotals {
  @Right('registry.read')
  @Field(() => Int, { description: 'How many groups.' })
  readonly channels!: number;

  @Right('registry.read')
  @Field(() => Int, { description: 'Their head-counts together, each as it was last counted.' })
  readonly members!: number;

  @Right('registry.read')
  @Field(() => Int, { description: 'Groups whose heads nobody counted: they are in `channels`, not in `members`.' })
  readonly uncounted!: number;

  @Right('registry.read')
  @Field(() => String, {
    nullable: true,
    description: 'The earliest day on which one of them was counted, YYYY-MM-DD.',
  })
  readonly countedFrom!: string | null;

  @Right('registry.read')
  @Field(() => String, { nullable: true, description: 'The latest such day.' })
  readonly countedTo!: string | null;
}
