import type { FaultList } from './faults.ts';
import { quote } from './members.ts';

/** Degrees on WGS84 (or metres east and north, where the caller allows projected coordinates). */
export type LonLat = readonly [lon: number, lat: number];

type ReadPart<T> = (value: unknown, path: string) => T | undefined;

/** Reads the nested lists of numbers of a geometry. What has a fault is undefined; one fault per line or ring is told. */
export class CoordinateReader {
  private readonly faults: FaultList;
  private readonly projected: boolean;

  constructor(faults: FaultList, projected: boolean) {
    this.faults = faults;
    this.projected = projected;
  }

  position(value: unknown, path: () => string): LonLat | undefined {
    if (!Array.isArray(value) || Array.isArray(value[0])) {
      return this.faults.error('WRONG_DEPTH', path(), `A position [lon, lat] belongs here, found ${quote(value)}.`);
    }
    for (let i = 0; i < value.length; i++) {
      if (Number.isFinite(value[i])) continue;
      const hint = typeof value[i] === 'string' ? ' Write it without quotation marks.' : '';
      const message = `A coordinate must be a finite number, found ${quote(value[i])}.${hint}`;
      return this.faults.error('NOT_A_NUMBER', path(), message);
    }
    if (value.length < 2) {
      return this.faults.error('TOO_FEW_NUMBERS', path(), `A position needs lon and lat, found ${quote(value)}.`);
    }
    if (value.length === 3) {
      this.faults.warnOnce('ALTITUDE_DROPPED', path, 'Positions have an altitude; it was left out.');
    } else if (value.length > 3) {
      const message = 'Positions have more than three numbers; all after lon and lat were left out.';
      this.faults.warnOnce('EXTRA_NUMBERS', path, message);
    }
    const [lon, lat] = value as number[];
    return this.projected || this.isInRange(lon, lat, path) ? [lon, lat] : undefined;
  }

  private isPlainPair(value: unknown): value is LonLat {
    if (this.projected || !Array.isArray(value) || value.length !== 2) return false;
    const [lon, lat] = value;
    return typeof lon === 'number' && typeof lat === 'number' && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  }

  private isInRange(lon: number, lat: number, path: () => string): boolean {
    if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return true;
    const isSwapped = Math.abs(lat) <= 180 && Math.abs(lon) <= 90;
    const isMetres = Math.abs(lon) > 1000 || Math.abs(lat) > 1000;
    let hint = '';
    if (isSwapped) hint = ' The axes look swapped: give lon first, then lat.';
    else if (isMetres) hint = ' These look like metres: import the file with --epsg and the number of its system.';
    const message = `[${lon}, ${lat}] is no place: lon is within ±180 and lat within ±90 degrees.${hint}`;
    this.faults.error('OUT_OF_RANGE', path(), message, { lon, lat, isSwapped });
    return false;
  }

  positions(value: unknown, path: string, least = 1): readonly LonLat[] | undefined {
    if (!this.isFilledList(value, path, 'positions')) return undefined;
    const read: LonLat[] = [];
    for (let i = 0; i < value.length; i++) {
      // The plain pair is nearly every position of every file: it is taken as it stands, without a copy or a path.
      const each = value[i];
      const position: LonLat | undefined = this.isPlainPair(each) ? each : this.position(each, () => `${path}[${i}]`);
      if (!position) return undefined;
      read.push(position);
    }
    if (read.length >= least) return read;
    const what =
      least === 2 ? 'A line needs at least two positions' : 'A ring needs at least four, the last equal to the first';
    return this.faults.error('TOO_FEW_POSITIONS', path, `${what}, not ${read.length}.`);
  }

  line(value: unknown, path: string): readonly LonLat[] | undefined {
    const read = this.positions(value, path, 2);
    if (read?.every((position) => isSame(position, read[0]))) {
      this.faults.warnOnce('ZERO_LENGTH', () => path, 'All positions of the line are the same: it has no length.');
    }
    return read;
  }

  private ring(value: unknown, path: string): readonly LonLat[] | undefined {
    const read = this.positions(value, path, 4);
    if (!read || isSame(read[0], read[read.length - 1])) return read;
    const message = `The ring is not closed: it starts at [${read[0]}] and ends at [${read[read.length - 1]}]. Repeat the first position at its end.`;
    return this.faults.error('UNCLOSED_RING', `${path}[${read.length - 1}]`, message);
  }

  lines(value: unknown, path: string): readonly (readonly LonLat[])[] | undefined {
    return this.list(value, path, 'lines', (each, where) => this.line(each, where));
  }

  polygon(value: unknown, path: string): readonly (readonly LonLat[])[] | undefined {
    return this.list(value, path, 'rings', (each, where) => this.ring(each, where));
  }

  polygons(value: unknown, path: string): readonly (readonly (readonly LonLat[])[])[] | undefined {
    return this.list(value, path, 'polygons', (each, where) => this.polygon(each, where));
  }

  private list<T>(value: unknown, path: string, parts: string, readPart: ReadPart<T>): readonly T[] | undefined {
    if (!this.isFilledList(value, path, parts)) return undefined;
    const read = value.map((each, i) => readPart(each, `${path}[${i}]`));
    return read.every((each) => each !== undefined) ? read : undefined;
  }

  private isFilledList(value: unknown, path: string, parts: string): value is readonly unknown[] {
    if (!Array.isArray(value)) {
      this.faults.error(
        'WRONG_DEPTH',
        path,
        `A list of ${parts} belongs here, found ${quote(value)}. Check the brackets.`,
      );
      return false;
    }
    if (value.length === 0)
      this.faults.error('EMPTY', path, `The list of ${parts} is empty. Leave the geometry out or fill it.`);
    return value.length > 0;
  }
}

function isSame(a: LonLat, b: LonLat): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
