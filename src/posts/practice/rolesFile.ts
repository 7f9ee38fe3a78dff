import { z } from 'zod';
import type { CellFault } from '../../csv/cellFault.ts';
import { badFile, readCsv } from '../../csv/readCsv.ts';
import type { AnswersAs } from '../post.type.ts';

const cell = (most: number) => z.string().trim().min(1, 'is empty').max(most, `is longer than ${most} characters`);
const ANSWERS: readonly AnswersAs[] = ['officer', 'gridWorker', 'mediationTeam'];

/** Every column of a roles file. One row lets one role sit at one tier; a role that sits at several has a row for each. */
const ROW = z.strictObject({
  code: cell(64),
  name: cell(200),
  answers_as: z
    .enum(['', ...ANSWERS], `must be empty or one of ${ANSWERS.join(', ')}`)
    .transform((text) => (text === '' ? null : text)),
  position: z.coerce.number('must be a whole number').int('must be a whole number').min(0).max(1_000_000),
  categories: z.string().transform((text) => text.split(';').flatMap((word) => word.trim() || [])),
  layer: cell(64),
  tier: cell(64),
  required: z.enum(['', 'false', 'true'], 'must be true, false or empty').transform((text) => text === 'true'),
});
const COLUMNS = Object.keys(ROW.shape);

export type RolesRow = z.output<typeof ROW> & { readonly row: number };

/** Reads a roles file. Faults of rows are returned; throws BAD_ENCODING, and BAD_FILE naming the columns that are wanted. */
export function readRolesFile(bytes: Uint8Array, encoding?: string): { rows: RolesRow[]; faults: CellFault[] } {
  const { columns, records } = readCsv(bytes, encoding, readHeader);
  const rows: RolesRow[] = [];
  const faults: CellFault[] = [];
  for (const { row, cells: record } of records) {
    const cells = Object.fromEntries(columns.map((name, i) => [name, record[i] ?? '']));
    const read = ROW.safeParse(cells);
    if (record.length !== columns.length) {
      const reason = `has ${record.length} cells where the header names ${columns.length} columns`;
      faults.push({ row, column: '', value: record.join(','), reason });
    } else if (read.success) rows.push({ ...read.data, row });
    else {
      for (const { path, message } of read.error.issues) {
        const column = String(path[0]);
        faults.push({ row, column, value: cells[column], reason: message });
      }
    }
  }
  return { rows, faults };
}

function readHeader(names: readonly string[]): readonly string[] {
  const wrong = [
    ...COLUMNS.filter((name) => !names.includes(name)),
    ...names.filter((name) => !COLUMNS.includes(name)),
  ];
  if (wrong.length === 0 && names.length === COLUMNS.length) return names;
  const lookAt = wrong.join(', ') || 'one that is there twice';
  const message = `The first line must name these columns, each once: ${COLUMNS.join(', ')}. Look at: ${lookAt}.`;
  throw badFile(message, { columns: COLUMNS, wrong });
}
