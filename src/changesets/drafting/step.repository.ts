import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import type { Waiver } from '../changeset.type.ts';
import type { Op } from '../ops/op.ts';
import { restoreOps, toJson, type WrittenPatch, writePatch } from '../territory/codec.ts';
import type { Lineage, Patch } from '../territory/patch.ts';

type Trx = Transaction<Database>;

/** A step as it is stored. */
export interface StoredStep {
  readonly position: number;
  readonly ops: readonly Op[];
  readonly patch: WrittenPatch;
  readonly lineage: readonly Lineage[];
  readonly undone: boolean;
  readonly dropped: string | null;
}

/** A step as it is to be stored. */
export interface NewStep extends Omit<StoredStep, 'patch'> {
  readonly patch: Patch;
  readonly madeAt: Date;
}

/** Reads and writes what a changeset is made of. Write after the changeset itself, whose revision decides who is first. */
export class StepRepository {
  /** In their order. */
  async listSteps(db: Kysely<Database>, id: string): Promise<StoredStep[]> {
    const rows = await db
      .selectFrom('changeset_step')
      .select(['position', 'ops', 'patch', 'lineage', 'undone', 'dropped'])
      .where('changeset_id', '=', id)
      .orderBy('position')
      .execute();
    return rows.map(({ ops, patch, lineage, ...row }) => ({
      ...row,
      ops: restoreOps(ops as object[]),
      patch: patch as WrittenPatch,
      lineage: lineage as Lineage[],
    }));
  }

  async insertStep(trx: Trx, id: string, step: NewStep): Promise<void> {
    const { position, undone, dropped, madeAt } = step;
    const [ops, patch, lineage] = [step.ops, writePatch(step.patch), step.lineage].map(toJson);
    await trx
      .insertInto('changeset_step')
      .values({ changeset_id: id, position, ops, patch, lineage, undone, dropped, made_at: madeAt })
      .execute();
  }

  async setUndone(trx: Trx, id: string, position: number, undone: boolean): Promise<void> {
    await trx
      .updateTable('changeset_step')
      .set({ undone })
      .where('changeset_id', '=', id)
      .where('position', '=', position)
      .execute();
  }

  /** Writes anew what a step did, and why it is left out if it is. */
  async replaceStep(trx: Trx, id: string, step: Omit<NewStep, 'ops' | 'undone' | 'madeAt'>): Promise<void> {
    const { position, dropped } = step;
    const [patch, lineage] = [writePatch(step.patch), step.lineage].map(toJson);
    await trx
      .updateTable('changeset_step')
      .set({ patch, lineage, dropped })
      .where('changeset_id', '=', id)
      .where('position', '=', position)
      .execute();
  }

  async deleteUndone(trx: Trx, id: string): Promise<void> {
    await trx.deleteFrom('changeset_step').where('changeset_id', '=', id).where('undone', '=', true).execute();
  }

  /** The last one stands. */
  async waive(trx: Trx, id: string, { issueId, reason, by, at }: Waiver): Promise<void> {
    const said = { reason, waived_by: by, waived_at: at };
    await trx
      .insertInto('changeset_waiver')
      .values({ changeset_id: id, issue_id: issueId, ...said })
      .onConflict((conflict) => conflict.columns(['changeset_id', 'issue_id']).doUpdateSet(said))
      .execute();
  }

  async deleteWaivers(trx: Trx, id: string, issueIds: readonly string[]): Promise<void> {
    await trx
      .deleteFrom('changeset_waiver')
      .where('changeset_id', '=', id)
      .where('issue_id', '=', sql<string>`any (${issueIds}::text[])`)
      .execute();
  }
}
