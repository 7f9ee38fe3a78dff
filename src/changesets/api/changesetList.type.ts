import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { PageInfo } from '../../api/page.type.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import type { ChangesetRecord } from '../changeset.type.ts';
import { ChangesetStatus } from './changeset.type.ts';

@InputType({ description: 'Which changesets; every field given narrows.' })
export class ChangesetFilter {
  @Field(() => ChangesetStatus, { nullable: true, description: 'How far it has come.' })
  readonly status?: `${ChangesetStatus}` | null;

  @Field(() => String, { nullable: true, description: 'Who opened it: the subject of the token.' })
  readonly author?: string | null;
}

@ObjectType({
  description: 'A changeset in a list: without its grids and issues, which `changeset` gives.',
  simpleResolvers: true,
})
export class ChangesetSummary {
  @Right('boundaries.read')
  @Field(() => ID, { description: 'Ask `changeset` for all of it by this.' })
  readonly id!: string;

  @Right('boundaries.read')
  @Field(() => String, { description: 'What it is about.' })
  readonly title!: string;

  @Right('boundaries.read')
  @Field(() => ChangesetStatus, { description: 'How far it has come.' })
  readonly status!: `${ChangesetStatus}`;

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Counts every change.' })
  readonly revision!: number;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Who opened it: the subject of the token.' })
  readonly author!: string;

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  readonly openedAt!: Date;

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last submitted.' })
  readonly submittedAt!: Date | null;

  @Right('boundaries.read')
  @Field(() => DateTimeScalar, { nullable: true, description: 'From when on it is in force.' })
  readonly effectiveAt!: Date | null;
}

@ObjectType({ description: 'A changeset in a list.', simpleResolvers: true })
export class ChangesetEdge {
  @Right('boundaries.read')
  @Field(() => ChangesetSummary, { description: 'The changeset.' })
  readonly node!: ChangesetRecord;

  @Right('boundaries.read')
  @Field(() => String, { description: 'Pass it as `after` to go on behind this one.' })
  readonly cursor!: string;
}

@ObjectType({ description: 'A page of changesets, newest first.', simpleResolvers: true })
export class ChangesetConnection {
  @Right('boundaries.read')
  @Field(() => [ChangesetEdge], { complexity: listOf(1), description: 'The changesets of this page.' })
  readonly edges!: ChangesetEdge[];

  @Right('boundaries.read')
  @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
  readonly pageInfo!: PageInfo;

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many there are on all pages.' })
  readonly totalCount!: number;
}
