import type { RequestContext } from '../access/requestContext.ts';
import { type Action, isAction } from '../access/rights.ts';
import { roleFor, type Viewer } from '../access/viewer.ts';

/** Who acts, on which request and why; a RequestContext is one. */
export type Actor = Pick<RequestContext, 'viewer' | 'purpose'> & { readonly requestId?: string };

/** Small facts about an act: counts, codes, titles. Never a value of a sensitive field, as a phone number is. */
export type ActDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What was done to what. */
export interface Act {
  /** The right by which it was done, or another name in the same form. */
  readonly action: Action | (string & {});
  /** Only where no right of the viewer says it. */
  readonly role?: string;
  /** `kind` in one word, as in GraphQL but small: grid, person, key, edition. */
  readonly object: { readonly kind: string; readonly id: string };
  /** The grid that it concerns: who audits that area sees the entry. Null or left out: the whole registry. */
  readonly gridId?: string | null;
  readonly result: 'DONE' | 'READ' | 'REFUSED';
  readonly details?: ActDetails;
}

/** An entry as it is written; the database adds its number and the hashes. */
export interface EntryDraft {
  readonly at: Date;
  readonly subject: string;
  readonly role: string;
  readonly action: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly gridId: string | null;
  readonly result: Act['result'];
  readonly purpose: string | null;
  readonly requestId: string | null;
  /** A JSON object. */
  readonly details: string;
}

const LONGEST = { name: 100, id: 300, note: 200, details: 4000 } as const;
const MOST = { details: 20, items: 50 } as const;

/** Text as both engines take it, cut to a number of characters: whole ones, without NUL. */
function clip(text: string, most: number): string {
  // Halves of a surrogate pair, which JSON in the database refuses, become U+FFFD by way of UTF-8.
  const whole = Buffer.from(text.slice(0, most * 2)).toString();
  return Array.from(whole.replaceAll('\0', '\ufffd')).slice(0, most).join('');
}

function clipValue(value: ActDetails[string]): string | number | boolean | string[] {
  if (typeof value === 'string') return clip(value, LONGEST.note);
  if (typeof value === 'number' && !Number.isSafeInteger(Math.trunc(value))) return String(value);
  if (typeof value === 'object') return value.slice(0, MOST.items).map((item) => clip(String(item), LONGEST.name));
  return value;
}

/** Details that are too many are left out from the end, and the entry says so. */
function detailsText(details: ActDetails): string {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(details)) {
    const next = { ...kept, [clip(name, LONGEST.name)]: clipValue(value) };
    if (Object.keys(next).length > MOST.details || JSON.stringify(next).length > LONGEST.details) {
      return JSON.stringify({ ...kept, clipped: true });
    }
    Object.assign(kept, next);
  }
  return JSON.stringify(kept);
}

function roleOf({ viewer }: Actor, { role, action }: Act): string {
  const byRight = isAction(action) ? roleFor(viewer, action) : viewer.kind === 'system' ? 'system' : undefined;
  return role ?? byRight ?? (viewer.grants.map((grant: Viewer['grants'][number]) => grant.role).join(',') || 'none');
}

/** The entry of an act, cut to what a row may hold: an act is never refused because its name was long. */
export function entryOf(by: Actor, act: Act, at: Date): EntryDraft {
  return {
    at,
    subject: clip(by.viewer.subject, LONGEST.id) || 'unknown',
    role: clip(roleOf(by, act), LONGEST.name) || 'none',
    action: clip(act.action, LONGEST.name),
    objectKind: clip(act.object.kind, LONGEST.name),
    objectId: clip(act.object.id, LONGEST.id),
    gridId: act.gridId ?? null,
    result: act.result,
    purpose: by.purpose === undefined ? null : clip(by.purpose, LONGEST.note),
    requestId: by.requestId === undefined ? null : clip(by.requestId, LONGEST.note),
    details: detailsText(act.details ?? {}),
  };
}
