import type { Atlas } from '../../grids/atlas/atlas.ts';
import { versionAt } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Person } from '../api/staff.type.ts';
import type { AppointmentState, DatedRow } from '../directory.repository.ts';
import type { Directory } from '../directory.ts';
import { groupBy } from '../import/subject.ts';
import { lastChain, lastVersion } from './lastPlace.ts';

/** What one member of staff holds at a moment. */
export interface StaffCount {
  readonly person: Person;
  /** Ids of the posts to which he or she is appointed then, each once. */
  readonly held: readonly string[];
  /** How many of them exist then, on a grid or place that does. */
  readonly standing: number;
  /** The grids of those posts; of somebody who holds none, the grids of the last ones. */
  readonly gridIds: readonly string[];
}

/** Counts what every member of staff holds, at any moment, from memory. */
export class StaffCensus {
  readonly #atlas: Atlas;
  readonly #directory: Directory;

  constructor(atlas: Atlas, directory: Directory) {
    this.#atlas = atlas;
    this.#directory = directory;
  }

  /** Everybody who is filed at the moment, by name, then id. */
  count(moment: Moment): StaffCount[] {
    const { people, posts, appointments } = this.#directory.knownIn(moment.edition);
    const gridOf = new Map(posts.map(({ value }) => [value.id, value.gridId]));
    const byPerson = groupBy(
      appointments.filter(({ value }) => value.personId !== null),
      ({ value }) => value.personId!,
    );
    const ids = new Set(people.filter((row) => holds(row, moment)).map(({ value }) => value.id));
    return [...ids]
      .flatMap((id) => {
        const person = this.#directory.findPerson(id, moment);
        return person ? this.#countOf(person, byPerson.get(id) ?? [], gridOf, moment) : [];
      })
      .sort((a, b) => (countKey(a) < countKey(b) ? -1 : 1));
  }

  /** Ids of where a grid lies or lay last, itself first. */
  placeOf(gridId: string, moment: Moment): readonly string[] {
    const grid = this.#atlas.findGrid(gridId);
    const version = grid && lastVersion(grid, moment);
    return version ? lastChain(version, moment) : [];
  }

  #countOf(
    person: Person,
    appointments: readonly DatedRow<AppointmentState>[],
    gridOf: ReadonlyMap<string, string>,
    moment: Moment,
  ): StaffCount {
    const now = appointments.filter((row) => holds(row, moment));
    const held = [...new Set(now.map(({ value }) => value.postId))].sort();
    const standing = held.filter((postId) => this.#stands(postId, gridOf, moment)).length;
    const meant = now.length > 0 ? now : lastOf(appointments, moment);
    const gridIds = meant.flatMap(
      ({ value: { postId } }) => gridOf.get(postId) ?? this.#directory.watch(postId, moment)?.gridId ?? [],
    );
    return { person, held, standing, gridIds: [...new Set(gridIds)] };
  }

  #stands(postId: string, gridOf: ReadonlyMap<string, string>, moment: Moment): boolean {
    if (!this.#directory.findPost(postId, moment)) return false;
    const gridId = gridOf.get(postId);
    // A post on a place stands with its place.
    const grid = gridId === undefined ? undefined : this.#atlas.findGrid(gridId);
    return grid === undefined || versionAt(grid, moment) !== undefined;
  }
}

/** Unique, and in the order of names. */
export const countKey = ({ person: { name, id } }: StaffCount): string => `${name}\n${id}`;

function holds(row: DatedRow<unknown>, { asOf }: Moment): boolean {
  return row.validFrom <= asOf && asOf < row.validTo;
}

/** Those that ended last before the moment; where none has begun, those to come. */
function lastOf(appointments: readonly DatedRow<AppointmentState>[], { asOf }: Moment) {
  const past = appointments.filter(({ validTo }) => validTo <= asOf);
  if (past.length === 0) return appointments;
  const end = Math.max(...past.map(({ validTo }) => validTo));
  return past.filter(({ validTo }) => validTo === end);
}
