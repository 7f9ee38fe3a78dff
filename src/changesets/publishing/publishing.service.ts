import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../../access/requestContext.ts';
import { areasOf } from '../../access/viewer.ts';
import { allowLongStatements } from '../../db/database.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import type { Draft } from '../changeset.type.ts';
import type { ChangesetDesk, Deed, DeskRoom } from '../drafting/changesetDesk.ts';
import type { DraftReader } from '../drafting/draftReader.ts';
import { assertSize } from '../drafting/drawing.ts';
import { assertStatus, changedSince } from '../drafting/standing.ts';
import type { Restoring } from '../rebasing/restoring.ts';
import { assertFit } from '../review/fitness.ts';
import { assertTitle } from '../review/wishes.ts';
import type { PatchWriter } from './patchWriter.ts';

// A changeset of 5,000 grids is written and judged in some of these.
const LONGEST_MS = 600_000;
// What both engines and every client can tell the date of.
const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z')];

/** Where changesets become editions. */
export interface PublishingRoom extends DeskRoom {
  readonly editions: EditionService;
  readonly restoring: Restoring;
}

/** Makes editions of approved changesets, and changesets that take editions back. */
export class PublishingService {
  readonly #desk: ChangesetDesk;
  readonly #room: PublishingRoom;
  readonly #reader: DraftReader;
  readonly #writer: PatchWriter;

  constructor(desk: ChangesetDesk, room: PublishingRoom, reader: DraftReader, writer: PatchWriter) {
    this.#desk = desk;
    this.#room = room;
    this.#reader = reader;
    this.#writer = writer;
  }

  /**
   * Now, or from an instant on, past or planned: whole or not at all. Throws CONFLICT, with grids, versions and people,
   * when others have changed what it changes; BAD_INPUT for an instant before that was there, and while an ERROR stands;
   * and the law of the database that it breaks.
   */
  publish(by: RequestContext, id: string, effectiveAt?: Date | null): Promise<Draft> {
    const deed: Deed = { field: 'Mutation.publishChangeset', right: 'boundaries.publish', id };
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.get(by, id);
      this.#desk.assertMayEnd(by, draft, draft.record.approvedBy);
      this.#desk.assertReach(by, draft, deed.right);
      assertStatus(draft.record, ['APPROVED']);
      const at = effectiveAt ?? this.#desk.now();
      assertInstant(at);
      const errors = this.#reader.freshIssues(draft).filter(({ severity }) => severity === 'ERROR');
      assertFit(errors, draft.territory);
      await this.#publish(by, deed, draft, at);
      this.#reader.keep(id, draft.record.revision + 1, draft);
      return this.#desk.get(by, id);
    });
  }

  async #publish(by: RequestContext, deed: Deed, draft: Draft, at: Date): Promise<void> {
    const { id, revision, title, author } = draft.record;
    const { editions, changesets } = this.#room;
    await editions.publish(
      title,
      async (trx, edition) => {
        const { status, revision: current } = await changesets.lock(trx, id);
        if (current !== revision || status !== 'APPROVED') throw changedSince(revision);
        await allowLongStatements(trx, LONGEST_MS);
        await this.#writer.write(trx, edition, draft, at);
        const set = { status: 'PUBLISHED', edition, effective_at: at, changed_at: this.#desk.now() } as const;
        await changesets.update(trx, id, revision, set);
        return edition;
      },
      {
        effectiveAt: at,
        by,
        areas: areasOf(by.viewer, deed.right),
        act: (edition) =>
          this.#desk.act(deed, draft, {
            ...{ edition, grids: draft.patch.size, author, revision: revision + 1 },
            effectiveAt: at.toISOString(),
          }),
      },
    );
  }

  /**
   * Opens a draft that takes an edition back, to be reviewed and published like any other. Throws BAD_INPUT for an edition
   * that changed no grid, TOO_LARGE for one of more than 5,000, CONFLICT, naming the grids, when they were changed again since.
   */
  revert(by: RequestContext, edition: number, title?: string | null): Promise<Draft> {
    const id = randomUUID();
    const deed: Deed = { field: 'Mutation.revertEdition', right: 'boundaries.edit', id };
    return this.#desk.perform(by, deed, async () => {
      const { restoring, editions, steps } = this.#room;
      const { base, asOf, edition: baseEdition, patch, lineage } = await restoring.restore(edition);
      assertSize({ steps: [], patch });
      const name =
        title ??
        Array.from(`Revert edition ${edition}: ${editions.editions[edition - 1].title}`)
          .slice(0, 200)
          .join('');
      assertTitle(name);
      const row = { id, title: name, base_edition: baseEdition, base_as_of: asOf, reverts: edition };
      return this.#desk.begin(by, deed, row, {
        patch,
        territory: base.with(patch),
        details: { reverts: edition, grids: patch.size },
        also: (trx, madeAt) =>
          steps.insertStep(trx, id, { position: 1, ops: [], patch, lineage, undone: false, dropped: null, madeAt }),
      });
    });
  }
}

function assertInstant(at: Date): void {
  if (at.getTime() >= EARLIEST && at.getTime() < LATEST) return;
  const message = 'effectiveAt: give an instant of the years 1 to 9999, such as 2026-07-01T00:00:00+08:00.';
  throw new DomainError('BAD_INPUT', message, { field: 'effectiveAt' });
}
