import type { RequestContext } from '../../access/requestContext.ts';
import { startOfDay } from '../../clock.ts';
import { childrenOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { LoadFigure } from '../../grids/territory.type.ts';
import type { Role } from '../../posts/api/staff.type.ts';
import type { Directory } from '../../posts/directory.ts';
import { getRole } from '../../posts/vacancyFinder.ts';
import type { Buckets } from '../counting/buckets.ts';
import { inMillionths } from '../counting/percent.ts';
import type { FrameReader } from '../frame/frameReader.ts';

/** A sum of dated figures of grids. */
export interface LoadSum {
  /** In millionths of the unit of the measure; null: no grid has such a figure. */
  readonly millionths: bigint | null;
  /** Dates of the oldest and the newest figure in it, YYYY-MM-DD. */
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly sources: readonly string[];
  /** Smallest grids for which nobody gave a figure. */
  readonly missing: number;
}

export interface LoadRow {
  readonly grid: VersionEntry;
  readonly load: LoadSum;
  /** Posts of the role that somebody holds. */
  readonly posts: number;
  /** Different people and bodies that hold them: one may hold several. */
  readonly holders: number;
}

export interface Loads {
  readonly area: VersionEntry;
  readonly moment: Moment;
  readonly role: Role;
  readonly measure: string;
  readonly total: LoadRow;
  /** By the tier that was asked for, in listing order. */
  readonly rows: readonly LoadRow[];
}

export interface LoadQuestion {
  readonly within: string;
  readonly by: string | null;
  readonly measure: string;
  readonly role: string;
  readonly asOf: Date | null;
}

const NOTHING: LoadSum = { millionths: null, oldest: null, newest: null, sources: [], missing: 0 };

/** How much there is to look after for each post: dated sums of areas over posts that are held. From memory. */
export class LoadPerPost {
  readonly #frames: FrameReader;
  readonly #directory: Directory;

  constructor(frames: FrameReader, directory: Directory) {
    this.#frames = frames;
    this.#directory = directory;
  }

  /** Throws FORBIDDEN, UNAUTHENTICATED, NOT_FOUND. */
  loads(context: RequestContext, { within, by, measure, role: code, asOf }: LoadQuestion): Loads {
    const { within: area, moment } = this.#frames.area(context, within, asOf);
    const role = getRole(this.#directory, code, moment.edition);
    const tier = by === null ? null : this.#frames.tierBelow(area, by);
    const buckets = this.#frames.buckets({ within: area, moment, by: tier });
    const held = this.#heldIn(buckets, role, moment);
    const rowOf = (grid: VersionEntry, posts: Held): LoadRow => ({
      ...{ grid, load: this.#loadOf(grid, measure, moment), posts: posts.count, holders: posts.holders.size },
    });
    const rows = buckets.grids.map((grid, i) => rowOf(grid, held.rows[i + 1]));
    return { area, moment, role, measure, total: rowOf(area, held.total), rows };
  }

  /** The grid's own newest figure that is not of later; where it has none, those of the grids below, together. */
  #loadOf(version: VersionEntry, measure: string, moment: Moment): LoadSum {
    const own = this.#newest(version.loads, measure, moment);
    if (own) {
      const { value, date, source } = own;
      return { millionths: inMillionths(value), oldest: date, newest: date, sources: [source], missing: 0 };
    }
    const children = childrenOf(version.grid, moment);
    if (children.length === 0) return { ...NOTHING, missing: 1 };
    return children.map((child) => this.#loadOf(child, measure, moment)).reduce(together, NOTHING);
  }

  #newest(loads: readonly LoadFigure[], measure: string, { asOf }: Moment): LoadFigure | undefined {
    const { timeZone } = this.#frames.clock;
    return loads
      .filter((load) => load.measure === measure && startOfDay(load.date, timeZone).getTime() <= asOf)
      .reduce<LoadFigure | undefined>((best, load) => (best && best.date > load.date ? best : load), undefined);
  }

  #heldIn(buckets: Buckets, role: Role, moment: Moment): { total: Held; rows: Held[] } {
    const total = nobody();
    const rows = Array.from({ length: buckets.size }, nobody);
    for (const gridId of buckets.gridIds) {
      for (const entry of this.#directory.postsOn(gridId, moment)) {
        if (entry.role !== role || entry.post.vacant) continue;
        for (const held of [total, rows[buckets.of(gridId)!]]) {
          held.count += 1;
          for (const { holder } of entry.holders) held.holders.add(holder.id);
        }
      }
    }
    return { total, rows };
  }
}

interface Held {
  count: number;
  readonly holders: Set<string>;
}

const nobody = (): Held => ({ count: 0, holders: new Set() });

function together(a: LoadSum, b: LoadSum): LoadSum {
  const first = (dates: readonly (string | null)[]) => dates.filter((date) => date !== null).sort();
  return {
    millionths: a.millionths === null ? b.millionths : a.millionths + (b.millionths ?? 0n),
    oldest: first([a.oldest, b.oldest]).at(0) ?? null,
    newest: first([a.newest, b.newest]).at(-1) ?? null,
    sources: [...new Set([...a.sources, ...b.sources])].sort(),
    missing: a.missing + b.missing,
  };
}
