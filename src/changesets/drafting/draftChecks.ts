import { type AreaTree, isWithin } from '../../access/areaTree.ts';
import type { Areas } from '../../access/viewer.ts';
import { checkLayer, checkTouched } from '../checks/check.ts';
import type { Issue } from '../checks/issue.ts';
import type { CheckContext } from '../checks/scope.ts';
import { isOnlyNoded } from '../territory/sameGround.ts';
import { type DraftState, layersOf } from './draftState.ts';
import { nearestKnown } from './reach.ts';

/** Names of the roles that a grid must have somebody for and has nobody; of a grid that does not exist yet, all. */
export type ListVacantRoles = CheckContext['listVacantRoles'];

/** Finds faults in drafts. `areas` is where the one who draws may draw. */
export class DraftChecks {
  readonly #tree: AreaTree;
  readonly #listVacantRoles: ListVacantRoles;

  constructor(tree: AreaTree, listVacantRoles: ListVacantRoles) {
    this.#tree = tree;
    this.#listVacantRoles = listVacantRoles;
  }

  /** Around the touched grids only. */
  near(state: DraftState, areas: Areas): readonly Issue[] {
    return checkTouched(state.territory, state.patch, this.#context(state, areas));
  }

  /** In the whole of every touched layer. */
  whole(state: DraftState, areas: Areas): readonly Issue[] {
    const context = this.#context(state, areas);
    return layersOf(state.patch).flatMap((layer) => checkLayer(state.territory, layer, state.patch, context));
  }

  #context(state: DraftState, areas: Areas): CheckContext {
    return {
      base: state.base,
      isInArea: (id) => {
        const { before, after } = state.patch.get(id) ?? {};
        if (before && after && isOnlyNoded(before, after)) return true;
        return isWithin(this.#tree, areas, nearestKnown(id, state, this.#tree));
      },
      listVacantRoles: this.#listVacantRoles,
    };
  }
}
