import type { Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import { type Asker, networkOf } from '../guard/callers.ts';
import type { RateGate } from '../guard/rateGate.ts';

/** Says who a header `authorization` is; of none, the public. Throws UNAUTHENTICATED for one that is not good. */
export type Authenticate = (authorization: string | undefined) => Viewer | Promise<Viewer>;

const MOST_PURPOSE = 200;
const CONTROL = /\p{Cc}/u;

/** Where every request learns who asks. Only the header counts: a cookie would let a foreign page ask in one's name, a query string is logged on its way. */
export class Entrance {
  readonly authenticate: Authenticate;
  readonly #rates: RateGate;

  constructor(authenticate: Authenticate, rates: RateGate) {
    this.authenticate = authenticate;
    this.#rates = rates;
  }

  /** Throws UNAUTHENTICATED, and RATE_LIMITED where too many bad tokens came from the address. */
  async enter(authorization: string | undefined, address: string): Promise<Asker> {
    if (authorization === undefined) return { viewer: await this.authenticate(undefined), address };
    const network = networkOf(address);
    await this.#rates.assertMaySignIn(network);
    try {
      return { viewer: await this.authenticate(authorization), address };
    } catch (error) {
      if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') await this.#rates.noteFailedSignIn(network);
      throw error;
    }
  }
}

/** The words of a header `x-purpose`, where only ASCII passes, so that others are percent-encoded. Throws BAD_INPUT. */
export function purposeInHeader(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  try {
    return readPurpose(decodeURIComponent(String(header)));
  } catch (error) {
    throw error instanceof URIError ? badPurpose('is not percent-encoded UTF-8') : error;
  }
}

/** Throws BAD_INPUT for what is no text of at most 200 characters in one line. */
export function readPurpose(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'string') throw badPurpose('is not a text');
  if ([...given].length > MOST_PURPOSE) throw badPurpose(`has more than ${MOST_PURPOSE} characters`);
  if (CONTROL.test(given)) throw badPurpose('has line breaks or other control characters');
  return given.trim() || undefined;
}

function badPurpose(fault: string): DomainError {
  return new DomainError('BAD_INPUT', `x-purpose: ${fault}; say in a few words why you ask.`, { field: 'x-purpose' });
}
