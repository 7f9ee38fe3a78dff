import { Arg, Args, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Directory } from '../directory.ts';
import { Body, Person } from '../post.type.ts';
import { Post } from './holding.type.ts';

/** Bodies and members of staff by their ids, and all that one of them holds. */
@Resolver(() => Person)
export class StaffResolver {
  private readonly directory: Directory;
  private readonly grids: GridFinder;
  private readonly moments: MomentReader;

  constructor(directory: Directory, grids: GridFinder, moments: MomentReader) {
    this.directory = directory;
    this.grids = grids;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => Body, { nullable: true, description: 'A body by its id. Null: no such body at that instant.' })
  body(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Body | null {
    return this.directory.findBody(id, this.moments.read(asOf, edition)) ?? null;
  }

  @Right('registry.read')
  @Query(() => Person, {
    nullable: true,
    description: 'A member of staff by id. Null: nobody by that id at that instant.',
  })
  person(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Person | null {
    return this.directory.findPerson(id, this.moments.read(asOf, edition)) ?? null;
  }

  @Right('registry.read')
  @FieldResolver(() => [Post], {
    description:
      'Every post the person holds at the asked instant, in whatever rank, by role. Posts elsewhere may change before the `validUntil` of an ownership.',
  })
  posts(@Root() { id, moment }: Person): Post[] {
    return this.directory.postsHeldBy(id, moment).map(({ entry, gridId }) => {
      const version = this.grids.findById(gridId, moment);
      return new Post(entry, version ? new Grid(version, moment) : null);
    });
  }
}
