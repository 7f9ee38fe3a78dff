import { Arg, Args, ArgsType, Field, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { listOf, pageSized } from '../../api/listSize.ts';
import { DomainError } from '../../errors.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Body } from '../../posts/api/staff.type.ts';
import { sizeOf } from '../bodyFinder.ts';
import type { GridsCovered } from '../gridsCovered.ts';
import type { TeamBook } from '../memory/teamBook.ts';
import { BodyParent, Circuit, MemberCount } from './team.type.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

@ArgsType()
class CoverageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, at most 200; 50 if not given.' })
  first?: number | null;

  @Field(() => ID, { nullable: true, description: 'Go on behind this grid: the id of the last one seen.' })
  after?: string | null;
}

/** What a body is as a team. */
@Resolver(() => Body)
export class BodyTeamsResolver {
  private readonly book: TeamBook;
  private readonly covered: GridsCovered;

  constructor(book: TeamBook, covered: GridsCovered) {
    this.book = book;
    this.covered = covered;
  }

  @Right('registry.read')
  @FieldResolver(() => [MemberCount], {
    complexity: listOf(4),
    description: 'How many members of which kinds it has; empty when not stated. Nobody is named.',
  })
  members(@Root() body: Body): readonly MemberCount[] {
    return this.book.teamOf(body.id, body.moment).members;
  }

  @Right('registry.read')
  @FieldResolver(() => Int, { description: 'Members of all kinds together; 0 when not stated.' })
  size(@Root() body: Body): number {
    return sizeOf(this.book.teamOf(body.id, body.moment));
  }

  @Right('registry.read')
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Civil, official … in local words; null when not told apart.',
  })
  standing(@Root() body: Body): string | null {
    return this.book.teamOf(body.id, body.moment).standing;
  }

  @Right('registry.read')
  @FieldResolver(() => [BodyParent], {
    complexity: listOf(2),
    description: 'The bodies above, at most one in each line, by line.',
  })
  parents(@Root() body: Body): BodyParent[] {
    return this.book.parentsOf(body.id, body.moment);
  }

  @Right('registry.read')
  @FieldResolver(() => [Body], {
    complexity: listOf(10),
    description:
      'The first 200 bodies directly below, each once, by name; `bodies(filter: {parent})` pages through all.',
  })
  units(
    @Root() body: Body,
    @Arg('line', () => String, { nullable: true, description: 'Only in this line.' }) line?: string | null,
  ): Body[] {
    return this.book.unitsOf(body.id, line, body.moment).slice(0, MAX_PAGE);
  }

  @Right('registry.read')
  @FieldResolver(() => [Grid], {
    complexity: pageSized(),
    description:
      'Grids that it covers at the asked instant with all below them, in listing order; those of a circuit on its days.',
  })
  coverage(@Root() body: Body, @Args(() => CoverageArgs) { first, after }: CoverageArgs): Grid[] {
    const size = first ?? DEFAULT_PAGE;
    if (size >= 0 && size <= MAX_PAGE) return this.covered.list(body.id, body.moment, size, after);
    const message = `first: a page has 0 to ${MAX_PAGE} entries, not ${size}.`;
    throw new DomainError('BAD_INPUT', message, { field: 'first' });
  }

  @Right('registry.read')
  @FieldResolver(() => [Circuit], {
    complexity: listOf(2),
    description: 'Where it goes round on some days only, whether or not it is such a day.',
  })
  circuits(@Root() body: Body): Circuit[] {
    const found = this.covered.circuitsOf(body.id, body.moment);
    return found.map(({ days, grids, active, changesAt }) => new Circuit(days, grids, active, changesAt));
  }
}
