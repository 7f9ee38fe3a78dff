import type { Transaction } from 'kysely';
import type { Database } from '../../db/tables.ts';
import { type Box, boxOf, containsPoint } from '../../geometry/polygon.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { byMainCode, holdsAt, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { LineageBook } from '../../grids/lineage/lineageBook.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Buckets } from '../counting/buckets.ts';
import type { Frame } from '../frame/frame.ts';
import { type AreaMatter, largestParts } from './largestParts.ts';
import type { PlaceRepository } from './place.repository.ts';
import { type Located, type Placement, SpotBook } from './placement.ts';

type Trx = Transaction<Database>;

/** More grids than this are not named to the database: it looks at all owners of the layer instead. */
const MOST_NAMED = 5_000;

/**
 * Says in which grid everything counts, once each. By owner: in the grid that owns it, or where that one is not there in
 * the tree of the frame, in the one it went on in. By place: in the smallest grid that holds the exact point on the day of
 * the boundaries; what is an area or a line, in the grid with its largest part.
 */
export class Placer {
  readonly #atlas: Atlas;
  readonly #lineage: LineageBook;
  readonly #repository: PlaceRepository;

  constructor(atlas: Atlas, lineage: LineageBook, repository: PlaceRepository) {
    this.#atlas = atlas;
    this.#lineage = lineage;
    this.#repository = repository;
  }

  async place(trx: Trx, frame: Frame, buckets: Buckets): Promise<Placement> {
    const numbers = new Map<string, number>();
    const [matters, visits] = [new SpotBook(numbers), new SpotBook(numbers)];
    const box = boxOf(frame.within.shape);
    const owners = frame.boundaryDate ? null : await this.#owners(trx, frame, buckets, matters);
    if (!owners) await this.#locateMatters(trx, frame, matters);
    for (const visit of await this.#repository.listVisits(trx, frame, box)) {
      const version = this.#holderOf(visit, frame);
      if (version) visits.add(visit.position, version.grid.id);
    }
    return { owners, grids: [...numbers.keys()], matters: matters.spots, visits: visits.spots };
  }

  /** Owners that are not there in the tree have their matters placed one by one. */
  async #owners(trx: Trx, frame: Frame, buckets: Buckets, book: SpotBook): Promise<Placement['owners']> {
    const { layer } = frame.within.grid;
    const absent: string[] = [];
    for (const grid of this.#atlas.grids) {
      if (grid.layer === layer && !versionAt(grid, frame.moment)) absent.push(grid.id);
    }
    if (absent.length > 0) {
      for (const matter of await this.#repository.listOwned(trx, frame, layer.id, absent)) {
        const heir = this.#heirOf(matter, frame.moment) ?? this.#holderOf(matter, frame);
        if (heir) book.add(matter.position, heir.grid.id);
      }
    }
    return { layerId: layer.id, gridIds: buckets.gridCount > MOST_NAMED ? null : [...buckets.gridIds] };
  }

  async #locateMatters(trx: Trx, frame: Frame, book: SpotBook): Promise<void> {
    const found = await this.#repository.listMatters(trx, frame, boxOf(frame.within.shape));
    const areas: AreaMatter[] = [];
    for (const matter of found) {
      const { position, box } = matter;
      const version = box ? undefined : this.#holderOf(matter, frame);
      if (box) areas.push({ position, candidates: this.#candidates(box, frame) });
      else if (version) book.add(position, version.grid.id);
    }
    if (areas.length === 0) return;
    const pairs = areas.flatMap(({ position, candidates }) =>
      candidates.map(({ id }) => ({ position, versionId: id })),
    );
    const parts = await this.#repository.listParts(trx, pairs);
    for (const [position, version] of largestParts(areas, parts, frame.moment)) book.add(position, version.grid.id);
  }

  #candidates(box: Box, { within, moment }: Frame): VersionEntry[] {
    const near = this.#atlas.candidates(within.grid.layer, box, moment.edition);
    return near.filter((version) => holdsAt(version, moment));
  }

  #holderOf({ x, y }: Located, { within, moment }: Frame): VersionEntry | undefined {
    return this.#atlas.locate(within.grid.layer, x, y, moment);
  }

  /** Of the grids in which the owner went on the one that holds the place, or else the one with the lowest code. */
  #heirOf({ gridId, x, y }: Located, moment: Moment): VersionEntry | undefined {
    const present: VersionEntry[] = [];
    const reached = new Set([gridId!]);
    for (const id of reached) {
      const grid = this.#atlas.findGrid(id);
      const version = grid && versionAt(grid, moment);
      if (version) present.push(version);
      else
        for (const { toId, at } of this.#lineage.successorsOf(id, moment.edition)) {
          if (at <= moment.asOf) reached.add(toId);
        }
    }
    present.sort(byMainCode(moment.edition));
    return present.find(({ shape }) => containsPoint(shape, x, y)) ?? present.at(0);
  }
}
