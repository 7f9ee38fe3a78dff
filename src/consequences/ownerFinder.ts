import Flatbush from 'flatbush';
import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import type { Territory } from '../changesets/territory/territory.ts';
import { type Box, boxOf, containsPoint } from '../geometry/polygon.ts';

/**
 * Who owns places of one layer in a territory that may be a draft, as the registry would say it: in a PARTITION the
 * deepest grid, or nobody where that is divided and the place is left out; in an OVERLAY the smallest grid of each tree.
 */
export class OwnerFinder {
  readonly #territory: Territory;
  readonly #isPartition: boolean;
  /** Deepest first. */
  readonly #grids: readonly DraftGrid[];
  readonly #tree: Flatbush | undefined;
  readonly #divided = new Map<string, boolean>();

  /** Answers for places within the box. */
  constructor(territory: Territory, layer: string, box: Box) {
    const { kind, tiers } = territory.getLayer(layer);
    const ranks = new Map(tiers.map(({ code, rank }) => [code, rank]));
    this.#territory = territory;
    this.#isPartition = kind === 'PARTITION';
    this.#grids = territory
      .meeting(box, layer)
      .sort((a, b) => ranks.get(b.tier)! - ranks.get(a.tier)! || (a.id < b.id ? -1 : 1));
    if (this.#grids.length === 0) return;
    this.#tree = new Flatbush(this.#grids.length, 16, Int32Array);
    for (const { shape } of this.#grids) {
      const { minX, minY, maxX, maxY } = boxOf(shape);
      this.#tree.add(minX, minY, maxX, maxY);
    }
    this.#tree.finish();
  }

  /** Empty where nobody owns the lattice point. */
  ownersAt(x: number, y: number): readonly DraftGrid[] {
    const holders = this.holdersAt(x, y);
    return this.#isPartition && holders.some(({ id }) => this.#isDivided(id)) ? [] : holders;
  }

  /** The same, but what a divided grid of a PARTITION leaves out is held by that grid. */
  holdersAt(x: number, y: number): readonly DraftGrid[] {
    const near = (this.#tree?.search(x, y, x, y) ?? []).sort((a, b) => a - b);
    if (!this.#isPartition) return this.#smallest(near.map((i) => this.#grids[i]).filter(holding(x, y)));
    const deepest = near.find((i) => containsPoint(this.#grids[i].shape, x, y));
    return deepest === undefined ? [] : [this.#grids[deepest]];
  }

  #isDivided(id: string): boolean {
    let divided = this.#divided.get(id);
    if (divided === undefined) {
      divided = this.#territory.childrenOf(id).length > 0;
      this.#divided.set(id, divided);
    }
    return divided;
  }

  #smallest(holders: readonly DraftGrid[]): DraftGrid[] {
    const above = new Set<string>();
    for (const { parentId } of holders) {
      for (let id = parentId; id !== null && !above.has(id); id = this.#territory.find(id)?.parentId ?? null) {
        above.add(id);
      }
    }
    return holders.filter(({ id }) => !above.has(id));
  }
}

function holding(x: number, y: number): (grid: DraftGrid) => boolean {
  return ({ shape }) => containsPoint(shape, x, y);
}
