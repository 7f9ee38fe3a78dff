import type { ErrorCode } from '../errors.ts';
import type { Datum } from '../geometry/datum.ts';
import type { Position } from '../geometry/lattice.ts';

/** What an import of one GeoJSON file of one tier is asked to do. */
export interface GridImportInput {
  /** The content of the file. */
  readonly text: string;
  readonly layer: string;
  readonly tier: string;
  /** The property that holds each grid's code, its main one in `scheme`. */
  readonly codeField: string;
  readonly nameField: string;
  /** The property that holds the kind; without it a new grid is BASIC and a known one keeps its kind. */
  readonly kindField?: string;
  /** The property that holds the code of the parent, a grid of a higher tier of the layer. */
  readonly parentField?: string;
  /** The parent is the grid of the nearest higher tier that holds the child to 0.1 % of its area. */
  readonly parentBy?: 'location';
  /** Datum of degrees in the file; WGS84 when neither this nor `epsg` is given. */
  readonly datum?: Datum;
  /** Coordinate system of the file by its EPSG number, instead of `datum`. */
  readonly epsg?: number;
  /**
   * When what the file says begins. Without it: a tier's first import holds from 1970 on, because nothing is known to
   * have been otherwise before; a later one holds from now on.
   */
  readonly effectiveAt?: Date;
  /** Makes the layer, the tier (below the layer's lowest) or both where they are missing. */
  readonly create?: 'partition' | 'overlay';
  /** Scheme of the codes: the tier's own, or one named as the layer. */
  readonly scheme?: string;
  /** Title of the edition. */
  readonly title?: string;
  /** In a PARTITION, gaps and overlaps narrower than this (default 1 m) or smaller than the next go by rule. */
  readonly sliverMetres?: number;
  readonly sliverSquareMetres?: number;
  /** Grids of the tier that the file does not name end at `effectiveAt`; otherwise they are kept. */
  readonly retireMissing?: boolean;
  /** False: everything is tried, judged by the database too, and rolled back. */
  readonly commit: boolean;
  readonly onProgress?: ImportProgress;
}

/** Called as a step goes on; `total` is 0 where it cannot be known. */
export type ImportProgress = (step: string, done: number, total: number) => void;

export interface RowFault {
  readonly code: ErrorCode;
  /** The property, option or place in the file that is at fault. */
  readonly field: string | null;
  readonly message: string;
}

/** NEW, CHANGED, SAME and REFUSED are rows of the file; MISSING (kept) and RETIRED are grids it does not name. */
export const ROW_ACTIONS = ['NEW', 'CHANGED', 'SAME', 'REFUSED', 'MISSING', 'RETIRED'] as const;
export type RowAction = (typeof ROW_ACTIONS)[number];

/** What became of one row of the file, or of one known grid that the file does not name. */
export interface RowReport {
  /** Number of the feature in the file, from 1; null for a grid that the file does not name. */
  readonly row: number | null;
  readonly code: string | null;
  readonly name: string | null;
  readonly action: RowAction;
  /** Code of the parent. */
  readonly parent: string | null;
  readonly faults: readonly RowFault[];
  /** What was assumed or changed: parts left out, borders aligned. */
  readonly notes: readonly string[];
}

/** A sliver that went by rule, so that the layer became an exact coverage. */
export interface CoverageChange {
  /** The grids that held it: none for a gap, two or more for an overlap. */
  readonly from: readonly string[];
  readonly to: string;
  readonly areaSquareMetres: number;
  readonly widthMetres: number;
  readonly place: Position;
}

/** An enclosed place that no grid of the tier holds. */
export interface EnclosedGap {
  readonly name: string;
  readonly areaSquareMetres: number;
  readonly place: Position;
  /** False where a grid of another tier holds it, so that it is no gap of the layer. */
  readonly isGapOfLayer: boolean;
}

export interface ImportReport {
  readonly layer: string;
  readonly tier: string;
  readonly title: string;
  readonly effectiveAt: Date;
  /** True when an edition was published. */
  readonly committed: boolean;
  /** The edition published; null for a dry run, a refusal, and where nothing would change. */
  readonly edition: number | null;
  /** Rows of the file in its order, then grids that it does not name. */
  readonly rows: readonly RowReport[];
  readonly counts: Readonly<Record<RowAction, number>>;
  readonly changes: readonly CoverageChange[];
  readonly gaps: readonly EnclosedGap[];
  readonly warnings: readonly string[];
  /** Why nothing was or would be written: the first fault of a row, or what the database said. */
  readonly refusal: RowFault | null;
}
