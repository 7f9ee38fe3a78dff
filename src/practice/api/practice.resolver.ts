import { Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { assertMay } from '../../access/viewer.ts';
import type { PracticeService } from '../practice.service.ts';
import type { PracticeFinder } from '../practiceFinder.ts';
import { PracticeArgs, SetPracticeArgs } from './practice.input.ts';
import { Practice, PracticeChange, showPractice } from './practice.type.ts';

const WRITES = ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity;

/** What an area calls, grades, routes and counts, and who may say so. */
@Resolver()
export class PracticeResolver {
  private readonly service: PracticeService;
  private readonly finder: PracticeFinder;

  constructor(service: PracticeService, finder: PracticeFinder) {
    this.service = service;
    this.finder = finder;
  }

  @Right('practice.read')
  @Query(() => Practice, { description: 'The local practice of an area: every section, and whose it is.' })
  practice(@Args(() => PracticeArgs) args: PracticeArgs, @Ctx() { viewer }: RequestContext): Practice {
    assertMay(viewer, 'practice.read', 'Query.practice');
    return showPractice(this.finder.get(args));
  }

  @Right('practice.manage')
  @Mutation(() => PracticeChange, {
    complexity: WRITES,
    description:
      'Sets sections of the local practice of an area from an instant on, as one edition. All faults of the document are told at once (BAD_INPUT, details.faults).',
  })
  async setPractice(
    @Args(() => SetPracticeArgs) { area = null, from, practice, expectedEdition }: SetPracticeArgs,
    @Ctx() context: RequestContext,
  ): Promise<PracticeChange> {
    const outcome = await this.service.setPractice(context, { area, from, sections: practice, expectedEdition });
    // The edition that was published may be followed by others already.
    const edition = outcome.edition ?? this.finder.newest();
    const found = this.finder.get({ area: outcome.gridId, asOf: outcome.from, edition });
    return { practice: showPractice(found), edition, changed: outcome.edition !== null };
  }
}
