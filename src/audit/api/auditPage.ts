import { DomainError } from '../../errors.ts';
import type { AuditRecord } from '../audit.repository.ts';
import { type AuditEntryConnection, auditEntry } from './auditEntry.type.ts';

const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

const cursorOf = (seq: number) => Buffer.from(`audit:${seq}`).toString('base64url');

/** How many entries a page has. Throws BAD_INPUT. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size >= 0 && size <= MAX_PAGE) return size;
  throw new DomainError('BAD_INPUT', `first: a page has 0 to ${MAX_PAGE} entries, not ${size}.`, { field: 'first' });
}

/** The number of the entry behind which to go on. Throws BAD_INPUT. */
export function seqBehind(after: string | null | undefined): number | undefined {
  if (!after) return undefined;
  const seq = Number(/^audit:([1-9]\d{0,15})$/.exec(Buffer.from(after, 'base64url').toString())?.[1]);
  if (Number.isSafeInteger(seq) && cursorOf(seq) === after) return seq;
  const message = 'after: not a cursor of this list; pass an endCursor as it was given.';
  throw new DomainError('BAD_INPUT', message, { field: 'after' });
}

/** A page of at most `size` out of entries, newest first, of which one more was read if there is one. */
export function auditPage(records: readonly AuditRecord[], size: number, behind: boolean): AuditEntryConnection {
  const edges = records.slice(0, size).map((record) => ({ node: auditEntry(record), cursor: cursorOf(record.seq) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: records.length > size,
      hasPreviousPage: behind,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
