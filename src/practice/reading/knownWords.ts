import type { Faults, Path } from './faults.ts';
import { handlersOf, type PlacedPractice } from './laws.ts';

/** The words of the registry that practice speaks in. */
export interface KnownWords {
  /** 1 is the root tier, larger is lower; undefined for a tier or layer that is not there. */
  rankOf(layer: string, tier: string): number | undefined;
  hasRole(code: string): boolean;
}

/** Every layer, tier and role that a document names must be there, and ladders go upwards. */
export function judgeWords(document: PlacedPractice, words: KnownWords, faults: Faults): void {
  const judgeTier = (layer: string, tier: string, path: Path) => {
    const rank = words.rankOf(layer, tier);
    if (rank === undefined) faults.add(path, 'there is no such tier in the layer; `layers` lists them');
    return rank;
  };
  const judgeRole = (role: string, path: Path) => {
    if (!words.hasRole(role)) faults.add(path, 'there is no such role; import it first');
  };
  for (const { entry, path } of document.routes) judgeTier(entry.layer, entry.tier, [...path, 'tier']);
  for (const { entry, path } of handlersOf(document)) {
    if (entry.layer !== null && entry.tier !== null) judgeTier(entry.layer, entry.tier, [...path, 'tier']);
    if (entry.role !== null) judgeRole(entry.role, [...path, 'role']);
  }
  for (const { entry, path } of document.ladders) {
    let below = Number.POSITIVE_INFINITY;
    entry.tiers.forEach((tier, i) => {
      const rank = judgeTier(entry.layer, tier, [...path, 'tiers', i]);
      // A tier that is there twice is told of already.
      if (rank !== undefined && rank > below)
        faults.add([...path, 'tiers', i], 'is not above the tier before it; name the lowest first');
      if (rank !== undefined) below = rank;
    });
  }
  for (const { entry, path } of document.responses) {
    entry.roles.forEach((role, i) => {
      judgeRole(role, [...path, 'roles', i]);
    });
  }
  for (const { entry, path } of document.quotas) judgeRole(entry.role, [...path, 'role']);
}
