import type { Shape } from '../../geometry/polygon.ts';
import { findRingFault, type RingFault } from '../../geometry/rings/ringFaults.ts';
import type { DraftGrid, LayerRules, TierRules } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';

/** What the checks ask of the world outside the draft. */
export interface CheckContext {
  /** The territory as it is before the draft. */
  readonly base: Territory;
  /** Whether a grid lies in the editor's area. */
  isInArea(gridId: string): boolean;
  /** Names of roles that this grid must have somebody for and has nobody. */
  listVacantRoles(grid: DraftGrid): readonly string[];
}

/** A question to the checks: what is wrong about these grids of this layer. */
export interface Scope {
  readonly territory: Territory;
  readonly layer: LayerRules;
  /** The grids it is about, as far as they are in the territory; null: all of the layer. */
  readonly focus: ReadonlySet<string> | null;
  /** Grids that the draft touches, also those that end. */
  readonly touched: ReadonlySet<string>;
  readonly context: CheckContext;
}

export function tierOf({ layer }: Scope, grid: DraftGrid): TierRules {
  return layer.tiers.find((tier) => tier.code === grid.tier)!;
}

/** The grids that a scope is about, of one tier or of all. */
export function* gridsIn({ territory, layer, focus }: Scope, tier?: string): Generator<DraftGrid> {
  if (focus === null) {
    yield* territory.grids(layer.code, tier);
    return;
  }
  for (const id of focus) {
    const grid = territory.find(id);
    if (grid && grid.layer === layer.code && (tier === undefined || grid.tier === tier)) yield grid;
  }
}

/** Whether the draft redraws the grid; in a question about the base itself or about a whole layer every grid counts. */
export function isReshaped({ territory, focus, context }: Scope, grid: DraftGrid): boolean {
  return focus === null || territory === context.base || context.base.find(grid.id)?.shape !== grid.shape;
}

// Shapes are never changed, so what was found of one holds for good.
const known = new WeakMap<Shape, RingFault | false>();

/** The first fault of a boundary with itself. What the base holds the registry has judged already, by ST_IsValid. */
export function ringFaultOf({ context }: Pick<Scope, 'context'>, grid: DraftGrid): RingFault | undefined {
  if (context.base.find(grid.id)?.shape === grid.shape) return undefined;
  let fault = known.get(grid.shape);
  if (fault === undefined) {
    fault = findRingFault(grid.shape) ?? false;
    known.set(grid.shape, fault);
  }
  return fault || undefined;
}
