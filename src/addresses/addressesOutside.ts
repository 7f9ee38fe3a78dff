import { DomainError } from '../errors.ts';
import { toLattice } from '../geometry/lattice.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { holdsAt, type LayerEntry, type VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { AddressRepository } from './address.repository.ts';
import type { AddressRecord } from './address.type.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;
const STEP = 5000;
/** Addresses that one page looks at: where nearly all lie inside, the reader goes on page by page. */
const MOST_LOOKED_AT = 100_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface OutsidePage {
  readonly addresses: readonly AddressRecord[];
  /** Id of the last address looked at; null where none was. */
  readonly end: string | null;
  readonly more: boolean;
  readonly lookedAt: number;
}

export interface OutsideRequest {
  readonly layer: string;
  readonly first?: number | null;
  readonly after?: string | null;
}

/** Lists the addresses that no grid of a layer owns: outside, in a gap, or in a part that is not served. */
export class AddressesOutside {
  readonly #addresses: AddressRepository;
  readonly #atlas: Pick<Atlas, 'findLayer' | 'locate' | 'locateAll'>;

  constructor(addresses: AddressRepository, atlas: Pick<Atlas, 'findLayer' | 'locate' | 'locateAll'>) {
    this.#addresses = addresses;
    this.#atlas = atlas;
  }

  /** In the order of their ids. Throws NOT_FOUND for an unknown layer, BAD_INPUT for a page or cursor that is none. */
  async list({ layer: code, first, after }: OutsideRequest, moment: Moment): Promise<OutsidePage> {
    const size = first ?? DEFAULT_PAGE;
    if (size < 1 || size > MAX_PAGE) {
      throw new DomainError('BAD_INPUT', `first: a page has 1 to ${MAX_PAGE} entries, not ${size}.`, {
        field: 'first',
      });
    }
    const layer = this.#atlas.findLayer(code);
    if (!layer) {
      throw new DomainError('NOT_FOUND', `layer: there is no layer ${code}; \`layers\` lists them.`, {
        field: 'layer',
      });
    }
    const found: AddressRecord[] = [];
    let end = after ? decodeCursor(after) : null;
    let lookedAt = 0;
    while (lookedAt < MOST_LOOKED_AT) {
      const step = await this.#addresses.listBehind(end, STEP, moment);
      for (const address of step) {
        lookedAt += 1;
        end = address.id;
        if (!this.#isOwned(layer, address, moment)) found.push(address);
        if (found.length === size)
          return { addresses: found, end, more: address !== step.at(-1) || step.length === STEP, lookedAt };
      }
      if (step.length < STEP) return { addresses: found, end, more: false, lookedAt };
    }
    return { addresses: found, end, more: true, lookedAt };
  }

  #isOwned(layer: LayerEntry, { point }: AddressRecord, moment: Moment): boolean {
    const [x, y] = [toLattice(point.lon), toLattice(point.lat)];
    if (layer.kind === 'OVERLAY') return this.#atlas.locateAll(layer, x, y, moment).length > 0;
    const smallest = this.#atlas.locate(layer, x, y, moment);
    // A grid that is divided owns nothing itself: what its parts leave out is a gap.
    return smallest !== undefined && !isDivided(smallest, moment);
  }
}

function isDivided({ grid }: VersionEntry, moment: Moment): boolean {
  return grid.childVersions.some((child) => holdsAt(child, moment));
}

export function encodeCursor(id: string): string {
  return Buffer.from(`address:${id}`).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString().slice('address:'.length);
  if (ID.test(id) && encodeCursor(id) === cursor) return id;
  const message = 'after: not a cursor of this list; pass an endCursor as it was given.';
  throw new DomainError('BAD_INPUT', message, { field: 'after' });
}
