import { instantOf } from '../../clock.ts';
import { BadCell } from '../../csv/cellFault.ts';
import { columnReader } from '../../csv/readColumns.ts';
import { readCsv } from '../../csv/readCsv.ts';
import { type RowsFile, readRows } from '../../csv/readRows.ts';
import type { MemberCount } from '../team.type.ts';
import { TeamCells } from './teamCells.ts';

/** Every column of a teams file, with what its cells say. The header is required, the order free. */
export const TEAMS_COLUMNS = {
  name: 'Name of the body. Without `code`, a known body of that name is meant.',
  code: 'A stable key of the body, or its id here; the same as holder_code in a posts file.',
  kind: 'What sort of body it is, in local words.',
  standing: 'Civil, official … in local words.',
  members: 'How many members of which kinds, such as 民警:3;辅警:5. Never a name.',
  office_phone: 'Number of the office, never a private one.',
  languages: 'BCP 47 tags, separated by semicolons.',
  categories: 'Matters it answers for, separated by semicolons; none means all.',
  parents: 'The bodies above by line, such as police=城关派出所;party=城关镇党委: name, code or id.',
  covers: 'Codes of the grids it covers, separated by semicolons.',
  scheme: 'Scheme of those codes; may be left out while each names one grid only.',
  from: 'When what the row says begins: RFC 3339, or a day (its first instant in TIME_ZONE). Now when left out.',
  to: 'When a body that the row makes ends, in the same form. No end when left out.',
} as const;

export type TeamsColumn = keyof typeof TEAMS_COLUMNS;
const REQUIRED: readonly TeamsColumn[] = ['name', 'kind'];

/** What is wrong with one cell of the row at hand. */
export class BadTeamCell extends BadCell<TeamsColumn> {}

/** One line of a teams file. Null: the cell is empty, and what is known stays as it is. */
export interface TeamsRow {
  readonly row: number;
  readonly name: string;
  readonly code: string | null;
  readonly kind: string;
  readonly standing: string | null;
  readonly members: readonly MemberCount[] | null;
  readonly officePhone: string | null;
  readonly languages: readonly string[] | null;
  readonly categories: readonly string[] | null;
  /** Name, code or id of the body above, by line. */
  readonly parents: ReadonlyMap<string, string> | null;
  readonly covers: readonly string[] | null;
  readonly scheme: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export type TeamsFile = RowsFile<TeamsRow, TeamsColumn>;

const readHeader = columnReader({
  known: TEAMS_COLUMNS,
  required: REQUIRED,
  hint: 'Nothing is kept of single members.',
});

/**
 * Reads a teams file. Faults of single rows are returned; throws BAD_ENCODING, and BAD_FILE for a file that is empty, is
 * not CSV, lacks a column or has an unknown one: nothing is silently left out.
 */
export function readTeamsFile(bytes: Uint8Array, encoding: string | undefined, timeZone: string): TeamsFile {
  return readRows(readCsv(bytes, encoding, readHeader), TeamCells, (cells) => readRow(cells, timeZone));
}

function readRow(cells: TeamCells, timeZone: string): TeamsRow {
  const at = (text: string) => instantOf(text, timeZone);
  const row: TeamsRow = {
    row: cells.row,
    name: cells.required('name', 200),
    code: cells.text('code', 64),
    kind: cells.required('kind', 64),
    standing: cells.text('standing', 64),
    members: cells.members(),
    officePhone: cells.officePhone(),
    languages: cells.languages(),
    categories: cells.words('categories'),
    parents: cells.parents(),
    covers: cells.codes('covers'),
    scheme: cells.text('scheme', 64),
    from: cells.instant('from', at),
    to: cells.instant('to', at),
  };
  if (row.from && row.to && row.from >= row.to) cells.fault('to', row.to.toISOString(), 'is not after `from`');
  return row;
}
