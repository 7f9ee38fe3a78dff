import type { PointInput } from '../../api/point.input.ts';
import { DomainError } from '../../errors.ts';
import { toWgs84 } from '../../geometry/datum.ts';
import { assertPosition, toLattice } from '../../geometry/lattice.ts';
import type { PlaceCriteria, SiteCriteria, Spot } from '../siteFinder.ts';
import type { PremisesFilter, SiteFilter } from './site.input.ts';

const FARTHEST_METRES = 1_000_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Checks a filter of premises. Throws BAD_INPUT, naming the field. */
export function readPlaceCriteria(filter: PremisesFilter): PlaceCriteria {
  const { kind, within, withinMetres } = filter;
  if (withinMetres != null && !filter.near) {
    throw badInput('filter.withinMetres', 'give `near` too: metres from where?');
  }
  if (withinMetres != null && !(withinMetres >= 0 && withinMetres <= FARTHEST_METRES)) {
    throw badInput('filter.withinMetres', `0 to ${FARTHEST_METRES} metres, not ${withinMetres}.`);
  }
  return { kind, within, withinMetres, near: filter.near ? readSpot(filter.near, 'filter.near') : null };
}

/** Checks a filter of sites. Throws BAD_INPUT, naming the field. */
export function readSiteCriteria(filter: SiteFilter): SiteCriteria {
  const { service, openAt, honour, ratingAtLeast, ratingScheme, responseClass } = filter;
  const honouredFrom = readDay(filter.honouredFrom, 'filter.honouredFrom');
  const honouredTo = readDay(filter.honouredTo, 'filter.honouredTo');
  const common = readPlaceCriteria(filter);
  return { ...common, service, openAt, honour, honouredFrom, honouredTo, ratingAtLeast, ratingScheme, responseClass };
}

function readSpot({ lon, lat, datum }: PointInput, field: string): Spot {
  assertPosition({ lon, lat }, field);
  const position = toWgs84({ lon, lat }, datum ?? 'WGS84');
  return { x: toLattice(position.lon), y: toLattice(position.lat) };
}

function readDay(text: string | null | undefined, field: string): string | null {
  if (text == null) return null;
  if (DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)) return text;
  throw badInput(field, `“${text.slice(0, 20)}” is no day; write it like 2026-06-01.`);
}

function badInput(field: string, reason: string): DomainError {
  return new DomainError('BAD_INPUT', `${field}: ${reason}`, { field });
}
