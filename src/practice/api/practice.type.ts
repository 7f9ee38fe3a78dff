import { Field, Int, ObjectType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import { DateTimeScalar } from '../../api/scalars.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Practice as Sections } from '../practice.type.ts';
import type { FoundPractice } from '../practiceFinder.ts';
import {
  PracticeActivity,
  PracticeCampaign,
  PracticeCategory,
  PracticeContact,
  PracticeQuota,
  PracticeResponse,
  PracticeSeverity,
  PracticeVisit,
} from './matterParts.type.ts';
import { PracticeSectionEnum } from './practiceWord.type.ts';
import { PracticeLadder, PracticeRoute, PracticeWarning } from './routeParts.type.ts';

@ObjectType({ description: 'Whose practice a section is.', simpleResolvers: true })
export class PracticeSource {
  @Right('practice.read')
  @Field(() => PracticeSectionEnum, { description: 'The section.' })
  readonly section!: keyof Sections;

  @Right('practice.read')
  @Field(() => Boolean, { description: 'False: nobody sets it, so it is empty.' })
  readonly isSet!: boolean;

  @Right('practice.read')
  @Field(() => Grid, {
    nullable: true,
    description:
      'The area that sets it: the one asked for or the nearest above. Null: it is set everywhere, or nowhere.',
  })
  readonly setBy!: Grid | null;
}

/** Local practice as clients read it. */
@ObjectType({
  description:
    'Local practice of an area, all of it data: an area sets sections of its own, and the others are those of the area above. An empty section: there is none here.',
  simpleResolvers: true,
})
export class Practice implements Sections {
  @Right('practice.read')
  @Field(() => Grid, { nullable: true, description: 'The area that was asked for; null: what holds everywhere.' })
  readonly area!: Grid | null;

  @Right('practice.read')
  @Field(() => DateTimeScalar, { description: 'It is so at this instant.' })
  readonly asOf!: Date;

  @Right('practice.read')
  @Field(() => Int, { description: 'As this edition knows it.' })
  readonly edition!: number;

  @Right('practice.read')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it may next be another, as the edition knows; null: nothing is planned.',
  })
  readonly nextChangeAt!: Date | null;

  @Right('practice.read')
  @Field(() => [PracticeSource], { complexity: listOf(11), description: 'Whose practice each section is.' })
  readonly sources!: readonly PracticeSource[];

  @Right('practice.read')
  @Field(() => [PracticeCategory], { complexity: listOf(30), description: 'Kinds of matters.' })
  readonly categories!: readonly PracticeCategory[];

  @Right('practice.read')
  @Field(() => [PracticeSeverity], { complexity: listOf(4), description: 'Grades, from the gravest to the lightest.' })
  readonly severities!: readonly PracticeSeverity[];

  @Right('practice.read')
  @Field(() => [PracticeRoute], { complexity: listOf(30), description: 'Who handles what, on which rung.' })
  readonly routes!: readonly PracticeRoute[];

  @Right('practice.read')
  @Field(() => [PracticeLadder], { complexity: listOf(3), description: 'The tiers through which matters climb.' })
  readonly ladders!: readonly PracticeLadder[];

  @Right('practice.read')
  @Field(() => [PracticeWarning], { complexity: listOf(10), description: 'Rules over place, category and time.' })
  readonly warnings!: readonly PracticeWarning[];

  @Right('practice.read')
  @Field(() => [PracticeResponse], { complexity: listOf(3), description: 'Response classes.' })
  readonly responses!: readonly PracticeResponse[];

  @Right('practice.read')
  @Field(() => [PracticeVisit], { complexity: listOf(11), description: 'Kinds of visits to places.' })
  readonly visits!: readonly PracticeVisit[];

  @Right('practice.read')
  @Field(() => [PracticeContact], { complexity: listOf(9), description: 'Ways to make contact.' })
  readonly contacts!: readonly PracticeContact[];

  @Right('practice.read')
  @Field(() => [PracticeCampaign], { complexity: listOf(3), description: 'Campaigns, past and planned ones too.' })
  readonly campaigns!: readonly PracticeCampaign[];

  @Right('practice.read')
  @Field(() => [PracticeActivity], { complexity: listOf(5), description: 'Classes of activities on grids.' })
  readonly activities!: readonly PracticeActivity[];

  @Right('practice.read')
  @Field(() => [PracticeQuota], { complexity: listOf(3), description: 'What posts of a role attend to in a month.' })
  readonly quotas!: readonly PracticeQuota[];
}

@ObjectType({ description: 'What a change of practice led to.', simpleResolvers: true })
export class PracticeChange {
  @Right('practice.manage')
  @Field(() => Practice, { description: 'The practice of the area at the instant from which the change holds.' })
  readonly practice!: Practice;

  @Right('practice.manage')
  @Field(() => Int, { description: 'The edition that says so; where it was so already, the newest one.' })
  readonly edition!: number;

  @Right('practice.manage')
  @Field(() => Boolean, { description: 'False: it was so already, and nothing was published.' })
  readonly changed!: boolean;
}

/** Shows what was found as clients read it. */
export function showPractice({ area, moment, practice, sources, nextChangeAt }: FoundPractice): Practice {
  return {
    ...practice,
    area: area ? new Grid(area, moment) : null,
    asOf: new Date(moment.asOf),
    edition: moment.edition,
    nextChangeAt,
    sources: sources.map(({ setBy, ...source }) => ({ ...source, setBy: setBy ? new Grid(setBy, moment) : null })),
  };
}
