import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf } from '../../api/listSize.ts';
import type { GroundReason } from '../changedGround.ts';
import type { Consequences } from '../consequence.service.ts';
import { CrosswalkChange, PostChangeType, VacancyChange } from './consequence.type.ts';
import type { ConsequenceView } from './consequenceView.ts';

/** The parts of a preview that have a longest length. */
export enum ConsequenceSection {
  POSTS = 'POSTS',
  VACANCIES = 'VACANCIES',
  CROSSWALK = 'CROSSWALK',
}
registerEnumType(ConsequenceSection, {
  name: 'ConsequenceSection',
  description: 'A part of what a changeset would change.',
  valuesConfig: {
    POSTS: { description: '`posts`.' },
    VACANCIES: { description: '`vacancies`.' },
    CROSSWALK: { description: '`crosswalk`.' },
  },
});

/** The longest list of one section; the counts are of all. */
const MOST_LISTED = 500;

@ObjectType({
  description:
    'What a changeset would change for whom, before anybody publishes it. Who holds what is as of now; of a changeset that is published or discarded, as of the edition that it starts from.',
  simpleResolvers: true,
})
export class ChangesetConsequences {
  readonly consequences: Consequences;
  readonly view: ConsequenceView;

  constructor(consequences: Consequences, view: ConsequenceView) {
    this.consequences = consequences;
    this.view = view;
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Grids that are new.' })
  get gridsMade(): number {
    return this.count('MADE');
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Grids that end.' })
  get gridsEnded(): number {
    return this.count('ENDED');
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Grids with another boundary, be it by one vertex.' })
  get gridsRedrawn(): number {
    return this.count('BOUNDARY');
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Grids that come under another grid.' })
  get gridsReparented(): number {
    return this.count('PARENT');
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'Grids that another body manages.' })
  get gridsTransferred(): number {
    return this.count('MANAGER');
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many posts are on grids that end or change.' })
  get postCount(): number {
    return this.consequences.posts.length;
  }

  @Right('boundaries.read')
  @Field(() => Int, { description: 'How many required posts nobody would hold on new grids.' })
  get vacancyCount(): number {
    return this.consequences.vacancies.length;
  }

  @Right('boundaries.read')
  @Field(() => [PostChangeType], {
    complexity: listOf(20),
    description: 'Posts on grids that end, gain or lose ground, or come under another grid or body; the first 500.',
  })
  get posts(): PostChangeType[] {
    return this.consequences.posts.slice(0, MOST_LISTED).map((post) => this.view.post(post));
  }

  @Right('boundaries.read')
  @Field(() => [VacancyChange], {
    complexity: listOf(10),
    description: 'Required posts that nobody would hold on new grids; the first 500.',
  })
  get vacancies(): VacancyChange[] {
    return this.consequences.vacancies.slice(0, MOST_LISTED).map((vacancy) => this.view.vacancy(vacancy));
  }

  @Right('boundaries.read')
  @Field(() => [CrosswalkChange], {
    complexity: listOf(10),
    description: 'Where the ground of each grid goes that ends or has another boundary; the first 500.',
  })
  get crosswalk(): CrosswalkChange[] {
    return this.consequences.crosswalk.rows.slice(0, MOST_LISTED).map((row) => this.view.crosswalk(row));
  }

  @Right('boundaries.read')
  @Field(() => [ConsequenceSection], {
    description: 'The lists that are not whole: longer than 500, or too much to work out. Publish in smaller parts.',
  })
  get truncated(): ConsequenceSection[] {
    const { posts, vacancies, crosswalk } = this.consequences;
    const isShort: Record<ConsequenceSection, boolean> = {
      [ConsequenceSection.POSTS]: posts.length > MOST_LISTED,
      [ConsequenceSection.VACANCIES]: vacancies.length > MOST_LISTED,
      [ConsequenceSection.CROSSWALK]: crosswalk.rows.length > MOST_LISTED || crosswalk.leftOut.length > 0,
    };
    return Object.values(ConsequenceSection).filter((section) => isShort[section]);
  }

  private count(reason: GroundReason): number {
    return this.consequences.grounds.filter(({ reasons }) => reasons.includes(reason)).length;
  }
}
