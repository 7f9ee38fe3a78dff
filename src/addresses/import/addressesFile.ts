import { instantOf } from '../../clock.ts';
import { columnReader } from '../../csv/readColumns.ts';
import { readCsv } from '../../csv/readCsv.ts';
import { type RowsFile, readRows } from '../../csv/readRows.ts';
import type { Datum } from '../../geometry/datum.ts';
import type { Position } from '../../geometry/lattice.ts';
import { filedUnder } from '../match/anchors.ts';
import { parseAddress } from '../text/parseAddress.ts';
import { ADDRESS_COLUMNS, AddressCells, type AddressColumn, REQUIRED_COLUMNS } from './addressCells.ts';

const RESIDENT_DATA =
  /身份证|证件|手机|电话|户籍|户主|居民|住户|租客|姓名|人口|出生|性别|民族|车牌|微信|(^|_)(id_?card|identity|mobile|phone|cell|owner|resident|tenant|person|name|birth|gender|sex|plate)/i;

/** One line of a file of addresses, read but not yet compared with the registry. */
export interface AddressRow {
  readonly row: number;
  readonly id: string | null;
  readonly text: string;
  readonly aliases: readonly string[];
  readonly point: Position;
  readonly building: string | null;
  readonly buildingId: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

export type AddressesFile = RowsFile<AddressRow, AddressColumn>;

/** What a file of addresses does not say itself. */
export interface AddressesFileForm {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** Of rows that name none. */
  readonly datum: Datum;
  /** Where its days begin, by its IANA name. */
  readonly timeZone: string;
}

const readHeader = columnReader({
  known: ADDRESS_COLUMNS,
  required: REQUIRED_COLUMNS,
  forbidden: {
    names: RESIDENT_DATA,
    because: 'looks like data about people, which Wangge never keeps with an address',
  },
});

/**
 * Reads a file of addresses. Faults of single rows are returned; throws BAD_ENCODING, and BAD_FILE for a file that is
 * empty, is not CSV, lacks a column or has an unknown one: nothing is silently left out.
 */
export function readAddressesFile(bytes: Uint8Array, form: AddressesFileForm): AddressesFile {
  return readRows(readCsv(bytes, form.encoding, readHeader), AddressCells, (cells) => readRow(cells, form));
}

function readRow(cells: AddressCells, { datum, timeZone }: AddressesFileForm): AddressRow | undefined {
  const text = cells.text('text');
  const point = cells.point(datum);
  const at = (text: string) => instantOf(text, timeZone);
  const [from, to] = [cells.instant('from', at), cells.instant('to', at)];
  const [building, buildingId] = [cells.text('building'), cells.text('building_id', 64)];
  const row = { row: cells.row, id: cells.text('id', 64), aliases: cells.aliases(), building, buildingId, from, to };
  if (from && to && from >= to) cells.fault('to', to.toISOString(), 'is not after `from`');
  if (buildingId && !building) cells.fault('building', '', 'is empty though building_id is given');
  if (text && filedUnder(parseAddress(text)).anchors.length === 0) {
    cells.fault('text', text, 'names no street, compound or village, so nobody could find it');
  }
  return text && point ? { ...row, text, point, aliases: row.aliases.filter((alias) => alias !== text) } : undefined;
}
