import type { EditionReader } from '../grids/edition.service.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';
import { Body, Person, type Role } from './api/staff.type.ts';
import type { AppointmentState, DirectoryRepository, KnownStaff, PostLog, PostState } from './directory.repository.ts';
import {
  type GridPost,
  type HeldPost,
  type HolderEntry,
  inHolderOrder,
  inRoleOrder,
  type TierRole,
  withRequired,
} from './gridPost.ts';
import type { BodyState, PersonState } from './post.type.ts';
import { RoleBook } from './roleBook.ts';
import { Timeline, Window } from './timeline.ts';

/** The posts of one grid, exact for every instant of [from, until) in one edition. */
interface Board {
  readonly edition: number;
  readonly from: number;
  readonly until: number;
  readonly posts: readonly GridPost[];
  /** With the required posts that were never made; worked out when first asked for. */
  complete: readonly GridPost[] | undefined;
}

/**
 * Who holds which post, in memory, for every instant and every edition. Follows the log of editions. Lists are ordered
 * by what they say, never by when it was written, so an answer asked again is the same for ever.
 */
export class Directory implements EditionReader {
  readonly #repository: DirectoryRepository;
  readonly #bodies = new Timeline<BodyState>();
  readonly #people = new Timeline<PersonState>();
  readonly #posts = new Timeline<PostState>();
  readonly #appointments = new Timeline<AppointmentState>();
  readonly #gridOfPost = new Map<string, string>();
  /** Every post that a person ever held, in any edition. */
  readonly #postsOfPerson = new Map<string, Set<string>>();
  readonly #roles = new RoleBook();
  #latest = 0;
  // One board per grid, as last asked. A published edition never changes, so a board never goes stale.
  readonly #boards = new Map<string, Board>();

  constructor(repository: DirectoryRepository) {
    this.#repository = repository;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    return () => this.#show(log, upTo);
  }

  /** The posts that exist on this grid itself, vacant ones too, in the order of their roles. */
  postsOn(gridId: string, moment: Moment): readonly GridPost[] {
    return this.#board(gridId, moment).posts;
  }

  /** The same and, shown vacant, the posts that the grid's tier requires but that were never made. */
  holdingsOnGrid(grid: { readonly id: string; readonly tierId: number }, moment: Moment): readonly GridPost[] {
    const board = this.#board(grid.id, moment);
    board.complete ??= withRequired(board.posts, this.tierRoles(grid.tierId, moment.edition), grid.id);
    return board.complete;
  }

  findPost(postId: string, moment: Moment): GridPost | undefined {
    const gridId = this.#gridOfPost.get(postId);
    if (gridId === undefined) return undefined;
    return this.postsOn(gridId, moment).find((entry) => entry.post.id === postId);
  }

  /** Empty when the post is vacant or does not exist at the moment. */
  holdersOf(postId: string, moment: Moment): readonly HolderEntry[] {
    return this.findPost(postId, moment)?.holders ?? [];
  }

  findBody(id: string, moment: Moment): Body | undefined {
    return this.#body(id, new Window(moment));
  }

  findPerson(id: string, moment: Moment): Person | undefined {
    return this.#person(id, new Window(moment));
  }

  findRole(code: string, edition: number): Role | undefined {
    return this.#roles.find(code, edition);
  }

  /** By position, then by code. */
  rolesAt(edition: number): readonly Role[] {
    return this.#roles.at(edition);
  }

  /** The roles that sit at a tier, by position, then by code. */
  tierRoles(tierId: number, edition: number): readonly TierRole[] {
    return this.#roles.ofTier(tierId, edition);
  }

  /** The posts that a person holds anywhere, by role, then by id. */
  postsHeldBy(personId: string, moment: Moment): readonly HeldPost[] {
    const held: HeldPost[] = [];
    for (const postId of this.#postsOfPerson.get(personId) ?? []) {
      const entry = this.findPost(postId, moment);
      if (!entry?.holders.some(({ holder }) => holder.id === personId)) continue;
      held.push({ entry, gridId: this.#gridOfPost.get(postId)! });
    }
    return held.sort((a, b) => inRoleOrder(a.entry.role, b.entry.role) || (a.entry.post.id < b.entry.post.id ? -1 : 1));
  }

  /** The earliest known instant after `asOf` at which a post of these grids may change hands; Infinity if none is known. */
  nextChange(gridIds: readonly string[], moment: Moment): number {
    let earliest = FOREVER;
    for (const gridId of gridIds) earliest = Math.min(earliest, this.#board(gridId, moment).until);
    return earliest;
  }

  /** The earliest known instant after `asOf` at which a body may change; Infinity if none is known. */
  nextBodyChange(bodyId: string, moment: Moment): number {
    const window = new Window(moment);
    this.#body(bodyId, window);
    return window.until;
  }

  knownIn(edition: number): KnownStaff {
    return {
      bodies: this.#bodies.rowsIn(edition),
      people: this.#people.rowsIn(edition),
      posts: this.#posts.rowsIn(edition),
      appointments: this.#appointments.rowsIn(edition),
    };
  }

  #show(log: PostLog, upTo: number): void {
    this.#roles.show(log.roles, log.seats);
    this.#bodies.show(log.bodies, (body) => body.id);
    this.#people.show(log.people, (person) => person.id);
    this.#posts.show(log.posts, (post) => post.gridId);
    for (const { value } of log.posts.opened) this.#gridOfPost.set(value.id, value.gridId);
    this.#appointments.show(log.appointments, (held) => held.postId);
    for (const { value } of log.appointments.opened) this.#fileUnderHolder(value);
    this.#latest = upTo;
  }

  #fileUnderHolder({ personId, postId }: AppointmentState): void {
    if (personId === null) return;
    const posts = this.#postsOfPerson.get(personId);
    if (posts) posts.add(postId);
    else this.#postsOfPerson.set(personId, new Set([postId]));
  }

  #board(gridId: string, moment: Moment): Board {
    const board = this.#boards.get(gridId);
    const { asOf, edition } = moment;
    if (board !== undefined && board.edition === edition && board.from <= asOf && asOf < board.until) return board;
    return this.#makeBoard(gridId, moment);
  }

  #makeBoard(gridId: string, moment: Moment): Board {
    const window = new Window(moment);
    const posts: GridPost[] = [];
    for (const row of this.#posts.rowsOf(gridId)) {
      if (!window.admits(row)) continue;
      const holders = this.#holders(row.value.id, window);
      const post = { id: row.value.id, vacant: holders.length === 0 };
      posts.push({ role: this.#roles.get(row.value.roleId), post, holders });
    }
    posts.sort((a, b) => inRoleOrder(a.role, b.role));
    const { edition, from, until } = window;
    const board: Board = { edition, from, until, posts, complete: undefined };
    // An edition that is not shown yet may still say something else.
    if (edition <= this.#latest) this.#boards.set(gridId, board);
    return board;
  }

  #holders(postId: string, window: Window): HolderEntry[] {
    const holders: HolderEntry[] = [];
    for (const row of this.#appointments.rowsOf(postId)) {
      if (!window.admits(row)) continue;
      const { id, personId, bodyId, rank } = row.value;
      const holder = personId === null ? this.#body(bodyId!, window) : this.#person(personId, window);
      if (holder) holders.push({ appointmentId: id, rank, holder });
    }
    return holders.length > 1 ? holders.sort(inHolderOrder) : holders;
  }

  #body(id: string, window: Window): Body | undefined {
    const state = this.#bodies.find(id, window);
    return state && new Body(state);
  }

  #person(id: string, window: Window): Person | undefined {
    const state = this.#people.find(id, window);
    if (!state) return undefined;
    const body = (state.bodyId !== null && this.#body(state.bodyId, window)) || null;
    return new Person(state, body);
  }
}
