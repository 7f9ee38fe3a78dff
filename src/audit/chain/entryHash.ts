import { createHash } from 'node:crypto';

/**
 * An entry as the chain sees it: every value in PostgreSQL's text form, `at` in microseconds since 1970, hashes in hex.
 * Nothing is trusted, so anything may be null.
 */
export interface ChainedEntry {
  readonly seq: string | null;
  readonly at: string | null;
  readonly subject: string | null;
  readonly role: string | null;
  readonly action: string | null;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  readonly gridId: string | null;
  readonly result: string | null;
  readonly purpose: string | null;
  readonly requestId: string | null;
  /** As jsonb is printed. */
  readonly details: string | null;
  readonly prevHash: string | null;
  readonly hash: string | null;
}

/** What is hashed, in this order. */
export const HASHED_COLUMNS = [
  'seq',
  'at',
  'subject',
  'role',
  'action',
  'objectKind',
  'objectId',
  'gridId',
  'result',
  'purpose',
  'requestId',
  'details',
  'prevHash',
] as const satisfies readonly (keyof ChainedEntry)[];

const VERSION = 'wangge.audit.1';

/** What the first entry follows, in hex. */
export const GENESIS = createHash('sha256').update(VERSION).digest('hex');

const framed = (value: string | null) => (value === null ? '-' : `${Buffer.byteLength(value)}:${value}`);

/**
 * The text that is hashed: each value behind its length in bytes, a dash for null, so that no two different entries
 * give the same. Written apart from `audit_hash` in migrations/0008_audit.sql, so that a changed trigger is found.
 */
export function canonicalText(entry: ChainedEntry): string {
  return `${VERSION} ${HASHED_COLUMNS.map((column) => framed(entry[column])).join('')}`;
}

/** SHA-256 of the entry, in hex. */
export function hashEntry(entry: ChainedEntry): string {
  return createHash('sha256').update(canonicalText(entry)).digest('hex');
}
