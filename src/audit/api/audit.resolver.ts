import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { pageSized } from '../../api/listSize.ts';
import type { AuditReadingService } from '../auditReading.service.ts';
import { AuditArgs, AuditEntryConnection } from './auditEntry.type.ts';
import { auditPage, pageSize, seqBehind } from './auditPage.ts';

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
    const size = pageSize(first);
    const before = seqBehind(after);
    const question = { subject: textOf(subject), action: textOf(action), from: from ?? undefined, to: to ?? undefined };
    const records = await this.reading.list({ ...question, within: within ?? undefined, before, limit: size }, context);
    return auditPage(records, size, before !== undefined);
  }
}

/** No entry holds a NUL, which the database would refuse to compare. */
const textOf = (text: string | null | undefined) => text?.replaceAll('\0', '\ufffd') ?? undefined;
