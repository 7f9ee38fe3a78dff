import type { Shape } from '../../geometry/polygon.ts';
import type { Values } from './rows/compareFields.ts';

/** A grid that the file draws. */
export interface CreateWish {
  readonly id: string;
  readonly layer: string;
  readonly tier: string;
  readonly code: string;
  readonly name: string;
  readonly kind: string | undefined;
  /** Undefined: the grid above that holds it. */
  readonly parent: string | undefined;
  readonly manager: string | null;
  readonly boundary: Shape;
  /** The grid that it was cut off. */
  readonly cutFrom: string | null;
}

/** All that an edited file asks for, by grid. */
export interface Wishes {
  readonly changes: ReadonlyMap<string, Partial<Values>>;
  readonly created: readonly CreateWish[];
  readonly retired: readonly string[];
}
