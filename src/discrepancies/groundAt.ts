import { boxAround, distanceToShapeMetres } from '../geometry/distance.ts';
import { containsPoint } from '../geometry/polygon.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { chainOf, holdsAt, type LayerEntry, type VersionEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import { type LayerAnswer, locateInLayers, type OwnershipStatus, smallestGrids } from '../ownership/territorial.ts';

export type DiscrepancyKind = 'GAP' | 'OVERLAP' | 'WRONG_OWNER' | 'BAD_BOUNDARY';

/** What one layer says of a place that is said to be wrong. */
export interface LayerGround {
  readonly layer: LayerEntry;
  readonly status: OwnershipStatus;
  /** The deepest grid that holds the place; where none does, the nearest one within some 1.5 km. */
  readonly nearest: VersionEntry | undefined;
  /** 0 where the grid holds the place. */
  readonly distanceMetres: number;
}

/** What the registry says of a place, and who maintains it there. */
export interface Ground {
  /** In the order of the layers. */
  readonly layers: readonly LayerGround[];
  /** The grid that a report goes to. */
  readonly main: VersionEntry | undefined;
  /** Whether the registry itself shows what is claimed. */
  readonly confirmed: boolean;
}

interface Claim {
  readonly kind: DiscrepancyKind;
  /** The layer it is about; undefined: any. */
  readonly layer: LayerEntry | undefined;
  readonly x: number;
  readonly y: number;
}

/** How far around a place that no grid holds the nearest is looked for, step by step. */
const REACHES_METRES = [15, 150, 1500] as const;

/**
 * What every layer says of the place at the moment. The report goes to the layer it names; else to the first that shows
 * what is claimed, else to the first that holds the place, else to the nearest grid.
 */
export function groundAt(atlas: Atlas, claim: Claim, moment: Moment): Ground {
  const { x, y, layer } = claim;
  const answers = locateInLayers(atlas, { x, y, accuracyMetres: 0 }, moment);
  const asked = answers.filter((answer) => !layer || answer.layer === layer);
  const shown = asked.filter((answer) => isShown(atlas, answer, claim, moment));
  const layers = answers.map((answer) => groundOf(atlas, answer, claim, moment));
  const inOrder = [
    ...layers.filter((each) => shown.some((answer) => answer.layer === each.layer)),
    ...layers.filter(({ distanceMetres }) => distanceMetres === 0),
    ...layers.toSorted((a, b) => a.distanceMetres - b.distanceMetres),
  ];
  const main = inOrder.find((each) => each.nearest && (!layer || each.layer === layer))?.nearest;
  return { layers, main, confirmed: shown.length > 0 };
}

function groundOf(atlas: Atlas, { layer, status, chain }: LayerAnswer, claim: Claim, moment: Moment): LayerGround {
  const deepest = chain.at(0);
  if (deepest) return { layer, status, nearest: deepest, distanceMetres: 0 };
  // An OVERLAY need not be anywhere near, so its absence is nobody's fault unless it is named.
  const isExpected = layer.kind === 'PARTITION' || layer === claim.layer;
  const found = isExpected ? findNearest(atlas, layer, claim, moment) : undefined;
  return { layer, status, nearest: found?.version, distanceMetres: found?.distanceMetres ?? Infinity };
}

function findNearest(atlas: Atlas, layer: LayerEntry, { x, y }: Claim, moment: Moment) {
  for (const reach of REACHES_METRES) {
    const candidates = atlas.candidates(layer, boxAround(x, y, reach), moment.edition);
    const [nearest] = smallestGrids(candidates, moment)
      .map((version) => ({ version, distanceMetres: distanceToShapeMetres(version.shape, x, y) }))
      .filter(({ distanceMetres }) => distanceMetres <= reach)
      .sort((a, b) => a.distanceMetres - b.distanceMetres || (a.version.grid.id < b.version.grid.id ? -1 : 1));
    if (nearest) return nearest;
  }
  return undefined;
}

/** Whether the layer itself shows what is claimed. Who should own a place cannot be seen in the registry. */
function isShown(atlas: Atlas, { layer, status, chain }: LayerAnswer, { kind, x, y }: Claim, moment: Moment): boolean {
  if (layer.kind !== 'PARTITION') return false;
  if (kind === 'GAP') return status === 'GAP';
  if (kind === 'OVERLAP') return holdersTwice(atlas, layer, x, y, moment);
  // A parent is taken from the tree; where it does not hold what its child holds, one of the two is drawn wrongly.
  return kind === 'BAD_BOUNDARY' && chain.some(({ shape }) => !containsPoint(shape, x, y));
}

function holdersTwice(atlas: Atlas, layer: LayerEntry, x: number, y: number, moment: Moment): boolean {
  const tiers = atlas
    .locateAll(layer, x, y, moment)
    .filter((version) => holdsAt(version, moment))
    .map(({ grid }) => grid.tier);
  return new Set(tiers).size < tiers.length;
}

/** The id of the body that manages a grid at the moment, or the nearest grid above that has a manager. */
export function managerOf(version: VersionEntry | undefined, moment: Moment): string | null {
  if (!version) return null;
  return chainOf(version, moment).find(({ managerId }) => managerId !== null)?.managerId ?? null;
}
