import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Network, readNetwork } from '../../config/forms.ts';
import { judgeAddress } from './addressRange.ts';
import { hostOf, readTargetUrl } from './targetUrl.ts';

/** An address that a connection is made to. */
export interface CheckedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a name, as the network of this host resolves it. */
export type Resolver = (host: string) => Promise<readonly { readonly address: string }[]>;

const systemResolver: Resolver = (host) => lookup(host, { all: true, verbatim: true });

/** A target that nothing is sent to. No part of the message says where the name led. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
  readonly code = 'ADDRESS_REFUSED';
}

/** Keeps webhooks from what only this host can reach. */
export class TargetGuard {
  readonly #networks: readonly Network[];
  readonly #resolve: Resolver;

  /** `networks`: private ones that may be sent to all the same, as 10.1.0.0/16; over http too. Throws TypeError for what is none. */
  constructor(networks: readonly string[], resolve: Resolver = systemResolver) {
    this.#networks = networks.map((text) => {
      const network = readNetwork(text);
      if (!network) throw new TypeError(`${text} is not a network such as 10.1.0.0/16.`);
      return network;
    });
    this.#resolve = resolve;
  }

  /** The URL of a receiver as it is kept. Throws BAD_INPUT. */
  readUrl(text: string): string {
    return readTargetUrl(text, this.#networks).href;
  }

  /**
   * Where a connection to the host may be made, asked once: connect to these and resolve nothing again. Every address
   * must be allowed, and without encryption each must lie in a private network. Throws TargetRefused.
   */
  async addressesOf(hostname: string, encrypted: boolean): Promise<CheckedAddress[]> {
    const host = hostOf({ hostname });
    const found = isIP(host) === 0 ? await this.#resolve(host) : [{ address: host }];
    if (found.length === 0) throw new TargetRefused('The name has no address.');
    return found.map(({ address }) => {
      const verdict = judgeAddress(address, this.#networks);
      if (verdict === 'REFUSED' || (verdict === 'PUBLIC' && !encrypted)) {
        throw new TargetRefused('The name leads to an address that webhooks do not go to.');
      }
      return { address, family: isIP(address) === 6 ? 6 : 4 };
    });
  }
}
