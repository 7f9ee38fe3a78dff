import { systemViewer } from '../../src/access/viewer.ts';
import { AuditRepository } from '../../src/audit/audit.repository.ts';
import { AuditLog } from '../../src/audit/auditLog.ts';
import type { Clock } from '../../src/clock.ts';
import type { EditionBooks } from '../../src/grids/edition.service.ts';

/** The audit of a test that builds its services without the whole house. */
export function editionBooks(clock: Clock): EditionBooks {
  return { audit: new AuditLog(new AuditRepository(), clock), operator: systemViewer('test') };
}
