import { DomainError } from '../errors.ts';
import type { AreaTree } from './areaTree.ts';
import { type AccessTokens, LONGEST_TOKEN } from './tokens/accessTokens.ts';
import { resolveGrants } from './tokens/claimedGrants.ts';
import type { VerifiedToken } from './tokens/jwtVerifier.ts';
import { Refusal, type RefusalCause } from './tokens/refusal.ts';
import { PUBLIC, type Viewer } from './viewer.ts';

/** Finds whom an API key was issued to; undefined for a key that is unknown, revoked or at its end. */
export interface KeyReader {
  findViewer(key: string): Promise<Viewer | undefined>;
}

export interface AuthenticatorParts {
  readonly tokens: AccessTokens;
  readonly keys: KeyReader;
  readonly tree: AreaTree;
  /** Told why a token or key was refused, for metrics; never the token or key itself. */
  readonly onRefused?: (cause: RefusalCause) => void;
}

// RFC 6750: the scheme in any case, then one credential.
const BEARER = /^bearer +([\w.~+/-]+=*)$/i;
const LONGEST_HEADER = LONGEST_TOKEN + 16;
const API_KEY = /^wgk_[\w.~-]{1,250}$/;
const API_KEY_PREFIX = 'wgk_';

/** What every refused token or key is answered with, so that an answer tells nothing about how near it was. */
const REFUSED =
  'authorization: this token or key is not good, or no longer. Sign in again or ask for a new key, and send it as the header authorization: Bearer TOKEN. Without that header you ask as the public.';

/** Tells from the header `authorization` who asks. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /**
   * The public at once where there is no header, and whoever has a remembered token too. Areas are those of the tree now,
   * so a connection that stays open asks again for each operation. Throws, or rejects with, UNAUTHENTICATED in always the
   * same words for any header that is not a good token or key; a failing database keeps its own error.
   */
  authenticate(authorization: string | undefined): Viewer | Promise<Viewer> {
    if (authorization === undefined) return PUBLIC;
    try {
      const credential = credentialIn(authorization);
      if (credential.startsWith(API_KEY_PREFIX)) return this.#byKey(credential);
      const token = this.#parts.tokens.verify(credential);
      if (!(token instanceof Promise)) return this.#viewerOf(token);
      return token.then(
        (verified) => this.#viewerOf(verified),
        (error) => this.#refuse(error),
      );
    } catch (error) {
      return this.#refuse(error);
    }
  }

  async #byKey(key: string): Promise<Viewer> {
    const viewer = API_KEY.test(key) ? await this.#parts.keys.findViewer(key) : undefined;
    return viewer ?? this.#refuse(new Refusal('api_key'));
  }

  #viewerOf({ subject, expiresAt, claimed, staffId }: VerifiedToken): Viewer {
    const grants = resolveGrants(claimed, this.#parts.tree);
    return { kind: 'person', subject, grants, expiresAt, ...(staffId !== undefined && { staffId }) };
  }

  #refuse(error: unknown): never {
    if (!(error instanceof Refusal)) throw error;
    this.#parts.onRefused?.(error.label);
    throw new DomainError('UNAUTHENTICATED', REFUSED, { field: 'authorization' });
  }
}

function credentialIn(authorization: string): string {
  // The parameters of a socket are whatever the client sent.
  if (typeof authorization !== 'string') throw new Refusal('malformed');
  if (authorization.length > LONGEST_HEADER) throw new Refusal('too_long');
  const credential = BEARER.exec(authorization)?.[1];
  if (credential === undefined) throw new Refusal('malformed');
  return credential;
}
