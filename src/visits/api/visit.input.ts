import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../api/page.type.ts';
import { PointInput } from '../../api/point.input.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { VisitStateEnum } from './visit.type.ts';

@InputType({ description: 'A visit as whoever made it tells it. Exactly one of siteId, addressId and at says where.' })
export class VisitInput {
  @Field(() => String, { description: 'Code of a kind of visits: `visitKinds` lists those of your area.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: 'Code of a way to make contact, of the local practice.' })
  contactKind?: string | null;

  @Field(() => ID, {
    description:
      'The post that went: one that you hold now; a dispatcher names any post of the area. The place must lie in its grid.',
  })
  postId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'For dispatchers: the member of staff who went. Otherwise it is you.',
  })
  visitorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The site or premises that were visited.' })
  siteId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The address that was visited.' })
  addressId?: string | null;

  @Field(() => PointInput, { nullable: true, description: 'The place; its `accuracyMetres` is of no account.' })
  at?: PointInput | null;

  @Field(() => DateTimeScalar, {
    description: 'When. Not in the future; what is more than 72 hours ago is flagged STALE.',
  })
  visitedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'What was done, in at most 500 characters. Of the place, never of a person: numbers of phones and identity cards are refused.',
  })
  note?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A key of your own, 8 to 200 characters, such as a UUID: the same visit under the same key is one.',
  })
  clientKey?: string | null;
}

@InputType({ description: 'Which visits are wanted; every field given narrows.' })
export class VisitFilterInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Only in this grid and below, by id or code, in whichever layer. NOT_FOUND outside your area.',
  })
  within?: string | null;

  @Field(() => String, { nullable: true, description: 'Only of this kind.' })
  kind?: string | null;

  @Field(() => String, { nullable: true, description: 'Only with this way to make contact.' })
  contactKind?: string | null;

  @Field(() => VisitStateEnum, { nullable: true, description: 'Only these.' })
  state?: VisitStateEnum | null;

  @Field(() => Boolean, { nullable: true, description: 'True: only visits with a flag; false: only those without.' })
  flagged?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only visits made at or after this instant.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only visits made before this instant.' })
  to?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Only by this post.' })
  post?: string | null;
}

@ArgsType()
export class VisitListArgs extends PageArgs {
  @Field(() => VisitFilterInput, { nullable: true, description: 'Which visits; all of your area if not given.' })
  filter?: VisitFilterInput | null;
}

@ArgsType()
export class ReviewArgs {
  @Field(() => ID, { description: 'The visit.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether it counts.' })
  accepted!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why, in at most 500 characters; needed to refuse.',
  })
  reason?: string | null;
}

@ArgsType()
export class AreaArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only in this grid and below, by id or code; your whole area if not given. NOT_FOUND outside of it.',
  })
  within?: string | null;
}

@ArgsType()
export class UnvisitedArgs extends AreaArgs {
  @Field(() => String, { nullable: true, description: 'Only places to be visited in this kind.' })
  kind?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'As of this instant; now if not given.' })
  asOf?: Date | null;
}
