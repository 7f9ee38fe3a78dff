import type { EditionReader } from '../grids/edition.service.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';
import type { Body, Person, Role } from './api/staff.type.ts';
import type { AppointmentState, DirectoryRepository, KnownStaff, PostLog, PostState } from './directory.repository.ts';
import {
  type Board,
  type GridPost,
  type HeldPost,
  type HolderEntry,
  inHolderOrder,
  inRoleOrder,
  seatOf,
  type TierRole,
  type WatchedPost,
  withRequired,
} from './gridPost.ts';
import { StaffBook } from './memory/staffBook.ts';
import { RoleBook } from './roleBook.ts';
import type { RosterBook } from './roster/rosterBook.ts';
import { Timeline, Window } from './timeline.ts';

/**
 * Who holds which post, in memory, for every instant and every edition. Follows the log of editions. Lists are ordered
 * by what they say, never by when it was written, so an answer asked again is the same for ever.
 */
export class Directory implements EditionReader {
  readonly #repository: DirectoryRepository;
  readonly #rosters: RosterBook | undefined;
  readonly #staff = new StaffBook();
  readonly #posts = new Timeline<PostState>();
  readonly #appointments = new Timeline<AppointmentState>();
  readonly #stateOfPost = new Map<string, PostState>();
  /** Every post that a person ever held, in any edition. */
  readonly #postsOfPerson = new Map<string, Set<string>>();
  readonly #roles = new RoleBook();
  #latest = 0;
  // One board per grid, as last asked. A published edition never changes, so a board never goes stale.
  readonly #boards = new Map<string, Board>();

  /** Without rosters everybody is on duty at all times. */
  constructor(repository: DirectoryRepository, rosters?: RosterBook) {
    this.#repository = repository;
    this.#rosters = rosters;
  }

  async read(after: number, upTo: number): Promise<() => void> {
    const log = await this.#repository.readLog(after, upTo);
    const showRosters = await this.#rosters?.read(after, upTo);
    return () => {
      showRosters?.();
      this.#show(log, upTo);
    };
  }

  /** The posts that exist on this grid or place itself, vacant ones too, in the order of their roles. */
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
    const state = this.#stateOfPost.get(postId);
    return state && this.postsOn(seatOf(state), moment).find((entry) => entry.post.id === postId);
  }

  /** One post by itself, where it is, and until when that stays so; without an entry while the post does not exist. */
  watch(postId: string, moment: Moment): WatchedPost | undefined {
    const state = this.#stateOfPost.get(postId);
    if (!state) return undefined;
    const { posts, until } = this.#makeBoard(seatOf(state), moment, postId);
    return { entry: posts[0], until, gridId: state.gridId, placeId: state.placeId ?? null };
  }

  /** Empty when the post is vacant or does not exist at the moment. */
  holdersOf(postId: string, moment: Moment): readonly HolderEntry[] {
    return this.findPost(postId, moment)?.holders ?? [];
  }

  findBody(id: string, moment: Moment): Body | undefined {
    return this.#staff.findBody(id, new Window(moment));
  }

  findPerson(id: string, moment: Moment): Person | undefined {
    return this.#staff.findPerson(id, new Window(moment));
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
      const { gridId, placeId = null } = this.#stateOfPost.get(postId)!;
      held.push({ entry, gridId, placeId });
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
    this.#staff.findBody(bodyId, window);
    return window.until;
  }

  knownIn(edition: number): KnownStaff {
    return {
      ...this.#staff.knownIn(edition),
      posts: this.#posts.rowsIn(edition).filter(({ value }) => !value.placeId),
      appointments: this.#appointments.rowsIn(edition),
    };
  }

  #show(log: PostLog, upTo: number): void {
    this.#roles.show(log.roles, log.seats);
    this.#staff.show(log);
    this.#posts.show(log.posts, seatOf);
    for (const { value } of log.posts.opened) this.#stateOfPost.set(value.id, value);
    this.#appointments.show(log.appointments, (held) => held.postId);
    for (const { value } of log.appointments.opened) this.#fileUnderHolder(value);
    this.#latest = upTo;
  }

  #fileUnderHolder({ personId, postId }: AppointmentState): void {
    if (personId === null) return;
    const posts = this.#postsOfPerson.get(personId) ?? new Set();
    this.#postsOfPerson.set(personId, posts.add(postId));
  }

  #board(gridId: string, moment: Moment): Board {
    const board = this.#boards.get(gridId);
    const { asOf, edition } = moment;
    if (board !== undefined && board.edition === edition && board.from <= asOf && asOf < board.until) return board;
    return this.#makeBoard(gridId, moment);
  }

  /** `only` one post of it, if given. */
  #makeBoard(gridId: string, moment: Moment, only?: string): Board {
    const window = new Window(moment);
    const posts: GridPost[] = [];
    for (const row of this.#posts.rowsOf(gridId)) {
      if ((only !== undefined && row.value.id !== only) || !window.admits(row)) continue;
      const holders = this.#holders(row.value.id, window);
      const post = { id: row.value.id, vacant: holders.length === 0 };
      posts.push({ role: this.#roles.get(row.value.roleId), post, holders });
    }
    posts.sort((a, b) => inRoleOrder(a.role, b.role));
    const { edition, from, until } = window;
    const board: Board = { edition, from, until, posts, complete: undefined };
    // An edition that is not shown yet may still say something else.
    if (edition <= this.#latest && only === undefined) this.#boards.set(gridId, board);
    return board;
  }

  #holders(postId: string, window: Window): HolderEntry[] {
    const holders: HolderEntry[] = [];
    const appointments = this.#appointments.rowsOf(postId);
    for (const row of appointments) {
      if (!window.admits(row)) continue;
      const { id, personId, bodyId, rank, homeBodyId } = row.value;
      const holder =
        personId === null ? this.#staff.findBody(bodyId!, window) : this.#staff.findPerson(personId, window);
      const homeUnit = homeBodyId === null ? undefined : this.#staff.findBody(homeBodyId, window);
      if (holder) holders.push({ appointmentId: id, rank, holder, homeUnit });
    }
    if (holders.length > 1) holders.sort(inHolderOrder);
    return this.#rosters?.judge(holders, appointments, window) ?? holders;
  }
}
