import { createHash } from 'node:crypto';
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../clock.ts';
import { isUuid } from '../../ids.ts';
import { type ClaimedGrant, readClaimedGrants } from './claimedGrants.ts';
import { Refusal, toRefusal } from './refusal.ts';

/** What an access token must be to be taken; nothing of it comes from the token itself. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** Asymmetric JWS algorithms, such as RS256. */
  readonly algorithms: readonly string[];
  /** The `typ` of the header (RFC 9068: at+jwt). */
  readonly type: string;
  readonly rolesClaim: string;
  /** Where the id of a member of staff is, if the issuer knows it. */
  readonly staffClaim: string;
}

/** What is left of a token that was found good. Areas are still as it claims them: they are looked up for each request. */
export interface VerifiedToken {
  /** Issuer and subject, at most 200 characters. */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly claimed: readonly ClaimedGrant[];
  /** Small letters; undefined where the claim is missing or no id. */
  readonly staffId: string | undefined;
}

// The issuer's clock may be ahead of ours. An end is taken as it stands.
const TOLERANCE_SECONDS = 5;
const LAST_INSTANT_SECONDS = 8.64e12;
const LONGEST_SUBJECT = 200;

/** Judges the tokens of one issuer (RFC 7519, RFC 8725, RFC 9068). */
export class JwtVerifier {
  readonly issuer: string;
  readonly #rules: TokenRules;
  readonly #findKey: JWTVerifyGetKey;
  readonly #clock: Clock;

  constructor(rules: TokenRules, findKey: JWTVerifyGetKey, clock: Clock) {
    this.issuer = rules.issuer;
    this.#rules = rules;
    this.#findKey = findKey;
    this.#clock = clock;
  }

  /** Throws Refusal. */
  async verify(token: string): Promise<VerifiedToken> {
    const { issuer, audience, algorithms, type, rolesClaim, staffClaim } = this.#rules;
    const now = this.#clock();
    const { payload } = await jwtVerify(token, this.#findKey, {
      issuer,
      audience,
      algorithms: [...algorithms],
      typ: type,
      requiredClaims: ['exp', 'sub', 'iat'],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: now,
    }).catch((error) => {
      throw toRefusal(error);
    });
    assertAccessToken(payload);
    const expiresAt = endOf(payload, now.getTime() / 1000);
    const claimed = readClaimedGrants(payload[rolesClaim]);
    return { subject: subjectOf(payload, issuer), expiresAt, claimed, staffId: staffIdOf(payload[staffClaim]) };
  }
}

// Where the type is plain JWT, these tell an ID token: OpenID Connect Core 3.1.3.6, and the words of Keycloak and Cognito.
function assertAccessToken(payload: JWTPayload): void {
  const forTheClient = 'at_hash' in payload || 'c_hash' in payload;
  if (forTheClient || payload.typ === 'ID' || payload.token_use === 'id') throw new Refusal('claims');
}

function endOf({ exp, iat }: JWTPayload, nowSeconds: number): number {
  if (typeof exp !== 'number' || exp > LAST_INSTANT_SECONDS) throw new Refusal('claims');
  if (exp <= nowSeconds) throw new Refusal('expired');
  if (typeof iat !== 'number' || iat > nowSeconds + TOLERANCE_SECONDS) throw new Refusal('claims');
  return exp * 1000;
}

function staffIdOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && isUuid(claim) ? claim.toLowerCase() : undefined;
}

const NOT_TO_BE_SEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

function subjectOf({ sub }: JWTPayload, issuer: string): string {
  if (typeof sub !== 'string' || sub.trim() === '' || NOT_TO_BE_SEEN.test(sub)) throw new Refusal('claims');
  const subject = `${issuer}|${sub}`;
  if (subject.length <= LONGEST_SUBJECT) return subject;
  // Two long names that begin alike are still two subjects.
  const digest = createHash('sha256').update(subject).digest('base64url');
  return `${subject.slice(0, LONGEST_SUBJECT - digest.length - 1)}#${digest}`;
}
