import { containsPoint } from '../../geometry/polygon.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { chainOf, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { LineageBook } from '../../grids/lineage/lineageBook.ts';
import type { Moment } from '../../grids/moment.ts';
import type { IncidentState } from '../course/state.ts';
import type { RoutedMatter } from '../routing/route.type.ts';

/** Where grids are found, and what became of those that ended. */
export interface MatterGround {
  readonly atlas: Pick<Atlas, 'findGrid'>;
  readonly lineage: Pick<LineageBook, 'successorsOf'>;
}

/** The exact place, on the lattice. */
export interface MatterPlace {
  readonly x: number;
  readonly y: number;
}

/**
 * An incident as it is routed again while it goes its way: by the chains, at the moment, of the grids that own it. For an
 * owner that has ended stand the grids in which it went on, of these only the one that holds the place where one does. An
 * owner that ended without a successor has no chain, so that whatever is asked of it is told as not configured.
 */
export function matterOf(
  incident: IncidentState,
  place: MatterPlace | undefined,
  ground: MatterGround,
  moment: Moment,
): RoutedMatter {
  const owners = incident.parties.filter(({ reason }) => reason === 'OWNER').sort((a, b) => b.share - a.share);
  const smallest = new Map<string, VersionEntry>();
  for (const { gridId } of owners) {
    for (const version of presentOf(gridId, place, ground, moment)) smallest.set(version.grid.id, version);
  }
  const { category, severity, language, finderId } = incident;
  const chains = [...smallest.values()]
    // Stable: within a layer the largest share stays first.
    .sort((a, b) => a.grid.layer.position - b.grid.layer.position)
    .map((version) => chainOf(version, moment));
  return { category, severity, language, finderId, chains, moment };
}

function presentOf(
  gridId: string,
  place: MatterPlace | undefined,
  { atlas, lineage }: MatterGround,
  moment: Moment,
): readonly VersionEntry[] {
  const heirs = new Map<string, VersionEntry>();
  const seen = new Set<string>();
  const follow = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const grid = atlas.findGrid(id);
    const version = grid && versionAt(grid, moment);
    if (version) heirs.set(id, version);
    else for (const { toId, at } of lineage.successorsOf(id, moment.edition)) if (at <= moment.asOf) follow(toId);
  };
  follow(gridId);
  const all = [...heirs.values()];
  if (all.length < 2 || place === undefined) return all;
  const holding = all.filter(({ shape }) => containsPoint(shape, place.x, place.y));
  return holding.length > 0 ? holding : all;
}
