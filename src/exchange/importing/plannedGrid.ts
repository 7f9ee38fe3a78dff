import { randomUUID } from 'node:crypto';
import type { Shape } from '../../geometry/polygon.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type GridEntry, isKnown, mainCode, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { RowFault } from '../exchange.type.ts';
import type { FileRow } from '../file/fileRows.ts';
import type { ImportTarget } from './target.ts';

/** A grid of the tier as it will be from `effectiveAt` on: from a row of the file, or known and not in the file. */
export interface PlannedGrid {
  readonly id: string;
  /** Null for a grid that the file does not name. */
  readonly row: number | null;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  /** What the registry knows by this identity; null for a new grid. */
  readonly known: GridEntry | null;
  /** What it is at `effectiveAt` without the import; null where it does not exist then. */
  readonly before: VersionEntry | null;
  readonly parentCode: string | null;
  parent: GridEntry | null;
  shape: Shape;
  readonly faults: RowFault[];
  readonly notes: string[];
}

const DEFAULT_KIND = 'BASIC';

/** Matches rows with known grids by code. Rows with faults are left out; rows that cannot be matched get one. */
export function planRows(rows: readonly FileRow[], atlas: Atlas, target: ImportTarget): PlannedGrid[] {
  const planned: PlannedGrid[] = [];
  for (const row of rows) {
    const known = row.code === null ? null : findKnown(row, row.code, atlas, target);
    if (row.faults.length > 0 || row.code === null || row.name === null || row.shape === null) continue;
    const before = (known && versionAt(known, target.moment)) ?? null;
    if (known && !before) row.notes.push('The grid had ended; it exists again, with its old identity.');
    planned.push({
      id: known?.id ?? randomUUID(),
      row: row.row,
      code: row.code,
      name: row.name,
      kind: row.kind ?? before?.kind ?? DEFAULT_KIND,
      known,
      before,
      parentCode: row.parentCode,
      parent: null,
      shape: row.shape,
      faults: row.faults,
      notes: row.notes,
    });
  }
  return planned;
}

/** Grids of the tier that exist at `effectiveAt` and are not named by the file. */
export function planUnnamed(rows: readonly FileRow[], target: ImportTarget): PlannedGrid[] {
  const named = new Set(rows.map((row) => row.code));
  const planned: PlannedGrid[] = [];
  for (const grid of target.grids) {
    const before = versionAt(grid, target.moment);
    if (!before || codesOf(grid, target).some((code) => named.has(code))) continue;
    planned.push({
      id: grid.id,
      row: null,
      code: mainCode(grid, target.moment.edition),
      name: before.name,
      kind: before.kind,
      known: grid,
      before,
      parentCode: null,
      parent: before.parent,
      shape: before.shape,
      faults: [],
      notes: [],
    });
  }
  return planned.sort((a, b) => (a.code < b.code ? -1 : 1));
}

function codesOf(grid: GridEntry, { scheme, moment }: ImportTarget): string[] {
  return grid.codes.filter((use) => use.scheme.code === scheme && isKnown(use, moment.edition)).map((use) => use.code);
}

function findKnown(row: FileRow, code: string, atlas: Atlas, target: ImportTarget): GridEntry | null {
  const { moment, scheme, tier, effectiveAt } = target;
  const grid = atlas.listCodes(code, moment.edition).find((use) => use.scheme.code === scheme)?.grid;
  if (!grid) return null;
  if (grid.tier !== tier) {
    const message = `The code ${code} is taken in scheme ${scheme} by a grid of ${grid.layer.code}/${grid.tier.code}. Give this file a scheme of its own with --scheme.`;
    row.faults.push({ code: 'DUPLICATE_CODE', field: 'code', message });
    return null;
  }
  const later = grid.versions.filter((version) => isKnown(version, moment.edition) && version.validFrom > moment.asOf);
  if (!versionAt(grid, moment) && later.length > 0) {
    const first = new Date(Math.min(...later.map((version) => version.validFrom))).toISOString();
    const message = `Grid ${code} exists only from ${first}, after ${effectiveAt.toISOString()}. Give --effective-at ${first} or later.`;
    row.faults.push({ code: 'BAD_INPUT', field: '--effective-at', message });
  }
  return grid;
}
