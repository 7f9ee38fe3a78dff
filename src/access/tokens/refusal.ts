import { errors } from 'jose';

/** Why a token or key was refused: a label for metrics and debugging. Whoever asked is never told. */
export type RefusalCause =
  | 'malformed'
  | 'too_long'
  | 'unknown_issuer'
  | 'unknown_key'
  | 'issuer_away'
  | 'algorithm'
  | 'signature'
  | 'claims'
  | 'expired'
  | 'api_key';

/** A token or key that is not good. It stays inside access: the authenticator answers all of them alike. */
export class Refusal extends Error {
  readonly label: RefusalCause;

  constructor(label: RefusalCause, options?: ErrorOptions) {
    super(label, options);
    this.label = label;
  }
}

const LABELS: Readonly<Record<string, RefusalCause>> = {
  [errors.JWTExpired.code]: 'expired',
  [errors.JWTClaimValidationFailed.code]: 'claims',
  [errors.JWSSignatureVerificationFailed.code]: 'signature',
  [errors.JOSEAlgNotAllowed.code]: 'algorithm',
  [errors.JWKSNoMatchingKey.code]: 'unknown_key',
  [errors.JWKSMultipleMatchingKeys.code]: 'unknown_key',
};

/** Whatever goes wrong while a token is judged refuses it, even a fault nobody foresaw. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const label = error instanceof errors.JOSEError ? LABELS[error.code] : undefined;
  return new Refusal(label ?? 'malformed', { cause: error });
}
