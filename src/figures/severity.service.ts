import type { RequestContext } from '../access/requestContext.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { FigureRepository } from './figure.repository.ts';
import type { FigureService } from './figure.service.ts';
import type { Frame } from './frame/frame.ts';
import type { FrameReader } from './frame/frameReader.ts';

/** A grade of the area, and how many open matters have it. */
export interface GradeCount {
  /** Null: not graded. */
  readonly code: string | null;
  /** As the practice of the area calls it; null where it knows no such grade. */
  readonly name: string | null;
  readonly count: number;
}

export interface GradeRow {
  /** Null: what lies in no grid of the tier. */
  readonly grid: VersionEntry | null;
  readonly grades: readonly GradeCount[];
}

export interface SeverityFigures {
  readonly frame: Frame;
  readonly open: number;
  readonly grades: readonly GradeCount[];
  readonly rows: readonly GradeRow[];
}

export interface SeverityQuestion {
  readonly within: string;
  readonly by: string | null;
  readonly categories: readonly string[];
}

/** Open matters by the grades of their area, now, rolled up the tree. */
export class SeverityService {
  readonly #figures: FigureService;
  readonly #frames: FrameReader;
  readonly #repository: Pick<FigureRepository, 'countOpen'>;

  constructor(figures: FigureService, frames: FrameReader, repository: Pick<FigureRepository, 'countOpen'>) {
    this.#figures = figures;
    this.#frames = frames;
    this.#repository = repository;
  }

  /** Throws as `figures` does. */
  async severities(context: RequestContext, { within, by, categories }: SeverityQuestion): Promise<SeverityFigures> {
    const now = this.#frames.clock.now();
    // What came this very millisecond is open too.
    const to = new Date(now.getTime() + 1);
    const frame = this.#frames.present(context, { within, by, from: now, to, categories });
    const buckets = this.#frames.buckets(frame);
    const counted = await this.#figures.readPlaced(frame, buckets, (trx, placement) =>
      this.#repository.countOpen(trx, frame, placement),
    );
    const sums = Array.from({ length: buckets.size }, () => new Map<string | null, number>());
    const all = new Map<string | null, number>();
    for (const { gridId, severity, count } of counted) {
      const bucket = buckets.of(gridId);
      if (bucket === undefined) continue;
      for (const into of [sums[bucket], all]) into.set(severity, (into.get(severity) ?? 0) + count);
    }
    const scheme = this.#frames.practiceOf(frame.within, frame.moment).severities;
    const shown = (from: ReadonlyMap<string | null, number>) => gradesOf(scheme, [...all.keys()], from);
    const rows = buckets.grids.map((grid, i): GradeRow => ({ grid, grades: shown(sums[i + 1]) }));
    if (frame.by) rows.push({ grid: null, grades: shown(sums[0]) });
    const open = [...all.values()].reduce((sum, count) => sum + count, 0);
    return { frame, open, grades: shown(all), rows };
  }
}

/** Those of the scheme from the gravest on, then others that matters have, then what is not graded. */
function gradesOf(
  scheme: readonly { readonly code: string; readonly name: string }[],
  used: readonly (string | null)[],
  counts: ReadonlyMap<string | null, number>,
): GradeCount[] {
  const others = used.filter((code): code is string => code !== null && !scheme.some((grade) => grade.code === code));
  const unknown = others.sort().map((code) => ({ code, name: null }));
  const none = used.includes(null) ? [{ code: null, name: null }] : [];
  return [...scheme, ...unknown, ...none].map(({ code, name }) => ({ code, name, count: counts.get(code) ?? 0 }));
}
