import { isIP } from 'node:net';
import type { Network } from '../../config/forms.ts';
import { DomainError } from '../../errors.ts';
import { judgeAddress } from './addressRange.ts';

const LONGEST = 2000;
/** Names of this host, of its network and of what hands out credentials in clouds. */
const INNER_NAME =
  /^(localhost|.*\.localhost|.*\.localdomain|.*\.local|.*\.internal|.*\.intranet|.*\.lan|.*\.home\.arpa|metadata|instance-data|.*\.onion)$/;

function refuse(words: string): never {
  throw new DomainError('BAD_INPUT', `url: ${words}`, { field: 'url' });
}

/** The host of a URL as a connection is made to it: no brackets, no dots at its end. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
}

/**
 * The URL of a receiver, as it is kept. Notations of addresses are read as a connection would (0x7f.1 is 127.0.0.1).
 * Names are not resolved here: that is judged anew for each connection. Throws BAD_INPUT.
 */
export function readTargetUrl(text: string, networks: readonly Network[]): URL {
  if (text.length > LONGEST) refuse(`give at most ${LONGEST} characters.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a URL drops some of them in silence.
  if (/[\u0000-\u0020\u007f\\]/.test(text) || !URL.canParse(text))
    refuse('not the address of a receiver; give https://….');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && networks.length > 0)) refuse('give an https address.');
  if (url.username !== '' || url.password !== '' || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) {
    refuse('leave out user and password; the signature says who sends.');
  }
  if (url.hash !== '') refuse('leave out the part behind #, which is never sent.');
  assertPort(url);
  assertHost(url, networks);
  return url;
}

function assertPort({ port }: URL): void {
  if (port !== '' && port !== '80' && port !== '443' && Number(port) < 1024) {
    refuse(`port ${port} is for another service; use 443, 80 or one from 1024 on.`);
  }
}

function assertHost(url: URL, networks: readonly Network[]): void {
  const host = hostOf(url);
  if (host === '') refuse('name a host.');
  if (isIP(host) !== 0) {
    const verdict = judgeAddress(host, networks);
    if (verdict === 'REFUSED') refuse('this address is not a public one; webhooks go to public addresses only.');
    if (verdict === 'PUBLIC' && url.protocol === 'http:') refuse('give an https address.');
    return;
  }
  if (networks.length > 0) return;
  if (INNER_NAME.test(host) || !host.includes('.')) refuse('this name is not one of the public internet.');
}
