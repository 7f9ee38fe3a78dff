import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import { type AreaTree, findWithin, isWithin } from '../access/areaTree.ts';
import type { RequestContext } from '../access/requestContext.ts';
import type { Action } from '../access/rights.ts';
import type { Areas, Viewer } from '../access/viewer.ts';
import { readClientKey } from '../api/input/clientKey.ts';
import type { Act } from '../audit/act.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { type RefusalBook, recordingRefusal } from '../audit/refusal.ts';
import type { Clock } from '../clock.ts';
import { inAreas, showAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';

type Trx = Transaction<Database>;

/** What somebody is about to do, and to what. */
export interface VisitDeed {
  /** The field of GraphQL by which it was asked. */
  readonly field: string;
  readonly right: Action;
  readonly object: Act['object'];
}

/** Under which key something is recorded, and what was said. */
export interface RetryKey {
  readonly keyHash: Buffer;
  readonly inputHash: Buffer;
}

/** The counter of visits and activities: each act is recorded in the transaction that writes it, refusals too. */
export class VisitDesk {
  readonly #room: { readonly db: Kysely<Database>; readonly audit: Pick<AuditLog, 'record'> };
  readonly #tree: AreaTree;
  readonly #clock: Clock;

  constructor(
    room: { readonly db: Kysely<Database>; readonly audit: Pick<AuditLog, 'record'> },
    tree: AreaTree,
    clock: Clock,
  ) {
    this.#room = room;
    this.#tree = tree;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock();
  }

  isWithin(areas: Areas, gridId: string): boolean {
    return isWithin(this.#tree, areas, gridId);
  }

  /** Whether somebody speaks for the posts of a grid: as a dispatcher in whose area it lies, or as the registry itself. */
  dispatches({ kind, grants }: Viewer, gridId: string): boolean {
    if (kind === 'system') return true;
    return grants.some(({ role, areas }) => role === 'dispatcher' && this.isWithin(areas, gridId));
  }

  /** The id of a grid of the areas, by id or code; undefined for an unknown one, and for one that lies elsewhere. */
  findWithin(areas: Areas, idOrCode: string): string | undefined {
    return findWithin(this.#tree, areas, idOrCode);
  }

  /** Where the viewer has the right, or the one grid of it that is asked about. Throws NOT_FOUND for a foreign one. */
  narrow(areas: Areas, within: string | null | undefined): Areas {
    if (within == null) return areas;
    const gridId = this.findWithin(areas, within);
    if (gridId !== undefined) return [gridId];
    const message = 'within: there is no such grid in your area; `viewer` says what your area is.';
    throw new DomainError('NOT_FOUND', message, { field: 'within' });
  }

  /** Throws UNAUTHENTICATED, FORBIDDEN, and what the work throws, having recorded the refusal. */
  perform<T>(by: RequestContext, { field, right, object }: VisitDeed, work: (areas: Areas) => Promise<T>): Promise<T> {
    const book: RefusalBook = { audit: this.#room.audit, within: (areas, write) => this.inAreas(areas, write) };
    return recordingRefusal(book, by, { right, field, object, details: { field } }, work);
  }

  inAreas<T>(areas: Areas, work: (trx: Trx) => Promise<T>): Promise<T> {
    return inAreas(this.#room.db, areas, this.#clock(), work);
  }

  /** The last statement of its transaction. */
  record(trx: Trx, by: RequestContext, act: Act): Promise<void> {
    return this.#room.audit.record(trx, by, act);
  }

  /**
   * `work` is told the grids of a part of the areas, with all below and those that went on in them; undefined: the part is
   * all of it. The database is shown the areas of the viewer, so that it also holds where the tree here is wrong.
   */
  readPart<T>(areas: Areas, part: Areas, work: (trx: Trx, gridIds: string[] | undefined) => Promise<T>): Promise<T> {
    return this.inAreas(areas, async (trx) => {
      if (part === areas) return work(trx, undefined);
      await showAreas(trx, part, this.#clock());
      const { rows } = await sql<{ id: string }>`select area_grids as id from area_grids()`.execute(trx);
      await showAreas(trx, areas, this.#clock());
      return work(
        trx,
        rows.map(({ id }) => id),
      );
    });
  }
}

/** Throws BAD_INPUT for a key that is too short or too long. Two logins that choose one key record two things. */
export function readRetryKey({ subject }: Viewer, clientKey: string | null | undefined, said: object) {
  const own = readClientKey('input.clientKey', clientKey);
  return own === undefined ? null : { keyHash: hashOf([subject, own]), inputHash: hashOf(said) };
}

/** What was recorded under the key. Throws CONFLICT where it is something else, or no longer in one's area. */
export function assertSame<T extends { readonly inputHash: Uint8Array }>(
  known: T | null | undefined,
  key: RetryKey | null,
): T {
  if (known && key?.inputHash.equals(known.inputHash)) return known;
  const message = 'input.clientKey: something else was recorded under this key; choose a new key for each record.';
  throw new DomainError('CONFLICT', message, { field: 'input.clientKey' });
}

/** The same however its members are ordered, and whether what is not said is null or left out. */
function hashOf(value: unknown): Buffer {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const said = Object.entries(part).filter(([, each]) => each != null);
    return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(text).digest();
}
