import type { Viewer } from '../../access/viewer.ts';
import { readNote } from '../../api/input/note.ts';
import { DomainError } from '../../errors.ts';
import type { PlaceRequest } from '../../ownership/place.ts';
import type { Origin } from '../course/state.ts';

const FORMS = {
  category: { form: /^[a-z][a-z0-9_]{0,63}$/, says: 'a small letter, then small letters, digits and _, at most 64' },
  severity: { form: /^[a-z][a-z0-9_]{0,31}$/, says: 'a small letter, then small letters, digits and _, at most 32' },
  responseClass: { form: /^[a-z0-9_]{1,16}$/, says: 'small letters, digits and _, at most 16' },
  language: {
    form: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/,
    says: 'a BCP 47 tag such as pcc or zh-Hans, at most 64 characters',
  },
} as const;
const LONGEST = { language: 64, summary: 200, narrative: 4000, reporter: 300 } as const;
/** Clocks of phones are fast by some minutes. */
const TOLERANCE_MS = 5 * 60_000;

/** A matter at a place, as it is reported. */
export interface ReportRequest {
  readonly category: string;
  readonly at: PlaceRequest;
  /** Null: now. */
  readonly occurredAt?: Date | null;
  readonly summary?: string | null;
  readonly narrative?: string | null;
  readonly severity?: string | null;
  /** Null: PUSHED by a key, FOUND where it is said by whom, else REPORTED. */
  readonly origin?: Origin | null;
  /** A member of staff, by id; null: of what was FOUND, the viewer. */
  readonly foundBy?: string | null;
  readonly language?: string | null;
  readonly responseClass?: string | null;
  /** Makes a retry harmless. */
  readonly clientKey?: string | null;
}

/** What a report says besides its place, checked as far as that goes without the registry. */
export interface ReadReport {
  readonly category: string;
  readonly severity: string | null;
  readonly language: string | null;
  readonly responseClass: string | null;
  readonly summary: string | null;
  readonly narrative: string | null;
  readonly origin: Origin;
  readonly foundBy: string | null;
  readonly occurredAt: Date;
  readonly reportedAt: Date;
  readonly reportedBy: string;
}

/** Throws BAD_INPUT, naming the field. */
export function readReport(request: ReportRequest, viewer: Viewer, now: Date): ReadReport {
  const origin = originOf(request, viewer);
  return {
    category: formed('category', request.category)!,
    severity: formed('severity', request.severity),
    language: formed('language', request.language),
    responseClass: formed('responseClass', request.responseClass),
    summary: readNote('input.summary', request.summary, LONGEST.summary),
    narrative: readNote('input.narrative', request.narrative, LONGEST.narrative),
    origin,
    foundBy: request.foundBy ?? null,
    occurredAt: occurred(request.occurredAt ?? now, now),
    reportedAt: now,
    reportedBy: viewer.subject.slice(0, LONGEST.reporter),
  };
}

export function badInput(field: string, what: string, code: 'BAD_INPUT' | 'NOT_FOUND' | 'TOO_LARGE' = 'BAD_INPUT') {
  return new DomainError(code, `input.${field}: ${what}`, { field: `input.${field}` });
}

function formed(field: keyof typeof FORMS, text: string | null | undefined): string | null {
  if (text == null) return null;
  const { form, says } = FORMS[field];
  if (form.test(text) && text.length <= LONGEST.language) return text;
  throw badInput(field, `give ${says}.`);
}

function originOf({ origin, foundBy }: ReportRequest, { kind }: Viewer): Origin {
  if (kind === 'key') {
    if (origin == null || origin === 'PUSHED') return 'PUSHED';
    throw badInput('origin', `what a key sends is PUSHED, not ${origin}; leave it out.`);
  }
  if (origin === 'PUSHED') throw badInput('origin', 'only the key of another system pushes; say REPORTED or FOUND.');
  if (origin === 'REPORTED' && foundBy != null) {
    throw badInput('foundBy', 'what staff found was FOUND; of what was REPORTED leave it out.');
  }
  return origin ?? (foundBy == null ? 'REPORTED' : 'FOUND');
}

function occurred(at: Date, now: Date): Date {
  const ahead = at.getTime() - now.getTime();
  if (!(ahead <= TOLERANCE_MS)) throw badInput('occurredAt', 'it has not happened yet; give an instant that is past.');
  if (at.getTime() < 0) throw badInput('occurredAt', 'give an instant of 1970 or later.');
  return ahead > 0 ? now : at;
}
