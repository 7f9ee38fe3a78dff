/** Every code a client may meet, with what it means. The union is closed: a new code is a change of the public contract. */
export const ERROR_CODES = {
  BAD_INPUT: 'A value is missing, of the wrong form or out of range.',
  BAD_GEOJSON: 'The geometry is not strict RFC 7946 GeoJSON; details.fault names the rule.',
  BAD_DATUM: 'The datum or EPSG code is not known, or cannot be used for this.',
  BAD_ENCODING: 'The file is not in the encoding given or any that could be recognised.',
  BAD_FILE: 'The file cannot be read, is empty or lacks a field that was named.',
  TOO_MANY_PLACES: 'More than 1,000 places in one request.',
  TOO_LARGE: 'The document, geometry or page is larger than the limit.',
  NOT_FOUND: 'Nothing by that id, code, layer or tier.',
  CURSOR_EXPIRED: 'Events may be missing behind the cursor; read anew and follow from now on.',
  AMBIGUOUS_CODE: 'The code names different grids in different schemes; name the scheme.',
  DUPLICATE_CODE: 'The code is already taken in its scheme.',
  MISSING_PARENT: 'The parent does not exist on those dates.',
  NOT_NESTED: 'A grid leaves its parent by more than 0.1 % of its area.',
  OVERLAP: 'Two grids of one tier overlap in a PARTITION layer.',
  BAD_BOUNDARY: 'The boundary is invalid, off the lattice, too small or has too many vertices.',
  CONFLICT: 'Someone else changed this in between; read again and retry.',
  APPEND_ONLY: 'Published rows are never changed or deleted; publish a new version instead.',
  DATABASE_BUSY: 'Another process holds the database, or it did not answer in time.',
  DATABASE_FAILED: 'The database refused or failed; nothing was written.',
  BAD_CONFIG: 'A setting is missing or wrong.',
  UNAUTHENTICATED: 'Nobody is signed in, or the token or key is not good; sign in and ask again.',
  FORBIDDEN: 'Whoever is signed in has no such right anywhere.',
  TOO_COSTLY: 'The operation would cost more than the limit; ask for fewer places, smaller pages or fewer fields.',
  RATE_LIMITED: 'Too much was asked in a short time; details.retryAfterSeconds says when to go on.',
  TIMED_OUT: 'The operation took longer than allowed and was given up.',
  INTERNAL: 'A fault of the server; the request id finds it in the log.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * The one error that may cross a module's door. `message` is plain words: what is wrong, where, and the way out.
 * `details` carries machine-readable parts (field, row, grid, fault) and never anything secret.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
