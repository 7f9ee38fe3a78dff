import { Role } from './api/staff.type.ts';
import type { RoleSeat } from './directory.repository.ts';
import { inRoleOrder, type TierRole } from './gridPost.ts';
import type { RoleState } from './post.type.ts';

/** The roles, and the tiers where they sit, of every edition. Both are only ever added. */
export class RoleBook {
  readonly #byId = new Map<number, Role>();
  readonly #seats = new Map<number, RoleSeat[]>();
  #ordered: readonly Role[] = [];
  #newestSince = 0;

  show(roles: readonly RoleState[], seats: readonly RoleSeat[]): void {
    for (const state of roles) {
      this.#byId.set(state.id, new Role(state));
      this.#newestSince = Math.max(this.#newestSince, state.editionFrom);
    }
    for (const seat of seats) {
      const known = this.#seats.get(seat.tierId);
      if (known) known.push(seat);
      else this.#seats.set(seat.tierId, [seat]);
    }
    this.#ordered = [...this.#byId.values()].sort(inRoleOrder);
  }

  get(id: number): Role {
    return this.#byId.get(id)!;
  }

  find(code: string, edition: number): Role | undefined {
    return this.at(edition).find((role) => role.code === code);
  }

  /** By position, then by code. */
  at(edition: number): readonly Role[] {
    if (edition >= this.#newestSince) return this.#ordered;
    return this.#ordered.filter((role) => role.editionFrom <= edition);
  }

  /** The roles that sit at a tier, by position, then by code. */
  ofTier(tierId: number, edition: number): readonly TierRole[] {
    const seats = (this.#seats.get(tierId) ?? []).filter((seat) => seat.editionFrom <= edition);
    const roles = seats.map((seat) => ({ role: this.get(seat.roleId), required: seat.required }));
    return roles.sort((a, b) => inRoleOrder(a.role, b.role));
  }
}
