import type { AddressFinder } from '../../addresses/addressFinder.ts';
import { toWgs84 } from '../../geometry/datum.ts';
import { assertPosition, type Position, toLattice } from '../../geometry/lattice.ts';
import type { Moment } from '../../grids/moment.ts';
import type { SiteBook } from '../../sites/siteBook.ts';
import type { VisitedSpot, VisitRequest } from '../visit.type.ts';
import { refuse } from './visitor.ts';

/** Where places are found. */
export interface PlaceSources {
  readonly sites: Pick<SiteBook, 'findSite' | 'findPremises'>;
  readonly addresses: Pick<AddressFinder, 'findById'>;
}

/** Where a visit was, at its moment. Throws BAD_INPUT unless exactly one place is named, NOT_FOUND for an unknown one. */
export async function readPlace(sources: PlaceSources, request: VisitRequest, moment: Moment): Promise<VisitedSpot> {
  const { siteId, addressId, at } = request;
  if ([siteId, addressId, at].filter((each) => each != null).length !== 1) {
    throw refuse('BAD_INPUT', 'input.at', 'say where: exactly one of `siteId`, `addressId` and `at`.');
  }
  if (siteId != null) return readSite(sources, siteId, moment);
  if (addressId != null) {
    const address = await sources.addresses.findById(addressId, moment);
    if (!address) throw refuse('NOT_FOUND', 'input.addressId', 'there was no such address then.');
    return spotAt(address.point, { addressId: address.id });
  }
  assertPosition(at!, 'input.at');
  return spotAt(toWgs84({ lon: at!.lon, lat: at!.lat }, at!.datum ?? 'WGS84'), {});
}

function readSite({ sites }: PlaceSources, id: string, moment: Moment): VisitedSpot {
  const site = sites.findSite(id, moment);
  if (site) return spotAt(site.point, { siteId: site.id });
  const premises = sites.findPremises(id, moment);
  if (premises) return spotAt(premises.point, { premisesId: premises.id });
  throw refuse('NOT_FOUND', 'input.siteId', 'there was no such site then; `sites` and `premises` list them.');
}

function spotAt({ lon, lat }: Position, named: Partial<VisitedSpot>): VisitedSpot {
  return { siteId: null, premisesId: null, addressId: null, ...named, x: toLattice(lon), y: toLattice(lat) };
}
