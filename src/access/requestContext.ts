import type { Viewer } from './viewer.ts';

/** The part of a logger that a failed request needs. */
export interface ErrorLog {
  error(details: object, message: string): void;
}

/** What every request, over whichever door, carries to the resolvers (`@Ctx()`) and to the error format. */
export interface RequestContext {
  readonly viewer: Viewer;
  readonly requestId: string;
  /** Why the caller asks, in the caller's words: header `x-purpose`, at most 200 characters. For the audit. */
  readonly purpose?: string;
  readonly log: ErrorLog;
}
