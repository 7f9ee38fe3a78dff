import { DomainError } from '../errors.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import type { AddressPlaces } from './addressPlaces.ts';
import type { Matter } from './owners.ts';
import { type Findings, Ownership, type Sources } from './ownership.ts';
import { isAddress, type PlaceRequest, type ReadArea, type ReadPlace, readPlace } from './place.ts';
import type { ShareRepository } from './share.repository.ts';
import { onlyIn, surely, withShares } from './sharing/areaAnswers.ts';
import { type LayerAnswer, locateInLayers, smallestGrids } from './territorial.ts';

/** Places in one request. */
const MAX_PLACES = 1000;
/** Address texts in one request: each is some thousand times the work of a point. */
const MAX_TEXTS = 200;
/** Grids one area may be shared out among. */
const MAX_SHARING = 5000;

/** Which answer is meant; now, the newest edition and every matter where nothing is asked. */
export interface OwnershipQuestion extends Matter {
  readonly asOf?: Date | null;
  readonly edition?: number | null;
}

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
  ownership(request: PlaceRequest, question: OwnershipQuestion = {}): Ownership | Promise<Ownership> {
    const moment = this.#moments.read(question.asOf, question.edition);
    if (isAddress(request, 'at')) return this.#answerAddress(request, moment, question);
    return this.#answer(readPlace(request, 'at'), moment, question);
  }

  /** What was found at the place, for those who keep it or show a part of it. Throws as `ownership` does. */
  async find(request: PlaceRequest, question: OwnershipQuestion = {}): Promise<Findings> {
    const moment = this.#moments.read(question.asOf, question.edition);
    const place = isAddress(request, 'at')
      ? goodPlace((await this.#addresses.read([{ request, field: 'at' }], moment))[0])
      : readPlace(request, 'at');
    return this.locate(place, moment, question);
  }

  /** What a place that was read before is found to be at a moment. */
  async locate(place: ReadPlace, moment: Moment, matter: Matter = {}): Promise<Findings> {
    if (place.answer?.found === 'NOTHING') return { place, moment, matter, answers: [] };
    const answers = locateInLayers(this.#sources.atlas, place, moment);
    if (!place.area) return { place, moment, matter, answers };
    const shared = await this.#shareOut(place.area, answers, moment, place.answer?.division);
    return { place, moment, matter, answers: shared };
  }

  show(findings: Findings): Ownership {
    return new Ownership(this.#sources, findings);
  }

  /** The same for many places, in the order given. A bad place is told as such; it fails no other. */
  async ownerships(
    requests: readonly PlaceRequest[],
    question: OwnershipQuestion = {},
  ): Promise<(Ownership | UnreadPlace)[]> {
    if (requests.length > MAX_PLACES) {
      const message = `at: ${requests.length} places; one request takes at most ${MAX_PLACES}. Send several.`;
      throw new DomainError('TOO_MANY_PLACES', message, { field: 'at', places: requests.length, allowed: MAX_PLACES });
    }
    // One moment for all, so that no answer of a batch is of another edition than its neighbour.
    const moment = this.#moments.read(question.asOf, question.edition);
    const addresses = await this.#readAddresses(requests, moment);
    const answers: (Ownership | UnreadPlace)[] = [];
    for (const [index, request] of requests.entries()) {
      try {
        const field = `at[${index}]`;
        const place = isAddress(request, field) ? goodPlace(addresses.get(request)!) : readPlace(request, field);
        const answer = this.#answer(place, moment, question);
        answers.push(answer instanceof Promise ? await answer : answer);
      } catch (error) {
        if (!(error instanceof DomainError) || !PLACE_FAULTS.has(error.code)) throw error;
        answers.push({ request, moment, error });
      }
    }
    return answers;
  }

  async #answerAddress(request: PlaceRequest, moment: Moment, matter: Matter): Promise<Ownership> {
    const [place] = await this.#addresses.read([{ request, field: 'at' }], moment);
    return this.#answer(goodPlace(place), moment, matter);
  }

  async #readAddresses(requests: readonly PlaceRequest[], moment: Moment) {
    const asked = requests.flatMap((request, index) =>
      request.address == null && request.addressId == null ? [] : [{ request, field: `at[${index}]` }],
    );
    if (asked.length === 0) return new Map<PlaceRequest, never>();
    const texts = asked.filter(({ request }) => request.address != null).length;
    if (texts > MAX_TEXTS) {
      const message = `at: ${texts} address texts; one request takes at most ${MAX_TEXTS}. Send several, or ids or points.`;
      throw new DomainError('TOO_MANY_PLACES', message, { field: 'at', places: texts, allowed: MAX_TEXTS });
    }
    const places = await this.#addresses.read(asked, moment);
    return new Map(asked.map(({ request }, i) => [request, places[i]]));
  }

  #answer(place: ReadPlace, moment: Moment, matter: Matter): Ownership | Promise<Ownership> {
    if (place.answer?.found === 'NOTHING') return new Ownership(this.#sources, { place, moment, matter, answers: [] });
    const answers = locateInLayers(this.#sources.atlas, place, moment);
    if (!place.area) return new Ownership(this.#sources, { place, moment, matter, answers });
    return this.#shareOut(place.area, answers, moment, place.answer?.division).then(
      (shared) => new Ownership(this.#sources, { place, moment, matter, answers: shared }),
    );
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

function goodPlace(place: ReadPlace | DomainError): ReadPlace {
  if (place instanceof DomainError) throw place;
  return place;
}

const PLACE_FAULTS = new Set(['NOT_FOUND', 'BAD_INPUT', 'BAD_GEOJSON', 'BAD_BOUNDARY', 'BAD_DATUM', 'TOO_LARGE']);
