import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { assertCovered } from '../../posts/appointing/seats/dates.ts';
import type { CoverageDraft } from '../team.type.ts';
import type { ManagedTeamRepository } from './managedTeam.repository.ts';

/** What a team covers from an instant on, up to the end of each grid. Throws BAD_INPUT for a grid that is not there then. */
export async function draftCoverage(
  trx: Transaction<Database>,
  managed: Pick<ManagedTeamRepository, 'listGridSpans'>,
  { id, gridIds, from }: { readonly id: string; readonly gridIds: readonly string[]; readonly from: Date },
): Promise<CoverageDraft[]> {
  const spans = new Map((await managed.listGridSpans(trx, gridIds)).map((span) => [span.gridId, span]));
  return gridIds.map((gridId) => {
    const span = spans.get(gridId);
    const first = { validFrom: from, validTo: new Date(from.getTime() + 1) };
    assertCovered('a grid', span ? [span] : [], first);
    const dates = { validFrom: from, validTo: span?.validTo ?? null };
    return { id: randomUUID(), bodyId: id, gridId, categories: [], days: null, ...dates };
  });
}
