import { DomainError } from '../errors.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { byMainCode, chainOf, type VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import { byShare } from '../grids/shareOrder.ts';
import type { Matter } from './owners.ts';
import { Ownership, type Sources } from './ownership.ts';
import { type PlaceRequest, type ReadArea, type ReadPlace, readPlace } from './place.ts';
import type { ShareRepository } from './share.repository.ts';
import { type AreaShare, type LayerAnswer, locateInLayers, smallestGrids } from './territorial.ts';

/** Places in one request. */
const MAX_PLACES = 1000;
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

  constructor(sources: Sources, shares: ShareRepository, moments: MomentReader) {
    this.#sources = sources;
    this.#shares = shares;
    this.#moments = moments;
  }

  /** Throws BAD_INPUT or BAD_GEOJSON for a place that cannot be read, naming the field. */
  ownership(request: PlaceRequest, question: OwnershipQuestion = {}): Ownership | Promise<Ownership> {
    const moment = this.#moments.read(question.asOf, question.edition);
    return this.#answer(readPlace(request, 'at'), moment, question);
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
    const answers: (Ownership | UnreadPlace)[] = [];
    for (const [index, request] of requests.entries()) {
      try {
        const answer = this.#answer(readPlace(request, `at[${index}]`), moment, question);
        answers.push(answer instanceof Promise ? await answer : answer);
      } catch (error) {
        if (!(error instanceof DomainError) || !PLACE_FAULTS.has(error.code)) throw error;
        answers.push({ request, moment, error });
      }
    }
    return answers;
  }

  #answer(place: ReadPlace, moment: Moment, matter: Matter): Ownership | Promise<Ownership> {
    const answers = locateInLayers(this.#sources.atlas, place, moment);
    if (!place.area) return new Ownership(this.#sources, { place, moment, matter, answers });
    return this.#shareOut(place.area, answers, moment).then(
      (shared) => new Ownership(this.#sources, { place, moment, matter, answers: shared }),
    );
  }

  async #shareOut(area: ReadArea, answers: readonly LayerAnswer[], moment: Moment): Promise<LayerAnswer[]> {
    const atlas: Atlas = this.#sources.atlas;
    const grids = answers.map(({ layer }) => smallestGrids(atlas.candidates(layer, area.box, moment.edition), moment));
    const ids = grids.flat().map((version) => version.id);
    if (ids.length > MAX_SHARING) {
      const message = `area: it spans some ${ids.length} grids; at most ${MAX_SHARING} are shared out. Ask for a smaller area.`;
      throw new DomainError('TOO_LARGE', message, { field: 'area' });
    }
    const shares = await this.#shares.readShares(area.geometry, ids);
    return answers.map((answer, i) => withShares(answer, grids[i], shares, moment));
  }
}

const PLACE_FAULTS = new Set(['BAD_INPUT', 'BAD_GEOJSON', 'BAD_BOUNDARY', 'BAD_DATUM', 'TOO_LARGE']);

/** Largest share first, a tie going to the lower code; the largest gives the layer's grid and chain. */
function withShares(
  answer: LayerAnswer,
  grids: readonly VersionEntry[],
  byId: Map<number, number>,
  moment: Moment,
): LayerAnswer {
  const byCode = byMainCode(moment.edition);
  const shares: AreaShare[] = grids
    .flatMap((version) => (byId.has(version.id) ? [{ version, share: byId.get(version.id)! }] : []))
    .sort((a, b) => byShare(a.share, b.share) || byCode(a.version, b.version));
  if (shares.length === 0) return answer;
  return {
    ...answer,
    status: 'OWNED',
    chain: chainOf(shares[0].version, moment),
    otherChains: [],
    gap: undefined,
    shares,
  };
}
