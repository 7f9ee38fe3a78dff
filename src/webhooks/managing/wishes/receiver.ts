import { DomainError } from '../../../errors.ts';
import { type TargetGuard, TargetRefused } from '../../guard/targetGuard.ts';

/**
 * The address of a receiver as it is kept, judged before it is written; what it leads to is judged again at each delivery.
 * Throws BAD_INPUT.
 */
export async function judgedUrl(guard: TargetGuard, text: string): Promise<string> {
  const href = guard.readUrl(text.trim());
  const { hostname, protocol } = new URL(href);
  try {
    await guard.addressesOf(hostname, protocol === 'https:');
    return href;
  } catch (error) {
    // Where the name led is not told: it may be a name of the network of this server.
    const words =
      error instanceof TargetRefused
        ? 'its name leads to an address that is not a public one. Give a receiver on the public internet, or let the operator name its network in WEBHOOK_PRIVATE_NETWORKS.'
        : 'its name was not found by this server. Check it, or try again later.';
    throw new DomainError('BAD_INPUT', `url: ${words}`, { field: 'url' }, { cause: error });
  }
}

/** Its host without the path, which may hold a token of the receiver: for the audit. */
export const hostIn = (url: string): string => new URL(url).host;
