import { RowCells } from '../../csv/rowCells.ts';
import { DATUMS, type Datum, toWgs84 } from '../../geometry/datum.ts';
import { fromLattice, type Position, toLattice } from '../../geometry/lattice.ts';

/** Every column of a file of addresses, with what its cells say. The header is required, the order free. */
export const ADDRESS_COLUMNS = {
  id: 'A stable key of the address, or its id here. Without it the text is the key.',
  text: 'The main text, from the largest element to the smallest.',
  aliases: 'Other ways to say the same place, separated by semicolons.',
  lon: 'Degrees east.',
  lat: 'Degrees north.',
  datum: 'Datum of the two; that of the file when left out.',
  building: 'Name of the building the address belongs to.',
  building_id: 'A stable key of that building, or its id here. Without it the name is the key.',
  from: 'From when on this is so: RFC 3339, or a day (its first instant in TIME_ZONE). Now when left out.',
  to: 'From when on it is no longer so, in the same form. No end when left out.',
} as const;
export type AddressColumn = keyof typeof ADDRESS_COLUMNS;
export const REQUIRED_COLUMNS: readonly AddressColumn[] = ['text', 'lon', 'lat'];

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
// An identity card number or a mobile number has no place in an address.
const PERSONAL = /(^|\D)(\d{17}[\dXx]|1[3-9]\d{9})(\D|$)/;
const NUMBER = /^[+-]?\d{1,3}(\.\d{1,15})?$/;
const MOST_ALIASES = 20;
const LONGEST_TEXT = 200;

/** The cells of one row; what is wrong with them gathers in `faults`. */
export class AddressCells extends RowCells<AddressColumn> {
  protected override judge(column: AddressColumn, value: string): void {
    if (UNPRINTABLE.test(value)) this.fault(column, value, 'holds a line break or another control character');
    if (column !== 'id' && column !== 'building_id' && PERSONAL.test(value) && column !== 'lon' && column !== 'lat') {
      this.fault(column, value.slice(0, 6), 'looks like the number of a person, which an address has not');
    }
  }

  override fault(column: AddressColumn | '', value: string, reason: string): void {
    super.fault(column, column === '' ? value.slice(0, LONGEST_TEXT) : value, reason);
  }

  override text(column: AddressColumn, longest = LONGEST_TEXT): string | null {
    const value = this.cell(column);
    // 无 is how forms say that there is none.
    const isEmpty = value === '' || value === '无' || value === '無';
    if (value.length > longest) this.fault(column, value.slice(0, 20), `is longer than ${longest} characters`);
    if (isEmpty && REQUIRED_COLUMNS.includes(column)) this.fault(column, value, 'is empty');
    return isEmpty ? null : value;
  }

  aliases(): string[] {
    const all = (this.text('aliases', MOST_ALIASES * LONGEST_TEXT) ?? '').split(/[;；]/).map((each) => each.trim());
    const aliases = [...new Set(all.filter((each) => each !== ''))];
    const long = aliases.find((each) => each.length > LONGEST_TEXT);
    if (long) this.fault('aliases', long.slice(0, 20), `holds a text longer than ${LONGEST_TEXT} characters`);
    if (aliases.length > MOST_ALIASES)
      this.fault('aliases', String(aliases.length), `are more than ${MOST_ALIASES} texts`);
    return aliases;
  }

  /** On WGS84 and on the lattice. */
  point(fileDatum: Datum): Position | null {
    const lon = this.#degrees('lon', 180);
    const lat = this.#degrees('lat', 90);
    const given = this.text('datum', 20);
    const datum =
      given === null ? fileDatum : DATUMS.find((each) => each === given.toUpperCase().replace(/[-_ ]/g, ''));
    if (!datum) this.fault('datum', given ?? '', `is none of ${DATUMS.join(', ')}`);
    if (lon === null || lat === null || !datum) return null;
    const wgs84 = toWgs84({ lon, lat }, datum);
    return { lon: fromLattice(toLattice(wgs84.lon)), lat: fromLattice(toLattice(wgs84.lat)) };
  }

  #degrees(column: 'lon' | 'lat', most: number): number | null {
    const value = this.text(column, 40);
    if (value === null) return null;
    const degrees = Number(value);
    if (NUMBER.test(value) && Math.abs(degrees) <= most) return degrees;
    const swapped = column === 'lat' && Math.abs(degrees) <= 180 ? '; lon and lat look swapped' : '';
    this.fault(column, value, `is not a number of degrees within ±${most}${swapped}`);
    return null;
  }
}
