import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { AreaTree } from '../access/areaTree.ts';
import { Authenticator } from '../access/authenticator.ts';
import { deriveKey } from '../access/secret.ts';
import { openTokens } from '../access/tokens/accessTokens.ts';
import type { RefusalCause } from '../access/tokens/refusal.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/tables.ts';
import { ApiClientResolver } from '../keys/apiClient.resolver.ts';
import { KeyRepository } from '../keys/key.repository.ts';
import { KeyService } from '../keys/key.service.ts';
import { KeyRing } from '../keys/keyRing.ts';
import type { AuditParts } from './auditParts.ts';

/** What tells who asks, and what judges where they may. */
export interface AccessGround {
  readonly config: Config;
  readonly secret: Buffer | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each token or key that was refused. */
  readonly onRefused: (cause: RefusalCause) => void;
}

/** Who asks: tokens of the issuers that the settings name, and keys of integrators. */
export function buildAccess(db: Kysely<Database>, tree: AreaTree, audit: AuditParts, ground: AccessGround) {
  const { config, secret, clock, log, onRefused } = ground;
  const repository = new KeyRepository(db, clock);
  const keys = new KeyRing(repository, clock, secret && deriveKey(secret, 'api-keys'));
  const signIn = openTokens(config, clock, (error) =>
    log.warn({ err: error }, 'The keys of OIDC_ISSUER cannot be read; those known go on working'),
  );
  return {
    signIn,
    authenticator: new Authenticator({ tokens: signIn.tokens, keys, tree, onRefused }),
    apiClients: new ApiClientResolver(new KeyService(repository, keys, audit.log, tree)),
  };
}
