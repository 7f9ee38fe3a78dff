import { Grid } from '../../grids/api/grid.type.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { chainOf, type GridEntry, historyOf, versionAt } from '../../grids/atlas/rows.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import { listingKey } from '../../grids/gridFinder.ts';
import { Post } from '../../posts/api/holding.type.ts';
import type { Directory } from '../../posts/directory.ts';
import type { FeedItem } from '../feeds.ts';
import type { BoundaryEvent } from './boundaryEvent.type.ts';
import { EditionEventKind } from './editionEvent.type.ts';
import type { OwnershipEvent } from './ownershipEvent.type.ts';
import { type ToldEdition, toldEdition } from './toldEdition.ts';

/** Most grids and posts that one event lists. */
const MOST = 200;

export interface EditionSources {
  readonly editions: Pick<EditionService, 'editions' | 'latest' | 'catchUp'>;
  readonly atlas: Pick<Atlas, 'findGrid'>;
  readonly directory: Pick<Directory, 'watch'>;
}

/** Shows events of editions to those who follow an area. */
export class EditionViews {
  readonly #sources: EditionSources;

  constructor(sources: EditionSources) {
    this.#sources = sources;
  }

  /** `within`: the id of the area that is followed. */
  async boundary(item: FeedItem, within: string): Promise<BoundaryEvent> {
    const told = await this.#known(item);
    // Of a very large edition the event names some grids only; which of those it told were changed is known here.
    const isWhole = told.gridCount === told.grids.length;
    const ids = isWhole ? told.grids : item.event.areaIds;
    const changed = this.#entriesWithin(ids, within, told).filter((grid) => isWhole || isChanged(grid, told.edition));
    const grids = changed.slice(0, MOST).map((grid) => gridOf(grid, told));
    return { ...this.#shell(item, told), grids, gridCount: told.gridCount, hasMore: changed.length > MOST };
  }

  /** The same of those who answer. */
  async ownership(item: FeedItem, within: string): Promise<OwnershipEvent> {
    const told = await this.#known(item);
    const { gridCount, postCount } = told;
    const entries = this.#entriesWithin(told.grids, within, told);
    const grids = entries.slice(0, MOST).map((grid) => gridOf(grid, told));
    const posts = this.#postsOn(entries, told);
    const isCut = gridCount > told.grids.length || postCount > told.posts.length;
    const hasMore = isCut || entries.length > MOST || posts.length > MOST;
    return { ...this.#shell(item, told), posts: posts.slice(0, MOST), postCount, grids, gridCount, hasMore };
  }

  /** The feed may be ahead of the memory of this process. */
  async #known({ event }: FeedItem): Promise<ToldEdition> {
    const told = toldEdition(event);
    if (told.edition > this.#sources.editions.latest) await this.#sources.editions.catchUp();
    return told;
  }

  #shell({ event, cursor }: FeedItem, { edition, effectiveAt }: ToldEdition) {
    const kind = EditionEventKind[event.kind as keyof typeof EditionEventKind];
    return {
      id: event.id,
      cursor,
      kind,
      edition: this.#sources.editions.editions[edition - 1],
      at: event.at,
      effectiveAt,
    };
  }

  /** Those that are in the area, or were before, in listing order. */
  #entriesWithin(ids: readonly string[], within: string, { edition, moments }: ToldEdition): GridEntry[] {
    const entries = ids.flatMap((id) => this.#sources.atlas.findGrid(id) ?? []);
    const isWithin = (grid: GridEntry) =>
      moments.some((moment) => {
        const version = versionAt(grid, moment);
        return version && chainOf(version, moment).some((above) => above.grid.id === within);
      });
    return entries
      .filter((grid) => grid.id === within || isWithin(grid))
      .map((grid) => ({ grid, key: listingKey(grid, edition) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ grid }) => grid);
  }

  /** By grid, in the order of these, then by role. */
  #postsOn(entries: readonly GridEntry[], told: ToldEdition): Post[] {
    const places = new Map(entries.map((grid, place) => [grid.id, place]));
    const found = told.posts.flatMap((id) => {
      const [now, ...before] = told.moments.map((moment) => this.#sources.directory.watch(id, moment));
      const place = places.get(now?.gridId ?? '');
      const known = [now, ...before].find((watched) => watched?.entry)?.entry;
      if (!now || !known || place === undefined) return [];
      const entry = now.entry ?? { ...known, post: { id, vacant: true }, holders: [] };
      const grid = now.placeId === null ? gridOf(entries[place], told) : null;
      return [{ place, position: entry.role.position, post: new Post(entry, grid) }];
    });
    found.sort((a, b) => a.place - b.place || a.position - b.position || (a.post.id < b.post.id ? -1 : 1));
    return found.map(({ post }) => post);
  }
}

/** As the edition has it on its day; where it is not there then, as it last was, or was to be before. */
function gridOf(grid: GridEntry, { edition, moments: [day] }: ToldEdition): Grid {
  const version = versionAt(grid, day) ?? historyOf(grid, edition).at(-1);
  if (version) return new Grid(version, day);
  const former = historyOf(grid, edition - 1).at(-1) ?? grid.versions[0];
  return new Grid(former, { asOf: former.validFrom, edition: edition - 1 });
}

function isChanged({ versions, codes }: GridEntry, edition: number): boolean {
  return [...versions, ...codes].some((row) => row.editionFrom === edition || row.editionTo === edition);
}
