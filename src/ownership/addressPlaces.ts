import type { MatchRecord } from '../addresses/address.type.ts';
import { type AddressFinder, assertText } from '../addresses/addressFinder.ts';
import type { DivisionFinder } from '../addresses/divisionFinder.ts';
import { DomainError } from '../errors.ts';
import { shapeToGeoJson } from '../geometry/geojson.ts';
import { fromLattice, toLattice } from '../geometry/lattice.ts';
import { boxOf, representativePoint } from '../geometry/polygon.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';
import { type AddressAnswer, DEFAULT_ACCURACY_METRES, type PlaceRequest, type ReadPlace } from './place.ts';

/** Of two candidates one is "near the top" when it is at least this part as likely as the best. */
const NEAR_THE_TOP = 0.25;
const MOST_CANDIDATES = 10;
/** The candidates together must be likelier than "none of them". */
const LEAST_SURE = 0.5;

/** A place asked for by address, with the name of its field. */
export interface AskedAddress {
  readonly request: PlaceRequest;
  readonly field: string;
}

/** Turns addresses, as texts or ids, into places. Many cost as many queries as one. */
export class AddressPlaces {
  readonly #finder: AddressFinder;
  readonly #divisions: DivisionFinder;

  constructor(finder: AddressFinder, divisions: DivisionFinder) {
    this.#finder = finder;
    this.#divisions = divisions;
  }

  /** In the order given; a DomainError for one that cannot be read. A text that nothing is like is an answer, no error. */
  async read(asked: readonly AskedAddress[], moment: Moment): Promise<(ReadPlace | DomainError)[]> {
    const faults = asked.map(faultOf);
    const good = asked.filter((_, i) => !faults[i]);
    const byText = good.flatMap(({ request }) => (request.address == null ? [] : [request.address]));
    const byId = good.flatMap(({ request }) => (request.addressId == null ? [] : [request.addressId]));
    const matches = await this.#finder.searchMany(byText, moment);
    const known = await this.#finder.findByIds(byId, moment);
    const changesAt = (await this.#finder.nextChange(moment))?.getTime() ?? FOREVER;
    return asked.map(({ request, field }, i) => {
      const fault = faults[i];
      if (fault) return fault;
      if (request.address != null) return this.#placeOf(request.address, matches.shift()!, moment, changesAt);
      const address = known.shift();
      if (!address) return unknownId(field, request.addressId!);
      return found({ text: address.text, found: 'ADDRESS', address, confidence: 1, candidates: [], changesAt });
    });
  }

  #placeOf(text: string, matches: readonly MatchRecord[], moment: Moment, changesAt: number): ReadPlace {
    const sure = matches.reduce((sum, { score }) => sum + score, 0);
    const [best] = matches;
    const near = matches.filter(({ score }) => score >= best.score * NEAR_THE_TOP).slice(0, MOST_CANDIDATES);
    if (best && sure >= LEAST_SURE) {
      const candidates = near.length > 1 ? near : [];
      return found({ text, found: 'ADDRESS', address: best.address, confidence: best.score, candidates, changesAt });
    }
    const division = this.#divisions.findDivision(text, moment);
    const answer = { text, address: null, confidence: 0, candidates: near, changesAt };
    return division
      ? inDivision(division, { ...answer, found: 'DIVISION', division })
      : nowhere({ ...answer, found: 'NOTHING' });
  }
}

function faultOf({ request, field }: AskedAddress): DomainError | undefined {
  try {
    if (request.address != null) assertText(request.address, `${field}.address`);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function unknownId(field: string, id: string): DomainError {
  const message = `${field}.addressId: there is no address ${id.slice(0, 40)} at that instant; search \`addresses\` for it.`;
  return new DomainError('NOT_FOUND', message, { field: `${field}.addressId` });
}

function found(answer: AddressAnswer): ReadPlace {
  const { point, building } = answer.address!;
  const spot = { x: toLattice(point.lon), y: toLattice(point.lat), accuracyMetres: DEFAULT_ACCURACY_METRES };
  return { ...spot, point, area: undefined, answer, buildingId: building?.id };
}

function inDivision({ shape }: VersionEntry, answer: AddressAnswer): ReadPlace {
  const { x, y } = representativePoint(shape)!;
  const point = { lon: fromLattice(x), lat: fromLattice(y) };
  return { x, y, accuracyMetres: 0, point, area: { geometry: shapeToGeoJson(shape), box: boxOf(shape) }, answer };
}

function nowhere(answer: AddressAnswer): ReadPlace {
  return { x: 0, y: 0, accuracyMetres: 0, point: { lon: 0, lat: 0 }, area: undefined, answer };
}
