import type { CellFault } from '../../csv/cellFault.ts';
import { type CodeEntry, type GridEntry, isKnown } from '../../grids/atlas/rows.ts';
import { stableId } from '../../ids.ts';
import type { Role } from '../api/staff.type.ts';
import type { DatedRow, KnownStaff, PostState } from '../directory.repository.ts';
import type { TierRole } from '../gridPost.ts';
import type { AppointmentDraft, BodyDraft, PersonDraft, PostDraft, Revision } from '../post.type.ts';
import { AppointmentBook, dayText, instantText } from './appointmentBook.ts';
import { BadPostCell, HolderBook } from './holderBook.ts';
import type { PostsColumn } from './postCells.ts';
import type { PostsRow } from './postsFile.ts';
import { groupBy, Subject } from './subject.ts';

/** What one edition of the registry knows, as far as posts need it. */
export interface KnownRegistry {
  readonly edition: number;
  readonly staff: KnownStaff;
  readonly roles: readonly Role[];
  rolesOfTier(tierId: number): readonly TierRole[];
  /** Every grid that has the code, in any scheme. */
  listCodes(code: string): readonly CodeEntry[];
}

/** What a file would write. Empty everywhere when all of it is known already. */
export interface PostPlan {
  readonly bodies: readonly BodyDraft[];
  readonly people: readonly PersonDraft[];
  readonly posts: readonly PostDraft[];
  readonly appointments: readonly AppointmentDraft[];
  readonly bodyRevisions: readonly Revision<BodyDraft>[];
  readonly personRevisions: readonly Revision<PersonDraft>[];
  readonly ends: readonly { readonly appointmentId: string; readonly at: Date }[];
  readonly faults: readonly CellFault<PostsColumn>[];
  /** How many of the drafts are of things never filed before. */
  readonly made: { readonly bodies: number; readonly people: number; readonly posts: number };
}

/** Compares a file with what is known. Rows without `from` begin at `at`, which is also when changes of holders begin. */
export function planPosts(rows: readonly PostsRow[], registry: KnownRegistry, at: number): PostPlan {
  const planner = new Planner(registry, at);
  for (const row of [...rows].sort((a, b) => turnOf(a) - turnOf(b))) planner.take(row);
  return planner.plan();
}

// What others may name comes first: bodies, then people with a key.
function turnOf(row: PostsRow): number {
  return (row.holderKind === 'body' ? 0 : 2) + (row.holderCode === null ? 1 : 0);
}

class Planner {
  readonly #registry: KnownRegistry;
  readonly #at: number;
  readonly #book: HolderBook;
  readonly #faults: CellFault<PostsColumn>[] = [];
  readonly #knownPosts: Map<string, DatedRow<PostState>[]>;
  readonly #posts = new Map<string, { readonly role: Role; readonly post: Subject<PostState> }>();
  readonly #appointments: AppointmentBook;

  constructor(registry: KnownRegistry, at: number) {
    this.#registry = registry;
    this.#at = at;
    this.#book = new HolderBook(registry.staff);
    this.#knownPosts = groupBy(registry.staff.posts, ({ value }) => `${value.roleId}/${value.gridId}`);
    this.#appointments = new AppointmentBook(registry.staff.appointments, at);
  }

  take(row: PostsRow): void {
    try {
      this.#take(row);
    } catch (fault) {
      if (!(fault instanceof BadPostCell)) throw fault;
      this.#faults.push(fault.at(row.row));
    }
  }

  plan(): PostPlan {
    const bodies = [...this.#book.bodies.values()];
    const people = [...this.#book.people.values()];
    const posts = [...this.#posts.values()];
    return {
      bodies: bodies.flatMap((body) => body.drafts()),
      people: people.flatMap((person) => person.drafts()),
      posts: posts.flatMap(({ role, post }) => post.drafts().map((draft) => ({ ...draft, roleCode: role.code }))),
      appointments: this.#appointments.drafts,
      bodyRevisions: bodies.flatMap((body) => body.revision(this.#at) ?? []),
      personRevisions: people.flatMap((person) => person.revision(this.#at) ?? []),
      ends: this.#appointments.ends,
      faults: this.#faults.sort((a, b) => a.row - b.row),
      made: { bodies: countNew(bodies), people: countNew(people), posts: countNew(posts.map(({ post }) => post)) },
    };
  }

  #take(row: PostsRow): void {
    const role = this.#role(row.role);
    const grid = this.#grid(row);
    this.#assertSeat(role, grid);
    const post = this.#post(role, grid);
    const body = row.holderKind === 'body' ? this.#book.holdingBody(row) : this.#book.bodyOfPerson(row);
    const person = row.holderKind === 'person' ? this.#book.holdingPerson(row, body?.id ?? null) : null;
    const span = this.#appointments.take(row, post.id, person ? { personId: person.id } : { bodyId: body!.id });
    assertExists(grid, row, span.from, this.#registry.edition);
    for (const subject of [post, body, person]) subject?.need(span.from, span.to);
  }

  #role(code: string): Role {
    const role = this.#registry.roles.find((candidate) => candidate.code === code);
    if (role) return role;
    const known = this.#registry.roles.map((candidate) => candidate.code).join(', ');
    throw new BadPostCell('role', code, `is no known role; known are ${known || 'none'}`);
  }

  #grid({ gridCode, scheme }: PostsRow): GridEntry {
    const anywhere = this.#registry.listCodes(gridCode);
    const found = anywhere.filter((entry) => scheme === null || entry.scheme.code === scheme);
    const grids = new Set(found.map((entry) => entry.grid));
    const schemes = anywhere.map((entry) => entry.scheme.code).join(', ');
    if (anywhere.length === 0) throw new BadPostCell('grid_code', gridCode, 'is the code of no grid');
    if (grids.size === 0)
      throw new BadPostCell('scheme', scheme, `has no grid ${gridCode}; it is a code in ${schemes}`);
    if (grids.size > 1)
      throw new BadPostCell('grid_code', gridCode, `names several grids; give the scheme: ${schemes}`);
    return found[0].grid;
  }

  #assertSeat(role: Role, grid: GridEntry): void {
    const seated = this.#registry.rolesOfTier(grid.tier.id).map((seat) => seat.role.code);
    if (seated.includes(role.code)) return;
    const roles = seated.join(', ') || 'none';
    throw new BadPostCell('role', role.code, `does not sit at tier ${grid.tier.code}; the roles there are: ${roles}`);
  }

  #post(role: Role, grid: GridEntry): Subject<PostState> {
    const key = `${role.id}/${grid.id}`;
    let entry = this.#posts.get(key);
    if (!entry) {
      const known = this.#knownPosts.get(key) ?? [];
      const id = known[0]?.value.id ?? stableId('post', role.code, grid.id);
      entry = { role, post: new Subject({ id, roleId: role.id, gridId: grid.id }, known) };
      this.#posts.set(key, entry);
    }
    return entry.post;
  }
}

function countNew(subjects: readonly { readonly isNew: boolean; drafts(): readonly unknown[] }[]): number {
  return subjects.filter((subject) => subject.isNew && subject.drafts().length > 0).length;
}

function assertExists(grid: GridEntry, row: PostsRow, from: number, edition: number): void {
  const versions = grid.versions.filter((version) => isKnown(version, edition));
  const first = Math.min(...versions.map((version) => version.validFrom));
  const last = Math.max(...versions.map((version) => version.validTo));
  if (from < first) {
    throw new BadPostCell('from', dayText(row.from), `is before grid ${row.gridCode} begins, on ${instantText(first)}`);
  }
  if (from >= last)
    throw new BadPostCell('from', dayText(row.from), `is after grid ${row.gridCode} ends, on ${instantText(last)}`);
}
