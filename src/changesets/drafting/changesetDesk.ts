import type { Transaction } from 'kysely';
import { type AreaTree, isWithin, lowestAbove } from '../../access/areaTree.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Action } from '../../access/rights.ts';
import { areasOf } from '../../access/viewer.ts';
import type { Act, ActDetails } from '../../audit/act.ts';
import type { AuditLog } from '../../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../../audit/refusal.ts';
import type { Clock } from '../../clock.ts';
import { inAreas } from '../../db/areas.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import type { ChangesetUpdate, NewChangeset } from '../changeset.repository.ts';
import type { ChangesetRecord, ChangesetStatus, Draft } from '../changeset.type.ts';
import { Territory } from '../territory/territory.ts';
import type { ChangesetStore, DraftReader } from './draftReader.ts';
import type { DraftState } from './draftState.ts';
import { isAllWithin, type Reaching, reachOf } from './reach.ts';
import { adminAreas, assertAuthor, assertStatus, changedSince, notTheirs } from './standing.ts';

type Trx = Transaction<Database>;

/** What somebody is about to do with a changeset. */
export interface Deed {
  /** The field of GraphQL by which it was asked. */
  readonly field: string;
  readonly right: Action;
  /** The changeset, or `new`. */
  readonly id: string;
}

/** What one step of the life of a changeset writes. */
export interface Write {
  readonly set?: Omit<ChangesetUpdate, 'changed_at'>;
  /** What it comes to, where steps change. */
  readonly state?: DraftState;
  readonly details?: ActDetails;
  /** Runs after the changeset itself is written. */
  readonly also?: (trx: Trx, now: Date) => Promise<void>;
}

export type Begun = Omit<NewChangeset, 'author' | 'opened_at' | 'grid_ids'>;

/** What a changeset begins with that is not empty. */
export interface Beginning extends Reaching {
  readonly details: ActDetails;
  also(trx: Trx, now: Date): Promise<void>;
}

/** Where changesets are stored, and acts recorded. */
export interface DeskRoom extends ChangesetStore {
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * The counter at which changesets are changed: by whom it may be, only as they were read, each act recorded in the
 * transaction that writes it, refusals too.
 */
export class ChangesetDesk {
  readonly #room: DeskRoom;
  readonly #reader: DraftReader;
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(room: DeskRoom, reader: DraftReader, tree: AreaTree, clock: Clock) {
    this.#room = room;
    this.#reader = reader;
    this.#tree = tree;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock();
  }

  reachOf(draft: Reaching): string[] {
    return reachOf(draft, this.#tree);
  }

  /** The draft, if there is one that the viewer may see: an own one, or one that touches a grid of the viewer's area. */
  async find(by: RequestContext, id: string): Promise<Draft | undefined> {
    const draft = isUuid(id) ? await this.#reader.find(id, by.viewer) : undefined;
    return draft && this.#maySee(by, draft.record, this.reachOf(draft)) ? draft : undefined;
  }

  /** Whether somebody may see a changeset, by the grids that it touches. */
  #maySee({ viewer }: RequestContext, { author }: Pick<ChangesetRecord, 'author'>, gridIds: readonly string[]) {
    if (author === viewer.subject) return true;
    const areas = areasOf(viewer, 'boundaries.read');
    return areas === 'everywhere' || gridIds.some((id) => isWithin(this.#tree, areas, id));
  }

  /** Which of the changesets somebody may see. */
  visible<T extends Pick<ChangesetRecord, 'author'> & { readonly gridIds: readonly string[] }>(
    by: RequestContext,
    keys: readonly T[],
  ): T[] {
    return keys.filter((key) => this.#maySee(by, key, key.gridIds));
  }

  /** Throws UNAUTHENTICATED, FORBIDDEN, and what the work throws, having recorded the refusal. */
  perform<T>(by: RequestContext, { field, right, id }: Deed, work: () => Promise<T>): Promise<T> {
    const { db, audit } = this.#room;
    const book: RefusalBook = { audit, within: (areas, write) => inAreas(db, areas, this.#clock(), write) };
    const attempt = { right, field, object: { kind: 'changeset', id }, details: { field } };
    return recordingRefusal(book, by, attempt, work);
  }

  /** Throws NOT_FOUND, also for one that may not be seen. */
  async get(by: RequestContext, id: string): Promise<Draft> {
    const draft = await this.find(by, id);
    if (draft) return draft;
    const message = 'id: there is no such changeset, or it is not for you; `changesets` lists those that are.';
    throw new DomainError('NOT_FOUND', message, { field: 'id' });
  }

  /** The viewer's own draft. Throws NOT_FOUND; FORBIDDEN for another's; CONFLICT for another status or revision. */
  async getOwn(by: RequestContext, id: string, statuses: readonly ChangesetStatus[], revision?: number) {
    const draft = await this.get(by, id);
    assertAuthor(by.viewer, draft.record);
    if (revision !== undefined && revision !== draft.record.revision) throw changedSince(revision, draft.record);
    assertStatus(draft.record, statuses);
    return draft;
  }

  /** Throws FORBIDDEN unless every grid that the draft reaches lies where the viewer has the right. */
  assertReach(by: RequestContext, draft: Draft, right: Action): void {
    if (isAllWithin(this.#tree, areasOf(by.viewer, right), this.reachOf(draft))) return;
    const message = `id: the changeset touches grids where you have no right ${right}. Ask somebody whose area holds them all.`;
    throw new DomainError('FORBIDDEN', message, { field: 'id', right });
  }

  /** Throws FORBIDDEN unless it is one's own, or one administers every grid that it reaches, or `more` names one. */
  assertMayEnd(by: RequestContext, draft: Draft, more: string | null = null): void {
    const isKnown = [draft.record.author, more].includes(by.viewer.subject);
    if (isKnown || by.viewer.kind === 'system') return;
    const areas = adminAreas(by.viewer);
    if (areas.length > 0 && isAllWithin(this.#tree, areas, this.reachOf(draft))) return;
    throw notTheirs(draft.record.author, more);
  }

  /** What is recorded of an act on a draft. */
  act({ right, field, id }: Deed, draft: Reaching, details: ActDetails = {}): Act {
    return {
      ...{ action: right, object: { kind: 'changeset', id }, result: 'DONE' },
      gridId: lowestAbove(this.#tree, this.reachOf(draft)),
      details: { field, ...details },
    };
  }

  /** Writes a new changeset, and its first step where it begins with one. */
  async begin(by: RequestContext, deed: Deed, row: Begun, first?: Beginning): Promise<Draft> {
    const { db, changesets, audit } = this.#room;
    const now = this.#clock();
    const own = { author: by.viewer.subject.slice(0, 300), opened_at: now };
    const draft = first ?? { patch: new Map(), territory: Territory.of([], []) };
    await inAreas(db, areasOf(by.viewer, deed.right), now, async (trx) => {
      await changesets.insert(trx, { ...row, ...own, grid_ids: this.reachOf(draft) });
      await first?.also(trx, now);
      await audit.record(trx, by, this.act(deed, draft, { title: row.title, ...first?.details }));
    });
    return this.get(by, row.id);
  }

  /** Writes one step of the life of a changeset. Throws CONFLICT when it is not what was read any more. */
  async write(by: RequestContext, deed: Deed, draft: Draft, { set, state, details, also }: Write): Promise<Draft> {
    const { id, revision } = draft.record;
    const { db, changesets, audit } = this.#room;
    const now = this.#clock();
    const after = state ?? draft;
    const reach = state ? this.reachOf(state) : undefined;
    await inAreas(db, areasOf(by.viewer, deed.right), now, async (trx) => {
      const update = { ...set, ...(reach && { grid_ids: reach }), changed_at: now };
      if (!(await changesets.update(trx, id, revision, update))) throw changedSince(revision);
      await also?.(trx, now);
      await audit.record(trx, by, this.act(deed, after, { revision: revision + 1, ...details }));
    });
    this.#reader.keep(id, revision + 1, after);
    return this.get(by, id);
  }
}
