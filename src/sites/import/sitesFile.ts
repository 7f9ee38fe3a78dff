import { instantOf } from '../../clock.ts';
import { columnReader } from '../../csv/readColumns.ts';
import { type RowsFile, readRows } from '../../csv/readRows.ts';
import { readTable } from '../../csv/readTable.ts';
import { DATUMS, type Datum, toWgs84 } from '../../geometry/datum.ts';
import { fromLattice, type Position, toLattice } from '../../geometry/lattice.ts';
import type { HoursPattern } from '../hours/openingHours.ts';
import { SiteCells } from './siteCells.ts';

/** Every column of a file of sites, with what its cells say. The header is required, the order free. */
export const SITE_COLUMNS = {
  site_code: 'A stable key of the site, or its id here. Rows with the same key are about one site.',
  name: 'Its name.',
  kind: 'What sort of site it is, in local words.',
  lon: 'Degrees east.',
  lat: 'Degrees north.',
  datum: `Datum of the two: ${DATUMS.join(', ')}; WGS84 when left out.`,
  radius_metres: 'A place so near counts as at the site; 30 when left out.',
  response_class: 'How fast it is to respond, in local words.',
  time_zone: 'IANA zone of its opening hours; TIME_ZONE when left out.',
  bodies: 'Bodies that work there: names or ids, separated by semicolons.',
  service: 'Code of a service that it offers.',
  service_name: 'Name of that service; its code when left out.',
  hours: 'When the service is open: 24/7, or like Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; 2026-10-01 off.',
  rating_scheme: 'Whose stars.',
  stars: 'How many stars.',
  most_stars: 'The most that the scheme gives.',
  honour: 'An honour that it was given.',
  honoured_on: 'The day of the honour.',
  from: 'When what the row says begins: RFC 3339, or a day (its first instant in TIME_ZONE). Now when left out.',
} as const;

export type SiteColumn = keyof typeof SITE_COLUMNS;
const REQUIRED: readonly SiteColumn[] = ['site_code', 'name', 'kind', 'lon', 'lat'];
const DEFAULT_RADIUS_METRES = 30;

/** One line of a file of sites. */
export interface SiteRow {
  readonly row: number;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  /** On the lattice, on WGS84. */
  readonly point: Position;
  readonly radiusMetres: number;
  readonly responseClass: string | null;
  readonly timeZone: string;
  readonly bodies: readonly string[];
  readonly service: { readonly code: string; readonly name: string; readonly hours: HoursPattern } | null;
  readonly rating: { readonly scheme: string; readonly stars: number; readonly most: number } | null;
  readonly honour: { readonly name: string; readonly givenOn: string } | null;
  readonly from: Date | null;
}

export type SitesFile = RowsFile<SiteRow, SiteColumn>;

const readHeader = columnReader({ known: SITE_COLUMNS, required: REQUIRED });

/**
 * Reads a file of sites, CSV or XLSX. Faults of single rows are returned; throws BAD_ENCODING, and BAD_FILE for a file that
 * is empty, is no table, lacks a column or has an unknown one: nothing is silently left out.
 */
export async function readSitesFile(
  bytes: Uint8Array,
  encoding: string | undefined,
  timeZone: string,
): Promise<SitesFile> {
  const table = await readTable(bytes, encoding, readHeader);
  return readRows(table, SiteCells, (cells) => readRow(cells, timeZone));
}

function readRow(cells: SiteCells, timeZone: string): SiteRow {
  return {
    row: cells.row,
    code: cells.required('site_code', 64),
    name: cells.required('name', 200),
    kind: cells.required('kind', 64),
    point: readPoint(cells),
    radiusMetres: cells.number('radius_metres', 0, 5000) ?? DEFAULT_RADIUS_METRES,
    responseClass: cells.text('response_class', 64),
    timeZone: cells.timeZone(timeZone),
    bodies: cells.list('bodies'),
    service: readService(cells),
    rating: readRating(cells),
    honour: readHonour(cells),
    from: cells.instant('from', (text) => instantOf(text, timeZone)),
  };
}

function readPoint(cells: SiteCells): Position {
  const given = { lon: cells.required('lon', 30), lat: cells.required('lat', 30) };
  const lon = given.lon === '' ? 0 : (cells.number('lon', -180, 180) ?? 0);
  const lat = given.lat === '' ? 0 : (cells.number('lat', -90, 90) ?? 0);
  const named = cells.text('datum', 20)?.toUpperCase() ?? 'WGS84';
  const datum = DATUMS.find((each) => each === named);
  if (!datum) cells.fault('datum', named, `is none of ${DATUMS.join(', ')}`);
  const position = toWgs84({ lon, lat }, (datum ?? 'WGS84') satisfies Datum);
  return { lon: fromLattice(toLattice(position.lon)), lat: fromLattice(toLattice(position.lat)) };
}

function readService(cells: SiteCells): SiteRow['service'] {
  const code = cells.text('service', 64);
  const hours = cells.hours();
  const name = cells.text('service_name', 200);
  if (code !== null && hours === null && !cells.hasFault('hours')) {
    cells.fault('hours', '', 'is empty; say when the service is open, such as 24/7');
  }
  if (code === null && (hours !== null || name !== null)) cells.fault('service', '', 'is empty; name the service');
  return code !== null && hours !== null ? { code, name: name ?? code, hours } : null;
}

function readRating(cells: SiteCells): SiteRow['rating'] {
  const scheme = cells.text('rating_scheme', 64);
  const stars = cells.wholeNumber('stars', 1, 100);
  const most = cells.wholeNumber('most_stars', 1, 100);
  if (scheme === null && stars === null && most === null) return null;
  if (scheme === null) cells.fault('rating_scheme', '', 'is empty; say whose stars they are');
  if (stars === null && !cells.hasFault('stars')) cells.fault('stars', '', 'is empty');
  if (most === null && !cells.hasFault('most_stars')) cells.fault('most_stars', '', 'is empty');
  if (stars !== null && most !== null && stars > most) cells.fault('stars', String(stars), `is more than ${most}`);
  return scheme !== null && stars !== null && most !== null ? { scheme, stars, most } : null;
}

function readHonour(cells: SiteCells): SiteRow['honour'] {
  const name = cells.text('honour', 200);
  const givenOn = cells.day('honoured_on');
  if (name !== null && givenOn === null && !cells.hasFault('honoured_on')) {
    cells.fault('honoured_on', '', 'is empty; say on which day it was given');
  }
  if (name === null && givenOn !== null) cells.fault('honour', '', 'is empty; name the honour');
  return name !== null && givenOn !== null ? { name, givenOn } : null;
}
