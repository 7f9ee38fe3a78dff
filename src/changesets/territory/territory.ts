import Flatbush from 'flatbush';
import { DomainError } from '../../errors.ts';
import { type Box, boxesMeet, boxOf } from '../../geometry/polygon.ts';
import type { DraftGrid, LayerRules, TierRules } from './draftGrid.ts';
import type { Patch } from './patch.ts';

/** What does not change from draft to draft: shared by all territories that came from one. */
interface Ground {
  readonly layers: ReadonlyMap<string, LayerRules>;
  readonly grids: ReadonlyMap<string, DraftGrid>;
  readonly shelves: ReadonlyMap<string, { readonly grids: readonly DraftGrid[]; readonly tree: Flatbush | undefined }>;
  readonly childIds: ReadonlyMap<string, readonly string[]>;
  readonly memberships: ReadonlyMap<string, readonly string[]>;
}

/**
 * All layers with their grids as they are at one moment, in memory. It is never changed: `with` gives another one that
 * shares everything it does not touch, so that a draft costs what it changes and not what the registry holds.
 */
export class Territory {
  readonly #ground: Ground;
  /** Grids that differ from the ground; null: ended. */
  readonly #changed: ReadonlyMap<string, DraftGrid | null>;

  private constructor(ground: Ground, changed: ReadonlyMap<string, DraftGrid | null>) {
    this.#ground = ground;
    this.#changed = changed;
  }

  static of(layers: readonly LayerRules[], grids: Iterable<DraftGrid>): Territory {
    const byId = new Map<string, DraftGrid>();
    const shelves = new Map<string, DraftGrid[]>();
    const childIds = new Map<string, string[]>();
    const memberships = new Map<string, string[]>();
    for (const grid of grids) {
      byId.set(grid.id, grid);
      push(shelves, `${grid.layer}/${grid.tier}`, grid);
      if (grid.parentId) push(childIds, grid.parentId, grid.id);
      for (const member of grid.memberIds ?? []) push(memberships, member, grid.id);
    }
    const indexed = [...shelves].map(([key, shelf]) => [key, { grids: shelf, tree: indexOf(shelf) }] as const);
    const known = new Map(layers.map((layer) => [layer.code, layer]));
    return new Territory({ layers: known, grids: byId, shelves: new Map(indexed), childIds, memberships }, new Map());
  }

  /** The territory after a patch. */
  with(patch: Patch): Territory {
    const changed = new Map(this.#changed);
    for (const [id, { after }] of patch) {
      if ((this.#ground.grids.get(id) ?? null) === after) changed.delete(id);
      else changed.set(id, after);
    }
    return new Territory(this.#ground, changed);
  }

  get layers(): Iterable<LayerRules> {
    return this.#ground.layers.values();
  }

  /** Throws NOT_FOUND. */
  getLayer(code: string, field = 'layer'): LayerRules {
    const layer = this.#ground.layers.get(code);
    if (layer) return layer;
    throw new DomainError('NOT_FOUND', `${field}: there is no layer ${code}; \`layers\` lists them.`, { field });
  }

  /** Throws NOT_FOUND. */
  getTier(layer: string, tier: string, field = 'tier'): TierRules {
    const found = this.getLayer(layer).tiers.find((each) => each.code === tier);
    if (found) return found;
    throw new DomainError('NOT_FOUND', `${field}: layer ${layer} has no tier ${tier}.`, { field });
  }

  find(id: string): DraftGrid | undefined {
    const changed = this.#changed.get(id);
    return changed === undefined ? this.#ground.grids.get(id) : (changed ?? undefined);
  }

  /** Throws NOT_FOUND, naming the field that gave the id. */
  get(id: string, field: string): DraftGrid {
    const grid = this.find(id);
    if (grid) return grid;
    throw new DomainError('NOT_FOUND', `${field}: the draft has no grid ${id}.`, { field, grid: id });
  }

  /** The grids of a layer, or of one tier of it, in no order. */
  *grids(layer: string, tier?: string): Generator<DraftGrid> {
    for (const { code } of this.getLayer(layer).tiers) {
      if (tier !== undefined && tier !== code) continue;
      for (const grid of this.#ground.shelves.get(`${layer}/${code}`)?.grids ?? []) {
        if (!this.#changed.has(grid.id)) yield grid;
      }
    }
    for (const grid of this.#changed.values()) {
      if (grid && grid.layer === layer && (tier === undefined || grid.tier === tier)) yield grid;
    }
  }

  /** The grids of a layer, or of one tier of it, whose boxes meet the box, in no order. */
  meeting(box: Box, layer: string, tier?: string): DraftGrid[] {
    const found: DraftGrid[] = [];
    for (const { code } of this.getLayer(layer).tiers) {
      const shelf = tier === undefined || tier === code ? this.#ground.shelves.get(`${layer}/${code}`) : undefined;
      for (const i of shelf?.tree?.search(box.minX, box.minY, box.maxX, box.maxY) ?? []) {
        if (!this.#changed.has(shelf!.grids[i].id)) found.push(shelf!.grids[i]);
      }
    }
    for (const grid of this.#changed.values()) {
      if (
        grid &&
        grid.layer === layer &&
        (tier === undefined || grid.tier === tier) &&
        boxesMeet(boxOf(grid.shape), box)
      ) {
        found.push(grid);
      }
    }
    return found;
  }

  childrenOf(id: string): DraftGrid[] {
    return this.#namedBy(this.#ground.childIds.get(id), (grid) => grid.parentId === id);
  }

  /** The grids of other layers that are made up of this one, among others. */
  madeOf(id: string): DraftGrid[] {
    return this.#namedBy(this.#ground.memberships.get(id), (grid) => grid.memberIds?.includes(id) ?? false);
  }

  #namedBy(ids: readonly string[] | undefined, names: (grid: DraftGrid) => boolean): DraftGrid[] {
    const kept = (ids ?? []).filter((id) => !this.#changed.has(id)).map((id) => this.#ground.grids.get(id)!);
    for (const grid of this.#changed.values()) if (grid && names(grid)) kept.push(grid);
    return kept;
  }
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function indexOf(grids: readonly DraftGrid[]): Flatbush | undefined {
  if (grids.length === 0) return undefined;
  const tree = new Flatbush(grids.length, 16, Int32Array);
  for (const { shape } of grids) {
    const { minX, minY, maxX, maxY } = boxOf(shape);
    tree.add(minX, minY, maxX, maxY);
  }
  tree.finish();
  return tree;
}
