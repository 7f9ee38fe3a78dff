import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Role } from '../../posts/api/staff.type.ts';

@ObjectType('LoadRow', { description: 'How much one area has to look after for each post.', simpleResolvers: true })
export class LoadRowType {
  @Right('figures.read')
  @Field(() => Grid, { description: 'The area.' })
  readonly grid!: Grid;

  @Right('figures.read')
  @Field(() => Float, {
    nullable: true,
    description: 'Its own newest figure, or where it has none the sum of those below. Null: none.',
  })
  readonly load!: number | null;

  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'Date of the oldest figure in it.' })
  readonly oldest!: string | null;

  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'Date of the newest figure in it.' })
  readonly newest!: string | null;

  @Right('figures.read')
  @Field(() => [String], { description: 'Where the figures are from.' })
  readonly sources!: readonly string[];

  @Right('figures.read')
  @Field(() => Int, { description: 'Smallest grids without a figure: if not 0, the load is too small.' })
  readonly missing!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Posts of the role in the area that somebody holds.' })
  readonly posts!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'Different people and bodies that hold them.' })
  readonly holders!: number;

  @Right('figures.read')
  @Field(() => String, {
    nullable: true,
    description: 'Load for each post, such as "11,111.1". Null: no post, or no load.',
  })
  readonly perPost!: string | null;

  @Right('figures.read')
  @Field(() => String, { nullable: true, description: 'Load for each of those who hold the posts.' })
  readonly perHolder!: string | null;

  @Right('figures.read')
  @Field(() => String, { description: 'All of it in words, to print beside the figure.' })
  readonly text!: string;
}

@ObjectType({
  description: 'Load for each post, from dated sums of grids; nothing in it is about one person.',
  simpleResolvers: true,
})
export class LoadTable {
  @Right('figures.read')
  @Field(() => String, { description: 'Which aggregate figure.' })
  readonly measure!: string;

  @Right('figures.read')
  @Field(() => Role, { description: 'Whose posts.' })
  readonly role!: Role;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'As of when.' })
  readonly asOf!: Date;

  @Right('figures.read')
  @Field(() => LoadRowType, { description: 'Of the whole area.' })
  readonly total!: LoadRowType;

  @Right('figures.read')
  @Field(() => [LoadRowType], { complexity: listOf(200), description: 'By the grids of the tier; empty without one.' })
  readonly rows!: readonly LoadRowType[];
}

@ObjectType('QuotaRow', { description: 'What a post did of what is wanted of it in a month.', simpleResolvers: true })
export class QuotaRowType {
  @Right('figures.read')
  @Field(() => Grid, { description: 'Where the post is.' })
  readonly grid!: Grid;

  @Right('figures.read')
  @Field(() => Role, { description: 'Its role.' })
  readonly role!: Role;

  @Right('figures.read')
  @Field(() => ID, { description: 'The post.' })
  readonly postId!: string;

  @Right('figures.read')
  @Field(() => Boolean, { description: 'Whether nobody holds it.' })
  readonly vacant!: boolean;

  @Right('figures.read')
  @Field(() => String, { description: 'Which tasks count, such as ATTEND.' })
  readonly purpose!: string;

  @Right('figures.read')
  @Field(() => [String], { description: 'Of which matters; empty: of all.' })
  readonly categories!: readonly string[];

  @Right('figures.read')
  @Field(() => Int, { description: 'Tasks that went to the post and were handled in the month, and not sent back.' })
  readonly done!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'How many are wanted in a month.' })
  readonly wanted!: number;

  @Right('figures.read')
  @Field(() => Int, { description: 'How many are lacking; 0: none.' })
  readonly shortBy!: number;
}

@ObjectType({ description: 'Quotas of an area in a month, as its practice sets them.', simpleResolvers: true })
export class QuotaTable {
  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The first instant of the month.' })
  readonly from!: Date;

  @Right('figures.read')
  @Field(() => DateTimeScalar, { description: 'The first instant of the next month.' })
  readonly to!: Date;

  @Right('figures.read')
  @Field(() => Boolean, { description: 'Whether the month is over; if not, what is lacking may still be done.' })
  readonly over!: boolean;

  @Right('figures.read')
  @Field(() => Int, { description: 'Rows that are short.' })
  readonly short!: number;

  @Right('figures.read')
  @Field(() => [QuotaRowType], { complexity: listOf(200), description: 'In the order of their grids.' })
  readonly rows!: readonly QuotaRowType[];
}
