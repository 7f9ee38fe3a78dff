import { DomainError } from '../errors.ts';
import type { VersionEntry } from '../grids/atlas/rows.ts';
import type { GridFinder } from '../grids/gridFinder.ts';
import type { Moment } from '../grids/moment.ts';
import type { Role } from './api/staff.type.ts';
import type { Directory } from './directory.ts';

/** Finds the grids that lack somebody. */
export class VacancyFinder {
  readonly #grids: GridFinder;
  readonly #directory: Directory;

  constructor(grids: GridFinder, directory: Directory) {
    this.#grids = grids;
    this.#directory = directory;
  }

  /**
   * The grids, in listing order, that have a post of the role which nobody holds at the moment. A post that the tier
   * requires counts though it was never made; where the role may sit but need not, a grid without the post lacks nobody.
   * Throws NOT_FOUND for an unknown role or grid.
   */
  list(roleCode: string, within: string | null, moment: Moment): VersionEntry[] {
    const role = getRole(this.#directory, roleCode, moment.edition);
    const seats = new Map<number, boolean>();
    const sitsAt = (tierId: number) => {
      let sits = seats.get(tierId);
      if (sits === undefined) {
        sits = this.#directory.tierRoles(tierId, moment.edition).some((seat) => seat.role === role);
        seats.set(tierId, sits);
      }
      return sits;
    };
    return this.#grids
      .list({ within }, moment)
      .filter(({ grid }) => sitsAt(grid.tier.id) && this.#isVacant(grid.id, grid.tier.id, role, moment));
  }

  #isVacant(id: string, tierId: number, role: Role, moment: Moment): boolean {
    const posts = this.#directory.holdingsOnGrid({ id, tierId }, moment).filter((entry) => entry.role === role);
    return posts.length > 0 && posts.every((entry) => entry.post.vacant);
  }
}

/** Throws NOT_FOUND naming the roles that the edition knows. */
export function getRole(directory: Directory, code: string, edition: number): Role {
  const role = directory.findRole(code, edition);
  if (role) return role;
  const roles = directory.rolesAt(edition).map((known) => known.code);
  const message = `role: there is no role ${code} in edition ${edition}; known are ${roles.join(', ') || 'none'}.`;
  throw new DomainError('NOT_FOUND', message, { field: 'role', roles });
}
