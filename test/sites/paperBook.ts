import { randomUUID } from 'node:crypto';
import type { DatedRow, TableLog } from '../../src/grids/log/datedLog.ts';
import { FOREVER, OPEN_EDITION } from '../../src/grids/moment.ts';
import type { SiteLog } from '../../src/sites/log/siteLog.repository.ts';
import type { LineState, PremisesState, SiteState } from '../../src/sites/site.type.ts';
import { SiteBook } from '../../src/sites/siteBook.ts';

let rowId = 0;
export function row<T>(value: T, validFrom = 0, validTo = FOREVER): DatedRow<T> {
  rowId += 1;
  return { rowId, value, validFrom, validTo, editionFrom: 1, editionTo: OPEN_EDITION };
}

const NOTHING: TableLog<never> = { opened: [], closed: [] };

/** A book of one edition, without any database. */
export async function paperBook(
  log: Partial<Record<'sites' | 'lines' | 'premises' | 'services', readonly DatedRow<never>[]>>,
): Promise<SiteBook> {
  const names = [
    'sites',
    'housed',
    'services',
    'ratings',
    'honours',
    'premises',
    'lines',
    'buildings',
    'channels',
    'bases',
  ];
  const whole = Object.fromEntries(names.map((name) => [name, NOTHING]));
  for (const [name, opened] of Object.entries(log)) whole[name] = { opened, closed: [] } as never;
  const book = new SiteBook({ readLog: () => Promise.resolve(whole as unknown as SiteLog) });
  (await book.read(0, 1))();
  return book;
}

export function siteAt(lon: number, lat: number, more: Partial<SiteState> = {}): SiteState {
  const rest = { kind: 'ROOM', buildingId: null, radiusMetres: 0, responseClass: null, timeZone: 'UTC' };
  const id = randomUUID();
  return { id, name: id.slice(0, 8), point: onLattice(lon, lat), ...rest, ...more };
}

export function premisesAt(lon: number, lat: number, radiusMetres: number): PremisesState {
  const id = randomUUID();
  return { id, name: id.slice(0, 8), kind: 'inn', point: onLattice(lon, lat), radiusMetres };
}

export function lineAlong(path: readonly (readonly [number, number])[], toleranceMetres: number): LineState {
  const id = randomUUID();
  return {
    id,
    name: id.slice(0, 8),
    kind: 'street',
    path: path.map(([lon, lat]) => onLattice(lon, lat)),
    toleranceMetres,
  };
}

export function onLattice(lon: number, lat: number) {
  return { lon: Math.round(lon * 1e7) / 1e7, lat: Math.round(lat * 1e7) / 1e7 };
}
