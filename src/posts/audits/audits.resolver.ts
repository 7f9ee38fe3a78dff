import { Arg, Args, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { type Page, PageArgs, pageOf } from '../../api/page.type.ts';
import { MomentArgs } from '../../grids/api/grid.input.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import { Post } from '../api/holding.type.ts';
import {
  type PostFault,
  PostFaultConnection,
  PostFaultEnum,
  type StaffFault,
  StaffFaultConnection,
  StaffFaultEnum,
} from './audits.type.ts';
import type { PostFault as FoundPostFault, PostAudit } from './postAudit.ts';
import type { StaffAuditService } from './staffAudit.service.ts';
import { countKey } from './staffCensus.ts';

/** What is wrong with posts and with what people hold, on any date. */
@Resolver()
export class AuditsResolver {
  private readonly posts: PostAudit;
  private readonly staff: StaffAuditService;
  private readonly moments: MomentReader;

  constructor(posts: PostAudit, staff: StaffAuditService, moments: MomentReader) {
    this.posts = posts;
    this.staff = staff;
    this.moments = moments;
  }

  @Right('registry.read')
  @Query(() => PostFaultConnection, {
    complexity: pageSized(5_000),
    description: 'Posts with something wrong on a date, in the order of their grids. Public, for it names nobody.',
  })
  postAudit(
    @Arg('kind', () => PostFaultEnum, { description: 'What is looked for.' }) kind: PostFaultEnum,
    @Arg('role', () => String, { nullable: true, description: 'Only this role, by its code.' }) role: string | null,
    @Arg('within', () => ID, { nullable: true, description: 'Only grids below this one.' }) within: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
  ): Page<PostFault> {
    const moment = this.moments.read(asOf, edition);
    const found = this.posts.list({ kind, role, within }, moment);
    return pageOf(
      `postFault ${kind}`,
      found,
      page,
      ({ key }) => key,
      (fault) => showPostFault(fault, moment),
    );
  }

  @Right('staff.audit')
  @Query(() => StaffFaultConnection, {
    complexity: pageSized(5_000),
    description:
      'Members of staff of your area with something wrong on a date, by name. Reading it is recorded; `x-purpose` says why you ask.',
  })
  async staffAudit(
    @Arg('kind', () => StaffFaultEnum, { description: 'What is looked for.' }) kind: StaffFaultEnum,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those of this grid and below, by its id or code, within your own area.',
    })
    within: string | null,
    @Arg('moreThan', () => Int, { defaultValue: 5, description: 'For MANY_POSTS: more than so many; 5 if not given.' })
    moreThan: number,
    @Args(() => PageArgs) page: PageArgs,
    @Args(() => MomentArgs) { asOf, edition }: MomentArgs,
    @Ctx() context: RequestContext,
  ): Promise<Page<StaffFault>> {
    const moment = this.moments.read(asOf, edition);
    const found = await this.staff.list(context, { kind, within, moreThan }, moment, this.moments.read());
    return pageOf(`staffFault ${kind}`, found, page, countKey, ({ person, held }) => ({
      kind,
      person,
      postCount: held.length,
    }));
  }
}

function showPostFault({ kind, entry, version }: FoundPostFault, { asOf, edition }: Moment): PostFault {
  const shownAt = version.validTo <= asOf ? version.validTo - 1 : Math.max(asOf, version.validFrom);
  const grid = new Grid(version, { asOf: shownAt, edition });
  return { kind: PostFaultEnum[kind], post: new Post(entry, grid), grid };
}
