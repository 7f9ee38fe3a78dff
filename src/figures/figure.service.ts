import type { Kysely, Transaction } from 'kysely';
import type { RequestContext } from '../access/requestContext.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import type { Buckets } from './counting/buckets.ts';
import type { RateSource } from './counting/rates.ts';
import { type Tally, tallyUp } from './counting/tally.ts';
import type { FigureRepository } from './figure.repository.ts';
import type { FigureQuestion, Frame } from './frame/frame.ts';
import type { FrameReader } from './frame/frameReader.ts';
import type { Placement } from './placing/placement.ts';
import type { Placer } from './placing/placer.ts';

/** Where sums are read. */
export interface FigureRoom {
  readonly db: Kysely<Database>;
  readonly repository: FigureRepository;
}

/** Figures with what they are about. */
export interface Figures extends Tally {
  readonly frame: Frame;
  readonly source: RateSource;
}

/** Reads for one frame: everything is placed first, then summed where it lies. */
type ReadPlaced<T> = (trx: Transaction<Database>, placement: Placement) => Promise<T>;

/** Sums over the matters of an area, in one snapshot of row security. Reading sums is not audited: they name no matter. */
export class FigureService {
  readonly #room: FigureRoom;
  readonly #frames: FrameReader;
  readonly #placer: Placer;

  constructor(room: FigureRoom, frames: FrameReader, placer: Placer) {
    this.#room = room;
    this.#frames = frames;
    this.#placer = placer;
  }

  /** Throws FORBIDDEN, UNAUTHENTICATED, NOT_FOUND, BAD_INPUT. */
  async figures(context: RequestContext, question: FigureQuestion): Promise<Figures> {
    const frame = this.#frames.read(context, question);
    return this.tally(frame, [frame.from]);
  }

  /** Counts by grid, and by slots that begin at these instants, the first of which begins the frame. */
  async tally(frame: Frame, slots: readonly Date[]): Promise<Figures> {
    const buckets = this.#frames.buckets(frame);
    const counted = await this.readPlaced(frame, buckets, (trx, placement) =>
      this.#room.repository.count(trx, frame, placement, slots),
    );
    const tally = tallyUp(buckets, counted, slots.length);
    const existing = buckets.grids.length;
    const withoutMatter = tally.rows.filter(({ grid, counts }) => grid && counts.reported === 0).length;
    const grids = frame.by ? { existing, withoutMatter } : null;
    return { ...tally, frame, source: { counts: tally.total, grids } };
  }

  /** Runs `read` in the areas of the frame, with everything placed. */
  async readPlaced<T>(frame: Frame, buckets: Buckets, read: ReadPlaced<T>): Promise<T> {
    return inAreas(this.#room.db, frame.areas, frame.now, async (trx) =>
      read(trx, await this.#placer.place(trx, frame, buckets)),
    );
  }
}
