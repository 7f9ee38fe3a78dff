import type { Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { Authenticate } from './entrance.ts';

const EVERY_MS = 500;

/** An open connection of somebody who signed in. */
export interface Watched {
  readonly authorization: string;
  readonly expiresAt: number | undefined;
  /** Who it is now; throws where running operations are not allowed any more. */
  renew(viewer: Viewer): void;
  /** Ends it at once; nothing may be sent afterwards. */
  end(reason: DomainError): void;
}

/**
 * Looks twice a second whether those who hold a connection open are still who they were: a key may be revoked, a token
 * end, a right be taken. An authenticator that gives no answer within that time is asked no second time meanwhile.
 */
export class SignInWatch {
  readonly #authenticate: Authenticate;
  readonly #watched = new Set<Watched>();
  readonly #asked = new WeakSet<Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(authenticate: Authenticate) {
    this.#authenticate = authenticate;
  }

  /** Call what it returns when the connection has ended. */
  add(watched: Watched): () => void {
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => this.#look(), EVERY_MS).unref();
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    for (const watched of this.#watched) {
      if (watched.expiresAt !== undefined && watched.expiresAt <= Date.now()) watched.end(expired());
      else if (!this.#asked.has(watched)) void this.#ask(watched);
    }
  }

  async #ask(watched: Watched): Promise<void> {
    this.#asked.add(watched);
    try {
      const viewer = await this.#authenticate(watched.authorization);
      if (this.#watched.has(watched)) watched.renew(viewer);
    } catch (error) {
      // Whatever the reason, who cannot be recognised any more is not listened to.
      if (this.#watched.has(watched)) watched.end(error instanceof DomainError ? error : expired());
    } finally {
      this.#asked.delete(watched);
    }
  }
}

function expired(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'The token or key is no longer good; sign in and connect again.');
}
