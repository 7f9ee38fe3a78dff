import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { PageArgs, pageOf } from '../../api/page.type.ts';
import type { OpenIncidents } from '../incidents/openIncidents.service.ts';
import { ChangesetConsequences } from './changesetConsequences.type.ts';
import { IncidentChangeConnection } from './incidentChange.type.ts';

/** The open incidents among what a changeset would change, which are looked up when they are asked for. */
@Resolver(() => ChangesetConsequences)
export class IncidentConsequencesResolver {
  private readonly openIncidents: OpenIncidents;

  constructor(openIncidents: OpenIncidents) {
    this.openIncidents = openIncidents;
  }

  @Right('boundaries.read')
  @FieldResolver(() => IncidentChangeConnection, {
    complexity: pageSized(10_000),
    description:
      'Open incidents whose place goes to other grids, by id: what there is to move, and once it is published, what is left to move.',
  })
  async incidents(
    @Root() { consequences, view }: ChangesetConsequences,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() by: RequestContext,
  ): Promise<IncidentChangeConnection> {
    const { changes, allCount, areaCount, truncated } = await this.openIncidents.list(by, consequences);
    const found = pageOf(
      'incidentChange',
      changes,
      page,
      ({ id }) => id,
      (change) => view.incident(change),
    );
    return { ...found, allCount, areaCount, truncated };
  }
}
