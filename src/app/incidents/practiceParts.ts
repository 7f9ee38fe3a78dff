import type { Kysely } from 'kysely';
import type { AreaTree } from '../../access/areaTree.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import { PracticeRepository } from '../../practice/practice.repository.ts';
import { PracticeService } from '../../practice/practice.service.ts';
import { PracticeFinder } from '../../practice/practiceFinder.ts';
import type { RegistryParts } from '../registryParts.ts';

/** Local practice: set, and asked for. */
export type PracticeParts = ReturnType<typeof buildPractice>;

export function buildPractice(
  db: Kysely<Database>,
  { atlas, directory, editions, finder, moments, practiceBook: book }: RegistryParts,
  { tree, audit, clock }: { tree: AreaTree; audit: Pick<AuditLog, 'record'>; clock: Clock },
) {
  const words = {
    rankOf: (layer: string, tier: string) => atlas.findTier(layer, tier)?.rank,
    hasRole: (code: string) => directory.findRole(code, editions.latest) !== undefined,
  };
  const room = { db, editions, repository: new PracticeRepository(db), audit };
  return {
    service: new PracticeService(room, { book, words, finder }, tree, clock),
    finder: new PracticeFinder(book, finder, moments),
  };
}
