import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 10;
const SECRET_BYTES = 32;
const FORM = /^wgk_([0-9a-f]{20})_[A-Za-z0-9_-]{43}$/;
const ID_FORM = /^[0-9a-f]{20}$/;
/** Takes the place of the hash of a key that does not exist, so that it costs the same comparison. */
const NO_HASH = Buffer.alloc(32);

/** A key just made. `text` is what the integrator keeps; nobody can read it again. */
export interface MintedKey {
  readonly id: string;
  readonly text: string;
  readonly hash: Buffer;
}

/** Makes a key `wgk_ID_SECRET` with 256 random bits of secret. */
export function mintKey(hmacKey: Buffer): MintedKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `wgk_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, text, hash: hashOf(hmacKey, text) };
}

/** The id within a key; undefined for what has not the form of one. */
export function idOfKey(text: string): string | undefined {
  return FORM.exec(text)?.[1];
}

export const isKeyId = (text: string): boolean => ID_FORM.test(text);

/** Whether the stored hash is that of this key, in time that does not depend on either; never for no hash. */
export function isKeyOf(hmacKey: Buffer, text: string, hash: Buffer | undefined): boolean {
  const same = timingSafeEqual(hashOf(hmacKey, text), hash ?? NO_HASH);
  return same && hash !== undefined;
}

/** Of the whole text: a hash copied to a row of another id fits no key. */
function hashOf(hmacKey: Buffer, text: string): Buffer {
  return createHmac('sha256', hmacKey).update(text).digest();
}
