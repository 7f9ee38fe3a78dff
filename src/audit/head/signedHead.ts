import { CompactSign, compactVerify } from 'jose';
import { z } from 'zod';

/** That the chain ended at an entry, at an instant. */
export interface ChainHead {
  readonly seq: number;
  /** In hex. */
  readonly hash: string;
  /** When this was signed. */
  readonly at: string;
}

const ALGORITHM = 'HS256';
const TYPE = 'wangge-audit-head';
// Far more than three short members take.
const LONGEST = 2000;

const form = z.strictObject({
  seq: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
});

/** The head as a compact JWS (RFC 7515): one line that can be kept anywhere, and printed. */
export function signHead({ seq, hash, at }: ChainHead, key: Uint8Array): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ seq, hash, at }));
  return new CompactSign(payload).setProtectedHeader({ alg: ALGORITHM, typ: TYPE }).sign(key);
}

/** The head in a line; undefined for a line that was not signed with this key, or not as a head. */
export async function readSignedHead(line: string, key: Uint8Array): Promise<ChainHead | undefined> {
  if (line.length > LONGEST) return undefined;
  try {
    const { payload, protectedHeader } = await compactVerify(line, key, { algorithms: [ALGORITHM] });
    if (protectedHeader.typ !== TYPE) return undefined;
    return form.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
