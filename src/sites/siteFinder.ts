import { DomainError } from '../errors.ts';
import { boxAround, geodesicMetres } from '../geometry/distance.ts';
import { type Position, toLattice } from '../geometry/lattice.ts';
import type { Box } from '../geometry/polygon.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { chainOf, type GridEntry } from '../grids/atlas/rows.ts';
import type { DatedRow } from '../grids/log/datedLog.ts';
import type { Moment } from '../grids/moment.ts';
import { Window } from '../posts/timeline.ts';
import { isOpen, wallClockAt } from './hours/openingHours.ts';
import type { PremisesState, SiteState } from './site.type.ts';
import type { SiteBook } from './siteBook.ts';

/** A lattice point. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Which places are wanted; every field given narrows. */
export interface PlaceCriteria {
  readonly kind?: string | null;
  /** Nearest first from here. */
  readonly near?: Spot | null;
  readonly withinMetres?: number | null;
  /** Id of a grid that holds them. */
  readonly within?: string | null;
}

export interface SiteCriteria extends PlaceCriteria {
  /** Code of a service. */
  readonly service?: string | null;
  /** The service, or any where none is named, is open then. */
  readonly openAt?: Date | null;
  readonly honour?: string | null;
  /** Days, YYYY-MM-DD, both included. */
  readonly honouredFrom?: string | null;
  readonly honouredTo?: string | null;
  readonly ratingAtLeast?: number | null;
  readonly ratingScheme?: string | null;
  readonly responseClass?: string | null;
}

/** A place that was found; the distance is null where nobody asked from where. */
export interface FoundPlace<T> {
  readonly state: T;
  readonly distanceMetres: number | null;
}

/** Finds sites and premises at a moment: nearest first from a point, otherwise by name, then by id. */
export class SiteFinder {
  readonly #book: SiteBook;
  readonly #atlas: Pick<Atlas, 'findGrid' | 'locateAll'>;

  constructor(book: SiteBook, atlas: Pick<Atlas, 'findGrid' | 'locateAll'>) {
    this.#book = book;
    this.#atlas = atlas;
  }

  /** Throws NOT_FOUND for an unknown grid. */
  listSites(criteria: SiteCriteria, moment: Moment): FoundPlace<SiteState>[] {
    const box = boxOf(criteria);
    const rows = box ? this.#book.candidates('SITE', box) : this.#book.sites.rowsIn(moment.edition);
    return this.#list(rows, criteria, moment).filter(({ state }) => this.#meets(state, criteria, moment));
  }

  /** Throws NOT_FOUND for an unknown grid. */
  listPremises(criteria: PlaceCriteria, moment: Moment): FoundPlace<PremisesState>[] {
    const box = boxOf(criteria);
    const rows = box ? this.#book.candidates('PREMISES', box) : this.#book.premises.rowsIn(moment.edition);
    return this.#list(rows, criteria, moment);
  }

  /** Whether the grid holds the place at the moment, by the tree above the smallest grid there. */
  isIn(grid: GridEntry, { lon, lat }: Position, moment: Moment): boolean {
    const holders = this.#atlas.locateAll(grid.layer, toLattice(lon), toLattice(lat), moment);
    return holders.some((version) => chainOf(version, moment).some((above) => above.grid === grid));
  }

  /** Throws NOT_FOUND. */
  getGrid(id: string): GridEntry {
    const grid = this.#atlas.findGrid(id);
    if (grid) return grid;
    throw new DomainError('NOT_FOUND', `within: there is no grid ${id}.`, { field: 'within' });
  }

  #list<T extends SiteState | PremisesState>(
    rows: readonly DatedRow<T>[],
    { kind, near, withinMetres, within }: PlaceCriteria,
    moment: Moment,
  ): FoundPlace<T>[] {
    const window = new Window(moment);
    const grid = within == null ? undefined : this.getGrid(within);
    const found: FoundPlace<T>[] = [];
    for (const row of rows) {
      const state = row.value;
      if (!window.admits(row) || (kind != null && state.kind !== kind)) continue;
      const distanceMetres = near ? metresTo(near, state.point) : null;
      if (distanceMetres !== null && withinMetres != null && distanceMetres > withinMetres) continue;
      if (!grid || this.isIn(grid, state.point, moment)) found.push({ state, distanceMetres });
    }
    const keyed = found.map((place) => ({ place, key: placeKey(place) }));
    return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ place }) => place);
  }

  #meets(site: SiteState, criteria: SiteCriteria, moment: Moment): boolean {
    const { responseClass } = criteria;
    if (responseClass != null && site.responseClass !== responseClass) return false;
    return (
      this.#serves(site, criteria, moment) &&
      this.#isRated(site, criteria, moment) &&
      this.#isHonoured(site, criteria, moment)
    );
  }

  #serves({ id, timeZone }: SiteState, { service, openAt }: SiteCriteria, moment: Moment): boolean {
    if (service == null && openAt == null) return true;
    const clock = openAt == null ? undefined : wallClockAt(openAt.getTime(), timeZone);
    return this.#book
      .servicesOf(id, moment)
      .some(({ code, hours }) => (service == null || code === service) && (!clock || isOpen(hours, clock)));
  }

  #isRated({ id }: SiteState, { ratingAtLeast, ratingScheme }: SiteCriteria, moment: Moment): boolean {
    if (ratingAtLeast == null && ratingScheme == null) return true;
    const window = new Window(moment);
    return this.#book
      .ratingsOf(id, moment.edition)
      .some(
        (row) =>
          window.admits(row) &&
          (ratingScheme == null || row.value.scheme === ratingScheme) &&
          row.value.stars >= (ratingAtLeast ?? 0),
      );
  }

  #isHonoured({ id }: SiteState, { honour, honouredFrom, honouredTo }: SiteCriteria, moment: Moment): boolean {
    if (honour == null && honouredFrom == null && honouredTo == null) return true;
    return this.#book
      .honoursOf(id, moment)
      .some(
        ({ name, givenOn }) =>
          (honour == null || name === honour) &&
          (honouredFrom == null || givenOn >= honouredFrom) &&
          (honouredTo == null || givenOn <= honouredTo),
      );
  }
}

/** The order of a list as text: by distance to the millimetre where there is one, otherwise by name; then by id. */
export function placeKey({ state, distanceMetres }: FoundPlace<SiteState | PremisesState>): string {
  if (distanceMetres === null) return `${state.name}\n${state.id}`;
  return `${String(Math.round(distanceMetres * 1000)).padStart(12, '0')}/${state.id}`;
}

function metresTo({ x, y }: Spot, { lon, lat }: Position): number {
  return geodesicMetres(x, y, toLattice(lon), toLattice(lat));
}

function boxOf({ near, withinMetres }: PlaceCriteria): Box | undefined {
  return near && withinMetres != null ? boxAround(near.x, near.y, withinMetres) : undefined;
}
