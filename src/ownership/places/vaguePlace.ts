import { fromLattice } from '../../geometry/lattice.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Findings } from '../ownership.ts';
import type { ReadPlace } from '../place.ts';
import { type LayerAnswer, locateInLayers, type Neighbour, type Spot } from '../territorial.ts';

/** A thousandth of a degree, some 100 m, in steps of the lattice. */
const GRAIN = 10_000;
/** No place is rounded by more than this, so the true one lies within it. */
const ROUNDED_METRES = 100;
const DISTANCE_GRAIN_METRES = 10;

/** About where a spot is: nothing but its rounded position and its accuracy. */
function vagueSpot({ x, y, accuracyMetres }: Spot): Spot {
  const round = (value: number) => Math.round(value / GRAIN) * GRAIN + 0;
  return { x: round(x), y: round(y), accuracyMetres: Math.max(ROUNDED_METRES, accuracyMetres) };
}

/**
 * Findings as they may be shown: of a vague place the chains are those of the very place, while its position and what
 * is near are told of the rounded one, so that no distance gives the place away.
 */
export function shownOf(atlas: Atlas, findings: Findings): Findings {
  const { place, moment, answers } = findings;
  if (!place.vague) return findings;
  const spot = vagueSpot(place);
  const around = locateInLayers(atlas, spot, moment);
  return {
    ...findings,
    place: vaguely(place, spot),
    answers: answers.map((answer, i) => ({ ...answer, nearby: () => near(answer, around[i]) })),
  };
}

/** Without address and building: they say the very place. */
function vaguely({ area, answer }: ReadPlace, spot: Spot): ReadPlace {
  const point = { lon: fromLattice(spot.x), lat: fromLattice(spot.y) };
  return { ...spot, point, area, answer: answer?.division && answer, vague: true };
}

/** Grids around the rounded spot, of the tier of the owner where there is one, other than the owner itself. */
function near({ chain: [owner], otherChains }: LayerAnswer, around: LayerAnswer): Neighbour[] {
  const owners = [owner, ...otherChains.map(([other]) => other)].map((version) => version?.grid);
  const isOther = ({ grid }: VersionEntry) =>
    !owners.includes(grid) && (owner === undefined || grid.tier === owner.grid.tier);
  const holding = around.chain.slice(0, 1).map((version) => ({ version, distanceMetres: 0 }));
  return [...holding, ...around.nearby()]
    .filter(({ version }, i, all) => isOther(version) && all.findIndex((each) => each.version === version) === i)
    .map(({ version, distanceMetres }) => ({
      version,
      distanceMetres: Math.max(1, Math.ceil(distanceMetres / DISTANCE_GRAIN_METRES)) * DISTANCE_GRAIN_METRES,
    }));
}
