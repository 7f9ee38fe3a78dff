import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { RequestContext } from '../../access/requestContext.ts';
import type { Areas } from '../../access/viewer.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import { isUuid } from '../../ids.ts';
import type { PostRepository } from '../post.repository.ts';
import type { AppointmentRank, HolderRef, Validity } from '../post.type.ts';
import { assertInstant, endOf, overlap, readDates, sayDay } from './seats/dates.ts';
import { type Holder, type HolderDesk, type PersonWish, readHolder } from './seats/holder.ts';
import { notFound, type Seat, type SeatFinder, type SeatWish, shownOf } from './seats/seat.ts';
import type { ActAnswer, StaffingRepository, WrittenAppointment } from './staffing.repository.ts';
import type { DoneAct, Guard, StaffingDesk } from './staffingDesk.ts';

type Trx = Transaction<Database>;

export interface AppointWish extends SeatWish {
  readonly person?: PersonWish | null;
  readonly bodyId?: string | null;
  readonly rank?: AppointmentRank | null;
  readonly from: Date;
  readonly to?: Date | null;
}

export interface ReinforceWish extends SeatWish {
  readonly person: PersonWish;
  readonly homeBodyId?: string | null;
  readonly from: Date;
  readonly to: Date;
}

/** What an appointment is written through. */
export interface AppointingWriters {
  readonly posts: PostRepository;
  readonly staffing: StaffingRepository;
}

interface Wanted {
  readonly seat: Seat;
  readonly holder: Holder;
  readonly rank: AppointmentRank;
  readonly dates: Validity;
  readonly homeBodyId: string | null;
  readonly areas: Areas;
}

interface Insertion extends Pick<Wanted, 'seat' | 'rank' | 'dates' | 'homeBodyId'> {
  readonly holder: HolderRef;
}

/** Appoints, lends, transfers and ends, each act one edition. */
export class AppointingService {
  readonly #desk: StaffingDesk;
  readonly #writers: AppointingWriters;
  readonly #seats: SeatFinder;
  readonly #holders: HolderDesk;

  constructor(desk: StaffingDesk, writers: AppointingWriters, seats: SeatFinder, holders: HolderDesk) {
    this.#desk = desk;
    this.#writers = writers;
    this.#seats = seats;
    this.#holders = holders;
  }

  /** Throws BAD_INPUT, NOT_FOUND, CONFLICT, and what the desk throws. */
  appoint(by: RequestContext, input: AppointWish, guard: Guard): Promise<DoneAct> {
    return this.#desk.perform(by, { field: 'Mutation.appoint', input, guard }, async (areas) => {
      const rank = input.rank ?? 'PRIMARY';
      if (rank === 'REINFORCEMENT') {
        const message = 'rank: somebody is lent by `reinforce`, which asks for the window and the unit that lends.';
        throw new DomainError('BAD_INPUT', message, { field: 'rank' });
      }
      const [dates, holder] = [readDates(input.from, input.to), readHolder(input.person, input.bodyId)];
      const seat = await this.#seats.find(areas, input);
      return this.#planned('appointed', { seat, holder, rank, dates, homeBodyId: null, areas });
    });
  }

  /** Lends somebody to a post for a time; the standing owner stays. Throws as `appoint`. */
  reinforce(by: RequestContext, input: ReinforceWish, guard: Guard): Promise<DoneAct> {
    return this.#desk.perform(by, { field: 'Mutation.reinforce', input, guard }, async (areas) => {
      const [dates, holder] = [readDates(input.from, input.to), readHolder(input.person, null)];
      const seat = await this.#seats.find(areas, input);
      const homeBodyId = input.homeBodyId ?? null;
      return this.#planned('lent', { seat, holder, rank: 'REINFORCEMENT', dates, homeBodyId, areas });
    });
  }

  /** Ends an appointment, past, present or planned. Throws NOT_FOUND, and CONFLICT where it has ended by then. */
  endAppointment(by: RequestContext, appointmentId: string, at: Date, guard: Guard): Promise<DoneAct> {
    const input = { appointmentId, at };
    return this.#desk.perform(by, { field: 'Mutation.endAppointment', input, guard }, async (areas) => {
      assertInstant('at', at);
      const seat = await this.#seatOf(areas, appointmentId);
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        const { held } = await this.#read(trx, appointmentId, at);
        await this.#writers.posts.endAppointments(trx, edition, [held.id], at);
        return { ...holderOf(held), appointmentId: held.id, ...shownOf(seat), asOf: at.getTime() };
      };
      return { ...about('ended', seat, appointmentId), at, write };
    });
  }

  /** Ends an appointment and begins one of the same holder and rank on another post, for the dates that were left. */
  transferAppointment(by: RequestContext, appointmentId: string, toPostId: string, at: Date, guard: Guard) {
    const input = { appointmentId, toPostId, at };
    return this.#desk.perform(by, { field: 'Mutation.transferAppointment', input, guard }, async (areas) => {
      assertInstant('at', at);
      const from = await this.#seatOf(areas, appointmentId);
      const seat = await this.#seats.find(areas, { postId: toPostId }, 'toPostId');
      if (seat.postId === from.postId) {
        throw new DomainError('BAD_INPUT', 'toPostId: the holder is on this post already.', { field: 'toPostId' });
      }
      const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
        const { held, validTo } = await this.#read(trx, appointmentId, at);
        if (at < held.validFrom) throw tooEarly(held.validFrom);
        const dates = { validFrom: at, validTo };
        await this.#seats.prepare(trx, edition, seat, dates);
        const { rank, homeBodyId } = held;
        const answer = await this.#insert(trx, edition, { seat, holder: holderOf(held), rank, dates, homeBodyId });
        // Afterwards, for someone who held nothing in between would not be filed any more.
        await this.#writers.posts.endAppointments(trx, edition, [held.id], at);
        return answer;
      };
      const plan = about('transferred', seat, appointmentId);
      return { ...plan, gridIds: [from.gridId, seat.gridId], at, write };
    });
  }

  #planned(did: string, { seat, holder, rank, dates, homeBodyId, areas }: Wanted) {
    const write = async (trx: Trx, edition: number): Promise<ActAnswer> => {
      await this.#seats.prepare(trx, edition, seat, dates);
      if (homeBodyId !== null) await this.#holders.assertBody(trx, 'homeBodyId', homeBodyId);
      const held = await this.#holders.prepare(trx, edition, holder, dates, areas);
      return this.#insert(trx, edition, { seat, holder: held, rank, dates, homeBodyId });
    };
    const plan = about(did, seat, seat.postId);
    return { ...plan, object: { kind: 'post', id: seat.postId }, at: dates.validFrom, write };
  }

  async #insert(trx: Trx, edition: number, { seat, holder, dates, ...rest }: Insertion): Promise<ActAnswer> {
    const { postId } = seat;
    const id = 'personId' in holder ? holder.personId : holder.bodyId;
    for (const held of await this.#writers.staffing.listHeld(trx, postId)) {
      if ((held.personId ?? held.bodyId) !== id || held.rank !== rest.rank || !overlap(held, dates)) continue;
      const message = `from: the holder has this post in this rank from ${sayDay(held.validFrom)} to ${sayDay(held.validTo)} already.`;
      throw new DomainError('CONFLICT', message, { field: 'from', appointmentId: held.id });
    }
    const draft = { id: randomUUID(), postId, holder, ...rest, ...dates };
    await this.#writers.posts.insertAppointments(trx, edition, [draft]);
    return { ...holder, appointmentId: draft.id, ...shownOf(seat), asOf: dates.validFrom.getTime() };
  }

  /** The post of an appointment in the areas. Throws NOT_FOUND. */
  async #seatOf(areas: Areas, appointmentId: string): Promise<Seat> {
    const parts = isUuid(appointmentId)
      ? await this.#desk.read(areas, (trx) => this.#writers.staffing.listParts(trx, appointmentId))
      : [];
    if (parts.length === 0) throw notFound('appointmentId', 'appointment');
    return this.#seats.find(areas, { postId: parts[0].postId }, 'appointmentId');
  }

  /** The appointment as it is now, with its end. Throws CONFLICT where it is over at the instant. */
  async #read(trx: Trx, id: string, at: Date): Promise<{ held: WrittenAppointment; validTo: Date | null }> {
    const parts = await this.#writers.staffing.listParts(trx, id);
    const last = parts.at(-1);
    if (last && at.getTime() < endOf(last.validTo)) return { held: parts[0], validTo: last.validTo };
    const message = `at: the appointment ends on ${sayDay(last?.validTo ?? null)} already. Read again and retry.`;
    throw new DomainError('CONFLICT', message, { field: 'at' });
  }
}

const TITLES: Readonly<Record<string, string>> = {
  appointed: 'An appointment',
  lent: 'A reinforcement',
  ended: 'The end of an appointment',
  transferred: 'A transfer',
};

function about(did: string, { roleCode, gridId, postId }: Seat, id: string) {
  const object = { kind: 'appointment', id };
  return { title: `${TITLES[did]}: ${roleCode}`, gridIds: [gridId], object, details: { did, role: roleCode, postId } };
}

const holderOf = ({ personId, bodyId }: WrittenAppointment): HolderRef =>
  personId === null ? { bodyId: bodyId! } : { personId };

function tooEarly(begins: Date): DomainError {
  const message = `at: the appointment begins on ${sayDay(begins)} only; give that or a later instant.`;
  return new DomainError('BAD_INPUT', message, { field: 'at' });
}
