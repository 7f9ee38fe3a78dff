import { Args, FieldResolver, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { pageSized } from '../../api/listSize.ts';
import { PageArgs, pageOf } from '../../api/page.type.ts';
import { Changeset } from '../../changesets/api/changeset.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { ConsequenceService } from '../consequence.service.ts';
import { ChangesetConsequences } from './changesetConsequences.type.ts';
import { AddressChangeConnection } from './consequence.type.ts';
import { ConsequenceView } from './consequenceView.ts';

/** What a changeset would change for whom. */
@Resolver(() => Changeset)
export class ChangesetConsequencesResolver {
  private readonly preview: ConsequenceService;
  private readonly atlas: Atlas;

  constructor(preview: ConsequenceService, atlas: Atlas) {
    this.preview = preview;
    this.atlas = atlas;
  }

  @Right('boundaries.read')
  @FieldResolver(() => ChangesetConsequences, {
    complexity: ({ childComplexity }) => 5_000 + childComplexity,
    description: 'What it would change for whom: addresses, posts, vacancies, and where ground goes.',
  })
  async consequences(@Root() { draft }: Changeset): Promise<ChangesetConsequences> {
    const consequences = await this.preview.preview(draft);
    return new ChangesetConsequences(consequences, new ConsequenceView(draft, this.atlas, consequences.moment));
  }
}

/** The addresses among it, which are looked up when they are asked for. */
@Resolver(() => ChangesetConsequences)
export class AddressConsequencesResolver {
  private readonly preview: ConsequenceService;

  constructor(preview: ConsequenceService) {
    this.preview = preview;
  }

  @Right('boundaries.read')
  @FieldResolver(() => AddressChangeConnection, {
    complexity: pageSized(10_000),
    description: 'Addresses that other grids own afterwards, by id.',
  })
  async addresses(
    @Root() { consequences, view }: ChangesetConsequences,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<AddressChangeConnection> {
    const { changes, truncated } = await this.preview.listAddresses(consequences);
    const found = pageOf(
      'addressChange',
      changes,
      page,
      ({ id }) => id,
      (change) => change,
    );
    const ids = found.edges.map(({ node }) => node.id);
    const records = await this.preview.findAddresses(ids, consequences.moment);
    const edges = found.edges.flatMap(({ node, cursor }, i) => {
      const record = records[i];
      return record ? [{ node: view.address(record, node), cursor }] : [];
    });
    return { ...found, edges, truncated };
  }
}
