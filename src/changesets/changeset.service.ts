import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../access/requestContext.ts';
import { areasOf } from '../access/viewer.ts';
import { type Page, pageOf } from '../api/page.type.ts';
import type { ChangesetFilter, ChangesetRecord, ChangesetStatus, Draft } from './changeset.type.ts';
import type { ChangesetDesk, Deed, DeskRoom } from './drafting/changesetDesk.ts';
import type { DraftReader } from './drafting/draftReader.ts';
import type { Drawing } from './drafting/drawing.ts';
import type { Op } from './ops/op.ts';
import { assertTitle } from './review/wishes.ts';

const DRAFT: readonly ChangesetStatus[] = ['DRAFT'];
const OPEN: readonly ChangesetStatus[] = ['DRAFT', 'SUBMITTED', 'APPROVED'];

const edit = (name: string, id: string): Deed => ({ field: `Mutation.${name}`, right: 'boundaries.edit', id });

/**
 * Opens, shows and draws changesets. What is not for the viewer is NOT_FOUND; another's is FORBIDDEN to change; one that
 * was changed since, or is at another point of its life, is CONFLICT.
 */
export class ChangesetService {
  readonly #desk: ChangesetDesk;
  readonly #room: DeskRoom;
  readonly #reader: DraftReader;
  readonly #drawing: Drawing;

  constructor(desk: ChangesetDesk, room: DeskRoom, reader: DraftReader, drawing: Drawing) {
    this.#desk = desk;
    this.#room = room;
    this.#reader = reader;
    this.#drawing = drawing;
  }

  /** Throws BAD_INPUT for a title that is empty or longer than 200 characters. */
  open(by: RequestContext, title: string): Promise<Draft> {
    const id = randomUUID();
    const deed = edit('openChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      assertTitle(title);
      const { asOf, edition } = this.#drawing.present();
      return this.#desk.begin(by, deed, { id, title, base_edition: edition, base_as_of: asOf, reverts: null });
    });
  }

  /** Undefined for none, and for one that is not for the viewer. */
  find(by: RequestContext, id: string): Promise<Draft | undefined> {
    return this.#desk.find(by, id);
  }

  /** Those that the viewer may see, newest first. */
  async list(by: RequestContext, { first, after, ...filter }: ChangesetFilter): Promise<Page<ChangesetRecord>> {
    const { db, changesets } = this.#room;
    const now = this.#desk.now();
    const seesAll = areasOf(by.viewer, 'boundaries.read') === 'everywhere';
    const keys = this.#desk.visible(by, await changesets.listKeys(db, filter, !seesAll, now));
    const page = pageOf(
      'changeset',
      keys,
      { first, after },
      // The order of a page is that of its keys: the newest has the least.
      ({ openedAt, id }) => `${String(9e15 - openedAt.getTime())}:${id}`,
      ({ id }) => id,
    );
    const ids = page.edges.map(({ node }) => node);
    const records = ids.length > 0 ? await changesets.listByIds(db, ids, now) : [];
    const byId = new Map(records.map((record) => [record.id, record]));
    return { ...page, edges: page.edges.map(({ node, cursor }) => ({ node: byId.get(node)!, cursor })) };
  }

  /** All ops or none. Throws TOO_LARGE, and what an op is refused with. */
  apply(by: RequestContext, id: string, expectedRevision: number, ops: readonly Op[]): Promise<Draft> {
    const deed = edit('applyToChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, id, DRAFT, expectedRevision);
      return this.#desk.write(by, deed, draft, this.#drawing.apply(draft, ops));
    });
  }

  undo(by: RequestContext, id: string, expectedRevision: number): Promise<Draft> {
    return this.#turn(by, edit('undoInChangeset', id), expectedRevision, true);
  }

  redo(by: RequestContext, id: string, expectedRevision: number): Promise<Draft> {
    return this.#turn(by, edit('redoInChangeset', id), expectedRevision, false);
  }

  #turn(by: RequestContext, deed: Deed, expectedRevision: number, undone: boolean): Promise<Draft> {
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, deed.id, DRAFT, expectedRevision);
      return this.#desk.write(by, deed, draft, await this.#drawing.turn(draft, undone));
    });
  }

  /** Moves the draft onto the newest edition; steps that clash are dropped, and say why. */
  rebase(by: RequestContext, id: string, expectedRevision: number): Promise<Draft> {
    const deed = edit('rebaseChangeset', id);
    return this.#desk.perform(by, deed, async () => {
      const draft = await this.#desk.getOwn(by, id, OPEN, expectedRevision);
      const rebased = await this.#drawing.rebase(draft);
      const gone = this.#reader.mendedWaivers(draft.record, rebased.state, by.viewer);
      const also: typeof rebased.also = async (trx, now) => {
        await rebased.also?.(trx, now);
        await this.#room.steps.deleteWaivers(trx, id, gone);
      };
      return this.#desk.write(by, deed, draft, { ...rebased, also });
    });
  }
}
