import type { RequestContext } from '../../access/requestContext.ts';
import { DomainError } from '../../errors.ts';
import type { ChangesetRecord, Draft } from '../changeset.type.ts';
import type { Issue } from '../checks/issue.ts';

const LONGEST = { title: 200, reason: 500 } as const;

function assertText(field: keyof typeof LONGEST, text: string, why: string): void {
  const length = Array.from(text).length;
  if (text.trim() !== '' && length <= LONGEST[field] && !/[\0\p{Cs}]/u.test(text)) return;
  const message = `${field}: give 1 to ${LONGEST[field]} characters that say ${why}.`;
  throw new DomainError('BAD_INPUT', message, { field });
}

/** Throws BAD_INPUT. */
export function assertTitle(title: string): void {
  assertText('title', title, 'what it is about; everybody may read them when it is published');
}

/** Throws BAD_INPUT. */
export function assertReason(reason: string): void {
  assertText('reason', reason, 'why it is right as it is');
}

/** Throws BAD_INPUT for a changeset that changes nothing. */
export function assertNotEmpty({ patch }: Draft): void {
  if (patch.size > 0) return;
  const message = 'id: the changeset changes nothing. Apply ops to it, or discard it.';
  throw new DomainError('BAD_INPUT', message, { field: 'id' });
}

/** Throws FORBIDDEN for the author. */
export function assertOther({ viewer }: RequestContext, { author }: ChangesetRecord): void {
  if (viewer.subject !== author) return;
  const message = 'id: nobody approves a changeset of their own; ask somebody else of its area.';
  throw new DomainError('FORBIDDEN', message, { field: 'id' });
}

/** The issue that may be waived. Throws NOT_FOUND for none, BAD_INPUT for one that is no WARNING. */
export function getWaivable(issueId: string, issues: readonly Issue[]): Issue {
  const issue = issues.find(({ id }) => id === issueId);
  if (!issue) {
    const message = 'issueId: the draft has no such issue; it may be mended. Read `issues` again.';
    throw new DomainError('NOT_FOUND', message, { field: 'issueId' });
  }
  if (issue.severity === 'WARNING') return issue;
  const words = issue.severity === 'ERROR' ? 'an ERROR cannot be waived; mend it' : 'an INFO needs no waiver';
  throw new DomainError('BAD_INPUT', `issueId: ${words}.`, { field: 'issueId', severity: issue.severity });
}
