import { Arg, Args, ID, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Directory } from '../directory.ts';
import { Body, Person } from './staff.type.ts';

/** Bodies and members of staff by their ids. */
@Resolver()
export class StaffResolver {
  private readonly directory: Directory;
  private readonly moments: MomentReader;

  constructor(directory: Directory, moments: MomentReader) {
    this.directory = directory;
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
    description: 'A member of staff by id, as the public sees one. Null: nobody by that id at that instant.',
  })
  person(
    @Arg('id', () => ID, { description: 'The stable id.' }) id: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Person | null {
    return this.directory.findPerson(id, this.moments.read(asOf, edition)) ?? null;
  }
}
