import { Body, Person } from '../api/staff.type.ts';
import type { KnownStaff, PostLog } from '../directory.repository.ts';
import type { BodyState, PersonState } from '../post.type.ts';
import { Timeline, type Window } from '../timeline.ts';

/** The bodies and people of every edition and every date. */
export class StaffBook {
  readonly #bodies = new Timeline<BodyState>();
  readonly #people = new Timeline<PersonState>();

  show({ bodies, people }: Pick<PostLog, 'bodies' | 'people'>): void {
    this.#bodies.show(bodies, (body) => body.id);
    this.#people.show(people, (person) => person.id);
  }

  /** The belief of one edition about all dates. */
  knownIn(edition: number): Pick<KnownStaff, 'bodies' | 'people'> {
    return { bodies: this.#bodies.rowsIn(edition), people: this.#people.rowsIn(edition) };
  }

  /** As it is in the window. */
  findBody(id: string, window: Window): Body | undefined {
    const state = this.#bodies.find(id, window);
    return state && new Body(state, { asOf: window.asOf, edition: window.edition });
  }

  /** As he or she is in the window, with the body. */
  findPerson(id: string, window: Window): Person | undefined {
    const state = this.#people.find(id, window);
    if (!state) return undefined;
    const body = (state.bodyId !== null && this.findBody(state.bodyId, window)) || null;
    return new Person(state, body);
  }
}
