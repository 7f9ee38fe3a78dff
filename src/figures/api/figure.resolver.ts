import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { compare } from '../comparing.ts';
import type { Digest as DigestFigures, DigestService } from '../digest.service.ts';
import type { FigureService } from '../figure.service.ts';
import type { SeverityService } from '../severity.service.ts';
import { Digest, SeverityTable } from './areaFigures.type.ts';
import { FigureComparison } from './comparison.type.ts';
import {
  AreaFigureArgs,
  CompareArgs,
  DigestArgs,
  DigestPeriodEnum,
  FigureArgs,
  questionOf,
  readDecimals,
} from './figure.input.ts';
import { FigureTable, showGrid } from './figure.type.ts';
import { FigureFrame } from './figureFrame.type.ts';

const SUMS = ({ childComplexity }: { childComplexity: number }) => 20_000 + childComplexity;
const TWICE = ({ childComplexity }: { childComplexity: number }) => 40_000 + childComplexity;

/** Sums of an area, by period and boundaries. */
@Resolver()
export class FigureResolver {
  private readonly service: FigureService;
  private readonly digests: DigestService;
  private readonly severities: SeverityService;

  constructor(service: FigureService, digests: DigestService, severities: SeverityService) {
    this.service = service;
    this.digests = digests;
    this.severities = severities;
  }

  @Right('figures.read')
  @Query(() => FigureTable, {
    complexity: SUMS,
    description: 'Counts and shares of an area in a period, with what they are about. Rows sum to the whole.',
  })
  async figures(@Args(() => FigureArgs) args: FigureArgs, @Ctx() context: RequestContext): Promise<FigureTable> {
    const decimals = readDecimals(args.decimals);
    return new FigureTable(await this.service.figures(context, questionOf(args, args)), decimals);
  }

  @Right('figures.read')
  @Query(() => FigureComparison, {
    complexity: TWICE,
    description: 'The same figures for two periods, or of one period on the boundaries of two days, and what changed.',
  })
  async compareFigures(
    @Args(() => CompareArgs) args: CompareArgs,
    @Ctx() context: RequestContext,
  ): Promise<FigureComparison> {
    const decimals = readDecimals(args.decimals);
    const first = await this.service.figures(context, questionOf(args, args.first));
    const second = await this.service.figures(context, questionOf(args, args.second));
    return new FigureComparison(compare(first, second, decimals), decimals);
  }

  @Right('figures.read')
  @Query(() => Digest, {
    complexity: SUMS,
    description: 'What happened in an area on a day, in a week or in a month, cut at local midnight.',
  })
  async digest(@Args(() => DigestArgs) args: DigestArgs, @Ctx() context: RequestContext): Promise<Digest> {
    const { within, by, categories, day, period } = args;
    const asked = { within, day, period: period ?? DigestPeriodEnum.DAY, by: by ?? null, categories: categories ?? [] };
    return showDigest(await this.digests.digest(context, asked));
  }

  @Right('figures.read')
  @Query(() => SeverityTable, {
    complexity: SUMS,
    description: 'How many matters of an area are open now, by its grades. Lists of open incidents have as many.',
  })
  async severityFigures(
    @Args(() => AreaFigureArgs) { within, by, categories }: AreaFigureArgs,
    @Ctx() context: RequestContext,
  ): Promise<SeverityTable> {
    const question = { within, by: by ?? null, categories: categories ?? [] };
    const { frame, open, grades, rows } = await this.severities.severities(context, question);
    const shown = rows.map((row) => ({ grid: showGrid(row.grid, frame.moment), grades: row.grades }));
    return { frame: new FigureFrame(frame), open, grades, rows: shown };
  }
}

function showDigest({ frame, total, rows, days }: DigestFigures): Digest {
  return {
    frame: new FigureFrame(frame),
    total,
    openAtEnd: total.open,
    rows: rows.map(({ grid, counts }) => ({ grid: showGrid(grid, frame.moment), counts })),
    days,
  };
}
