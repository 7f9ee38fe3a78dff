import { DomainError, type ErrorCode } from '../../errors.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';
import type { DraftGrid } from '../territory/draftGrid.ts';
import { type Change, compose, type Lineage, type Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import type { Op, OpKind } from './op.ts';

/** What is asked for by ops of one kind. */
export type Ask<Kind extends OpKind> = Extract<Op, Record<Kind, unknown>>[Kind];

/** One op under way: the territory as it stands within it, and what it has done so far. */
export class Step {
  /** Where the op stands, such as `ops[3].split`. */
  readonly place: string;
  readonly before: Territory;
  readonly lineage: Lineage[] = [];
  #now: Territory;
  readonly #patches: Patch[] = [];

  constructor(territory: Territory, place: string) {
    this.before = territory;
    this.#now = territory;
    this.place = place;
  }

  get territory(): Territory {
    return this.#now;
  }

  /** Throws NOT_FOUND, naming the field that gave the id. */
  get(id: string, field: string): DraftGrid {
    return this.#now.get(id, this.at(field));
  }

  /** The path of a field; of the op itself where none is named. */
  at(field = ''): string {
    return field === '' ? this.place : `${this.place}.${field}`;
  }

  /** Says what is wrong with a field of the op, and the way out. */
  refuse(field: string, words: string, code: ErrorCode = 'BAD_INPUT', details: Record<string, unknown> = {}): never {
    throw new DomainError(code, `${this.at(field)}: ${words}`, { field: this.at(field), ...details });
  }

  /** Puts grids in place of those with their ids, or beside the others, and ends some. */
  change(grids: Iterable<DraftGrid>, ended: Iterable<string> = []): void {
    const patch = new Map<string, Change>();
    for (const after of grids) patch.set(after.id, { before: this.#now.find(after.id) ?? null, after });
    for (const id of ended) patch.set(id, { before: this.#now.find(id) ?? null, after: null });
    this.#patches.push(patch);
    this.#now = this.#now.with(patch);
  }

  follow(from: string, to: string, how: Lineage['how']): void {
    this.lineage.push({ from, to, how });
  }

  /** Gives grids that came out as they were, if perhaps drawn from another vertex on, their former objects back. */
  settle(): void {
    const same: DraftGrid[] = [];
    for (const { before, after } of this.patch().values()) {
      if (!before || !after || before.shape === after.shape || !isSameShape(before.shape, after.shape)) continue;
      const likened = { ...after, shape: before.shape };
      const keys = Object.keys(before) as (keyof DraftGrid)[];
      same.push(keys.every((key) => likened[key] === before[key]) ? before : likened);
    }
    if (same.length > 0) this.change(same);
  }

  /** What the op did so far; grids that are as they were before it are left out. */
  patch(): Patch {
    return compose(this.#patches);
  }
}
