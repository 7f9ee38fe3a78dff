import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { deriveKey } from '../access/secret.ts';
import { AuditRepository } from '../audit/audit.repository.ts';
import { AuditLog } from '../audit/auditLog.ts';
import { AuditVerifier } from '../audit/auditVerifier.ts';
import { ChainReader } from '../audit/chain/chainReader.ts';
import { HeadKeeper } from '../audit/head/headKeeper.ts';
import type { Clock } from '../clock.ts';
import { type Config, IN_MEMORY } from '../config.ts';
import type { Database } from '../db/tables.ts';

/** The audit: written through `log`, proven by `verifier` against what `heads` keeps outside. */
export interface AuditParts {
  readonly repository: AuditRepository;
  readonly log: AuditLog;
  readonly heads: HeadKeeper;
  readonly verifier: AuditVerifier;
}

export function buildAudit(
  db: Kysely<Database>,
  clock: Clock,
  log: Logger,
  { config, secret }: { readonly config: Config; readonly secret: Buffer | undefined },
): AuditParts {
  const repository = new AuditRepository();
  const chain = new ChainReader(db, repository, clock);
  const place = { file: headFile(config), key: secret && deriveKey(secret, 'audit-head') };
  const heads = new HeadKeeper(chain, place, clock, log);
  const auditLog = new AuditLog(repository, clock, () => heads.touch());
  return { repository, log: auditLog, heads, verifier: new AuditVerifier(chain, place) };
}

function headFile({ auditHeadFile, databaseUrl, dataDir }: Config): string | undefined {
  if (auditHeadFile !== undefined || databaseUrl !== undefined || dataDir === IN_MEMORY) return auditHeadFile;
  return join(dataDir, 'audit-head.jws');
}
