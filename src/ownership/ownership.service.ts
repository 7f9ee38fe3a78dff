import { DomainError } from '../errors.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import type { AddressPlaces } from './addressPlaces.ts';
import type { Matter } from './owners.ts';
import { type Findings, Ownership, type Sources } from './ownership.ts';
import { isAddress, type PlaceRequest, type ReadArea, type ReadPlace, readPlace } from './place.ts';
import { shownOf } from './places/vaguePlace.ts';
import type { ShareRepository } from './share.repository.ts';
import { onlyIn, surely, withShares } from './sharing/areaAnswers.ts';
import { type LayerAnswer, locateInLayers, smallestGrids } from './territorial.ts';

/** Places in one request. */
export const MAX_PLACES = 1000;
/** Address texts in one request: each is some thousand times the work of a point. */
const MAX_TEXTS = 200;
/** Grids one area may be shared out among. */
const MAX_SHARING = 5000;

/** Which answer is meant; now, the newest edition and every matter where nothing is asked. */
export interface OwnershipQuestion extends Matter {
  readonly asOf?: Date | null;
  readonly edition?: number | null;
}

/** A place as a client gave it, or one that is known already. */
export type AskedPlace = PlaceRequest | ReadPlace;

/** A place that could not be read, in a batch whose other places are answered. */
export interface UnreadPlace {
  readonly request: PlaceRequest;
  readonly moment: Moment;
  readonly error: DomainError;
}

/** The question itself: who is responsible here? A point is answered from memory; an area costs one query. */
export class OwnershipService {
  readonly #sources: Sources;
  readonly #shares: ShareRepository;
  readonly #moments: MomentReader;
  readonly #addresses: Pick<AddressPlaces, 'read'>;

  constructor(
    sources: Sources,
    shares: ShareRepository,
    moments: MomentReader,
    addresses: Pick<AddressPlaces, 'read'>,
  ) {
    this.#sources = sources;
    this.#shares = shares;
    this.#moments = moments;
    this.#addresses = addresses;
  }

  /**
   * Throws BAD_INPUT or BAD_GEOJSON for a place that cannot be read, and NOT_FOUND for the id of no address, naming the
   * field. An address text always has an answer, which says in its notices how sure it is.
   */
  ownership(asked: AskedPlace, question: OwnershipQuestion = {}): Ownership | Promise<Ownership> {
    const found = this.find(asked, question);
    return found instanceof Promise ? found.then((findings) => this.show(findings)) : this.show(found);
  }

  /** What is found at the place, for those who keep it or show a part of it. At once for a point; throws as `ownership` does. */
  find(asked: AskedPlace, question: OwnershipQuestion = {}, field = 'at'): Findings | Promise<Findings> {
    const moment = this.#moments.read(question.asOf, question.edition);
    if (isRead(asked)) return this.locate(asked, moment, question);
    if (isAddress(asked, field)) return this.#findAddress(asked, field, moment, question);
    return this.locate(readPlace(asked, field), moment, question);
  }

  /** The same for a place that was read before, at a moment. */
  locate(place: ReadPlace, moment: Moment, matter: Matter = {}): Findings | Promise<Findings> {
    if (place.answer?.found === 'NOTHING') return { place, moment, matter, answers: [] };
    const { atlas } = this.#sources;
    const answers = locateInLayers(atlas, place, moment);
    if (!place.area) return shownOf(atlas, { place, moment, matter, answers });
    return this.#shareOut(place.area, answers, moment, place.answer?.division).then((shared) =>
      shownOf(atlas, { place, moment, matter, answers: shared }),
    );
  }

  show(findings: Findings): Ownership {
    return new Ownership(this.#sources, findings);
  }

  /** The same for many places, in the order given. A bad place, or a fault in the place of one, is told as such; it fails no other. */
  async ownerships(
    places: readonly (AskedPlace | DomainError)[],
    question: OwnershipQuestion = {},
  ): Promise<(Ownership | UnreadPlace)[]> {
    if (places.length > MAX_PLACES) {
      const message = `at: ${places.length} places; one request takes at most ${MAX_PLACES}. Send several.`;
      throw new DomainError('TOO_MANY_PLACES', message, { field: 'at', places: places.length, allowed: MAX_PLACES });
    }
    // One moment for all, so that no answer of a batch is of another edition than its neighbour.
    const moment = this.#moments.read(question.asOf, question.edition);
    const addresses = await this.#readAddresses(places, moment);
    const answers: (Ownership | UnreadPlace)[] = [];
    for (const [index, asked] of places.entries()) {
      try {
        const found = this.locate(readAsked(asked, `at[${index}]`, addresses.get(index)), moment, question);
        answers.push(this.show(found instanceof Promise ? await found : found));
      } catch (error) {
        if (!(error instanceof DomainError) || !PLACE_FAULTS.has(error.code)) throw error;
        answers.push({ request: isRequest(asked) ? asked : {}, moment, error });
      }
    }
    return answers;
  }
  async #findAddress(request: PlaceRequest, field: string, moment: Moment, matter: Matter): Promise<Findings> {
    const [place] = await this.#addresses.read([{ request, field }], moment);
    return this.locate(goodPlace(place), moment, matter);
  }

  /** What the address book says, by the number of the place. */
  async #readAddresses(places: readonly (AskedPlace | DomainError)[], moment: Moment) {
    const asked = places.flatMap((request, index) =>
      isRequest(request) && (request.address != null || request.addressId != null)
        ? [{ index, request, field: `at[${index}]` }]
        : [],
    );
    if (asked.length === 0) return new Map<number, never>();
    const texts = asked.filter(({ request }) => request.address != null).length;
    if (texts > MAX_TEXTS) {
      const message = `at: ${texts} address texts; one request takes at most ${MAX_TEXTS}. Send several, or ids or points.`;
      throw new DomainError('TOO_MANY_PLACES', message, { field: 'at', places: texts, allowed: MAX_TEXTS });
    }
    const read = await this.#addresses.read(asked, moment);
    return new Map(asked.map(({ index }, i) => [index, read[i]]));
  }

  async #shareOut(
    area: ReadArea,
    answers: readonly LayerAnswer[],
    moment: Moment,
    division: VersionEntry | undefined,
  ): Promise<LayerAnswer[]> {
    const atlas: Atlas = this.#sources.atlas;
    const grids = answers.map(({ layer }) => smallestGrids(atlas.candidates(layer, area.box, moment.edition), moment));
    const ids = grids.flat().map((version) => version.id);
    if (division && ids.length > MAX_SHARING) return onlyIn(division, answers, moment);
    if (ids.length > MAX_SHARING) {
      const message = `area: it spans some ${ids.length} grids; at most ${MAX_SHARING} are shared out. Ask for a smaller area.`;
      throw new DomainError('TOO_LARGE', message, { field: 'area' });
    }
    const shares = await this.#shares.readShares(area.geometry, ids);
    const shared = answers.map((answer, i) => withShares(answer, grids[i], shares, moment));
    return division ? shared.map((answer) => surely(answer, division, moment)) : shared;
  }
}

const isRead = (asked: AskedPlace): asked is ReadPlace => 'accuracyMetres' in asked;
const isRequest = (asked: AskedPlace | DomainError): asked is PlaceRequest =>
  !(asked instanceof DomainError) && !isRead(asked);

/** `byAddress`: what the address book said, where it was asked. */
function readAsked(asked: AskedPlace | DomainError, field: string, byAddress?: ReadPlace | DomainError): ReadPlace {
  if (!isRequest(asked)) return goodPlace(asked);
  return isAddress(asked, field) ? goodPlace(byAddress!) : readPlace(asked, field);
}

function goodPlace(place: ReadPlace | DomainError): ReadPlace {
  if (place instanceof DomainError) throw place;
  return place;
}

const PLACE_FAULTS = new Set(['NOT_FOUND', 'BAD_INPUT', 'BAD_GEOJSON', 'BAD_BOUNDARY', 'BAD_DATUM', 'TOO_LARGE']);
