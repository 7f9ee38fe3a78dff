import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Tier } from '../../grids/api/layer.type.ts';
import { mainCode } from '../../grids/atlas/rows.ts';
import type { Directory } from '../../posts/directory.ts';
import { type BodyCreditType, SettledCredit } from '../api/areaFigures.type.ts';
import { CreditArgs, LoadArgs, questionOf } from '../api/figure.input.ts';
import { FigureFrame } from '../api/figureFrame.type.ts';
import { fractionOf, inThousands, toDecimal } from '../counting/percent.ts';
import type { Credit, CreditService } from '../credit.service.ts';
import type { LoadPerPost, LoadRow, Loads } from './loadPerPost.ts';
import type { QuotaService } from './quota.service.ts';
import { type LoadRowType, LoadTable, QuotaTable } from './staffing.type.ts';

const SUMS = ({ childComplexity }: { childComplexity: number }) => 20_000 + childComplexity;
const FROM_MEMORY = ({ childComplexity }: { childComplexity: number }) => 5_000 + childComplexity;

/** Sums about those who do the work: what each post has to look after and did, and who is credited. */
@Resolver()
export class StaffingFiguresResolver {
  private readonly loads: LoadPerPost;
  private readonly quotaService: QuotaService;
  private readonly credits: CreditService;
  private readonly directory: Directory;

  constructor(loads: LoadPerPost, quotas: QuotaService, credits: CreditService, directory: Directory) {
    this.loads = loads;
    this.quotaService = quotas;
    this.credits = credits;
    this.directory = directory;
  }

  @Right('figures.read')
  @Query(() => LoadTable, {
    complexity: FROM_MEMORY,
    description: 'How much of something, such as population, there is for each post of a role, on a date.',
  })
  loadPerPost(@Args(() => LoadArgs) args: LoadArgs, @Ctx() context: RequestContext): LoadTable {
    const { within, by, measure, role, asOf } = args;
    return showLoads(this.loads.loads(context, { within, by: by ?? null, measure, role, asOf: asOf ?? null }));
  }

  @Right('figures.read')
  @Query(() => QuotaTable, {
    complexity: SUMS,
    description: 'Which posts of an area did what their practice wants of them in a month, and which are short.',
  })
  async quotas(
    @Arg('within', () => ID, { description: 'A grid of your areas, by id or code.' }) within: string,
    @Arg('month', () => String, { description: 'The month, as 2026-11.' }) month: string,
    @Ctx() context: RequestContext,
  ): Promise<QuotaTable> {
    const { from, to, isOver, rows, moment } = await this.quotaService.quotas(context, within, month);
    const shown = rows.map(({ grid, entry, quota, done, shortBy }) => ({
      grid: new Grid(grid, moment),
      role: entry.role,
      postId: entry.post.id,
      vacant: entry.post.vacant,
      ...{ purpose: quota.purpose, categories: quota.categories, done, wanted: quota.perMonth, shortBy },
    }));
    return { from, to, over: isOver, short: rows.filter(({ shortBy }) => shortBy > 0).length, rows: shown };
  }

  @Right('figures.read')
  @Query(() => SettledCredit, {
    complexity: SUMS,
    description:
      'Who is credited with what was settled in a period: the places at every tier, each matter once, and the home units of those who handled it.',
  })
  async settledCredit(
    @Args(() => CreditArgs) args: CreditArgs,
    @Ctx() context: RequestContext,
  ): Promise<SettledCredit> {
    return showCredit(await this.credits.credit(context, questionOf(args, args)), this.directory);
  }
}

function showCredit({ frame, settled, levels, bodies }: Credit, directory: Directory): SettledCredit {
  const { moment } = frame;
  // A body that has ended since is shown as it was when the period ended.
  const credited = bodies.flatMap(({ bodyId, matters, shared }): BodyCreditType[] => {
    const body =
      directory.findBody(bodyId, moment) ?? directory.findBody(bodyId, { ...moment, asOf: frame.from.getTime() });
    return body ? [{ body, settled: matters, shared }] : [];
  });
  const tiers = levels.map(({ tier, grids, inNoGrid }) => ({
    tier: new Tier(tier, moment.edition),
    grids: grids.map(({ grid, settled: count }) => ({ grid: new Grid(grid, moment), settled: count })),
    inNoGrid,
  }));
  return { frame: new FigureFrame(frame), settled, tiers, bodies: credited };
}

function showLoads(loads: Loads): LoadTable {
  const { measure, role, moment, total, rows } = loads;
  const show = (row: LoadRow) => showLoad(row, loads);
  return { measure, role, asOf: new Date(moment.asOf), total: show(total), rows: rows.map(show) };
}

function showLoad({ grid, load, posts, holders }: LoadRow, { measure, role, moment }: Loads): LoadRowType {
  const { millionths, oldest, newest, sources, missing } = load;
  const each = (count: number) => {
    const { numerator, denominator } = fractionOf(millionths ?? 0n);
    const share = { numerator, denominator: denominator * BigInt(count) };
    return millionths === null ? null : toDecimal(share, 1);
  };
  const [perPost, perHolder] = [each(posts), each(holders)];
  const value = millionths === null ? null : Number(millionths) / 1e6;
  const dates = oldest === newest ? oldest : `${oldest} to ${newest}`;
  const amount = value === null ? 'no figure' : `${inThousands(String(value))} (${dates}; ${sources.join(', ')})`;
  const lacking = missing > 0 ? `, without ${missing} grids that have none` : '';
  const text = `${grid.name} (${mainCode(grid.grid, moment.edition)}): ${measure} ${amount}${lacking}, for ${posts} held posts of the role ${role.name}, ${perPost ?? 'no value'} each.`;
  return {
    grid: new Grid(grid, moment),
    load: value,
    oldest,
    newest,
    sources,
    missing,
    posts,
    holders,
    perPost,
    perHolder,
    text,
  };
}
