import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Matter } from './insertMatters.ts';

/** Drawn on squared paper. */
export type PaperMatter = Matter & { readonly at: readonly [column: number, row: number] };

/** The day of the redraw, at local midnight. */
export const REDRAW = Date.parse('2026-01-01T00:00:00+08:00');
export const DAY = 86_400_000;
const COUNTY_WIDTH = 12;

/** A village in the time before or after the redraw: columns from `west` up to `east`. */
export interface Village {
  readonly id: string;
  readonly code: string;
  readonly county: number;
  readonly west: number;
  readonly east: number;
}

export interface RandomTree {
  readonly city: string;
  readonly counties: readonly string[];
  /** Before and after the redraw. */
  readonly villages: readonly [readonly Village[], readonly Village[]];
  /** Villages that ended, with those after the redraw that hold some of their ground. */
  readonly heirs: ReadonlyMap<string, readonly Village[]>;
}

const cuts = fc.uniqueArray(fc.integer({ min: 1, max: COUNTY_WIDTH - 1 }), { minLength: 1, maxLength: 4 });

/** Counties side by side, cut into villages otherwise before and after the redraw; the last county has none. */
export const randomTree = fc
  .array(fc.record({ before: cuts, after: cuts, kept: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }) }), {
    minLength: 2,
    maxLength: 2,
  })
  .map((counties): RandomTree => {
    const villages: [Village[], Village[]] = [[], []];
    for (const [county, { before, after, kept }] of counties.entries()) {
      const old = cutUp(county, before, `b${county}`);
      const made = cutUp(county, after, `a${county}`).map((village, i) =>
        kept[i] && old[i] ? { ...village, id: old[i].id, code: old[i].code } : village,
      );
      villages[0].push(...old);
      villages[1].push(...made);
    }
    const present = new Set(villages[1].map(({ id }) => id));
    const ended = villages[0].filter(({ id }) => !present.has(id));
    const heirs = new Map(
      ended.map(({ id, west, east }) => [id, villages[1].filter((each) => each.west < east && west < each.east)]),
    );
    return { city: randomUUID(), counties: [randomUUID(), randomUUID(), randomUUID()], villages, heirs };
  });

function cutUp(county: number, at: readonly number[], code: string): Village[] {
  const edges = [0, ...[...at].sort((a, b) => a - b), COUNTY_WIDTH].map((edge) => edge + county * COUNTY_WIDTH);
  return edges.slice(1).map((east, i) => ({ id: randomUUID(), code: `${code}-${i}`, county, west: edges[i], east }));
}

/** Instants on both sides of local and other midnights about the redraw. */
const instant = fc
  .tuple(fc.integer({ min: -8, max: 8 }), fc.constantFrom(-1, 0, 1, 8 * 3_600_000 - 1, 8 * 3_600_000, DAY / 2))
  .map(([days, more]) => new Date(REDRAW + days * DAY + more));
const later = fc.option(instant, { nil: null });

export const randomMatters = (tree: RandomTree, govId: number, size: number) => {
  const grids = [...tree.counties, ...new Set(tree.villages.flat().map(({ id }) => id))];
  const task = fc.record({ issuedAt: instant, dueAt: later, handledAt: later, gridId: fc.constantFrom(...grids) });
  return fc.array(
    fc
      .record({
        column: fc.integer({ min: 0, max: 3 * COUNTY_WIDTH - 1 }),
        owner: fc.constantFrom(...grids),
        other: fc.option(fc.constantFrom(...grids), { nil: null }),
        origin: fc.constantFrom('REPORTED' as const, 'FOUND' as const),
        reportedAt: instant,
        closedAt: later,
        outcome: fc.constantFrom('SETTLED' as const, 'UNFOUNDED' as const),
        tasks: fc.array(task, { maxLength: 2 }),
      })
      .map(({ column, owner, other, ...rest }): PaperMatter => {
        const second = other && other !== owner ? [{ gridId: other, layerId: govId, share: 0.3 }] : [];
        return { ...rest, at: [column + 0.5, 5.5], owners: [{ gridId: owner, layerId: govId, share: 0.7 }, ...second] };
      }),
    { minLength: size, maxLength: size },
  );
};

export const randomQuestion = fc.record({
  from: fc.integer({ min: -8, max: 6 }).map((days) => REDRAW + days * DAY),
  days: fc.integer({ min: 1, max: 9 }),
  boundary: fc.constantFrom(null, REDRAW - DAY, REDRAW - 1, REDRAW, REDRAW + DAY),
  county: fc.constantFrom(null, 0, 1, 2),
});

export interface Question {
  readonly from: number;
  readonly days: number;
  readonly boundary: number | null;
  readonly county: number | null;
}
export type Twin = 'NONE' | 'TWICE' | 'TODAY' | 'UTC';

/** What figures say, worked out one matter after the other. A twin is wrong in one thing. */
export class SlowFigures {
  readonly #tree: RandomTree;
  readonly #matters: readonly PaperMatter[];
  readonly #now: number;
  readonly #twin: Twin;

  constructor(tree: RandomTree, matters: readonly PaperMatter[], now: number, twin: Twin) {
    this.#tree = tree;
    this.#matters = matters;
    this.#now = now;
    this.#twin = twin;
  }

  /** By code of the village, '' for none: reported, found, settled, closed, open, tasks issued, in time, late. */
  figures({ from, days, boundary, county }: Question): Record<string, number[]> {
    const to = from + days * DAY;
    const asOf = this.#twin === 'TODAY' ? this.#now : (boundary ?? Math.min(to - 1, this.#now));
    const villages = this.#villagesAt(asOf).filter((each) => county === null || each.county === county);
    const rows: Record<string, number[]> = { '': new Array(8).fill(0) };
    for (const { code } of villages) rows[code] = new Array(8).fill(0);
    const shift = this.#twin === 'UTC' ? DAY / 3 : 0;
    for (const matter of this.#matters) {
      for (const place of this.#placesOf(matter, boundary, asOf)) {
        if (county !== null && place.county !== county) continue;
        this.#count(rows[place.code], matter, from + shift, to + shift);
      }
    }
    return rows;
  }

  #count(row: number[], { reportedAt, origin, closedAt, outcome, tasks }: PaperMatter, from: number, to: number): void {
    const isIn = (at?: Date | null) => at != null && at.getTime() >= from && at.getTime() < to;
    const isClosed = closedAt != null && closedAt.getTime() < to;
    row[0] += Number(isIn(reportedAt));
    row[1] += Number(isIn(reportedAt) && origin === 'FOUND');
    row[2] += Number(isIn(reportedAt) && isClosed && outcome === 'SETTLED');
    row[3] += Number(isIn(closedAt));
    row[4] += Number(reportedAt.getTime() < to && !isClosed);
    for (const { issuedAt, dueAt, handledAt } of tasks ?? []) {
      row[5] += Number(isIn(issuedAt));
      if (!dueAt || !isIn(dueAt) || dueAt.getTime() >= this.#now) continue;
      row[handledAt && handledAt <= dueAt ? 6 : 7] += 1;
    }
  }

  #villagesAt(asOf: number): readonly Village[] {
    return this.#tree.villages[asOf < REDRAW ? 0 : 1];
  }

  #placesOf(
    { owners, at: [column] }: PaperMatter,
    boundary: number | null,
    asOf: number,
  ): { code: string; county: number }[] {
    const villages = this.#villagesAt(asOf);
    const here = villages.find(({ west, east }) => west < column && column < east);
    const located = here ?? { code: '', county: Math.floor(column / COUNTY_WIDTH) };
    if (boundary !== null) return [located];
    const counted = this.#twin === 'TWICE' ? owners : owners.slice(0, 1);
    return counted.map(({ gridId }) => {
      const county = this.#tree.counties.indexOf(gridId);
      if (county >= 0) return { code: '', county };
      const heirs = this.#tree.heirs.get(gridId)?.filter((each) => villages.includes(each)) ?? [];
      const lowest = [...heirs].sort((a, b) => (a.code < b.code ? -1 : 1)).at(0);
      return villages.find(({ id }) => id === gridId) ?? heirs.find((each) => each === here) ?? lowest ?? located;
    });
  }
}
