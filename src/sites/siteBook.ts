import type { Box } from '../geometry/polygon.ts';
import type { EditionReader } from '../grids/edition.service.ts';
import type { DatedRow } from '../grids/log/datedLog.ts';
import type { Moment } from '../grids/moment.ts';
import { HoldingPlace } from '../posts/api/holdingPlace.type.ts';
import { Timeline, Window } from '../posts/timeline.ts';
import { BuildingSpots } from './buildingSpots.ts';
import type { SiteLog, SiteLogRepository } from './log/siteLog.repository.ts';
import { ReachIndex } from './reachIndex.ts';
import type {
  BaseState,
  BuildingState,
  ChannelState,
  HonourState,
  HousedState,
  LineState,
  PlaceKind,
  PremisesState,
  RatingState,
  ServiceState,
  SiteState,
} from './site.type.ts';

/** Where something is asked about: a lattice point, and the building where the address says one. */
export interface AskedSpot {
  readonly x: number;
  readonly y: number;
  readonly buildingId?: string | null;
}

type Reaching =
  | { readonly kind: 'SITE'; readonly row: DatedRow<SiteState> }
  | { readonly kind: 'PREMISES'; readonly row: DatedRow<PremisesState> }
  | { readonly kind: 'LINE'; readonly row: DatedRow<LineState> };

const KINDS: readonly PlaceKind[] = ['BUILDING', 'PREMISES', 'SITE', 'LINE'];

/**
 * Sites, premises, lines, buildings and chat groups in memory, for every instant and every edition. Follows the log of
 * editions. Lists are ordered by what they say, so an answer asked again is the same for ever.
 */
export class SiteBook implements EditionReader {
  readonly sites = new Timeline<SiteState>();
  readonly premises = new Timeline<PremisesState>();
  readonly channels = new Timeline<ChannelState>();
  readonly #housed = new Timeline<HousedState>();
  readonly #services = new Timeline<ServiceState>();
  readonly #ratings = new Timeline<RatingState>();
  readonly #honours = new Timeline<HonourState>();
  readonly #lines = new Timeline<LineState>();
  readonly #buildings = new Timeline<BuildingState>();
  readonly #bases = new Timeline<BaseState>();
  readonly #repository: Pick<SiteLogRepository, 'readLog'>;
  readonly #reach = new ReachIndex<Reaching>();
  readonly #spots = new BuildingSpots();

  constructor(repository: Pick<SiteLogRepository, 'readLog'>) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return () => this.#show(log);
  }

  findSite(id: string, moment: Moment): SiteState | undefined {
    return this.sites.find(id, new Window(moment));
  }

  findPremises(id: string, moment: Moment): PremisesState | undefined {
    return this.premises.find(id, new Window(moment));
  }

  findBuilding(id: string, moment: Moment): BuildingState | undefined {
    return this.#buildings.find(id, new Window(moment));
  }

  /** Ids of the bodies that a site houses, in no particular order. */
  housedIn(siteId: string, moment: Moment): string[] {
    return holding(this.#housed, siteId, moment).map(({ value }) => value.bodyId);
  }

  /** By code. */
  servicesOf(siteId: string, moment: Moment): ServiceState[] {
    return holding(this.#services, siteId, moment)
      .map(({ value }) => value)
      .sort((a, b) => compare(a.code, b.code));
  }

  /** Everything the edition knows a site to have been rated, oldest first, then by scheme. */
  ratingsOf(siteId: string, edition: number): DatedRow<RatingState>[] {
    return this.#ratings
      .rowsOf(siteId)
      .filter((row) => row.editionFrom <= edition && edition < row.editionTo)
      .sort((a, b) => a.validFrom - b.validFrom || compare(a.value.scheme, b.value.scheme));
  }

  /** What it bears at the moment, newest first, then by name. */
  honoursOf(siteId: string, moment: Moment): HonourState[] {
    return holding(this.#honours, siteId, moment)
      .map(({ value }) => value)
      .sort((a, b) => compare(b.givenOn, a.givenOn) || compare(a.name, b.name));
  }

  /** The site where a holder of a post is based: his own base before that of the post. */
  baseOf(postId: string, appointmentId: string | null, moment: Moment): SiteState | undefined {
    const bases = holding(this.#bases, postId, moment).map(({ value }) => value);
    const base =
      bases.find((each) => each.appointmentId !== null && each.appointmentId === appointmentId) ??
      bases.find((each) => each.appointmentId === null);
    return base && this.findSite(base.siteId, moment);
  }

  /** Sites or premises that may lie in a box, of every date and edition. */
  candidates(kind: 'SITE', box: Box): DatedRow<SiteState>[];
  candidates(kind: 'PREMISES', box: Box): DatedRow<PremisesState>[];
  candidates(kind: 'SITE' | 'PREMISES', box: Box): DatedRow<SiteState | PremisesState>[] {
    const found: DatedRow<SiteState | PremisesState>[] = [];
    for (const each of this.#reach.inBox(box)) if (each.kind !== 'LINE' && each.kind === kind) found.push(each.row);
    return found;
  }

  /**
   * The buildings, premises, sites and lines that a spot is at, in this order, nearest first within a kind. `window` is
   * narrowed to the span in which they are the same.
   */
  placesAt({ x, y, buildingId }: AskedSpot, moment: Moment, window = new Window(moment)): HoldingPlace[] {
    const found = this.#buildingsAround(x, y, buildingId, window).map((state) => ({
      place: new HoldingPlace('BUILDING', state, moment),
      distance: 0,
    }));
    for (const { item, distanceMetres } of this.#reach.reaching(x, y)) {
      if (!window.admits(item.row)) continue;
      const { id, name } = item.row.value;
      const point = item.kind === 'LINE' ? item.row.value.path[0] : item.row.value.point;
      found.push({ place: new HoldingPlace(item.kind, { id, name, point }, moment), distance: distanceMetres });
    }
    if (found.length > 1) {
      found.sort(
        (a, b) =>
          KINDS.indexOf(a.place.kind) - KINDS.indexOf(b.place.kind) ||
          a.distance - b.distance ||
          compare(a.place.id, b.place.id),
      );
    }
    return found.map(({ place }) => place);
  }

  /** The building that an address names, or those whose own point this is. */
  #buildingsAround(x: number, y: number, id: string | null | undefined, window: Window): BuildingState[] {
    if (id != null) {
      const named = this.#buildings.find(id, window);
      return named ? [named] : [];
    }
    return this.#spots.at(x, y).flatMap((row) => (window.admits(row) ? [row.value] : []));
  }

  #show(log: SiteLog): void {
    this.sites.show(log.sites, ({ id }) => id);
    this.premises.show(log.premises, ({ id }) => id);
    this.#lines.show(log.lines, ({ id }) => id);
    this.#buildings.show(log.buildings, ({ id }) => id);
    this.channels.show(log.channels, ({ gridId, buildingId }) => gridId ?? buildingId!);
    this.#housed.show(log.housed, ({ siteId }) => siteId);
    this.#services.show(log.services, ({ siteId }) => siteId);
    this.#ratings.show(log.ratings, ({ siteId }) => siteId);
    this.#honours.show(log.honours, ({ siteId }) => siteId);
    this.#bases.show(log.bases, ({ postId }) => postId);
    for (const row of log.sites.opened)
      this.#reach.addPoint({ kind: 'SITE', row }, row.value.point, row.value.radiusMetres);
    for (const row of log.premises.opened) {
      this.#reach.addPoint({ kind: 'PREMISES', row }, row.value.point, row.value.radiusMetres);
    }
    for (const row of log.lines.opened) {
      this.#reach.addPath({ kind: 'LINE', row }, row.value.path, row.value.toleranceMetres);
    }
    this.#reach.build();
    for (const row of log.buildings.opened) this.#spots.add(row);
  }
}

function holding<T>(timeline: Timeline<T>, key: string, moment: Moment): DatedRow<T>[] {
  const window = new Window(moment);
  return timeline.rowsOf(key).filter((row) => window.admits(row));
}

/** By code units: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
