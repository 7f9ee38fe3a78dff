import { boxAround, distanceToShapeMetres } from '../geometry/distance.ts';
import { type Box, containsPoint, type Shape } from '../geometry/polygon.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import {
  byMainCode,
  chainOf,
  changeAfter,
  type GapEntry,
  type GridEntry,
  holdsAt,
  isKnown,
  type LayerEntry,
  type VersionEntry,
} from '../grids/atlas/rows.ts';
import { FOREVER, type Moment } from '../grids/moment.ts';

export type OwnershipStatus = 'OWNED' | 'GAP' | 'NOT_SERVED' | 'OUTSIDE';

/** A point on the lattice with its radius of uncertainty. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly accuracyMetres: number;
}

export interface Neighbour {
  readonly version: VersionEntry;
  readonly distanceMetres: number;
}

export interface AreaShare {
  readonly version: VersionEntry;
  readonly share: number;
}

/** What one layer says of a place. */
export interface LayerAnswer {
  readonly layer: LayerEntry;
  readonly status: OwnershipStatus;
  /** From the smallest grid that holds the place to its root; empty where none does. */
  readonly chain: readonly VersionEntry[];
  /** In an OVERLAY, the chains of the other grids that hold the place too. */
  readonly otherChains: readonly (readonly VersionEntry[])[];
  /** Worked out when asked: many readers want the owner only. */
  readonly nearby: () => readonly Neighbour[];
  readonly shares: readonly AreaShare[];
  readonly gap: GapEntry | undefined;
}

/** Asks every layer the edition knows about one point. Pure memory: no database on the way of a point. */
export function locateInLayers(atlas: Atlas, spot: Spot, moment: Moment): LayerAnswer[] {
  const answers = atlas.layersAt(moment.edition).map((layer) => locateInLayer(atlas, layer, spot, moment));
  const isCovered = answers.some(({ layer, status }) => layer.kind === 'PARTITION' && status !== 'OUTSIDE');
  // An OVERLAY need not cover everything: inside the registry's area its absence is an answer, not the outside.
  return answers.map((answer) =>
    answer.layer.kind === 'OVERLAY' && answer.status === 'OUTSIDE' && isCovered
      ? { ...answer, status: 'NOT_SERVED' as const }
      : answer,
  );
}

function locateInLayer(atlas: Atlas, layer: LayerEntry, spot: Spot, moment: Moment): LayerAnswer {
  const holders = holdersOf(atlas, layer, spot, moment);
  const smallest = holders.at(0);
  // A grid of a PARTITION that is divided at all is divided everywhere: what its children leave out is a gap.
  const isLeftOut = !smallest || (layer.kind === 'PARTITION' && hasChildren(smallest.grid, moment));
  const gap = isLeftOut ? atlas.locateGap(layer, spot.x, spot.y, moment) : undefined;
  const status = gap?.status ?? (!smallest ? 'OUTSIDE' : isLeftOut ? 'GAP' : 'OWNED');
  return {
    layer,
    status,
    chain: smallest ? chainOf(smallest, moment) : [],
    otherChains: holders.slice(1).map((version) => chainOf(version, moment)),
    nearby: () => (spot.accuracyMetres > 0 ? neighbours(atlas, layer, smallest, status, spot, moment) : []),
    shares: [],
    gap,
  };
}

/**
 * The smallest grid first; in an OVERLAY the smallest grids of the other trees follow. Precedence among overlapping
 * grids: deepest tier, then smaller area, then lower code.
 */
function holdersOf(atlas: Atlas, layer: LayerEntry, { x, y }: Spot, moment: Moment): VersionEntry[] {
  if (layer.kind === 'PARTITION') {
    const version = atlas.locate(layer, x, y, moment);
    return version ? [version] : [];
  }
  const all = atlas.locateAll(layer, x, y, moment);
  const above = new Set<GridEntry>(
    all.flatMap((version) =>
      chainOf(version, moment)
        .slice(1)
        .map((v) => v.grid),
    ),
  );
  const byCode = byMainCode(moment.edition);
  return all
    .filter((version) => !above.has(version.grid))
    .sort((a, b) => b.grid.tier.rank - a.grid.tier.rank || a.areaSquareMetres - b.areaSquareMetres || byCode(a, b));
}

function hasChildren(grid: GridEntry, moment: Moment): boolean {
  return grid.childVersions.some((version) => holdsAt(version, moment));
}

/** Other grids within the accuracy: of the tier of the answer, or where there is none, the smallest grids around. */
function neighbours(
  atlas: Atlas,
  layer: LayerEntry,
  smallest: VersionEntry | undefined,
  status: OwnershipStatus,
  { x, y, accuracyMetres }: Spot,
  moment: Moment,
): Neighbour[] {
  const isWanted = (version: VersionEntry) =>
    version.grid !== smallest?.grid &&
    holdsAt(version, moment) &&
    (status === 'OWNED' ? version.grid.tier === smallest?.grid.tier : !hasChildren(version.grid, moment));
  const distances = atlas.bordersWithin(layer, x, y, accuracyMetres);
  // In an OVERLAY other grids may hold the place too: they are at no distance at all.
  if (layer.kind === 'OVERLAY') for (const version of atlas.locateAll(layer, x, y, moment)) distances.set(version, 0);
  const found: Neighbour[] = [];
  for (const [version, distanceMetres] of distances) if (isWanted(version)) found.push({ version, distanceMetres });
  if (found.length < 2) return found;
  const byCode = byMainCode(moment.edition);
  return found.sort((a, b) => a.distanceMetres - b.distanceMetres || byCode(a.version, b.version));
}

function distanceTo(shape: Shape, x: number, y: number): number {
  return containsPoint(shape, x, y) ? 0 : distanceToShapeMetres(shape, x, y);
}

/**
 * The earliest instant after the moment at which the territory of the answer may change, as the edition knows it:
 * a grid or gap that could hold the place or lie within its accuracy begins or ends, or a grid of the chain does.
 * For an area every grid and gap in its box counts.
 */
export function territoryChangesAt(
  atlas: Atlas,
  answers: readonly LayerAnswer[],
  { spot, area }: { readonly spot: Spot; readonly area: Box | undefined },
  moment: Moment,
): number {
  let earliest = FOREVER;
  const box = area ?? boxAround(spot.x, spot.y, spot.accuracyMetres);
  const touches = (shape: Shape) => area !== undefined || distanceTo(shape, spot.x, spot.y) <= spot.accuracyMetres;
  const { edition } = moment;
  for (const { layer, status, chain, otherChains } of answers) {
    for (const { grid } of [...chain, ...otherChains.flat()])
      earliest = Math.min(earliest, changesAt(grid.versions, moment));
    // Whether the smallest grid is divided at all decides between OWNED and GAP.
    if (chain.length > 0) earliest = Math.min(earliest, changesAt(chain[0].grid.childVersions, moment));
    // Where no grid owns a point, and for an area, grids count by whether they are divided, wherever that is.
    const childrenCount = area !== undefined || status !== 'OWNED';
    for (const entry of [...atlas.candidates(layer, box, edition), ...atlas.gapCandidates(layer, box, edition)]) {
      const children = childrenCount && 'grid' in entry ? entry.grid.childVersions : [];
      const change = Math.min(changeAfter(entry, moment), changesAt(children, moment));
      if (change < earliest && touches(entry.shape)) earliest = change;
    }
  }
  return earliest;
}

function changesAt(versions: readonly VersionEntry[], moment: Moment): number {
  let earliest = FOREVER;
  for (const version of versions) earliest = Math.min(earliest, changeAfter(version, moment));
  return earliest;
}

/** The versions that existed at the moment, known to its edition, and were divided no further. */
export function smallestGrids(candidates: readonly VersionEntry[], moment: Moment): VersionEntry[] {
  return candidates.filter(
    (version) => isKnown(version, moment.edition) && holdsAt(version, moment) && !hasChildren(version.grid, moment),
  );
}

/** Every chain of the answers: of overlapping grids each. */
export function chainsOf(answers: readonly LayerAnswer[]): (readonly VersionEntry[])[] {
  return answers.flatMap(({ chain, otherChains }) => [chain, ...otherChains]);
}
