import type { Transaction } from 'kysely';
import type { RequestContext } from '../../../access/requestContext.ts';
import type { Areas } from '../../../access/viewer.ts';
import type { Clock } from '../../../clock.ts';
import type { Database } from '../../../db/tables.ts';
import { DomainError } from '../../../errors.ts';
import { isUuid } from '../../../ids.ts';
import { assertInstant, endOf, overlap, sayDay } from '../../appointing/seats/dates.ts';
import { notFound, type Seat, type SeatFinder, shownOf } from '../../appointing/seats/seat.ts';
import type { ActAnswer, StaffingRepository } from '../../appointing/staffing.repository.ts';
import type { DoneAct, Guard, StaffingDesk } from '../../appointing/staffingDesk.ts';
import type { RosterRepository } from '../roster.repository.ts';
import type { RosterDraft } from '../roster.type.ts';
import type { RosterReadingRepository } from './managing.repository.ts';
import { assertList, type RosterWish, readRosters } from './rosterWish.ts';

type Trx = Transaction<Database>;

/** Rosters that one appointment is to have. */
export interface AddRostersWish {
  readonly appointmentId: string;
  readonly rosters: readonly RosterWish[];
}

interface RosterAnswer extends ActAnswer {
  readonly rosterIds: readonly string[];
}

export interface DoneRosterAct extends DoneAct {
  readonly answer: RosterAnswer;
}

/** What rosters are read and written through. */
export interface RosterWriters {
  readonly staffing: StaffingRepository;
  readonly rosters: RosterRepository;
  readonly reading: RosterReadingRepository;
}

/** Adds and ends rosters, each act one edition. */
export class RosterManagingService {
  readonly #desk: StaffingDesk;
  readonly #writers: RosterWriters;
  readonly #seats: SeatFinder;
  readonly #clock: Clock;

  constructor(desk: StaffingDesk, writers: RosterWriters, seats: SeatFinder, clock: Clock) {
    this.#desk = desk;
    this.#writers = writers;
    this.#seats = seats;
    this.#clock = clock;
  }

  /** Throws BAD_INPUT, NOT_FOUND, CONFLICT, and what the desk throws. */
  addRosters(by: RequestContext, input: AddRostersWish, guard: Guard): Promise<DoneRosterAct> {
    return this.#perform(by, 'Mutation.addRosters', input, guard, async (areas) => {
      const appointmentId = input.appointmentId.toLowerCase();
      const drafts = readRosters(appointmentId, input.rosters, this.#clock());
      const first = new Date(Math.min(...drafts.map(({ validFrom }) => validFrom.getTime())));
      const seat = await this.#seatOf(areas, appointmentId);
      const write = async (trx: Trx, edition: number): Promise<RosterAnswer> => {
        const begins = await this.#assertHeld(trx, appointmentId, drafts);
        for (const [index, draft] of drafts.entries()) {
          await this.#assertNew(trx, index, draft);
          await this.#writers.rosters.insertRosters(trx, edition, [draft]);
        }
        const asOf = Math.max(first.getTime(), begins.getTime());
        return { ...shownOf(seat), rosterIds: drafts.map(({ id }) => id), asOf };
      };
      const object = { kind: 'appointment', id: appointmentId };
      return { ...about('added', seat, drafts.length), object, at: first, write };
    });
  }

  /** Ends rosters of one post, past, present or planned. Throws NOT_FOUND, and CONFLICT where one has ended by then. */
  endRosters(by: RequestContext, ids: readonly string[], at: Date, guard: Guard): Promise<DoneRosterAct> {
    return this.#perform(by, 'Mutation.endRosters', { ids, at }, guard, async (areas) => {
      assertInstant('at', at);
      assertList('ids', ids);
      const seat = await this.#seatOfRosters(areas, ids);
      const write = async (trx: Trx, edition: number): Promise<RosterAnswer> => {
        const kept = await this.#writers.reading.listRosters(trx, ids);
        const going = new Set(kept.filter(({ validTo }) => at.getTime() < endOf(validTo)).map(({ id }) => id));
        const over = ids.findIndex((id) => !going.has(id.toLowerCase()));
        if (over >= 0) {
          const message = `at: the roster ids[${over}] has ended by then. Read again and retry.`;
          throw new DomainError('CONFLICT', message, { field: 'at', roster: ids[over] });
        }
        const rosterIds = ids.map((id) => id.toLowerCase());
        await this.#writers.rosters.endRosters(trx, edition, rosterIds, at);
        return { ...shownOf(seat), rosterIds, asOf: at.getTime() };
      };
      const object = { kind: 'post', id: seat.postId };
      return { ...about('ended', seat, ids.length), object, at, write };
    });
  }

  #perform(
    by: RequestContext,
    field: string,
    input: unknown,
    guard: Guard,
    plan: Parameters<StaffingDesk['perform']>[2],
  ): Promise<DoneRosterAct> {
    // An act that is answered again was written by the same field, for its name is part of what is compared.
    return this.#desk.perform(by, { field, input, guard }, plan) as Promise<DoneRosterAct>;
  }

  /** The post of an appointment in the areas. Throws NOT_FOUND. */
  async #seatOf(areas: Areas, appointmentId: string): Promise<Seat> {
    const parts = isUuid(appointmentId)
      ? await this.#desk.read(areas, (trx) => this.#writers.staffing.listParts(trx, appointmentId))
      : [];
    if (parts.length === 0) throw notFound('appointmentId', 'appointment');
    return this.#seats.find(areas, { postId: parts[0].postId }, 'appointmentId');
  }

  /** The one post of rosters in the areas. Throws NOT_FOUND, and BAD_INPUT for rosters of several posts. */
  async #seatOfRosters(areas: Areas, ids: readonly string[]): Promise<Seat> {
    const kept = ids.every(isUuid)
      ? await this.#desk.read(areas, (trx) => this.#writers.reading.listRosters(trx, ids))
      : [];
    if (kept.length < ids.length) throw notFound('ids', 'roster');
    const [postId, ...others] = new Set(kept.map((roster) => roster.postId));
    // Looked up first, so that nothing is told of posts outside.
    for (const other of others) await this.#seats.find(areas, { postId: other }, 'ids');
    const seat = await this.#seats.find(areas, { postId }, 'ids');
    if (others.length === 0) return seat;
    const message = `ids: they are of ${others.length + 1} posts; end those of each post by themselves.`;
    throw new DomainError('BAD_INPUT', message, { field: 'ids' });
  }

  /** When the appointment begins. Throws CONFLICT where it is over, BAD_INPUT for a roster for none of its dates. */
  async #assertHeld(trx: Trx, appointmentId: string, drafts: readonly RosterDraft[]): Promise<Date> {
    const parts = await this.#writers.staffing.listParts(trx, appointmentId);
    const last = parts.at(-1);
    if (!last || endOf(last.validTo) <= this.#clock().getTime()) {
      const message = `appointmentId: the appointment ended on ${sayDay(last?.validTo ?? null)}; appoint the holder again first.`;
      throw new DomainError('CONFLICT', message, { field: 'appointmentId' });
    }
    const outside = drafts.findIndex((draft) => !parts.some((part) => overlap(part, draft)));
    if (outside < 0) return parts[0].validFrom;
    const field = `rosters[${outside}].from`;
    const dates = `${sayDay(parts[0].validFrom)} to ${sayDay(last.validTo)}`;
    const message = `${field}: the appointment is for ${dates}; give dates of which some are within.`;
    throw new DomainError('BAD_INPUT', message, { field });
  }

  async #assertNew(trx: Trx, index: number, draft: RosterDraft): Promise<void> {
    const same = await this.#writers.reading.findSame(trx, draft);
    if (same === undefined) return;
    const field = `rosters[${index}]`;
    const message = `${field}: the holder has this very roster on some of these dates already.`;
    throw new DomainError('CONFLICT', message, { field, roster: same });
  }
}

function about(did: 'added' | 'ended', { roleCode, gridId, postId }: Seat, count: number) {
  const title = `${did === 'added' ? 'New rosters' : 'The end of rosters'}: ${roleCode}`;
  return { title, gridIds: [gridId], details: { did: `rosters ${did}`, role: roleCode, postId, rosters: count } };
}
