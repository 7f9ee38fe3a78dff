import type { RequestContext } from '../access/requestContext.ts';
import type { Counts } from './counting/counts.ts';
import type { FigureService, Figures } from './figure.service.ts';
import type { FrameReader } from './frame/frameReader.ts';
import { type PeriodKind, periodOf } from './frame/period.ts';

export interface DigestQuestion {
  /** A grid by id or code. */
  readonly within: string;
  /** A day in the period, YYYY-MM-DD in the time zone of the registry. */
  readonly day: string;
  readonly period: PeriodKind;
  readonly by: string | null;
  readonly categories: readonly string[];
}

/** One local day, and what was counted in it. */
export interface DigestDay {
  readonly day: string;
  readonly from: Date;
  readonly to: Date;
  readonly counts: Readonly<Counts>;
}

export interface Digest extends Figures {
  readonly days: readonly DigestDay[];
}

/**
 * What happened on a local day, in a week or in a month, by grid. All of them follow the tree of now, so that the digests
 * of the days sum to those of the week and the month, whatever was redrawn in between.
 */
export class DigestService {
  readonly #figures: FigureService;
  readonly #frames: FrameReader;

  constructor(figures: FigureService, frames: FrameReader) {
    this.#figures = figures;
    this.#frames = frames;
  }

  /** Throws as `figures` does, and BAD_INPUT for what is no day. */
  async digest(context: RequestContext, { within, day, period, by, categories }: DigestQuestion): Promise<Digest> {
    const { days, starts } = periodOf(period, day, this.#frames.clock.timeZone);
    const [from, to] = [starts[0], starts[starts.length - 1]];
    const frame = this.#frames.present(context, { within, by, from, to, categories });
    const figures = await this.#figures.tally(frame, starts.slice(0, -1));
    const shown = days.map((each, i) => ({ day: each, from: starts[i], to: starts[i + 1], counts: figures.slots[i] }));
    return { ...figures, days: shown };
  }
}
