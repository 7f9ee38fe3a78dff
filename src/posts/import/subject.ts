import { FOREVER } from '../../grids/moment.ts';
import type { DatedRow } from '../directory.repository.ts';
import type { Revision, Validity } from '../post.type.ts';

/** A body, person or post that a file speaks of: what is known of it, and what the file wants to be true. */
export class Subject<State extends { readonly id: string }> {
  readonly id: string;
  /** What a new one starts with. */
  readonly initial: State;
  /** By date; empty for one that the file makes. */
  readonly known: readonly DatedRow<State>[];
  readonly #wanted = new Map<keyof State, unknown>();
  #from = FOREVER;
  #to = -FOREVER;

  constructor(initial: State, known: readonly DatedRow<State>[]) {
    this.id = initial.id;
    this.initial = initial;
    this.known = [...known].sort((a, b) => a.validFrom - b.validFrom);
  }

  get isNew(): boolean {
    return this.known.length === 0;
  }

  /** Asks that it exist in [from, to). */
  need(from: number, to: number): void {
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
  }

  /** False when another row of the file wants something else. Null: the row does not say. */
  want<Key extends keyof State>(key: Key, value: State[Key] | null): boolean {
    if (value === null) return true;
    if (this.#wanted.has(key)) return isEqual(this.#wanted.get(key), value);
    this.#wanted.set(key, value);
    return true;
  }

  /** The versions to add: the first of a new one, or those that make a known one exist when it is needed. */
  drafts(): (State & Validity)[] {
    if (this.#from === FOREVER) return [];
    if (this.isNew) return [dated({ ...this.initial, ...this.#changes() }, this.#from, FOREVER)];
    const drafts: (State & Validity)[] = [];
    let start = this.#from;
    for (const row of this.known) {
      if (start < row.validFrom && start < this.#to) {
        drafts.push(dated(row.value, start, Math.min(row.validFrom, this.#to)));
      }
      start = Math.max(start, row.validTo);
    }
    if (start < this.#to) drafts.push(dated(this.known[this.known.length - 1].value, start, this.#to));
    return drafts;
  }

  /** What the file changes of a known one from `at` on; undefined when all is so already. */
  revision(at: number): Revision<State & Validity> | undefined {
    const row = this.known.find((candidate) => at < candidate.validTo);
    if (!row) return undefined;
    const set = Object.fromEntries([...this.#wanted].filter(([key, value]) => !isEqual(row.value[key], value)));
    if (Object.keys(set).length === 0) return undefined;
    return { id: this.id, from: new Date(Math.max(at, row.validFrom)), set: set as Revision<State & Validity>['set'] };
  }

  #changes(): Partial<State> {
    return Object.fromEntries(this.#wanted) as Partial<State>;
  }
}

/** The rows under each key, in their order. */
export function groupBy<T>(rows: Iterable<T>, keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

function dated<State>(state: State, from: number, to: number): State & Validity {
  return { ...state, validFrom: new Date(from), validTo: to === FOREVER ? null : new Date(to) };
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
