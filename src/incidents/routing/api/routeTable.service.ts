import { DomainError } from '../../../errors.ts';
import { shapeToGeoJson } from '../../../geometry/geojson.ts';
import { fromLattice } from '../../../geometry/lattice.ts';
import { boxOf, representativePoint } from '../../../geometry/polygon.ts';
import { Grid } from '../../../grids/api/grid.type.ts';
import { chainOf, type VersionEntry } from '../../../grids/atlas/rows.ts';
import type { GridFinder } from '../../../grids/gridFinder.ts';
import type { Moment } from '../../../grids/moment.ts';
import type { OwnershipService } from '../../../ownership/ownership.service.ts';
import type { Directory } from '../../../posts/directory.ts';
import type { RouteRow, RouteTable } from '../coverageReport.ts';
import type { RouteTableRow } from './routeTable.type.ts';

/** Of an area, a grid of another layer that shares less is rounding along the border. */
const SLIVER = 0.001;
/** Grids of other layers in one table. */
const MOST_GRIDS = 300;

/** Reads the table of routes of a grid and of what other layers have on its territory. */
export class RouteTableService {
  readonly #finder: GridFinder;
  readonly #ownership: Pick<OwnershipService, 'locate'>;
  readonly #directory: Directory;
  readonly #table: RouteTable;

  constructor(
    finder: GridFinder,
    ownership: Pick<OwnershipService, 'locate'>,
    directory: Directory,
    table: RouteTable,
  ) {
    this.#finder = finder;
    this.#ownership = ownership;
    this.#directory = directory;
    this.#table = table;
  }

  /** `area`: a grid by id or code. Throws NOT_FOUND for one that does not exist at the moment, AMBIGUOUS_CODE, TOO_LARGE where too many grids share the area. */
  async read(area: string, category: string | null, moment: Moment): Promise<RouteTableRow[]> {
    const version = this.#finder.findNamed(area, moment);
    if (!version) {
      const message = 'area: there is no grid of this id or code at that instant; `grids` lists them.';
      throw new DomainError('NOT_FOUND', message, { field: 'area' });
    }
    const chains = [chainOf(version, moment), ...(await this.#otherChains(version, moment))];
    const grids = new Map(chains.flat().map((each) => [each.grid.id, each]));
    return this.#table.of(chains, moment, category).map((row) => this.#show(row, grids, moment));
  }

  async #otherChains(version: VersionEntry, moment: Moment): Promise<(readonly VersionEntry[])[]> {
    const { shape } = version;
    const { x, y } = representativePoint(shape)!;
    const area = { geometry: shapeToGeoJson(shape), box: boxOf(shape) };
    const point = { lon: fromLattice(x), lat: fromLattice(y) };
    const { answers } = await this.#ownership.locate({ x, y, accuracyMetres: 0, point, area }, moment);
    const shares = answers
      .filter(({ layer }) => layer !== version.grid.layer)
      .flatMap((answer) => answer.shares.filter(({ share }) => share >= SLIVER));
    if (shares.length > MOST_GRIDS) {
      const message = `area: ${shares.length} grids of other layers share it; a table takes at most ${MOST_GRIDS}. Ask for a smaller grid.`;
      throw new DomainError('TOO_LARGE', message, { field: 'area' });
    }
    return shares.map((share) => chainOf(share.version, moment));
  }

  #show(row: RouteRow, grids: ReadonlyMap<string, VersionEntry>, moment: Moment): RouteTableRow {
    const { category, rung, configured, notices } = row;
    const recipients = row.recipients.map(({ purpose, postId, role, gridId }) => {
      const post = this.#directory.findPost(postId, moment)?.post;
      return {
        ...{ purpose, postId, vacant: post?.vacant ?? true },
        role: this.#directory.findRole(role, moment.edition)!,
        grid: new Grid(grids.get(gridId)!, moment),
      };
    });
    return { category, layer: rung?.layer ?? null, tier: rung?.tier ?? null, configured, recipients, notices };
  }
}
