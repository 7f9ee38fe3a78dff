import { type NumberedPart, numberedPage } from '../../api/lists/numberedPage.ts';
import { fromLattice } from '../../geometry/lattice.ts';
import { containsPoint } from '../../geometry/polygon.ts';
import { Grid } from '../../grids/api/grid.type.ts';
import { Layer } from '../../grids/api/layer.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { LineageBook } from '../../grids/lineage/lineageBook.ts';
import type { Moment } from '../../grids/moment.ts';
import type { MomentReader } from '../../grids/momentReader.ts';
import type { Body } from '../../posts/api/staff.type.ts';
import type { Directory } from '../../posts/directory.ts';
import type { DiscrepancyRecord, FoundGround } from '../discrepancy.repository.ts';
import { managerOf } from '../groundAt.ts';
import {
  type DiscrepancyGround,
  DiscrepancyKindEnum,
  DiscrepancyOutcomeEnum,
  DiscrepancyReport,
  DiscrepancyStatusEnum,
} from './discrepancy.type.ts';
import type { DiscrepancyConnection } from './discrepancyConnection.type.ts';

/** What its cursors are of. */
export const REPORTS = 'discrepancy';

/** Shows reports as clients read them: what was found as of the report, who manages the place as of now. */
export class ReportViews {
  readonly #atlas: Atlas;
  readonly #directory: Directory;
  readonly #moments: MomentReader;
  readonly #lineage: LineageBook;

  constructor(atlas: Atlas, directory: Directory, moments: MomentReader, lineage: LineageBook) {
    this.#atlas = atlas;
    this.#directory = directory;
    this.#moments = moments;
    this.#lineage = lineage;
  }

  show(record: DiscrepancyRecord): DiscrepancyReport {
    const { x, y, edition, reportedAt, layerId, outcome } = record;
    const then: Moment = { asOf: reportedAt.getTime(), edition };
    const layer = this.#atlas.layersAt(edition).find(({ id }) => id === layerId);
    return Object.assign(new DiscrepancyReport(), {
      ...record,
      kind: DiscrepancyKindEnum[record.kind],
      status: DiscrepancyStatusEnum[record.status],
      outcome: outcome && DiscrepancyOutcomeEnum[outcome],
      at: { lon: fromLattice(x), lat: fromLattice(y) },
      layer: layer ? new Layer(layer, edition) : null,
      grid: this.#gridAt(record.gridId, then),
      grounds: record.found.flatMap((each) => this.#ground(each, then)),
      managedThenBy: this.#bodyAt(record.managerId, then),
      managedBy: this.#managerNow(record),
    });
  }

  /** A page out of reports, newest first, of which one more was read if there is one. */
  page(records: readonly DiscrepancyRecord[], totalCount: number, part: NumberedPart): DiscrepancyConnection {
    return { ...numberedPage(REPORTS, records, part, (each) => this.show(each)), totalCount };
  }

  #ground({ layer: code, status, gridId, distanceMetres }: FoundGround, then: Moment): DiscrepancyGround[] {
    const layer = this.#atlas.findLayer(code);
    if (!layer) return [];
    return [{ layer: new Layer(layer, then.edition), status, grid: this.#gridAt(gridId, then), distanceMetres }];
  }

  #gridAt(id: string | null, moment: Moment): Grid | null {
    const version = this.#versionAt(id, moment);
    return version ? new Grid(version, moment) : null;
  }

  #versionAt(id: string | null, moment: Moment) {
    const grid = id === null ? undefined : this.#atlas.findGrid(id);
    return grid && versionAt(grid, moment);
  }

  #managerNow({ gridId, x, y }: DiscrepancyRecord): Body | null {
    const now = this.#moments.read();
    const present = gridId === null ? [] : this.#presentGrids(gridId, now);
    const here = present.find(({ shape }) => containsPoint(shape, x, y)) ?? present.at(0);
    return this.#bodyAt(managerOf(here, now), now);
  }

  /** The grid itself, or where it has ended those in which it went on. */
  #presentGrids(gridId: string, now: Moment): VersionEntry[] {
    const present: VersionEntry[] = [];
    const reached = new Set([gridId]);
    for (const id of reached) {
      const version = this.#versionAt(id, now);
      if (version) present.push(version);
      else
        for (const { toId, at } of this.#lineage.successorsOf(id, now.edition)) if (at <= now.asOf) reached.add(toId);
    }
    return present;
  }

  #bodyAt(id: string | null, moment: Moment): Body | null {
    return (id !== null && this.#directory.findBody(id, moment)) || null;
  }
}
