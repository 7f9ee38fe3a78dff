import { stableId } from '../../ids.ts';
import type { BodyState } from '../../posts/post.type.ts';
import { BadTeamCell, type TeamsRow } from './teamsFile.ts';

/** Tells which body a name, code or id means: one that is known, or one that the file makes. */
export class BodyKeys {
  readonly #known: ReadonlySet<string>;
  readonly #byName = new Map<string, Set<string>>();
  readonly #byCode = new Map<string, string>();

  constructor(known: readonly BodyState[]) {
    this.#known = new Set(known.map(({ id }) => id));
    for (const { name, id } of known) this.#enter(name, id);
  }

  /** The id of the body that a row speaks of. Throws BadTeamCell where its name is the name of several. */
  take({ name, code }: TeamsRow): string {
    const id = code === null ? this.#idOfName('name', name) : this.#idOfCode(code);
    this.#enter(name, id);
    if (code !== null) this.#byCode.set(code, id);
    return id;
  }

  /** The id of a body that a cell names: by id, by a code of this file or one before it, or by name. */
  find(column: 'parents', text: string): string {
    const coded = this.#byCode.get(text) ?? this.#idOfCode(text);
    if (this.#byCode.has(text) || this.#known.has(coded)) return coded;
    if (this.#byName.has(text)) return this.#idOfName(column, text);
    throw new BadTeamCell(column, text, 'is no body that is known or in this file');
  }

  #idOfCode(code: string): string {
    return this.#known.has(code.toLowerCase()) ? code.toLowerCase() : stableId('body', 'code', code);
  }

  #idOfName(column: 'name' | 'parents', name: string): string {
    const made = stableId('body', 'name', name);
    const ids = this.#byName.get(name) ?? new Set([made]);
    if (ids.size > 1 && !ids.has(made)) {
      throw new BadTeamCell(column, name, `names ${ids.size} bodies; give the code or id instead`);
    }
    return ids.has(made) ? made : [...ids][0];
  }

  #enter(name: string, id: string): void {
    const ids = this.#byName.get(name);
    if (ids) ids.add(id);
    else this.#byName.set(name, new Set([id]));
  }
}
