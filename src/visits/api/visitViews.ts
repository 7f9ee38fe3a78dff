import { fromLattice } from '../../geometry/lattice.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { versionAt } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Directory } from '../../posts/directory.ts';
import type { SiteBook } from '../../sites/siteBook.ts';
import type { ActivityRecord } from '../activities/activity.type.ts';
import type { Unvisited } from '../must/unvisited.ts';
import type { VisitRecord } from '../visit.type.ts';
import { Activity } from './activity.type.ts';
import { UnvisitedPlace } from './unvisited.type.ts';
import { Visit, VisitFlagEnum, VisitStateEnum } from './visit.type.ts';

export interface ViewSources {
  readonly atlas: Pick<Atlas, 'findGrid'>;
  readonly directory: Pick<Directory, 'findPerson'>;
  readonly sites: Pick<SiteBook, 'findSite' | 'findPremises'>;
}

/** Shows visits, unvisited places and activities as clients read them: names and grids as of the day that is meant. */
export class VisitViews {
  readonly #sources: ViewSources;
  readonly #moments: MomentReader;

  constructor(sources: ViewSources, moments: MomentReader) {
    this.#sources = sources;
    this.#moments = moments;
  }

  visit(record: VisitRecord): Visit {
    const then = this.#moments.read(record.visitedAt);
    const { staffId, gridId, reviewReason, state, flags } = record;
    const visitor = staffId === null ? undefined : this.#sources.directory.findPerson(staffId, then);
    return Object.assign(new Visit(), {
      ...record,
      state: VisitStateEnum[state],
      flags: flags.map((flag) => VisitFlagEnum[flag]),
      visitor: visitor ?? null,
      grid: this.#gridAt(gridId, then),
      place: this.#place(record, then),
      reason: reviewReason,
    });
  }

  unvisited({ placeId, placeKind, point, kind, gridId, ...same }: Unvisited, at: Moment): UnvisitedPlace {
    const place = { siteId: placeId, siteKind: placeKind, at: point, grid: this.#gridAt(gridId, at) };
    const { lastVisitedAt, dueAt, name } = same;
    const fields = { ...place, name, lastVisitedAt, dueAt, kind: kind.code, everyDays: kind.everyDays };
    return Object.assign(new UnvisitedPlace(), fields);
  }

  activity(record: ActivityRecord): Activity {
    const then = this.#moments.read(record.from);
    const grids = record.gridIds.flatMap((id) => this.#gridAt(id, then) ?? []);
    return Object.assign(new Activity(), { ...record, grids });
  }

  #place({ siteId, premisesId, addressId, x, y }: VisitRecord, then: Moment) {
    const { sites } = this.#sources;
    const site = siteId === null ? undefined : sites.findSite(siteId, then);
    const found = site ?? (premisesId === null ? undefined : sites.findPremises(premisesId, then));
    const at = { lon: fromLattice(x), lat: fromLattice(y) };
    const named = { name: found?.name ?? null, kind: found?.kind ?? null };
    return { siteId: siteId ?? premisesId, addressId, ...named, at };
  }

  #gridAt(id: string, moment: Moment): Grid | null {
    const grid = this.#sources.atlas.findGrid(id);
    const version = grid && versionAt(grid, moment);
    return version ? new Grid(version, moment) : null;
  }
}
