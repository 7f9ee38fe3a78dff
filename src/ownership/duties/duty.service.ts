import { chainOf, type VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { Role } from '../../posts/api/staff.type.ts';
import type { Directory } from '../../posts/directory.ts';
import { type Duty, DutyStance } from '../../posts/duties/duty.type.ts';
import type { DutyBook } from '../../posts/duties/dutyBook.ts';
import { type DutySeat, mayAct, type Stance } from '../../posts/duties/dutyRule.ts';
import { getRole } from '../../posts/vacancyFinder.ts';
import type { OwnershipService } from '../ownership.service.ts';
import type { Ownership } from '../ownership.ts';
import type { PlaceRequest } from '../place.ts';

export interface DutyQuestion {
  readonly role: string;
  readonly category: string;
  readonly at: PlaceRequest;
  readonly asOf?: Date | null;
  readonly edition?: number | null;
}

interface Judged {
  readonly role: Role;
  readonly stance: Stance;
  readonly byMatrix: boolean;
}

type Seated = Map<Role, DutySeat[]>;

/** Who may do what at a place: "not this role: that one". */
export class DutyService {
  readonly #ownership: OwnershipService;
  readonly #directory: Directory;
  readonly #duties: DutyBook;

  constructor(ownership: OwnershipService, directory: Directory, duties: DutyBook) {
    this.#ownership = ownership;
    this.#directory = directory;
    this.#duties = duties;
  }

  /** Throws NOT_FOUND for an unknown role, and what `ownership` throws for the place. */
  async duty({ role: code, category, at, asOf, edition }: DutyQuestion): Promise<Duty> {
    const answer = await this.#ownership.ownership(at, { asOf, edition });
    const moment = { asOf: answer.asOf.getTime(), edition: answer.edition };
    const role = getRole(this.#directory, code, moment.edition);
    const seated = this.#seats(answer, moment);
    const asked = this.#judge(role, category, seated.get(role) ?? [], moment);
    const allowed = mayAct(asked.stance);
    const instead = allowed ? [] : this.#instead(role, category, seated, moment);
    const answering = new Set(allowed ? [role] : instead);
    return {
      role,
      allowed,
      stance: DutyStance[asked.stance],
      byMatrix: asked.byMatrix,
      instead,
      holdings: answer.holdings().filter(({ post }) => answering.has(post.role)),
    };
  }

  /** The roles that sit on the chains of a place, in the order of roles, each with its seats. */
  #seats(answer: Ownership, moment: Moment): Seated {
    const seated: Seated = new Map();
    for (const chain of chainsOf(answer, moment)) {
      const ids = chain.map(({ grid }) => grid.id);
      for (const [depth, { grid }] of chain.entries()) {
        const seat = { tierId: grid.tier.id, gridIds: ids.slice(depth) };
        for (const { role } of this.#directory.tierRoles(grid.tier.id, moment.edition)) {
          seated.set(role, [...(seated.get(role) ?? []), seat]);
        }
      }
    }
    return seated;
  }

  /** What the matrix says; where it says nothing, whether the matter is one of the role itself. A role without a seat may not. */
  #judge(role: Role, category: string, seats: readonly DutySeat[], moment: Moment): Judged {
    const stance = this.#duties.findStance(role, category, seats, moment);
    if (stance) return { role, stance, byMatrix: true };
    const own = role.categories.length === 0 || role.categories.includes(category);
    return { role, stance: seats.length > 0 && own ? 'MAY' : 'NOT', byMatrix: false };
  }

  /** The others that act, leading ones first; those that nothing but their silence allows only where nobody else does. */
  #instead(asked: Role, category: string, seated: Seated, moment: Moment): Role[] {
    const others = [...seated].filter(([role]) => role !== asked);
    const judged = others
      .map(([role, seats]) => this.#judge(role, category, seats, moment))
      .filter(({ stance }) => mayAct(stance));
    const named = judged.filter(({ role, byMatrix }) => byMatrix || role.categories.includes(category));
    const acting = named.length > 0 ? named : judged;
    const leading = (each: Judged) => (each.stance === 'LEADS' ? 0 : 1);
    return acting
      .sort(
        (a, b) => leading(a) - leading(b) || a.role.position - b.role.position || (a.role.code < b.role.code ? -1 : 1),
      )
      .map(({ role }) => role);
  }
}

function chainsOf({ layers }: Ownership, moment: Moment): readonly (readonly VersionEntry[])[] {
  return layers.flatMap(({ grid, alsoIn }) =>
    [...(grid ? [grid] : []), ...alsoIn].map(({ version }) => chainOf(version, moment)),
  );
}
