import type { ErrorLog } from '../../access/requestContext.ts';
import type { Clock } from '../../clock.ts';
import { DomainError } from '../../errors.ts';
import type { ChainEnd } from '../audit.repository.ts';
import type { ChainReader } from '../chain/chainReader.ts';
import { HeadFile } from './headFile.ts';
import { type ChainHead, readSignedHead, signHead } from './signedHead.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 64_000;

export interface HeadPlace {
  /** Where heads are kept, out of reach of the database; undefined keeps none. */
  readonly file: string | undefined;
  /** 32 bytes of which the database knows nothing; undefined where there is no secret, and then no head is kept. */
  readonly key: Uint8Array | undefined;
}

/** Throws BAD_CONFIG where there is no key. */
export function getHeadKey({ key }: HeadPlace): Uint8Array {
  if (key) return key;
  throw new DomainError('BAD_CONFIG', 'SECRET_KEY: set it; without it no head of the audit can be signed or read.');
}

/**
 * Keeps the signed head of the chain outside the database, at most a second behind what this process recorded. It is
 * moved forward only, and only while the head that is there still fits the chain: otherwise it is evidence, and stays.
 */
export class HeadKeeper {
  readonly #chain: ChainReader;
  readonly #place: HeadPlace;
  readonly #file: HeadFile | undefined;
  readonly #clock: Clock;
  readonly #log: ErrorLog;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_WAIT_MS;
  #dirty = false;
  #closed = false;
  /** Said once, not every second. */
  #unfit = false;
  #moving: Promise<unknown> = Promise.resolve();

  constructor(chain: ChainReader, place: HeadPlace, clock: Clock, log: ErrorLog) {
    this.#chain = chain;
    this.#place = place;
    this.#file = place.file === undefined || place.key === undefined ? undefined : new HeadFile(place.file);
    this.#clock = clock;
    this.#log = log;
  }

  /** Compares the file with the database, and brings it up to date. What does not fit is logged as an error. */
  async start(): Promise<void> {
    await this.#move();
  }

  /** Something was recorded, and may be committed soon. */
  touch(): void {
    if (!this.#file || this.#closed) return;
    this.#dirty = true;
    if (this.#timer && this.#waitMs === FIRST_WAIT_MS) return;
    this.#lookIn(FIRST_WAIT_MS);
  }

  /** The newest head, signed now. Throws BAD_CONFIG without a key. */
  async sign(): Promise<string> {
    return signHead(this.#headAt(await this.#chain.readEnd()), getHeadKey(this.#place));
  }

  /** Writes the head of what was recorded, and stops. The database must still be open. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    if (this.#dirty) await this.#move();
    await this.#moving;
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#waitMs = milliseconds;
    this.#timer = setTimeout(() => void this.#look(), milliseconds);
    this.#timer.unref();
  }

  /** An entry shows only when its transaction is committed, which may take a while: so it looks again, ever less often. */
  async #look(): Promise<void> {
    this.#timer = undefined;
    const moved = await this.#move();
    if (this.#timer || this.#closed) return;
    if (moved) this.#lookIn(FIRST_WAIT_MS);
    else if (this.#waitMs < LONGEST_WAIT_MS) this.#lookIn(this.#waitMs * 2);
  }

  /** Moves follow one another. Never throws: the audit goes on without a head, loudly. */
  #move(): Promise<boolean> {
    const move = this.#moving.then(async () => {
      try {
        return await this.#moveForward();
      } catch (error) {
        const file = this.#file?.path;
        this.#log.error({ err: error, file }, 'The signed head of the audit could not be written.');
        return false;
      }
    });
    this.#moving = move;
    return move;
  }

  async #moveForward(): Promise<boolean> {
    if (!this.#file) return false;
    const end = await this.#chain.readEnd();
    let moved = false;
    await this.#file.update(async (lines) => {
      const newest = await this.#newestOf(lines);
      if (newest === 'UNFIT' || end.seq === 0 || end.seq <= (newest?.seq ?? 0)) return undefined;
      const head = this.#headAt(end);
      // Of one day only the last is kept; the one it replaces was just found to fit the same chain.
      const kept = newest?.at.slice(0, 10) === head.at.slice(0, 10) ? lines.slice(0, -1) : lines;
      moved = true;
      return [...kept, await signHead(head, getHeadKey(this.#place))];
    });
    return moved;
  }

  /** The head on the last line, if the chain still holds it. */
  async #newestOf(lines: readonly string[]): Promise<ChainHead | 'UNFIT' | undefined> {
    const line = lines.at(-1);
    if (line === undefined) return undefined;
    const head = await readSignedHead(line, getHeadKey(this.#place));
    const hash = head && (await this.#chain.findHash(head.seq));
    const fits = head !== undefined && hash === head.hash;
    const known = this.#unfit;
    this.#unfit = !fits;
    if (fits) return head;
    if (known) return 'UNFIT';
    const why = head ? 'the database has another entry there, or none' : 'it is not signed with the key of SECRET_KEY';
    this.#log.error(
      { file: this.#file?.path, seq: head?.seq },
      `The signed head of the audit does not fit this database: ${why}. The file is left as it is. Run \`wangge audit verify\`; move the file away only when you know what happened.`,
    );
    return 'UNFIT';
  }

  #headAt({ seq, hash }: ChainEnd): ChainHead {
    return { seq, hash, at: this.#clock().toISOString() };
  }
}
