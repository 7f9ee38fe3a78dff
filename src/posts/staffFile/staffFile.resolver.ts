import { Arg, Args, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { listOf } from '../../api/listSize.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { GridFinder } from '../../grids/gridFinder.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { Post } from '../api/holding.type.ts';
import { Person } from '../api/staff.type.ts';
import type { StaffFileService } from './staffFile.service.ts';

@ObjectType({
  simpleResolvers: true,
  description: 'Everything one member of staff holds in your area. Opening a file is recorded in the audit.',
})
export class StaffFile {
  @Right('staff.read')
  @Field(() => Person, { description: 'The member of staff.' })
  readonly person!: Person;

  @Right('staff.read')
  @Field(() => [Post], {
    complexity: listOf(5),
    description: 'Every post held at the asked instant on a grid of your area, in whatever rank, by role.',
  })
  readonly posts!: Post[];
}

/** Files of members of staff, for their own area. */
@Resolver()
export class StaffFileResolver {
  private readonly files: StaffFileService;
  private readonly grids: GridFinder;
  private readonly moments: MomentReader;

  constructor(files: StaffFileService, grids: GridFinder, moments: MomentReader) {
    this.files = files;
    this.grids = grids;
    this.moments = moments;
  }

  @Right('staff.read')
  @Query(() => StaffFile, {
    nullable: true,
    description:
      'What else does this officer hold? For staff, about people who hold a post in their own area; `x-purpose` says why you ask. Null: nobody by that id holds anything there at that instant.',
  })
  async staffFile(
    @Arg('personId', () => ID, { description: 'The stable id of the person.' }) personId: string,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
    @Ctx() context: RequestContext,
  ): Promise<StaffFile | null> {
    const moment = this.moments.read(asOf, edition);
    const found = await this.files.find(personId, moment, context);
    if (!found) return null;
    const posts = found.posts.map(({ entry, gridId, placeId }) => {
      const version = placeId === null ? this.grids.findById(gridId, moment) : undefined;
      return new Post(entry, version ? new Grid(version, moment) : null);
    });
    return { person: found.person, posts };
  }
}
