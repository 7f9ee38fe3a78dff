import { Arg, createUnionType, Field, ID, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Moment } from '../../grids/moment.ts';
import type { GridPost, HolderDuty, HolderEntry } from '../gridPost.ts';
import { readDutySpan, Shift, toShift } from '../roster/api/shift.type.ts';
import { HoldingPlace } from './holdingPlace.type.ts';
import { HoldingRank, HoldingReason } from './holdingWords.ts';
import { Body, Person, Role } from './staff.type.ts';

export { HoldingRank, HoldingReason };

const Holder = createUnionType({
  name: 'Holder',
  description: 'Who holds a post: a person or a whole body. Ask for fields with `... on Person` and `... on Body`.',
  types: () => [Person, Body] as const,
});

@ObjectType({ simpleResolvers: true, description: 'A responsibility in a role, held by nobody, one or several.' })
export class Post {
  @Right('registry.read')
  @Field(() => ID, {
    description: 'Stable. A post that is required here but was never made has an id that begins with `vacant~`.',
  })
  readonly id: string;

  @Right('registry.read')
  @Field(() => Role, { description: 'What the post is for.' })
  readonly role: Role;

  @Right('registry.read')
  @Field(() => Grid, { nullable: true, description: 'The grid it answers for; null for a building, site or line.' })
  readonly grid: Grid | null;

  @Right('registry.read')
  @Field(() => Boolean, { description: 'True when nobody holds it at the asked instant.' })
  readonly vacant: boolean;

  /** Of a post that answers for a place rather than for a grid. */
  readonly place: HoldingPlace | null;

  constructor(entry: GridPost, grid: Grid | null, place: HoldingPlace | null = null) {
    this.id = entry.post.id;
    this.role = entry.role;
    this.grid = grid;
    this.place = place;
    this.vacant = entry.post.vacant;
  }
}

@ObjectType({ simpleResolvers: true, description: 'One holder of one post, and why the post answers for the place.' })
export class Holding {
  @Right('registry.read')
  @Field(() => Post, { description: 'The post that answers.' })
  readonly post: Post;

  readonly holder: Person | Body | null;

  @Right('registry.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid through which the post answers for this place; null for a building, site or line.',
  })
  readonly grid: Grid | null;

  @Right('registry.read')
  @Field(() => HoldingPlace, {
    nullable: true,
    description: 'The building, site, premises or line through which the post answers for this place; null for a grid.',
  })
  readonly through: HoldingPlace | null;

  @Right('registry.read')
  @Field(() => HoldingRank, { description: 'How the post is held.' })
  readonly rank: HoldingRank;

  @Right('registry.read')
  @Field(() => Boolean, {
    description:
      'Whether the holder is on duty at the asked instant. On a post without rosters every holder is; a vacant post is not.',
  })
  readonly onDuty: boolean;

  @Right('registry.read')
  @Field(() => Boolean, {
    description: 'Whether rosters say who of the holders of this post is on duty at the asked instant. False: all are.',
  })
  readonly rostered: boolean;

  private readonly duty: HolderDuty | undefined;

  @Right('registry.read')
  @Field(() => HoldingReason, { description: 'Why the post answers for the place.' })
  readonly reason: HoldingReason;

  readonly homeUnit: Body | null;

  @Right('registry.read')
  @Field(() => ID, {
    nullable: true,
    description: 'Names this appointment when it is to be ended or transferred; null for a vacant post or a stand-in.',
  })
  readonly appointmentId: string | null;

  /** Of the answer: who holds a post may have been looked up for another instant at which the same holds. */
  private readonly moment: Moment | undefined;

  constructor(
    post: Post,
    entry: HolderEntry | null,
    reason: HoldingReason,
    moment: Moment | undefined = (post.grid ?? post.place)?.moment,
  ) {
    this.post = post;
    this.holder = entry?.holder ?? null;
    this.grid = post.grid;
    this.through = post.place;
    this.rank = HoldingRank[entry?.rank ?? 'PRIMARY'];
    this.duty = entry?.duty;
    this.rostered = entry?.duty !== undefined;
    this.onDuty = entry !== null && (entry.duty?.onDuty ?? true);
    this.reason = reason;
    this.homeUnit = homeUnitOf(entry);
    this.appointmentId = entry?.appointmentId || null;
    this.moment = moment;
  }

  @Right('registry.read')
  @Field(() => Holder, { name: 'holder', nullable: true, description: 'Null when the post is vacant.' })
  holderNow(): Person | Body | null {
    return this.moment && this.holder ? this.holder.at(this.moment) : this.holder;
  }

  @Right('registry.read')
  @Field(() => Body, {
    name: 'homeUnit',
    nullable: true,
    description: 'Of a reinforcement, the unit that lends the holder; null for every other rank.',
  })
  homeUnitNow(): Body | null {
    return this.moment && this.homeUnit ? this.homeUnit.at(this.moment) : this.homeUnit;
  }

  @Right('registry.read')
  @Field(() => [Shift], {
    complexity: listOf(40),
    description:
      "The holder's shifts that overlap a time of at most 31 days, in their order, each whole, as the edition of the answer knows them. Empty where `rostered` is false.",
  })
  shifts(
    @Arg('from', () => DateTimeScalar, { description: 'Shifts that end after this instant.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Shifts that begin before this instant.' }) to: Date,
  ): Shift[] {
    return (this.duty?.shiftsIn(readDutySpan(from, to)) ?? []).map(toShift);
  }

  /** The same holding, answering for another reason. */
  because(reason: HoldingReason): Holding {
    return Object.assign(Object.create(Holding.prototype), this, { reason });
  }
}

function homeUnitOf(entry: HolderEntry | null): Body | null {
  if (entry?.rank !== 'REINFORCEMENT') return null;
  return entry.homeUnit ?? (entry.holder instanceof Person ? entry.holder.body : entry.holder);
}

/** One holding for each holder of a post on a grid, best rank first; a vacant post gives one without a holder. */
export function holdingsOf(
  entry: GridPost,
  grid: Grid | null,
  reason: HoldingReason,
  place: HoldingPlace | null = null,
): Holding[] {
  const post = new Post(entry, grid, place);
  if (entry.holders.length === 0) return [new Holding(post, null, reason)];
  return entry.holders.map((holder) => new Holding(post, holder, reason));
}
