import type { Draft } from '../changesets/changeset.type.ts';
import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import { type Box, joinBoxes } from '../geometry/polygon.ts';
import { OwnerFinder } from './ownerFinder.ts';

/** A place on the lattice. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** Whose a place is in one layer, before and after; not the same. */
export interface LayerChange {
  readonly layer: string;
  readonly before: readonly DraftGrid[];
  readonly after: readonly DraftGrid[];
}

/** Compares whose places of one layer are before and after. Outside the boxes nothing moves. */
export class Comparer {
  readonly #layer: string;
  readonly #boxes: readonly Box[];
  readonly #before: OwnerFinder;
  readonly #after: OwnerFinder;

  constructor({ base, territory }: Draft, layer: string, boxes: readonly Box[]) {
    this.#layer = layer;
    this.#boxes = boxes;
    this.#before = new OwnerFinder(base, layer, joinBoxes(boxes));
    this.#after = new OwnerFinder(territory, layer, joinBoxes(boxes));
  }

  /** By who owns it: a place that a divided grid leaves out is nobody's. Empty: the same, or outside the boxes. */
  compareOwners(place: Place): readonly LayerChange[] {
    return this.#compare(place, (finder) => finder.ownersAt(place.x, place.y));
  }

  /** By the smallest grid that holds it, divided or not: whose matters there are. Empty as above. */
  compareHolders(place: Place): readonly LayerChange[] {
    return this.#compare(place, (finder) => finder.holdersAt(place.x, place.y));
  }

  #compare({ x, y }: Place, whose: (finder: OwnerFinder) => readonly DraftGrid[]): readonly LayerChange[] {
    if (!this.#boxes.some((box) => box.minX <= x && x <= box.maxX && box.minY <= y && y <= box.maxY)) return [];
    const [before, after] = [whose(this.#before), whose(this.#after)];
    const isSame = before.length === after.length && before.every(({ id }) => after.some((grid) => grid.id === id));
    return isSame ? [] : [{ layer: this.#layer, before, after }];
  }
}
