import { isIPv4, isIPv6 } from 'node:net';
import type { Viewer } from '../../access/viewer.ts';

/** Who asks, and from where. */
export interface Asker {
  readonly viewer: Viewer;
  readonly address: string;
}

/**
 * The one whom limits are kept for: a key or a signed-in person, else the address. It lives in memory only, while its
 * window or connection lasts, and is never logged.
 */
export function callerOf({ viewer, address }: Asker): string {
  return viewer.kind === 'public' ? networkOf(address) : `${viewer.kind}:${viewer.subject}`;
}

/** An IPv4 address whole; of IPv6 the /64, since one line has all of it. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
  if (isIPv4(mapped)) return `address:${mapped}`;
  if (!isIPv6(address)) return 'address:unknown';
  const [head, tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const first = groups(head);
  const missing = tail === undefined ? 0 : 8 - first.length - groups(tail).length;
  const all = [...first, ...Array<string>(missing).fill('0'), ...groups(tail)];
  return `address:${all.slice(0, 4).join(':')}::/64`;
}
