import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { readNumberedPart } from '../../api/lists/numberedPage.ts';
import type { AnsweringService } from '../answering.service.ts';
import type { DiscrepancyService } from '../discrepancy.service.ts';
import { AnswerArgs, DiscrepancyArgs, DiscrepancyInput } from './discrepancy.input.ts';
import { DiscrepancyReport } from './discrepancy.type.ts';
import { DiscrepancyConnection } from './discrepancyConnection.type.ts';
import { REPORTS, type ReportViews } from './reportViews.ts';

const WRITES = ({ childComplexity }: { childComplexity: number }) => 1_000 + childComplexity;

/** Anybody may say that the registry is wrong at a place; whoever maintains the place answers. */
@Resolver()
export class DiscrepancyResolver {
  private readonly reports: DiscrepancyService;
  private readonly answering: AnsweringService;
  private readonly views: ReportViews;

  constructor(reports: DiscrepancyService, answering: AnsweringService, views: ReportViews) {
    this.reports = reports;
    this.answering = answering;
    this.views = views;
  }

  @Right('discrepancies.report')
  @Mutation(() => DiscrepancyReport, {
    complexity: WRITES,
    description:
      'Says that the registry is wrong at a place; no sign-in is needed and nothing is kept of who you are. It goes to whoever manages the grid. Keep the id to read the answer.',
  })
  async reportDiscrepancy(
    @Arg('input', () => DiscrepancyInput, { description: 'What is wrong, and where.' }) input: DiscrepancyInput,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyReport> {
    return this.views.show(await this.reports.report(context, input));
  }

  @Right('discrepancies.report')
  @Query(() => DiscrepancyReport, {
    nullable: true,
    complexity: WRITES,
    description: 'A report and its answer, for whoever has the id. Null: none of that id.',
  })
  async discrepancy(
    @Arg('id', () => ID, { description: 'As it was given when the report was made.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyReport | null> {
    const record = await this.reports.find(context, id);
    return record ? this.views.show(record) : null;
  }

  @Right('discrepancies.read')
  @Query(() => DiscrepancyConnection, {
    complexity: pageSized(1_000),
    description: 'The reports that go to grids in your area, newest first.',
  })
  async discrepancies(
    @Args(() => DiscrepancyArgs) args: DiscrepancyArgs,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyConnection> {
    const part = readNumberedPart(REPORTS, args);
    const { within, status, kind } = args;
    const question = { within: within ?? undefined, status: status ?? undefined, kind: kind ?? undefined };
    const { records, total } = await this.answering.list(context, { ...question, ...part });
    return this.views.page(records, total, part);
  }

  @Right('discrepancies.answer')
  @Mutation(() => DiscrepancyReport, {
    complexity: WRITES,
    description: 'Answers a report of your area. WILL_FIX may be answered again, the others are final (CONFLICT).',
  })
  async answerDiscrepancy(
    @Args(() => AnswerArgs) { id, ...answer }: AnswerArgs,
    @Ctx() context: RequestContext,
  ): Promise<DiscrepancyReport> {
    return this.views.show(await this.answering.answer(context, id, answer));
  }
}
