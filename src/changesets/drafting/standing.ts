import type { Areas, Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { ChangesetRecord, ChangesetStatus } from '../changeset.type.ts';

/** Throws FORBIDDEN for anybody but the author. */
export function assertAuthor({ subject }: Viewer, { author }: ChangesetRecord): void {
  if (author === subject) return;
  const message = `id: only ${author}, who opened this changeset, may do this. Open one of your own, or discard it if you administer its area.`;
  throw new DomainError('FORBIDDEN', message, { field: 'id', author });
}

/** Where the viewer is an administrator. */
export function adminAreas({ grants }: Viewer): Areas {
  const areas = grants.filter(({ role }) => role === 'admin').map((grant) => grant.areas);
  return areas.includes('everywhere') ? 'everywhere' : (areas as string[][]).flat();
}

export function notTheirs(author: string, approver: string | null): DomainError {
  const others = approver ? `, or ${approver}, who approved it` : '';
  const message = `id: this takes ${author}, who opened the changeset${others}, or an administrator of every grid that it touches.`;
  return new DomainError('FORBIDDEN', message, { field: 'id', author });
}

/** Throws CONFLICT, saying what the changeset is. */
export function assertStatus({ status }: ChangesetRecord, statuses: readonly ChangesetStatus[]): void {
  if (statuses.includes(status)) return;
  const message = `id: the changeset is ${status}; this takes one that is ${statuses.join(' or ')}.${wayOut(status)}`;
  throw new DomainError('CONFLICT', message, { field: 'id', status });
}

function wayOut(status: ChangesetStatus): string {
  if (status === 'DRAFT') return ' Submit it first.';
  if (status === 'SUBMITTED' || status === 'APPROVED') return ' `reopenChangeset` takes it back to a draft.';
  return ' Open a new one.';
}

export function changedSince(expected: number, record?: ChangesetRecord): DomainError {
  const now = record ? `, and is revision ${record.revision} by now` : '';
  const message = `expectedRevision: the changeset was changed since revision ${expected}${now}. Read it again and retry.`;
  const details = { field: 'expectedRevision', ...(record && { revision: record.revision }) };
  return new DomainError('CONFLICT', message, details);
}
