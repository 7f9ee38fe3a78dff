import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { HandlerPractice, LadderPractice, Practice, RoutePractice } from '../../practice/practice.type.ts';
import type { Rung } from '../course/state.ts';
import type { Rungs } from './route.type.ts';

type Chain = readonly VersionEntry[];

/** A grid on a rung, with the grids above it. */
export interface Reached {
  readonly version: VersionEntry;
  readonly above: Chain;
}

export const nameOf = ({ layer, tier }: Rung): string => `${layer}/${tier}`;

/** The first that names the category, else the first that names none. */
function serving<T extends { readonly categories: readonly string[] }>(
  entries: readonly T[],
  category: string,
): T | undefined {
  return (
    entries.find(({ categories }) => categories.includes(category)) ??
    entries.find(({ categories }) => categories.length === 0)
  );
}

export function ladderOf(practice: Practice, category: string): LadderPractice | undefined {
  return serving(practice.ladders, category);
}

export function routeOf(practice: Practice, { layer, tier }: Rung, category: string): RoutePractice | undefined {
  const ofRung = practice.routes.filter((route) => route.layer === layer && route.tier === tier);
  return serving(ofRung, category);
}

/** Where a handler is looked for: where it says, else on the rung of its route; undefined: neither says it. */
export function rungFor(handler: HandlerPractice, rung: Rung | null): Rung | undefined {
  const layer = handler.layer ?? rung?.layer;
  const tier = handler.tier ?? rung?.tier;
  return layer === undefined || tier === undefined ? undefined : { layer, tier };
}

/** Each grid of the chains that is on the rung, once. */
export function gridsOn(chains: readonly Chain[], rung: Rung): readonly Reached[] {
  const found = new Map<string, Reached>();
  for (const chain of chains) {
    const depth = chain.findIndex((version) => isOn(version, rung));
    if (depth < 0 || found.has(chain[depth].grid.id)) continue;
    found.set(chain[depth].grid.id, { version: chain[depth], above: chain.slice(depth + 1) });
  }
  return [...found.values()];
}

/** The smallest grids of the layer's chains that have no grid on the rung. */
export function withoutRung(chains: readonly Chain[], rung: Rung): readonly VersionEntry[] {
  return chains
    .filter((chain) => chain.length > 0 && chain[0].grid.layer.code === rung.layer)
    .filter((chain) => !chain.some((version) => isOn(version, rung)))
    .map((chain) => chain[0]);
}

function isOn({ grid }: VersionEntry, { layer, tier }: Rung): boolean {
  return grid.layer.code === layer && grid.tier.code === tier;
}

export function rungsIn(ladder: LadderPractice, chains: readonly Chain[]): Rungs {
  const rungs = ladder.tiers.map((tier) => ({ layer: ladder.layer, tier }));
  return { ladder, rungs, missing: rungs.filter((rung) => gridsOn(chains, rung).length === 0) };
}

/** The rungs above that have a grid, next first; none above a rung that is not on the ladder. */
export function rungsAbove(ladder: LadderPractice, chains: readonly Chain[], { layer, tier }: Rung): readonly Rung[] {
  const { rungs, missing } = rungsIn(ladder, chains);
  const at = rungs.findIndex((rung) => rung.layer === layer && rung.tier === tier);
  return at < 0 ? [] : rungs.slice(at + 1).filter((rung) => !missing.includes(rung));
}
