import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type JWK, SignJWT } from 'jose';
import type { Clock } from '../../clock.ts';
import { type Config, IN_MEMORY } from '../../config.ts';
import type { Role } from '../rights.ts';
import { readOrMakeKeyFile } from '../secret.ts';
import { JwtVerifier, type TokenRules } from './jwtVerifier.ts';

/** What tokens of `wangge token` are, whatever is set for the tokens of others. */
export const LOCAL_RULES: TokenRules = {
  issuer: 'urn:wangge:local',
  audience: 'wangge',
  algorithms: ['EdDSA'],
  type: 'at+jwt',
  rolesClaim: 'wangge_roles',
  staffClaim: 'wangge_staff',
};

/** A token to be made. `within` are ids or codes of grids, or `*`. */
export interface TokenWish {
  readonly role: Role;
  readonly within: readonly string[];
  readonly subject: string;
  readonly hours: number;
  /** The member of staff who signs in; left out, a login without a post. */
  readonly staff?: string;
}

/** Whether tokens of `wangge token` are taken: LOCAL_ISSUER, by default on the embedded database; never on a production server. */
export function takesLocalTokens(config: Pick<Config, 'localIssuer' | 'databaseUrl' | 'nodeEnv'>): boolean {
  if (config.databaseUrl !== undefined && config.nodeEnv === 'production') return false;
  return config.localIssuer ?? config.databaseUrl === undefined;
}

/** The demo's own issuer. Whoever can read its key file can be anybody. */
export class LocalIssuer {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;

  /** The key is in DATA_DIR/keys/issuer.json, made if there is none; with :memory: in this object only. Throws BAD_CONFIG. */
  constructor(dataDir: string) {
    this.#privateKey =
      dataDir === IN_MEMORY
        ? generateKeyPairSync('ed25519').privateKey
        : readOrMakeKeyFile(dataDir, 'issuer.json', makeKeyText, parseKeyText);
    this.#publicKey = createPublicKey(this.#privateKey);
  }

  /** A signed token that is good from now on. */
  issue({ role, within, subject, hours, staff }: TokenWish, now: Date): Promise<string> {
    const iat = Math.floor(now.getTime() / 1000);
    const roles = within.map((area) => `${role}@${area}`);
    return new SignJWT({ [LOCAL_RULES.rolesClaim]: roles, ...(staff && { [LOCAL_RULES.staffClaim]: staff }) })
      .setProtectedHeader({ alg: LOCAL_RULES.algorithms[0], typ: LOCAL_RULES.type })
      .setIssuer(LOCAL_RULES.issuer)
      .setAudience(LOCAL_RULES.audience)
      .setSubject(subject)
      .setJti(randomUUID())
      .setIssuedAt(iat)
      .setExpirationTime(iat + Math.round(hours * 3600))
      .sign(this.#privateKey);
  }

  verifier(clock: Clock): JwtVerifier {
    return new JwtVerifier(LOCAL_RULES, async () => this.#publicKey, clock);
  }
}

function makeKeyText(): string {
  return `${JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }))}\n`;
}

function parseKeyText(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: JSON.parse(text) as JWK, format: 'jwk' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
