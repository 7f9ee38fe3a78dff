import { startOfDay } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import type { Moment } from '../../grids/moment.ts';
import { stableId } from '../../ids.ts';
import type { HonourDraft, HousedDraft, RatingDraft, ServiceDraft, SiteDraft, SiteState } from '../site.type.ts';
import type { SiteBook } from '../siteBook.ts';
import type { FactKey, FactTable } from '../siteChange.repository.ts';
import type { SiteColumn, SiteRow } from './sitesFile.ts';

/** What the registry knows, as far as a file of sites needs it. */
export interface KnownSites {
  readonly edition: number;
  readonly book: SiteBook;
  /** Ids of the bodies that a name or an id names. */
  readonly bodies: ReadonlyMap<string, ReadonlySet<string>>;
  readonly timeZone: string;
}

/** A fact that holds until `at` only. */
export interface FactEnd<T extends FactTable = FactTable> {
  readonly table: T;
  readonly key: FactKey<T>;
  readonly at: Date;
}

/** What the good rows change. Ends come before additions. */
export interface SitePlan {
  readonly ends: FactEnd[];
  readonly sites: SiteDraft[];
  readonly housed: HousedDraft[];
  readonly services: ServiceDraft[];
  readonly ratings: RatingDraft[];
  readonly honours: HonourDraft[];
  readonly faults: CellFault<SiteColumn>[];
}

/** Compares the rows with what is known: what is so already makes nothing, what is otherwise is ended and made anew. */
export function planSites(rows: readonly SiteRow[], known: KnownSites, at: Date): SitePlan {
  const planner = new SitePlanner(known, at);
  for (const row of rows) planner.take(row);
  return planner.plan;
}

class SitePlanner {
  readonly plan: SitePlan = { ends: [], sites: [], housed: [], services: [], ratings: [], honours: [], faults: [] };
  readonly #known: KnownSites;
  readonly #at: Date;
  readonly #first = new Map<string, SiteRow>();
  /** Facts that the file has said, with the row that said them. */
  readonly #said = new Map<string, number>();

  constructor(known: KnownSites, at: Date) {
    this.#known = known;
    this.#at = at;
  }

  take(row: SiteRow): void {
    const from = row.from ?? this.#at;
    const { book, edition } = this.#known;
    const moment = { asOf: from.getTime(), edition };
    const isKnown = book.findSite(row.code.toLowerCase(), moment) !== undefined;
    const siteId = isKnown ? row.code.toLowerCase() : stableId('site', 'code', row.code);
    const bodies = row.bodies.map((name) => this.#body(row, name));
    if (!this.#agrees(siteId, row) || bodies.includes(undefined)) return;
    if (!this.#first.has(siteId)) {
      this.#first.set(siteId, row);
      this.#takeSite(siteId, row, from, moment);
    }
    for (const id of bodies as string[]) this.#takeBody(siteId, id, from, moment);
    this.#takeService(siteId, row, from, moment);
    this.#takeRating(siteId, row, from, moment);
    this.#takeHonour(siteId, row);
  }

  #takeSite(id: string, row: SiteRow, from: Date, moment: Moment): void {
    const { name, kind, point, radiusMetres, responseClass, timeZone } = row;
    const before = this.#known.book.findSite(id, moment);
    const buildingId = before?.buildingId ?? null;
    const state: SiteState = { id, name, kind, point, buildingId, radiusMetres, responseClass, timeZone };
    if (before && isSame(before, state)) return;
    if (before) this.#end('site_version', { site_id: id }, from);
    this.plan.sites.push({ ...state, validFrom: from, validTo: null });
  }

  #takeBody(siteId: string, bodyId: string, from: Date, moment: Moment): void {
    if (this.#said.has(`${siteId}/${bodyId}`) || this.#known.book.housedIn(siteId, moment).includes(bodyId)) return;
    this.#said.set(`${siteId}/${bodyId}`, 0);
    this.plan.housed.push({ siteId, bodyId, validFrom: from, validTo: null });
  }

  #takeService(siteId: string, { row, service }: SiteRow, from: Date, moment: Moment): void {
    if (!service || !this.#isNews(`${siteId}/service/${service.code}`, row, 'service', service.code)) return;
    const before = this.#known.book.servicesOf(siteId, moment).find(({ code }) => code === service.code);
    if (before && isSame(before, { siteId, ...service })) return;
    if (before) this.#end('site_service', { site_id: siteId, code: service.code }, from);
    this.plan.services.push({ siteId, ...service, validFrom: from, validTo: null });
  }

  #takeRating(siteId: string, { row, rating }: SiteRow, from: Date, { asOf, edition }: Moment): void {
    if (!rating || !this.#isNews(`${siteId}/rating/${rating.scheme}/${asOf}`, row, 'rating_scheme', rating.scheme))
      return;
    const then = this.#known.book
      .ratingsOf(siteId, edition)
      .find(({ value, validFrom, validTo }) => value.scheme === rating.scheme && validFrom <= asOf && asOf < validTo);
    if (then && isSame(then.value, { siteId, ...rating })) return;
    if (then) this.#end('site_rating', { site_id: siteId, scheme: rating.scheme }, from);
    this.plan.ratings.push({ siteId, ...rating, validFrom: from, validTo: null });
  }

  #takeHonour(siteId: string, { row, honour }: SiteRow): void {
    if (!honour || !this.#isNews(`${siteId}/honour/${honour.name}/${honour.givenOn}`, row, 'honour', honour.name))
      return;
    const validFrom = startOfDay(honour.givenOn, this.#known.timeZone);
    const moment = { asOf: validFrom.getTime(), edition: this.#known.edition };
    const borne = this.#known.book.honoursOf(siteId, moment);
    if (borne.some(({ name, givenOn }) => name === honour.name && givenOn === honour.givenOn)) return;
    this.plan.honours.push({ siteId, ...honour, validFrom, validTo: null });
  }

  #end<T extends FactTable>(table: T, key: FactKey<T>, at: Date): void {
    this.plan.ends.push({ table, key, at } as unknown as FactEnd);
  }

  /** False, with a fault, for a fact that the file has said before. */
  #isNews(key: string, row: number, column: SiteColumn, value: string): boolean {
    const before = this.#said.get(key);
    this.#said.set(key, before ?? row);
    if (before !== undefined) this.#fault(row, column, value, `is said in row ${before} already`);
    return before === undefined;
  }

  /** False, with a fault, for a row that says another thing of a site than its first row. */
  #agrees(siteId: string, row: SiteRow): boolean {
    const first = this.#first.get(siteId);
    if (!first) return true;
    const differing = (['name', 'kind', 'point', 'radiusMetres', 'responseClass', 'timeZone'] as const).find(
      (key) => !isSame(first[key], row[key]),
    );
    if (!differing) return true;
    this.#fault(row.row, COLUMN_OF[differing], row.code, `says something else of this site than row ${first.row}`);
    return false;
  }

  #body({ row }: SiteRow, name: string): string | undefined {
    const ids = this.#known.bodies.get(name);
    if (ids?.size === 1) return [...ids][0];
    this.#fault(
      row,
      'bodies',
      name,
      ids ? `names ${ids.size} bodies; give the id` : 'is no known body; import it first',
    );
    return undefined;
  }

  #fault(row: number, column: SiteColumn, value: string, reason: string): void {
    this.plan.faults.push({ row, column, value, reason });
  }
}

const COLUMN_OF = {
  name: 'name',
  kind: 'kind',
  point: 'lon',
  radiusMetres: 'radius_metres',
  responseClass: 'response_class',
  timeZone: 'time_zone',
} as const satisfies Record<string, SiteColumn>;

/** The same facts, in whatever order their parts are written. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, ordered(part)]),
  );
}
