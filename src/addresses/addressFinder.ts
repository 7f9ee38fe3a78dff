import { DomainError } from '../errors.ts';
import { fromLattice, toLattice } from '../geometry/lattice.ts';
import { boxOf, containsPoint, type Shape } from '../geometry/polygon.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { versionAt } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import { isUuid } from '../ids.ts';
import type { AddressRepository, Bounds, NameSearch } from './address.repository.ts';
import type { AddressRecord, MatchRecord } from './address.type.ts';
import { lookedUpBy } from './match/anchors.ts';
import { rankCandidates } from './match/rankCandidates.ts';
import type { ParsedAddress } from './text/element.ts';
import { parseAddress, readingsOf } from './text/parseAddress.ts';

const LONGEST_TEXT = 200;
/** Searches in one query: each may look at some thousand rows. */
const SEARCHES = 100;
/** A match by names as written that is this likely needs no look for names alike. */
const CLEAR = 0.9;
/** What is less likely than this is not worth showing. */
const LEAST_SCORE = 0.001;

/** Finds addresses by their id, and by text as people write it. Each search costs one query, or two. */
export class AddressFinder {
  readonly #addresses: AddressRepository;
  readonly #atlas: Pick<Atlas, 'findGrid'>;

  constructor(addresses: AddressRepository, atlas: Pick<Atlas, 'findGrid'>) {
    this.#addresses = addresses;
    this.#atlas = atlas;
  }

  async findById(id: string, moment: Moment): Promise<AddressRecord | undefined> {
    const [found] = await this.findByIds([id], moment);
    return found;
  }

  /** In the order given; undefined where there is no such address at the moment. */
  async findByIds(ids: readonly string[], moment: Moment): Promise<(AddressRecord | undefined)[]> {
    const known = ids.filter((id) => isUuid(id));
    const found = known.length > 0 ? await this.#addresses.listByIds([...new Set(known)], moment) : [];
    const byId = new Map(found.map((address) => [address.id, address]));
    return ids.map((id) => byId.get(id.toLowerCase()));
  }

  /** The next instant at which any address begins or ends; null: none is known. */
  nextChange(moment: Moment): Promise<Date | null> {
    return this.#addresses.nextChange(moment);
  }

  /** Best first. Throws BAD_INPUT for a text that is empty or too long, NOT_FOUND for an unknown grid. */
  async search(text: string, within: string | null | undefined, moment: Moment): Promise<MatchRecord[]> {
    assertText(text, 'search');
    const area = within == null ? undefined : this.#areaOf(within, moment);
    if (within != null && !area) return [];
    const [matches] = await this.#searchAll([text], moment, area);
    return matches;
  }

  /** The same for many texts, in the order given; a hundred texts are one query. */
  async searchMany(texts: readonly string[], moment: Moment): Promise<MatchRecord[][]> {
    const matches: MatchRecord[][] = [];
    for (let i = 0; i < texts.length; i += SEARCHES) {
      matches.push(...(await this.#searchAll(texts.slice(i, i + SEARCHES), moment)));
    }
    return matches;
  }

  /** Names as they are written first; names alike only for what is not clear then, since most people spell names right. */
  async #searchAll(texts: readonly string[], moment: Moment, area?: Shape): Promise<MatchRecord[][]> {
    const readings = texts.map(readingsOf);
    const matches = await this.#compare(readings, 'same', moment, area);
    const unclear = texts.flatMap((_, i) => ((matches[i][0]?.score ?? 0) < CLEAR ? [i] : []));
    const better = await this.#compare(
      unclear.map((i) => readings[i]),
      'alike',
      moment,
      area,
    );
    for (const [n, i] of unclear.entries()) matches[i] = better[n];
    return matches;
  }

  async #compare(asked: Readings[], names: NameSearch, moment: Moment, area?: Shape): Promise<MatchRecord[][]> {
    const keys = asked.map((readings) => readings.map(lookedUpBy));
    const found = await this.#addresses.listCandidates(keys, names, moment, area && boundsOf(area));
    return asked.map((readings, i) =>
      rank(readings, area ? found[i].filter(({ point }) => isInside(area, point)) : found[i]),
    );
  }

  #areaOf(within: string, moment: Moment): Shape | undefined {
    const grid = this.#atlas.findGrid(within);
    if (!grid) throw new DomainError('NOT_FOUND', `within: there is no grid ${within}.`, { field: 'within' });
    return versionAt(grid, moment)?.shape;
  }
}

type Readings = readonly ParsedAddress[];

/** Refuses a text that cannot be an address, naming the field. */
export function assertText(text: string, field: string): void {
  if (text.trim() !== '' && text.length <= LONGEST_TEXT) return;
  const message = `${field}: an address of 1 to ${LONGEST_TEXT} characters is needed, not ${text.trim() === '' ? 'an empty one' : text.length}.`;
  throw new DomainError('BAD_INPUT', message, { field });
}

function rank(readings: Readings, found: readonly AddressRecord[]): MatchRecord[] {
  const candidates = found.map((address) => ({ candidate: address, texts: textsOf(address).map(parseAddress) }));
  return rankCandidates(readings, candidates)
    .filter(({ score }) => score >= LEAST_SCORE)
    .map(({ candidate, score, matched, unmatched, assumed }) => {
      return { address: candidate, score, matched, unmatched, assumed };
    });
}

function textsOf({ text, aliases }: AddressRecord): string[] {
  return [text, ...aliases];
}

function isInside(area: Shape, { lon, lat }: AddressRecord['point']): boolean {
  return containsPoint(area, toLattice(lon), toLattice(lat));
}

function boundsOf(area: Shape): Bounds {
  const { minX, minY, maxX, maxY } = boxOf(area);
  return { west: fromLattice(minX), south: fromLattice(minY), east: fromLattice(maxX), north: fromLattice(maxY) };
}
