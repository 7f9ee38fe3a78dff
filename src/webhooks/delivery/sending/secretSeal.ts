import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const [NONCE, TAG, SECRET] = [12, 16, 32];
const CIPHER = 'aes-256-gcm';

/** A secret of a webhook as the database holds it. */
export interface SealedSecret {
  readonly id: string;
  readonly endpointId: string;
  readonly sealed: Uint8Array;
}

/** A new secret as Standard Webhooks write it: whsec_ and 256 random bits in base64. */
export function mintSecret(): string {
  return `whsec_${randomBytes(SECRET).toString('base64')}`;
}

// Bound to its row: copied to another it opens nothing.
const boundTo = ({ id, endpointId }: Pick<SealedSecret, 'id' | 'endpointId'>) => Buffer.from(`${id} ${endpointId}`);

/** `key`: deriveKey(secret, 'webhooks'). */
export function sealSecret(key: Uint8Array, row: Pick<SealedSecret, 'id' | 'endpointId'>, secret: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(boundTo(row));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

/** Undefined where it was sealed under another key or for another row, or was changed. */
export function openSecret(key: Uint8Array, { id, endpointId, sealed }: SealedSecret): string | undefined {
  if (sealed.length < NONCE + TAG) return undefined;
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(boundTo({ id, endpointId }))
    .setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    const secret = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
    return Buffer.concat([secret, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
