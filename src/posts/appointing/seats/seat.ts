import type { Transaction } from 'kysely';
import type { Areas } from '../../../access/viewer.ts';
import type { Database } from '../../../db/tables.ts';
import { DomainError } from '../../../errors.ts';
import { isUuid, stableId } from '../../../ids.ts';
import { Subject } from '../../import/subject.ts';
import type { PostRepository } from '../../post.repository.ts';
import type { Validity } from '../../post.type.ts';
import type { StaffingRepository } from '../staffing.repository.ts';
import type { StaffingDesk } from '../staffingDesk.ts';
import { assertCovered } from './dates.ts';
import { datedRows } from './known.ts';

type Trx = Transaction<Database>;

/** A post as it is asked for: by its id, or by role and grid. */
export interface SeatWish {
  readonly postId?: string | null;
  readonly roleCode?: string | null;
  readonly gridId?: string | null;
}

/** The post that is meant, within the areas of the one who asks. */
export interface Seat {
  readonly postId: string;
  readonly roleCode: string;
  readonly gridId: string;
  /** Whether it was named by its id: then it is not made where it does not exist. */
  readonly byId: boolean;
  /** Whether it answers for a building, site, premises or line, and not for the grid. */
  readonly onPlace: boolean;
}

/** What an answer says of the post. */
export function shownOf({ postId, gridId, onPlace }: Seat): { postId: string; gridId?: string } {
  return onPlace ? { postId } : { postId, gridId };
}

/** A post that a tier requires and nobody made. */
const UNMADE = /^vacant~([0-9a-f-]{36})~(.{1,64})$/s;

/** Finds and makes the posts that people are appointed to. */
export class SeatFinder {
  readonly #desk: StaffingDesk;
  readonly #repository: StaffingRepository;
  readonly #posts: PostRepository;

  constructor(desk: StaffingDesk, repository: StaffingRepository, posts: PostRepository) {
    this.#desk = desk;
    this.#repository = repository;
    this.#posts = posts;
  }

  /** Throws BAD_INPUT for a wish that is not one or the other, NOT_FOUND for what is outside just as for what is not there. */
  async find(areas: Areas, wish: SeatWish, field = 'postId'): Promise<Seat> {
    const byId = wish.postId != null;
    if (byId === (wish.roleCode != null || wish.gridId != null) || (wish.roleCode == null) !== (wish.gridId == null)) {
      throw new DomainError('BAD_INPUT', `${field}: name the post by its id, or by roleCode and gridId.`, { field });
    }
    const [, unmadeGrid, unmadeRole] = UNMADE.exec(wish.postId ?? '') ?? [];
    if (byId && unmadeGrid === undefined) return this.#findById(areas, wish.postId!, field);
    const [named, roleCode] = [unmadeGrid ?? wish.gridId!, unmadeRole ?? wish.roleCode!];
    const gridId = this.#desk.findGridId(areas, named);
    if (gridId === undefined) throw notFound(byId ? field : 'gridId', byId ? 'post' : 'grid');
    const known = await this.#desk.read(areas, (trx) => this.#repository.findPost(trx, { roleCode, gridId }));
    return { postId: known?.id ?? stableId('post', roleCode, gridId), roleCode, gridId, byId: false, onPlace: false };
  }

  async #findById(areas: Areas, id: string, field: string): Promise<Seat> {
    const post = isUuid(id) ? await this.#desk.read(areas, (trx) => this.#repository.findPost(trx, { id })) : undefined;
    if (!post || !this.#desk.isWithin(areas, post.gridId)) throw notFound(field, 'post');
    const { roleCode, gridId, placeId } = post;
    return { postId: post.id, roleCode, gridId, byId: true, onPlace: placeId !== null };
  }

  /**
   * Makes sure that the post exists on the dates: one that was named by role and grid is made for those on which it does
   * not. Throws BAD_INPUT where the grid or the post does not exist then, or the role does not sit there.
   */
  async prepare(trx: Trx, edition: number, seat: Seat, dates: Validity): Promise<void> {
    const grid = await this.#repository.findGridSpan(trx, seat.gridId);
    assertCovered('the grid', grid ? [grid] : [], { ...dates, validTo: momentAfter(dates.validFrom) });
    const known = await this.#repository.findPost(trx, { id: seat.postId });
    if (seat.byId) return assertCovered('the post', known?.spans ?? [], dates);
    const state = { id: seat.postId, roleCode: seat.roleCode, gridId: seat.gridId };
    const post = new Subject(state, datedRows((known?.spans ?? []).map((span) => ({ ...state, ...span }))));
    post.need(dates.validFrom.getTime(), dates.validTo?.getTime() ?? Number.POSITIVE_INFINITY);
    await this.#posts.insertPosts(trx, edition, post.drafts());
  }
}

const momentAfter = (at: Date): Date => new Date(at.getTime() + 1);

/** The same words for what does not exist and for what is another's. */
export function notFound(field: string, kind: string): DomainError {
  return new DomainError('NOT_FOUND', `${field}: there is no such ${kind} within your areas.`, { field });
}
