import { DomainError } from '../../errors.ts';
import type { ReadFeature } from '../../geometry/geojson.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { RowFault } from '../exchange.type.ts';
import { readShape, readText } from '../file/fileRows.ts';

/** What a file may say of a grid beside its boundary. Undefined: it does not say, so it stays; null: it says none. */
export interface Said {
  readonly layer?: string;
  readonly tier?: string;
  readonly code?: string;
  readonly name?: string;
  readonly kind?: string;
  /** Code of the parent. */
  readonly parent?: string | null;
  readonly parentId?: string | null;
  readonly managerId?: string | null;
}

/** One feature of an edited file, with what an export wrote into it to find its origin again. */
export interface EditedRow {
  /** From 1. */
  readonly row: number;
  /** Null for a grid that was drawn in the file. */
  readonly id: string | null;
  /** The row of the registry that it was written from; null for a grid that a draft made. */
  readonly version: number | null;
  readonly edition: number | null;
  readonly changeset: string | null;
  readonly revision: number | null;
  /** True where the file was to hold only the grids that its changeset touches. */
  readonly isPart: boolean;
  readonly said: Said;
  /** Null when refused. */
  readonly shape: Shape | null;
  readonly faults: RowFault[];
  readonly notes: string[];
}

/** In `extent` of an export: all grids of the layer, or only those that the changeset touches. */
export const EXTENTS = { whole: 'ALL', part: 'TOUCHED' } as const;

/**
 * The rows of an edited file. Properties that an export does not write are left alone, and so are the ways in which tools
 * write the others: numbers as text, text as numbers, null or nothing. Throws BAD_FILE where there is no feature.
 */
export function readEditedRows(features: readonly ReadFeature[]): EditedRow[] {
  if (features.length > 0) return features.map(readRow);
  const message = 'The file has no features, so there is nothing to compare. Export the layer again.';
  throw new DomainError('BAD_FILE', message, { fault: 'EMPTY' });
}

function readRow(feature: ReadFeature): EditedRow {
  const faults: RowFault[] = [];
  const notes: string[] = [];
  const { properties } = feature;
  const number = (field: string) => readWhole(properties[field], field, faults);
  const id = readName(properties.id ?? (Object.hasOwn(properties, 'version') ? feature.id : undefined), 'id', faults);
  return {
    row: feature.index + 1,
    id: id?.toLowerCase() ?? null,
    version: number('version'),
    edition: number('edition'),
    changeset: readName(properties.changeset, 'changeset', faults)?.toLowerCase() ?? null,
    revision: number('revision'),
    isPart: properties.extent === EXTENTS.part,
    said: readSaid(feature, faults),
    shape: readShape(feature, faults, notes),
    faults,
    notes,
  };
}

function readSaid({ properties }: ReadFeature, faults: RowFault[]): Said {
  const required = (field: 'code' | 'name' | 'kind') =>
    Object.hasOwn(properties, field) ? (readText(properties[field], field, field, faults) ?? undefined) : undefined;
  const name = (field: string) => {
    const value = Object.hasOwn(properties, field) ? properties[field] : undefined;
    return value === undefined ? undefined : readName(value, field, faults);
  };
  return {
    layer: name('layer') ?? undefined,
    tier: name('tier') ?? undefined,
    code: required('code'),
    name: required('name'),
    kind: required('kind'),
    parent: name('parent'),
    parentId: name('parentId')?.toLowerCase() ?? name('parentId'),
    managerId: name('managerId')?.toLowerCase() ?? name('managerId'),
  };
}

/** A code or an id; null where it is empty. */
function readName(value: unknown, field: string, faults: RowFault[]): string | null {
  return value === undefined ? null : readText(value, 'parent', field, faults);
}

function readWhole(value: unknown, field: string, faults: RowFault[]): number | null {
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  const message = `The ${field} in "${field}" must be the whole number that the export wrote. Export the layer again, or put it back.`;
  faults.push({ code: 'BAD_INPUT', field, message });
  return null;
}
