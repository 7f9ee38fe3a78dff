import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { inEveryArea } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import type { Witness } from '../http/witness.ts';
import type { Metrics } from '../metrics.ts';

/** Counts what happens at the doors, and records whoever signed in and reached for a right that is not theirs. */
export function doorWitness(db: Kysely<Database>, audit: AuditLog, metrics: Metrics, log: Logger): Witness {
  const record = (viewer: Viewer, right: string, field: string) =>
    inEveryArea(db, (trx) =>
      audit.record(trx, { viewer }, { action: right, object: { kind: 'field', id: field }, result: 'REFUSED' }),
    ).catch((error) => log.error({ err: error }, 'A refusal could not be recorded'));
  return {
    figures: metrics,
    answered: metrics.answered,
    refused(error, { viewer }) {
      const code = error instanceof DomainError ? error.code : String(error.errors[0].extensions.code);
      metrics.refused(code);
      if (!(error instanceof DomainError) || error.code !== 'FORBIDDEN') return;
      void record(viewer, String(error.details.right), String(error.details.field));
    },
    watch({ sockets, status }) {
      metrics.gauge('wangge_edition', 'Number of the newest edition that is shown.', () => status().edition);
      metrics.gauge('wangge_open_sockets', 'WebSockets and event streams that are open.', sockets);
      metrics.gauge('wangge_followed_age_seconds', 'Seconds since the log of editions was last read.', () => {
        const { followedAt } = status();
        return followedAt ? (Date.now() - followedAt.getTime()) / 1000 : Number.NaN;
      });
    },
  };
}
