import { randomUUID } from 'node:crypto';
import { DomainError } from '../../../errors.ts';
import { mintSecret, sealSecret } from '../../delivery/sending/secretSeal.ts';
import type { SealedRow } from '../webhookRecord.ts';

/** Makes the secrets by which receivers know who sends. */
export class SecretMint {
  readonly #key: Uint8Array | undefined;

  /** `key`: deriveKey(secret, 'webhooks'); undefined where no SECRET_KEY is set: then none can be made. */
  constructor(key: Uint8Array | undefined) {
    this.#key = key;
  }

  /** A secret that begins now, not yet written anywhere. Throws BAD_CONFIG without a SECRET_KEY. */
  mint(endpointId: string, createdAt: Date): { readonly text: string; readonly row: SealedRow } {
    if (!this.#key) throw noSecretKey('Secrets of webhooks cannot be made');
    const id = randomUUID();
    const text = mintSecret();
    return { text, row: { id, endpointId, createdAt, sealed: sealSecret(this.#key, { id, endpointId }, text) } };
  }
}

export function noSecretKey(what: string): DomainError {
  const message = `${what}, because SECRET_KEY is not set. Set it and start the server again.`;
  return new DomainError('BAD_CONFIG', message, { setting: 'SECRET_KEY' });
}
