import { setImmediate as giveWay } from 'node:timers/promises';
import type { AddressFinder } from '../addresses/addressFinder.ts';
import type { Draft } from '../changesets/changeset.type.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import type { Directory } from '../posts/directory.ts';
import type { AddressPointRepository } from './addressPoint.repository.ts';
import { type ChangedGround, listChangedGround, movedBoxes } from './changedGround.ts';
import { Comparer, type LayerChange } from './comparer.ts';
import { type Crosswalk, shareGround } from './groundShares.ts';
import { listNewVacancies, listPostChanges, type NewVacancy, type PostChange } from './postChanges.ts';

/** Addresses that one preview looks at. */
const MOST_LOOKED_AT = 100_000;
/** Addresses between which other requests have their turn. */
const STEP = 2_000;

/** An address that other grids own afterwards, in one layer or several. */
export interface AddressChange {
  readonly id: string;
  readonly layers: readonly LayerChange[];
}

export interface AddressChanges {
  /** By id. */
  readonly changes: readonly AddressChange[];
  /** Whether there were more addresses near moved borders than one preview looks at. */
  readonly truncated: boolean;
}

/** What a draft would change for whom, but for addresses, which are looked up when they are asked for. */
export interface Consequences {
  readonly draft: Draft;
  /** Of whom and when: now, and of a changeset that is closed the moment that it starts from. */
  readonly moment: Moment;
  readonly grounds: readonly ChangedGround[];
  readonly crosswalk: Crosswalk;
  readonly posts: readonly PostChange[];
  readonly vacancies: readonly NewVacancy[];
}

export interface ConsequenceSources {
  readonly atlas: Pick<Atlas, 'findTier'>;
  readonly directory: Pick<Directory, 'postsOn' | 'tierRoles'>;
  readonly moments: Pick<MomentReader, 'read'>;
}

/** Works out what a draft of boundaries would change for whom. It reads, and changes nothing. */
export class ConsequenceService {
  readonly #sources: ConsequenceSources;
  readonly #points: Pick<AddressPointRepository, 'listWithin'>;
  readonly #addresses: Pick<AddressFinder, 'findByIds'>;

  constructor(
    sources: ConsequenceSources,
    points: Pick<AddressPointRepository, 'listWithin'>,
    addresses: Pick<AddressFinder, 'findByIds'>,
  ) {
    this.#sources = sources;
    this.#points = points;
    this.#addresses = addresses;
  }

  async preview(draft: Draft): Promise<Consequences> {
    const { atlas, directory } = this.#sources;
    const moment = this.#momentOf(draft);
    const grounds = listChangedGround(draft.patch);
    const crosswalk = await shareGround(grounds);
    const posts = listPostChanges(grounds, {
      territory: draft.territory,
      lineage: draft.lineage,
      balances: crosswalk.balances,
      postsOn: (gridId) => directory.postsOn(gridId, moment),
    });
    const vacancies = listNewVacancies(grounds, ({ layer, tier }) =>
      directory.tierRoles(atlas.findTier(layer, tier)!.id, moment.edition),
    );
    return { draft, moment, grounds, crosswalk, posts, vacancies };
  }

  /** Every address near a moved border is located before and after, exactly. */
  async listAddresses({ draft, moment, grounds }: Consequences): Promise<AddressChanges> {
    const boxes = movedBoxes(grounds, draft.base, draft.territory);
    const all = [...boxes.values()].flat();
    if (all.length === 0) return { changes: [], truncated: false };
    const comparers = [...boxes].map(([layer, own]) => new Comparer(draft, layer, own));
    const changes: AddressChange[] = [];
    const points = await this.#points.listWithin(all, moment, MOST_LOOKED_AT + 1);
    for (const [i, point] of points.slice(0, MOST_LOOKED_AT).entries()) {
      const layers = comparers.flatMap((comparer) => comparer.compareOwners(point));
      if (layers.length > 0) changes.push({ id: point.id, layers });
      if (i % STEP === STEP - 1) await giveWay();
    }
    return { changes, truncated: points.length > MOST_LOOKED_AT };
  }

  /** The addresses of ids, in their order; undefined for what is gone since. */
  findAddresses(ids: readonly string[], moment: Moment) {
    return this.#addresses.findByIds(ids, moment);
  }

  #momentOf({ record }: Draft): Moment {
    const isOpen = record.edition === null && record.status !== 'DISCARDED';
    return isOpen ? this.#sources.moments.read() : { asOf: record.baseAsOf.getTime(), edition: record.baseEdition };
  }
}
