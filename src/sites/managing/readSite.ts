import { DomainError } from '../../errors.ts';
import { type Datum, toWgs84 } from '../../geometry/datum.ts';
import { assertPosition, fromLattice, type Position, toLattice } from '../../geometry/lattice.ts';
import { isUuid } from '../../ids.ts';
import { readStaffName } from '../../posts/appointing/staffText.ts';
import type { HoursPattern } from '../hours/openingHours.ts';
import { HoursFault, isTimeZone, readHours } from '../hours/readHours.ts';
import type { RatingState, ServiceState, SiteState } from '../site.type.ts';

const DEFAULT_RADIUS_METRES = 30;
const MOST = 50;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A site as it is asked for. */
export interface SiteWish {
  readonly name: string;
  readonly kind: string;
  readonly point: Position & { readonly datum?: Datum | null };
  readonly radiusMetres?: number | null;
  readonly timeZone: string;
  readonly services?: readonly { readonly code: string; readonly name: string; readonly hours: string }[] | null;
  readonly bodyIds?: readonly string[] | null;
  readonly from: Date;
}

/** What a new site is. Throws BAD_INPUT. */
export function readSite(wish: SiteWish): Omit<SiteState, 'id'> {
  const { datum, lon, lat } = wish.point;
  assertPosition({ lon, lat }, 'point');
  const point = toWgs84({ lon, lat }, datum ?? 'WGS84');
  const radiusMetres = wish.radiusMetres ?? DEFAULT_RADIUS_METRES;
  if (!(radiusMetres >= 0 && radiusMetres <= 5000)) throw badInput('radiusMetres', 'give 0 to 5000 metres.');
  if (wish.timeZone.length > 64 || !isTimeZone(wish.timeZone)) {
    throw badInput('timeZone', 'this is no time zone; write it like Asia/Shanghai.');
  }
  return {
    name: readStaffName('name', wish.name, 200),
    kind: readWord('kind', wish.kind),
    point: { lon: fromLattice(toLattice(point.lon)), lat: fromLattice(toLattice(point.lat)) },
    buildingId: null,
    radiusMetres,
    responseClass: null,
    timeZone: wish.timeZone,
  };
}

/** Throws BAD_INPUT. */
export function readServices(services: NonNullable<SiteWish['services']>): Omit<ServiceState, 'siteId'>[] {
  if (services.length > MOST) throw badInput('services', `name at most ${MOST}.`);
  const read = services.map(({ code, name, hours }) => ({
    code: readWord('services.code', code),
    name: readStaffName('services.name', name, 200),
    hours: readPattern(hours),
  }));
  if (new Set(read.map(({ code }) => code)).size < read.length) throw badInput('services', 'name each code once.');
  return read;
}

/** Ids of bodies, each once. Throws BAD_INPUT for too many and NOT_FOUND for what is no id. */
export function readBodyIds(field: string, ids: readonly string[]): string[] {
  if (ids.length > MOST) throw badInput(field, `name at most ${MOST}.`);
  if (!ids.every(isUuid)) throw noBody(field);
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Throws BAD_INPUT. */
export function readRating({ scheme, stars, most }: Omit<RatingState, 'siteId'>): Omit<RatingState, 'siteId'> {
  if (!(most >= 1 && most <= 100)) throw badInput('most', 'a scheme gives 1 to 100 stars at most.');
  if (!(stars >= 1 && stars <= most)) throw badInput('stars', `give 1 to ${most} stars.`);
  return { scheme: readWord('scheme', scheme), stars, most };
}

/** A day that the calendar has, of the years 1900 to 2199. Throws BAD_INPUT. */
export function readDay(field: string, text: string): string {
  const real = DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
  if (real && text >= '1900' && text < '2200') return text;
  throw badInput(field, 'this is no day of the years 1900 to 2199; write it like 2026-06-01.');
}

/** A local word. Throws BAD_INPUT. */
export function readWord(field: string, text: string): string {
  if (text.trim() === '') throw badInput(field, 'it is empty; give a local word.');
  return readStaffName(field, text, 64);
}

export function noBody(field: string): DomainError {
  return new DomainError('NOT_FOUND', `${field}: no body of this id is filed.`, { field });
}

function readPattern(text: string): HoursPattern {
  if (text.length > 2000) throw badInput('services.hours', 'give at most 2000 characters.');
  try {
    return readHours(text);
  } catch (error) {
    if (!(error instanceof HoursFault)) throw error;
    throw badInput('services.hours', `${error.message}.`);
  }
}

function badInput(field: string, words: string): DomainError {
  return new DomainError('BAD_INPUT', `${field}: ${words}`, { field });
}
