import { type DraftGrid, mainCodeOf } from '../../../changesets/territory/draftGrid.ts';
import type { Territory } from '../../../changesets/territory/territory.ts';
import type { TierName } from './placeRows.ts';

/** A grid by its main code. */
interface Coded {
  readonly id: string;
  readonly tier: string;
}

const MOST_TRIES = 10_000;

/** Which grid has which code, once what the file says is done: schemes are kept apart. */
export class CodeBook {
  readonly #territory: Territory;
  /** Scheme and code → ids. */
  readonly #owners = new Map<string, string[]>();
  /** Layer and main code → grids. */
  readonly #mains = new Map<string, Coded[]>();

  constructor(territory: Territory) {
    this.#territory = territory;
    for (const { code: layer } of territory.layers) {
      for (const grid of territory.grids(layer)) {
        for (const { scheme, code } of grid.codes) push(this.#owners, `${scheme} ${code}`, grid.id);
        push(this.#mains, `${layer} ${mainCodeOf(grid)}`, { id: grid.id, tier: grid.tier });
      }
    }
  }

  /** The scheme of a tier's main codes. */
  schemeOf(layer: string, tier: string): string {
    return this.#territory.getTier(layer, tier).scheme ?? layer;
  }

  /** Takes a main code from a grid. */
  release(id: string, layer: string, scheme: string, code: string): void {
    drop(this.#owners, `${scheme} ${code}`, (owner) => owner === id);
    drop(this.#mains, `${layer} ${code}`, (owner) => owner.id === id);
  }

  /** Gives a grid a main code. */
  claim(id: string, tier: TierName, scheme: string, code: string): void {
    push(this.#owners, `${scheme} ${code}`, id);
    push(this.#mains, `${tier.layer} ${code}`, { id, tier: tier.tier });
  }

  /** Who else has the code in the scheme. */
  findOther(scheme: string, code: string, id: string): string | undefined {
    return this.#owners.get(`${scheme} ${code}`)?.find((owner) => owner !== id);
  }

  /** The grids of a layer by main code. */
  listByCode(layer: string, code: string): readonly Coded[] {
    return this.#mains.get(`${layer} ${code}`) ?? [];
  }

  /** A code that nobody has, like the one given: the next number of the same length, else with a number behind it. */
  freeCode(scheme: string, like: string): string {
    const digits = /\d{1,9}$/.exec(like)?.[0] ?? '';
    const stem = like.slice(0, like.length - digits.length);
    for (let step = 1; step <= MOST_TRIES && digits !== ''; step++) {
      const next = String(Number(digits) + step).padStart(digits.length, '0');
      if (next.length > digits.length) break;
      if (!this.#owners.has(`${scheme} ${stem}${next}`)) return stem + next;
    }
    let number = 2;
    while (this.#owners.has(`${scheme} ${like}-${number}`)) number++;
    return `${like}-${number}`;
  }
}

/** The scheme of a grid's main code. */
export function mainSchemeOf(grid: DraftGrid, book: CodeBook): string {
  return grid.codes[0]?.scheme ?? book.schemeOf(grid.layer, grid.tier);
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function drop<T>(lists: Map<string, T[]>, key: string, isIt: (item: T) => boolean): void {
  const kept = (lists.get(key) ?? []).filter((item) => !isIt(item));
  if (kept.length > 0) lists.set(key, kept);
  else lists.delete(key);
}
