import { BadCell } from '../../csv/cellFault.ts';
import { stableId } from '../../ids.ts';
import type { DatedRow, KnownStaff } from '../directory.repository.ts';
import type { BodyState, PersonState } from '../post.type.ts';
import type { PostsColumn } from './postCells.ts';
import type { PostsRow } from './postsFile.ts';
import { groupBy, Subject } from './subject.ts';

/** What is wrong with one cell of the row at hand. */
export class BadPostCell extends BadCell<PostsColumn> {}

/**
 * Tells which body or person a row means. Rows must come with bodies first and people with a key before those without,
 * so that a name finds what the file itself makes.
 */
export class HolderBook {
  readonly bodies = new Map<string, Subject<BodyState>>();
  readonly people = new Map<string, Subject<PersonState>>();
  readonly #knownBodies: ReadonlyMap<string, DatedRow<BodyState>[]>;
  readonly #knownPeople: ReadonlyMap<string, DatedRow<PersonState>[]>;
  readonly #bodyNames = new Map<string, Set<string>>();
  readonly #personNames = new Map<string, Set<string>>();

  constructor(known: KnownStaff) {
    this.#knownBodies = groupBy(known.bodies, (row) => row.value.id);
    this.#knownPeople = groupBy(known.people, (row) => row.value.id);
    for (const { value } of known.bodies) enter(this.#bodyNames, value.name, value.id);
    for (const { value } of known.people) {
      enter(this.#personNames, personKey(value.name, value.officePhone, value.bodyId), value.id);
    }
  }

  /** The body that a row with holder_kind body means. Throws BadPostCell. */
  holdingBody(row: PostsRow): Subject<BodyState> {
    const { holderName: name, holderCode: code } = row;
    const id = code === null ? this.#bodyByName('holder_name', name) : this.#idOfCode(this.#knownBodies, 'body', code);
    const body = this.#body(id, name, row.bodyKind);
    assertName(body, name, code);
    wantAll(body, { officePhone: row.officePhone, languages: row.languages }, row);
    return body;
  }

  /** The body that a person's row names by name, holder_code or id; null where it names none. Throws BadPostCell. */
  bodyOfPerson(row: PostsRow): Subject<BodyState> | null {
    if (row.body === null) return null;
    const coded = this.#idOfCode(this.#knownBodies, 'body', row.body);
    const isKey = this.#knownBodies.has(coded) || this.bodies.has(coded);
    return this.#body(isKey ? coded : this.#bodyByName('body', row.body), row.body, row.bodyKind);
  }

  /** The person that a row with holder_kind person means. Throws BadPostCell. */
  holdingPerson(row: PostsRow, bodyId: string | null): Subject<PersonState> {
    const { holderName: name, holderCode: code, officePhone } = row;
    const key = personKey(name, officePhone, bodyId);
    const id = code === null ? this.#personByKey(name, key) : this.#idOfCode(this.#knownPeople, 'person', code);
    let person = this.people.get(id);
    if (!person) {
      const state = { id, name, officePhone, bodyId, languages: [] };
      person = new Subject<PersonState>(state, this.#knownPeople.get(id) ?? []);
      this.people.set(id, person);
    }
    enter(this.#personNames, key, id);
    assertName(person, name, code);
    // Without a key, phone and body tell who is meant; they are not news of that person.
    const { languages } = row;
    wantAll(person, code === null ? { languages } : { officePhone, bodyId, languages }, row);
    return person;
  }

  #idOfCode(known: ReadonlyMap<string, unknown>, kind: 'body' | 'person', code: string): string {
    return known.has(code.toLowerCase()) ? code.toLowerCase() : stableId(kind, 'code', code);
  }

  #bodyByName(column: PostsColumn, name: string): string {
    const made = stableId('body', 'name', name);
    const ids = this.#bodyNames.get(name) ?? new Set([made]);
    if (ids.has(made)) return made;
    if (ids.size > 1)
      throw new BadPostCell(column, name, `names ${ids.size} bodies; give the holder_code or id instead`);
    const [id] = ids;
    return id;
  }

  #personByKey(name: string, key: string): string {
    const made = stableId('person', 'key', key);
    const ids = this.#personNames.get(key) ?? new Set([made]);
    if (ids.has(made)) return made;
    const reason = `is the name of ${ids.size} people of that office phone and body; give the holder_code`;
    if (ids.size > 1) throw new BadPostCell('holder_name', name, reason);
    const [id] = ids;
    return id;
  }

  #body(id: string, name: string, kind: string | null): Subject<BodyState> {
    let body = this.bodies.get(id);
    if (!body) {
      const state = { id, name, kind: kind ?? 'ORGANISATION', officePhone: null, languages: [], categories: [] };
      body = new Subject<BodyState>(state, this.#knownBodies.get(id) ?? []);
      this.bodies.set(id, body);
      enter(this.#bodyNames, name, id);
    }
    return body;
  }
}

// A key used for two different names is a mistake more often than a new name, so a name never changes by import.
function assertName(subject: Subject<BodyState> | Subject<PersonState>, name: string, code: string | null): void {
  const names = subject.isNew ? [subject.initial.name] : subject.known.map((row) => row.value.name);
  if (names.includes(name)) return;
  throw new BadPostCell(
    'holder_code',
    code,
    `is already the key of ${names[names.length - 1]}; use another for ${name}`,
  );
}

type Wanted<State> = { readonly [Key in keyof State]?: State[Key] | null };

const COLUMN_OF: Record<string, PostsColumn> = { officePhone: 'office_phone', bodyId: 'body', languages: 'languages' };

function wantAll<State extends { readonly id: string }>(
  subject: Subject<State>,
  wanted: Wanted<State>,
  row: PostsRow,
): void {
  for (const key of Object.keys(wanted) as (keyof State & string)[]) {
    if (subject.want(key, wanted[key] ?? null)) continue;
    throw new BadPostCell(COLUMN_OF[key], row.holderName, 'says something else here than in another row of this file');
  }
}

function personKey(name: string, officePhone: string | null, bodyId: string | null): string {
  return JSON.stringify([name, officePhone, bodyId]);
}

function enter(names: Map<string, Set<string>>, name: string, id: string): void {
  const ids = names.get(name);
  if (ids) ids.add(id);
  else names.set(name, new Set([id]));
}
