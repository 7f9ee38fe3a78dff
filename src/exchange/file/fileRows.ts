import { DomainError } from '../../errors.ts';
import { type Fault, type ReadFeature, toShape } from '../../geometry/geojson.ts';
import type { Shape } from '../../geometry/polygon.ts';
import type { GridImportInput, RowFault } from '../exchange.type.ts';

/** One feature of the file as a grid to be. A row with a fault is refused; the others are still judged. */
export interface FileRow {
  /** From 1. */
  readonly row: number;
  readonly code: string | null;
  readonly name: string | null;
  /** Null when the file does not say. */
  readonly kind: string | null;
  readonly parentCode: string | null;
  /** On the lattice; null when refused. */
  shape: Shape | null;
  readonly faults: RowFault[];
  readonly notes: string[];
}

type FieldOptions = Pick<GridImportInput, 'codeField' | 'nameField' | 'kindField' | 'parentField'>;

const LIMITS = { code: 64, name: 200, kind: 64, parent: 64 } as const;

/**
 * The rows of a file, one for each feature, in its order. Throws BAD_FILE when there is no feature, or when no feature
 * has a field that was named; all else stands with its row.
 */
export function readRows(features: readonly ReadFeature[], options: FieldOptions): FileRow[] {
  if (features.length === 0) {
    throw new DomainError('BAD_FILE', 'The file has no features, so there is nothing to import. Export it again.', {
      fault: 'EMPTY',
    });
  }
  for (const option of ['codeField', 'nameField', 'kindField', 'parentField'] as const) {
    assertField(features, option, options[option]);
  }
  const rows = features.map((feature) => readRow(feature, options));
  refuseDuplicates(rows);
  return rows;
}

function assertField(features: readonly ReadFeature[], option: string, field: string | undefined): void {
  if (field === undefined || features.some((feature) => Object.hasOwn(feature.properties, field))) return;
  const known = [...new Set(features.flatMap((feature) => Object.keys(feature.properties)))];
  const flag = `--${option.replace('Field', '-field')}`;
  const wayOut = known.length > 0 ? `It has ${known.slice(0, 30).join(', ')}.` : 'Its features have no properties.';
  throw new DomainError('BAD_FILE', `${flag}: no feature of the file has a field "${field}". ${wayOut}`, {
    field: flag,
    known,
  });
}

function readRow(feature: ReadFeature, options: FieldOptions): FileRow {
  const faults: RowFault[] = [];
  const notes: string[] = [];
  const text = (what: keyof typeof LIMITS, field: string | undefined) =>
    field === undefined ? null : readText(feature.properties[field], what, field, faults);
  const code = text('code', options.codeField);
  const name = text('name', options.nameField);
  const kind = text('kind', options.kindField);
  const parentCode = text('parent', options.parentField);
  const shape = readShape(feature, faults, notes);
  return { row: feature.index + 1, code, name, kind, parentCode, shape, faults, notes };
}

/**
 * Text or a number, without spaces around it. Only the parent and the kind may be left empty. What is wrong with it goes
 * to the faults, and null comes back.
 */
export function readText(value: unknown, what: keyof typeof LIMITS, field: string, faults: RowFault[]): string | null {
  const refuse = (message: string) => {
    faults.push({ code: 'BAD_INPUT', field, message });
    return null;
  };
  const isText = typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
  if (value !== null && value !== undefined && !isText) {
    return refuse(`The ${what} in "${field}" must be text or a number. Correct the file.`);
  }
  const text = String(value ?? '').trim();
  if (text === '') {
    const mayBeEmpty = what === 'parent' || what === 'kind';
    return mayBeEmpty ? null : refuse(`There is no ${what} in "${field}". Fill it in.`);
  }
  if (text.length > LIMITS[what]) {
    return refuse(`The ${what} in "${field}" has ${text.length} characters, ${LIMITS[what]} are allowed. Shorten it.`);
  }
  if (/\p{Cc}/u.test(text)) return refuse(`The ${what} in "${field}" holds control characters. Remove them.`);
  return text;
}

/** The boundary of a feature on the lattice; null where it has a fault, which goes to the faults. */
export function readShape(feature: ReadFeature, faults: RowFault[], notes: string[]): Shape | null {
  const errors = feature.faults.filter((fault) => fault.severity === 'ERROR');
  const warnings: Fault[] = feature.faults.filter((fault) => fault.severity === 'WARNING');
  for (const error of errors) faults.push({ code: 'BAD_GEOJSON', field: error.path, message: error.message });
  let shape: Shape | null = null;
  if (errors.length === 0) {
    try {
      shape = toShape(feature.geometry, `features[${feature.index}].geometry`, warnings);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const path = String(error.details.path ?? `features[${feature.index}].geometry`);
      faults.push({ code: error.code, field: path, message: error.message.replace(`${path}: `, '') });
    }
  }
  for (const warning of warnings) notes.push(warning.message);
  return shape;
}

function refuseDuplicates(rows: readonly FileRow[]): void {
  const first = new Map<string, FileRow>();
  for (const row of rows) {
    if (row.code === null) continue;
    const other = first.get(row.code);
    if (!other) {
      first.set(row.code, row);
      continue;
    }
    const message = `The code ${row.code} is already that of row ${other.row}. Give each grid one feature; several parts are one MultiPolygon.`;
    row.faults.push({ code: 'DUPLICATE_CODE', field: 'code', message });
  }
}
