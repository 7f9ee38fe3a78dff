import type { Box } from '../../geometry/polygon.ts';

/** Matters or visits that count in a grid for where they lie, by their positions; `at` is a place in `Placement.grids`. */
export interface Spots {
  readonly positions: readonly number[];
  readonly at: readonly number[];
}

/** In which grid everything counts. What is placed in no grid of the area does not count. */
export interface Placement {
  /** Null: owners do not matter, all is in `matters`. `gridIds` null: too many to name, look at all. */
  readonly owners: { readonly layerId: number; readonly gridIds: readonly string[] | null } | null;
  /** Grids by id, as the spots name them. */
  readonly grids: readonly string[];
  readonly matters: Spots;
  readonly visits: Spots;
}

/** A matter or a visit, where it is. */
export interface Located {
  readonly position: number;
  /** The grid that owns it; null where nobody asked. */
  readonly gridId: string | null;
  readonly x: number;
  readonly y: number;
  /** Of an area or a line; null for a point. */
  readonly box: Box | null;
}

/** Collects spots. */
export class SpotBook {
  readonly #numbers: Map<string, number>;
  readonly #positions: number[] = [];
  readonly #at: number[] = [];

  /** Books that share `numbers` name grids alike. */
  constructor(numbers: Map<string, number>) {
    this.#numbers = numbers;
  }

  add(position: number, gridId: string): void {
    let number = this.#numbers.get(gridId);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(gridId, number);
    }
    this.#positions.push(position);
    this.#at.push(number);
  }

  get spots(): Spots {
    return { positions: this.#positions, at: this.#at };
  }
}
