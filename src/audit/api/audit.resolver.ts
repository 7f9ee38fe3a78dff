import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import { numberedPage, readNumberedPart } from '../../api/lists/numberedPage.ts';
import type { AuditReadingService } from '../auditReading.service.ts';
import { AuditArgs, AuditEntryConnection, auditEntry } from './auditEntry.type.ts';

/** Who did what, for those who audit an area. */
@Resolver()
export class AuditResolver {
  private readonly reading: AuditReadingService;

  constructor(reading: AuditReadingService) {
    this.reading = reading;
  }

  @Right('audit.read')
  @Query(() => AuditEntryConnection, {
    complexity: pageSized(1_000),
    description:
      'Who did what in the area you audit, newest first. Asking this is itself recorded; `x-purpose` says why you ask.',
  })
  async auditEntries(
    @Args(() => AuditArgs) { first, after, within, subject, action, from, to }: AuditArgs,
    @Ctx() context: RequestContext,
  ): Promise<AuditEntryConnection> {
    const part = readNumberedPart('audit', { first, after });
    const question = { subject: textOf(subject), action: textOf(action), from: from ?? undefined, to: to ?? undefined };
    const records = await this.reading.list({ ...question, within: within ?? undefined, ...part }, context);
    const numbered = records.map((record) => ({ ...record, position: record.seq }));
    return numberedPage('audit', numbered, part, auditEntry);
  }
}

/** No entry holds a NUL, which the database would refuse to compare. */
const textOf = (text: string | null | undefined) => text?.replaceAll('\0', '\ufffd') ?? undefined;
