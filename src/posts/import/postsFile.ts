import { badFile, readCsv } from '../../csv/readCsv.ts';
import { PHONE_FORM } from '../appointing/staffText.ts';
import type { AppointmentRank } from '../post.type.ts';
import { POSTS_COLUMNS, type PostsColumn, REQUIRED_COLUMNS, RowCells, type RowFault } from './rowCells.ts';

const RANKS: readonly AppointmentRank[] = ['PRIMARY', 'DEPUTY', 'REINFORCEMENT', 'SUPPORT'];
const RESIDENT_DATA =
  /身份证|证件|手机|住址|户籍|居民|住户|出生|性别|民族|车牌|微信|(^|_)(id_?card|identity|mobile|cell|home|address|resident|tenant|birth|gender|sex|plate)/i;

/** One line of a posts file, read but not yet compared with the registry. Null: the cell is empty. */
export interface PostsRow {
  readonly row: number;
  readonly gridCode: string;
  readonly scheme: string | null;
  readonly role: string;
  readonly holderKind: 'person' | 'body';
  readonly holderName: string;
  readonly holderCode: string | null;
  readonly officePhone: string | null;
  readonly body: string | null;
  readonly bodyKind: string | null;
  readonly languages: readonly string[] | null;
  readonly rank: AppointmentRank;
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface PostsFile {
  readonly encoding: string;
  /** Rows read, good and bad, without blank lines. */
  readonly rowCount: number;
  readonly rows: readonly PostsRow[];
  readonly faults: readonly RowFault[];
}

/** What a posts file does not say itself. */
export interface PostsFileForm {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** Where its days begin, by its IANA name. */
  readonly timeZone: string;
}

/**
 * Reads a posts file. Faults of single rows are returned; throws BAD_ENCODING, and BAD_FILE for a file that is empty, is
 * not CSV, lacks a column or has an unknown one: nothing is silently left out.
 */
export function readPostsFile(bytes: Uint8Array, { encoding, timeZone }: PostsFileForm): PostsFile {
  const table = readCsv(bytes, encoding, readHeader);
  const rows: PostsRow[] = [];
  const faults: RowFault[] = [];
  for (const { row: number, cells: record } of table.records) {
    const cells = new RowCells(number, table.columns, record, timeZone);
    const row = readRow(cells);
    if (cells.faults.length === 0) rows.push(row);
    else faults.push(...cells.faults);
  }
  return { encoding: table.encoding, rowCount: table.records.length, rows, faults };
}

function readHeader(names: readonly string[]): PostsColumn[] {
  const known = Object.keys(POSTS_COLUMNS);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const why = RESIDENT_DATA.test(unknown)
      ? 'looks like private or resident data, which Wangge never keeps'
      : 'is not known';
    throw badFile(`Column "${unknown}" ${why}; take it out. Known columns: ${known.join(', ')}.`, { column: unknown });
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw badFile(`Column "${twice}" is there twice.`, { column: twice });
  const missing = REQUIRED_COLUMNS.find((name) => !names.includes(name));
  if (missing) throw badFile(`Column "${missing}" is missing: ${POSTS_COLUMNS[missing]}`, { column: missing });
  return [...names] as PostsColumn[];
}

function readRow(cells: RowCells): PostsRow {
  const row: PostsRow = {
    row: cells.row,
    gridCode: cells.text('grid_code', 64) ?? '',
    scheme: cells.text('scheme', 64),
    role: cells.text('role', 64) ?? '',
    holderKind: cells.oneOf('holder_kind', ['person', 'body']) ?? 'person',
    holderName: cells.text('holder_name', 100) ?? '',
    holderCode: cells.text('holder_code', 64),
    officePhone: cells.matching('office_phone', 40, PHONE_FORM, 'is not a phone number'),
    body: cells.text('body', 200),
    bodyKind: cells.text('body_kind', 64),
    languages: cells.languages(),
    rank: cells.oneOf('rank', RANKS) ?? 'PRIMARY',
    from: cells.instant('from'),
    to: cells.instant('to'),
  };
  if (row.from && row.to && row.from >= row.to) cells.fault('to', row.to.toISOString(), 'is not after `from`');
  if (row.holderKind === 'body' && row.body) cells.fault('body', row.body, 'must be empty where the holder is a body');
  return row;
}
