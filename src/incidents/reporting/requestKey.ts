import { createHash } from 'node:crypto';
import { readClientKey } from '../../api/input/clientKey.ts';
import type { ReportRequest } from './reportRequest.ts';

/** By which a retry is known, and by which a different report under the same key is told from it. */
export interface RequestKey {
  readonly keyHash: Buffer;
  readonly inputHash: Buffer;
}

/** Undefined where no key was given. A key is the reporter's own: two reporters may choose the same. Throws BAD_INPUT. */
export function requestKeyOf(reporter: string, request: ReportRequest): RequestKey | undefined {
  const { clientKey: given, ...input } = request;
  const clientKey = readClientKey('input.clientKey', given);
  if (clientKey === undefined) return undefined;
  return { keyHash: hashOf([reporter, clientKey]), inputHash: hashOf(canonical(input)) };
}

function hashOf(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value)).digest();
}

/** The same for the same input, whatever the order of its members and whether nothing is said or null. */
function canonical(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member != null);
  return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]);
}
