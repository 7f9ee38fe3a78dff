import type { LoadFigureJson } from '../db/tables.ts';
import type { Shape } from '../geometry/polygon.ts';

export type LayerKind = 'PARTITION' | 'OVERLAY';

/** A layer as it is made: a tree of grids with its own rules. */
export interface LayerDraft {
  readonly code: string;
  readonly name: string;
  readonly kind: LayerKind;
}

/** A tier as it is made; rank 1 is the root. `scheme` is where every grid of the tier is expected to have a code. */
export interface TierDraft {
  readonly layer: string;
  readonly code: string;
  readonly name: string;
  readonly rank: number;
  readonly scheme?: string;
}

/** A naming scheme for codes. Schemes of one family should agree; where they do not, it is a conflict. */
export interface SchemeDraft {
  readonly code: string;
  readonly name: string;
  readonly family?: string;
}

export interface CodeDraft {
  readonly scheme: string;
  readonly code: string;
}

/** An aggregate figure of a grid with its date and source, such as households; never about one person. */
export type LoadFigure = LoadFigureJson;

/** What a grid is from one instant to another. */
export interface GridState {
  readonly name: string;
  readonly kind: string;
  readonly parentId: string | null;
  readonly managerId: string | null;
  readonly boundary: Shape;
  readonly loads: readonly LoadFigure[];
}

/** A new grid with its first version. The first code is its main one. */
export interface GridDraft extends GridState {
  readonly id: string;
  readonly layer: string;
  readonly tier: string;
  readonly codes: readonly CodeDraft[];
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** A change of a known grid from an instant on; what is not named stays as it is on each later date. */
export interface GridRevision {
  readonly gridId: string;
  readonly from: Date;
  readonly set: Partial<GridState>;
}

/** A place that no grid of a PARTITION layer holds: left out by mistake (GAP) or on purpose (NOT_SERVED). */
export interface GapDraft {
  readonly layer: string;
  readonly name: string;
  readonly status: 'GAP' | 'NOT_SERVED';
  readonly boundary: Shape;
  readonly validFrom: Date;
}
