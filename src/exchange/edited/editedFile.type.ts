import type { Datum } from '../../geometry/datum.ts';
import type { CoverageChange, RowFault } from '../exchange.type.ts';
import type { FieldConflict, FieldName } from './rows/compareFields.ts';

/** SAME, CHANGED, NEW, CONFLICT and REFUSED are rows of the file; MISSING (kept) and RETIRED are grids it leaves out. */
export const EDITED_ACTIONS = ['SAME', 'CHANGED', 'NEW', 'MISSING', 'RETIRED', 'CONFLICT', 'REFUSED'] as const;
export type EditedAction = (typeof EDITED_ACTIONS)[number];

/** What became of one row, or of one grid that the file leaves out. */
export interface EditedRowReport {
  /** From 1; null for a grid that the file leaves out. */
  readonly row: number | null;
  readonly grid: string | null;
  readonly code: string | null;
  readonly name: string | null;
  readonly action: EditedAction;
  /** What is to be changed. */
  readonly fields: readonly FieldName[];
  readonly conflicts: readonly FieldConflict[];
  /** The row of the registry that the file was written from, and the one that the draft stands on. */
  readonly versions: { readonly file: number | null; readonly present: number | null };
  readonly faults: readonly RowFault[];
  readonly notes: string[];
}

export interface DiffOptions {
  /** Where the file and the draft changed the same field, the file is right. */
  readonly takeFile?: boolean;
  /** Grids that the file left out end; otherwise they are kept. */
  readonly retireMissing?: boolean;
  /** For new grids whose feature does not name them. */
  readonly layer?: string;
  readonly tier?: string;
  /** Put vertices that are one step of the lattice off back on their origin: for files in another system. */
  readonly settle?: boolean;
  /** Makes the ids of new grids. */
  readonly newId?: () => string;
}

/** What an import of an edited file is asked to do. */
export interface EditedFileInput extends Omit<DiffOptions, 'settle' | 'newId'> {
  /** The content of the file. */
  readonly text: string;
  /** Datum of degrees in the file; WGS84 when neither this nor `epsg` is given. GCJ02 and BD09 are refused. */
  readonly datum?: Datum;
  /** Coordinate system of the file by its EPSG number, instead of `datum`. */
  readonly epsg?: number;
  /** Gaps and overlaps narrower than this (default 1 m) or smaller than the next (10 m²) go by rule. */
  readonly sliverMetres?: number;
  readonly sliverSquareMetres?: number;
  /** False: everything is compared and tried, and nothing is written. */
  readonly commit: boolean;
}

export interface EditedFileReport {
  readonly changeset: string;
  /** Of the changeset, after what was written. */
  readonly revision: number;
  readonly rows: readonly EditedRowReport[];
  readonly counts: Readonly<Record<EditedAction, number>>;
  /** Slivers that sloppy drawing left, and whom they went to. */
  readonly changes: readonly CoverageChange[];
  /** What was or would be done, by kind of op. */
  readonly ops: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly applied: boolean;
  /** Why nothing was or would be written. */
  readonly refusal: RowFault | null;
}
