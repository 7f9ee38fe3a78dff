import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../../errors.ts';

const WINDOW_SECONDS = 10;
/** What a token or key that is not good costs the address it came from: checking signatures is the dearer part. */
const FAILED_SIGN_IN = 1000;

/**
 * Keeps what each caller spends within ten seconds, in the memory of this process: several servers each grant the whole
 * limit. A caller is forgotten when the window ends.
 */
export class RateGate {
  readonly #limiter: RateLimiterMemory;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#limiter = new RateLimiterMemory({ points: limit, duration: WINDOW_SECONDS });
  }

  /** Throws RATE_LIMITED where the caller has spent more than the limit. What is refused counts as spent too. */
  async spend(caller: string, points: number): Promise<void> {
    try {
      await this.#limiter.consume(caller, points);
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? this.#tooMuch(refused) : refused;
    }
  }

  /** Throws RATE_LIMITED for an address from which too many bad tokens came; good ones from there wait as well. */
  async assertMaySignIn(network: string): Promise<void> {
    const spent = await this.#limiter.get(`sign-in ${network}`);
    if (spent && spent.consumedPoints > this.#limit) throw this.#tooMuch(spent);
  }

  async noteFailedSignIn(network: string): Promise<void> {
    await this.#limiter.penalty(`sign-in ${network}`, FAILED_SIGN_IN);
  }

  #tooMuch({ msBeforeNext }: RateLimiterRes): DomainError {
    const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
    const message = `Too much was asked within ${WINDOW_SECONDS} seconds; wait ${retryAfterSeconds} s, then ask less often or for less.`;
    return new DomainError('RATE_LIMITED', message, { retryAfterSeconds, limit: this.#limit });
  }
}
