import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Areas } from '../../../access/viewer.ts';
import type { Database } from '../../../db/tables.ts';
import { DomainError } from '../../../errors.ts';
import { isUuid } from '../../../ids.ts';
import { Subject } from '../../import/subject.ts';
import type { PostRepository } from '../../post.repository.ts';
import type { HolderRef, PersonState, Validity } from '../../post.type.ts';
import type { StaffingRepository } from '../staffing.repository.ts';
import { readLanguages, readOfficePhone, readStaffName } from '../staffText.ts';
import { endOf } from './dates.ts';
import { datedRows } from './known.ts';

type Trx = Transaction<Database>;

/** A member of staff as named in an act: one who is filed, by id, or somebody new. */
export interface PersonWish {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly officePhone?: string | null;
  readonly bodyId?: string | null;
  readonly languages?: readonly string[] | null;
  readonly anotherOfSameName?: boolean | null;
}

/** Who is meant: one who is filed, or a new person with the facts that were checked. */
export type Holder =
  | { readonly kind: 'person' | 'body'; readonly id: string }
  | { readonly kind: 'new'; readonly person: PersonState; readonly another: boolean };

/** Throws BAD_INPUT, naming the field; a value is never repeated. */
export function readHolder(person: PersonWish | null | undefined, bodyId: string | null | undefined): Holder {
  if ((person == null) === (bodyId == null)) {
    throw new DomainError('BAD_INPUT', 'person: give either the person or the bodyId that is to hold the post.', {
      field: 'person',
    });
  }
  if (!person) return { kind: 'body', id: bodyId! };
  const { id, anotherOfSameName, ...facts } = person;
  if (id != null) {
    if (Object.values(facts).every((fact) => fact == null)) return { kind: 'person', id };
    const message = 'person: with an id nothing else is given; `revisePerson` changes what is known of somebody.';
    throw new DomainError('BAD_INPUT', message, { field: 'person' });
  }
  const state = {
    id: randomUUID(),
    name: readStaffName('person.name', facts.name, 100),
    officePhone: readOfficePhone('person.officePhone', facts.officePhone),
    bodyId: facts.bodyId ?? null,
    languages: readLanguages('person.languages', facts.languages),
  };
  return { kind: 'new', person: state, another: anotherOfSameName === true };
}

/** Files holders and finds them again. */
export class HolderDesk {
  readonly #repository: StaffingRepository;
  readonly #posts: PostRepository;

  constructor(repository: StaffingRepository, posts: PostRepository) {
    this.#repository = repository;
    this.#posts = posts;
  }

  /**
   * Makes sure that the holder exists on the dates. Throws NOT_FOUND for nobody, CONFLICT where somebody of the same
   * name, phone and body is filed already.
   */
  async prepare(trx: Trx, edition: number, holder: Holder, dates: Validity, areas: Areas): Promise<HolderRef> {
    if (holder.kind === 'body') return this.#prepareBody(trx, edition, holder.id, dates);
    if (holder.kind === 'new') return this.#file(trx, edition, holder, dates, areas);
    const known = isUuid(holder.id) ? await this.#repository.listPerson(trx, areas, holder.id) : [];
    if (known.length === 0) throw unknown('person.id', 'person');
    const [{ validFrom: _, validTo: __, ...state }] = known;
    const person = new Subject(state, datedRows(known));
    person.need(dates.validFrom.getTime(), endOf(dates.validTo));
    await this.#posts.insertPeople(trx, edition, person.drafts());
    return { personId: state.id };
  }

  /** Throws NOT_FOUND. */
  async assertBody(trx: Trx, field: string, bodyId: string): Promise<void> {
    const known = isUuid(bodyId) ? await this.#repository.listBody(trx, bodyId) : [];
    if (known.length === 0) throw unknown(field, 'body');
  }

  async #prepareBody(trx: Trx, edition: number, id: string, dates: Validity): Promise<HolderRef> {
    const known = isUuid(id) ? await this.#repository.listBody(trx, id) : [];
    if (known.length === 0) throw unknown('bodyId', 'body');
    const [{ validFrom: _, validTo: __, ...state }] = known;
    const body = new Subject(state, datedRows(known));
    body.need(dates.validFrom.getTime(), endOf(dates.validTo));
    await this.#posts.insertBodies(trx, edition, body.drafts());
    return { bodyId: state.id };
  }

  async #file(
    trx: Trx,
    edition: number,
    { person, another }: Holder & { kind: 'new' },
    { validFrom }: Validity,
    areas: Areas,
  ): Promise<HolderRef> {
    if (person.bodyId !== null) await this.assertBody(trx, 'person.bodyId', person.bodyId);
    const same = another ? undefined : await this.#repository.findSame(trx, areas, person);
    if (same) {
      const message =
        'person: somebody of this name, office phone and body is filed already; appoint that id, or say anotherOfSameName.';
      throw new DomainError('CONFLICT', message, { field: 'person', personId: same });
    }
    await this.#posts.insertPeople(trx, edition, [{ ...person, validFrom, validTo: null }]);
    return { personId: person.id };
  }
}

function unknown(field: string, kind: string): DomainError {
  return new DomainError('NOT_FOUND', `${field}: no ${kind} of this id is filed.`, { field });
}
