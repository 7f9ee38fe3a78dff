import { LRUCache } from 'lru-cache';
import type { Viewer } from '../access/viewer.ts';
import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import { idOfKey, isKeyOf, mintKey } from './apiKey.ts';
import { isIntegratorAction } from './clientScope.ts';
import type { KeyRecord, KeyRepository, KeyVerdict } from './key.repository.ts';

/** For how long an answer of the database is believed. What another process revokes ends here no later than this. */
// With the half second in which open connections are looked at, less than the one second that is promised.
const FRESH_MS = 300;
/** Ids remembered at most, known and unknown ones together; some 1 kB each. */
const MOST_IDS = 10_000;

const DAY_MS = 86_400_000;

/** A key just made. `text` is what the integrator keeps; nobody can read it again. */
export interface NewKey {
  readonly record: KeyRecord;
  readonly text: string;
  readonly hash: Buffer;
}

interface Asked {
  /** On the clock of the process, when the question was put, not when it was answered. */
  readonly at: number;
  readonly verdict: Promise<KeyVerdict | undefined>;
}

/**
 * Tells whose an API key is. A key that was revoked is refused at once by the process that revoked it, and by the others
 * when it is presented FRESH_MS later or more. Requests that come together share one question to the database; an id that
 * does not exist costs one question each FRESH_MS, and what bounds a flood of them is the rate limit of the door.
 */
export class KeyRing {
  readonly #repository: KeyRepository;
  readonly #clock: Clock;
  readonly #hmacKey: Buffer | undefined;
  readonly #asked = new LRUCache<string, Asked>({ max: MOST_IDS });

  /** `hmacKey` is undefined where no SECRET_KEY is set: then every key is unknown and none can be made. */
  constructor(repository: KeyRepository, clock: Clock, hmacKey: Buffer | undefined) {
    this.#repository = repository;
    this.#clock = clock;
    this.#hmacKey = hmacKey;
  }

  /**
   * The viewer that a key stands for; undefined for a key that is malformed, unknown, revoked or at its end. Throws
   * DATABASE_BUSY when the database cannot say.
   */
  async findViewer(key: string): Promise<Viewer | undefined> {
    const id = idOfKey(key);
    if (id === undefined || !this.#hmacKey) return undefined;
    const verdict = await this.#ask(id);
    if (!isKeyOf(this.#hmacKey, key, verdict?.hash) || !verdict) return undefined;
    if (!this.isLive(verdict)) return undefined;
    return {
      kind: 'key',
      subject: `key:${verdict.clientId}/${id}`,
      grants: [{ role: 'integrator', areas: verdict.areas }],
      actions: new Set(verdict.actions.filter(isIntegratorAction)),
      ...(verdict.eventTypes.length > 0 ? { eventTypes: new Set(verdict.eventTypes) } : {}),
      expiresAt: verdict.expiresAt.getTime(),
    };
  }

  /** A key that begins now, not yet written anywhere. Throws BAD_CONFIG without a SECRET_KEY. */
  mint(clientId: string, days: number): NewKey {
    if (!this.#hmacKey) {
      const message = 'API keys cannot be made, because SECRET_KEY is not set. Set it and start the server again.';
      throw new DomainError('BAD_CONFIG', message, { setting: 'SECRET_KEY' });
    }
    const { id, text, hash } = mintKey(this.#hmacKey);
    const createdAt = this.#clock();
    const expiresAt = new Date(createdAt.getTime() + days * DAY_MS);
    return { record: { id, clientId, createdAt, expiresAt, revokedAt: null }, text, hash };
  }

  /** Whether a key of these dates is taken now. */
  isLive({ expiresAt, revokedAt }: Pick<KeyRecord, 'expiresAt' | 'revokedAt'>): boolean {
    return revokedAt === null && expiresAt > this.#clock();
  }

  /** How many ids are remembered now. */
  get remembered(): number {
    return this.#asked.size;
  }

  /** Asks the database again when the key is next presented: for what was just revoked. */
  forget(keyId: string): void {
    this.#asked.delete(keyId);
  }

  #ask(id: string): Promise<KeyVerdict | undefined> {
    const at = performance.now();
    const held = this.#asked.get(id);
    if (held && at - held.at < FRESH_MS) return held.verdict;
    const asked = { at, verdict: this.#repository.findVerdict(id) };
    this.#asked.set(id, asked);
    asked.verdict.catch(() => {
      if (this.#asked.peek(id) === asked) this.#asked.delete(id);
    });
    return asked.verdict;
  }
}
