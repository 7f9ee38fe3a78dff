import { createUnionType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { GridPost, HolderEntry } from '../gridPost.ts';
import { Body, Person, Role } from './staff.type.ts';

export enum HoldingRank {
  PRIMARY = 'PRIMARY',
  DEPUTY = 'DEPUTY',
  REINFORCEMENT = 'REINFORCEMENT',
  SUPPORT = 'SUPPORT',
}
registerEnumType(HoldingRank, {
  name: 'HoldingRank',
  description: 'How someone holds a post, best rank first. Only a PRIMARY or DEPUTY is the standing owner.',
  valuesConfig: {
    PRIMARY: { description: 'Answers in the first place. A vacant post is listed with this rank too.' },
    DEPUTY: { description: 'Stands in for the primary holder.' },
    REINFORCEMENT: { description: 'Lent for some time; never replaces the standing owner.' },
    SUPPORT: { description: 'Backs up the owner, such as a department.' },
  },
});

export enum HoldingReason {
  DIRECT = 'DIRECT',
  INHERITED = 'INHERITED',
  FALLBACK = 'FALLBACK',
  LANGUAGE = 'LANGUAGE',
}
registerEnumType(HoldingReason, {
  name: 'HoldingReason',
  description: 'Why this post answers for the place.',
  valuesConfig: {
    DIRECT: { description: 'It is a post of the smallest grid that holds the place.' },
    INHERITED: { description: 'It is a post of a grid further up the chain.' },
    FALLBACK: { description: 'Nobody else answers, so the body that manages the territory does.' },
    LANGUAGE: { description: 'It was preferred because it speaks the language asked for.' },
  },
});

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

  constructor(entry: GridPost, grid: Grid | null) {
    this.id = entry.post.id;
    this.role = entry.role;
    this.grid = grid;
    this.vacant = entry.post.vacant;
  }
}

@ObjectType({ simpleResolvers: true, description: 'One holder of one post, and why the post answers for the place.' })
export class Holding {
  @Right('registry.read')
  @Field(() => Post, { description: 'The post that answers.' })
  readonly post: Post;

  @Right('registry.read')
  @Field(() => Holder, { nullable: true, description: 'Null when the post is vacant.' })
  readonly holder: Person | Body | null;

  @Right('registry.read')
  @Field(() => Grid, {
    nullable: true,
    description: 'The grid through which the post answers for this place; null for a building, site or line.',
  })
  readonly grid: Grid | null;

  @Right('registry.read')
  @Field(() => HoldingRank, { description: 'How the post is held.' })
  readonly rank: HoldingRank;

  @Right('registry.read')
  @Field(() => Boolean, {
    description:
      'Whether the holder is on duty at the asked instant. Without a roster every holder is; a vacant post is not.',
  })
  readonly onDuty: boolean;

  @Right('registry.read')
  @Field(() => HoldingReason, { description: 'Why the post answers for the place.' })
  readonly reason: HoldingReason;

  constructor(post: Post, entry: HolderEntry | null, reason: HoldingReason) {
    this.post = post;
    this.holder = entry?.holder ?? null;
    this.grid = post.grid;
    this.rank = HoldingRank[entry?.rank ?? 'PRIMARY'];
    this.onDuty = entry !== null;
    this.reason = reason;
  }
}

/** One holding for each holder of a post on a grid, best rank first; a vacant post gives one without a holder. */
export function holdingsOf(entry: GridPost, grid: Grid | null, reason: HoldingReason): Holding[] {
  const post = new Post(entry, grid);
  if (entry.holders.length === 0) return [new Holding(post, null, reason)];
  return entry.holders.map((holder) => new Holding(post, holder, reason));
}
