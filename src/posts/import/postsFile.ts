import { instantOf } from '../../clock.ts';
import { columnReader } from '../../csv/readColumns.ts';
import { readCsv } from '../../csv/readCsv.ts';
import { type RowsFile, readRows } from '../../csv/readRows.ts';
import { PHONE_FORM } from '../appointing/staffText.ts';
import type { AppointmentRank } from '../post.type.ts';
import { POSTS_COLUMNS, PostCells, type PostsColumn, REQUIRED_COLUMNS } from './postCells.ts';

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

export type PostsFile = RowsFile<PostsRow, PostsColumn>;

/** What a posts file does not say itself. */
export interface PostsFileForm {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** Where its days begin, by its IANA name. */
  readonly timeZone: string;
}

const readHeader = columnReader({
  known: POSTS_COLUMNS,
  required: REQUIRED_COLUMNS,
  forbidden: { names: RESIDENT_DATA, because: 'looks like private or resident data, which Wangge never keeps' },
});

/**
 * Reads a posts file. Faults of single rows are returned; throws BAD_ENCODING, and BAD_FILE for a file that is empty, is
 * not CSV, lacks a column or has an unknown one: nothing is silently left out.
 */
export function readPostsFile(bytes: Uint8Array, { encoding, timeZone }: PostsFileForm): PostsFile {
  return readRows(readCsv(bytes, encoding, readHeader), PostCells, (cells) => readRow(cells, timeZone));
}

function readRow(cells: PostCells, timeZone: string): PostsRow {
  const at = (text: string) => instantOf(text, timeZone);
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
    from: cells.instant('from', at),
    to: cells.instant('to', at),
  };
  if (row.from && row.to && row.from >= row.to) cells.fault('to', row.to.toISOString(), 'is not after `from`');
  if (row.holderKind === 'body' && row.body) cells.fault('body', row.body, 'must be empty where the holder is a body');
  return row;
}
