import type { Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import type { BodyDraft, HolderRef, PersonDraft, Revision } from '../post.type.ts';
import type { AppointingWriters } from './appointing.service.ts';
import { assertInstant, endOf, sayDay } from './seats/dates.ts';
import { notFound, type SeatFinder, shownOf } from './seats/seat.ts';
import type { ActAnswer } from './staffing.repository.ts';
import type { DoneAct, Guard, StaffingDesk } from './staffingDesk.ts';
import { readLanguages, readOfficePhone, readStaffName, readWords } from './staffText.ts';

type Trx = Transaction<Database>;

/** What changes of somebody; left out stays, null takes away. */
export interface PersonChanges {
  readonly name?: string | null;
  readonly officePhone?: string | null;
  readonly bodyId?: string | null;
  readonly languages?: readonly string[] | null;
}

/** What changes of a body; left out stays, null takes away. */
export interface BodyChanges {
  readonly name?: string | null;
  readonly officePhone?: string | null;
  readonly languages?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
}

/** Changes what is known of people and bodies, and makes and ends posts, each act one edition. */
export class RevisingService {
  readonly #desk: StaffingDesk;
  readonly #writers: AppointingWriters;
  readonly #seats: SeatFinder;
  readonly #clock: Clock;

  constructor(desk: StaffingDesk, writers: AppointingWriters, seats: SeatFinder, clock: Clock) {
    this.#desk = desk;
    this.#writers = writers;
    this.#seats = seats;
    this.#clock = clock;
  }

  /** For whoever manages all standing posts of the person. Throws NOT_FOUND, BAD_INPUT, and what the desk throws. */
  revisePerson(by: RequestContext, personId: string, from: Date, set: PersonChanges, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.revisePerson', input: { personId, from, set }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      const revision = { id: personId, from, set: readPersonChanges(set) };
      const gridIds = await this.#assertManaged(areas, 'personId', 'person', personId, (id) => ({ personId: id }));
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        await this.#assertBody(trx, set.bodyId);
        await this.#writers.posts.revisePeople(trx, edition, [revision]);
        return { personId, asOf: from.getTime() };
      };
      return { ...about('A change of a member of staff', 'person', personId, revision), gridIds, write };
    });
  }

  /** For whoever manages all that the body answers for. Throws NOT_FOUND, BAD_INPUT, and what the desk throws. */
  reviseBody(by: RequestContext, bodyId: string, from: Date, set: BodyChanges, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.reviseBody', input: { bodyId, from, set }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      const revision = { id: bodyId, from, set: readBodyChanges(set) };
      const gridIds = await this.#assertManaged(areas, 'bodyId', 'body', bodyId, (id) => ({ bodyId: id }));
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        await this.#writers.posts.reviseBodies(trx, edition, [revision]);
        return { bodyId, asOf: from.getTime() };
      };
      return { ...about('A change of a body', 'body', bodyId, revision), gridIds, write };
    });
  }

  /** Makes a post, vacant until somebody is appointed. Throws CONFLICT where it exists then, NOT_FOUND, BAD_INPUT. */
  makePost(by: RequestContext, roleCode: string, gridId: string, from: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.makePost', input: { roleCode, gridId, from }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('from', from);
      const seat = await this.#seats.find(areas, { roleCode, gridId }, 'gridId');
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        const known = await this.#writers.staffing.findPost(trx, { id: seat.postId });
        const there = known?.spans.find(
          ({ validFrom, validTo }) => validFrom <= from && from.getTime() < endOf(validTo),
        );
        if (there) {
          const message = `from: the post exists from ${sayDay(there.validFrom)} to ${sayDay(there.validTo)} already.`;
          throw new DomainError('CONFLICT', message, { field: 'from', postId: seat.postId });
        }
        await this.#seats.prepare(trx, edition, seat, { validFrom: from, validTo: null });
        return { ...shownOf(seat), asOf: from.getTime() };
      };
      const object = { kind: 'post', id: seat.postId };
      const details = { did: 'made', role: seat.roleCode };
      return { title: `A new post: ${seat.roleCode}`, at: from, gridIds: [seat.gridId], object, details, write };
    });
  }

  /** Ends a post, and with it every appointment to it. Throws NOT_FOUND, and CONFLICT where it has ended by then. */
  endPost(by: RequestContext, postId: string, at: Date, guard: Guard): Promise<DoneAct> {
    const request = { field: 'Mutation.endPost', input: { postId, at }, guard };
    return this.#desk.perform(by, request, async (areas) => {
      assertInstant('at', at);
      const seat = await this.#seats.find(areas, { postId });
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        const { posts, staffing } = this.#writers;
        const known = await staffing.findPost(trx, { id: seat.postId });
        if (!known?.spans.some(({ validTo }) => at.getTime() < endOf(validTo))) {
          throw new DomainError('CONFLICT', 'at: the post has ended by then. Read again and retry.', { field: 'at' });
        }
        const held = await staffing.listHeld(trx, seat.postId);
        const ids = held.filter(({ validTo }) => at.getTime() < endOf(validTo)).map(({ id }) => id);
        await posts.endAppointments(trx, edition, [...new Set(ids)], at);
        await staffing.endPost(trx, edition, seat.postId, at);
        return { ...shownOf(seat), asOf: at.getTime() };
      };
      const object = { kind: 'post', id: seat.postId };
      const details = { did: 'ended', role: seat.roleCode };
      return { title: `The end of a post: ${seat.roleCode}`, at, gridIds: [seat.gridId], object, details, write };
    });
  }

  /**
   * The grids that somebody answers for. Throws NOT_FOUND unless all of those where he or she stands are in the areas:
   * whoever lends or borrows a person does not rename one, nor one village a body of the whole county.
   */
  async #assertManaged(
    areas: Areas,
    field: string,
    kind: string,
    id: string,
    refOf: (id: string) => HolderRef,
  ): Promise<string[]> {
    const { staffing } = this.#writers;
    const all = isUuid(id)
      ? await this.#desk.read(areas, (trx) => staffing.listGridsOf(trx, areas, refOf(id), this.#clock()))
      : [];
    const standing = all.filter((each) => each.standing);
    const judged = standing.length > 0 ? standing : all;
    if (judged.length === 0 || !judged.every(({ gridId }) => this.#desk.isWithin(areas, gridId))) {
      throw notFound(field, kind);
    }
    return judged.map(({ gridId }) => gridId);
  }

  async #assertBody(trx: Trx, bodyId: string | null | undefined): Promise<void> {
    if (bodyId == null) return;
    const known = isUuid(bodyId) ? await this.#writers.staffing.listBody(trx, bodyId) : [];
    if (known.length > 0) return;
    throw new DomainError('NOT_FOUND', 'set.bodyId: no body of this id is filed.', { field: 'set.bodyId' });
  }
}

function about(title: string, kind: string, id: string, { from, set }: { from: Date; set: object }) {
  assertInstant('from', from);
  const changed = Object.keys(set);
  if (changed.length === 0) {
    throw new DomainError('BAD_INPUT', 'set: say what changes.', { field: 'set' });
  }
  return { title, at: from, object: { kind, id }, details: { did: 'revised', changed } };
}

function readPersonChanges(set: PersonChanges): Revision<PersonDraft>['set'] {
  return {
    ...(set.name === undefined ? {} : { name: readStaffName('set.name', set.name, 100) }),
    ...(set.officePhone === undefined ? {} : { officePhone: readOfficePhone('set.officePhone', set.officePhone) }),
    ...(set.bodyId === undefined ? {} : { bodyId: set.bodyId }),
    ...(set.languages === undefined ? {} : { languages: readLanguages('set.languages', set.languages) }),
  };
}

function readBodyChanges(set: BodyChanges): Revision<BodyDraft>['set'] {
  return {
    ...(set.name === undefined ? {} : { name: readStaffName('set.name', set.name, 200) }),
    ...(set.officePhone === undefined ? {} : { officePhone: readOfficePhone('set.officePhone', set.officePhone) }),
    ...(set.languages === undefined ? {} : { languages: readLanguages('set.languages', set.languages) }),
    ...(set.categories === undefined ? {} : { categories: readWords('set.categories', set.categories) }),
  };
}
