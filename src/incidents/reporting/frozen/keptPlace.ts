import { geodesicMetres } from '../../../geometry/distance.ts';
import { fromLattice, toLattice } from '../../../geometry/lattice.ts';
import type { Box } from '../../../geometry/polygon.ts';
import type { Atlas } from '../../../grids/atlas/atlas.ts';
import { versionAt } from '../../../grids/atlas/rows.ts';
import { FOREVER, type Moment } from '../../../grids/moment.ts';
import type { AddressAnswer, ReadPlace } from '../../../ownership/place.ts';
import type { IncidentPlace } from '../../incident.type.ts';

/** GeoJSON with one member of our own: the grid for which a place is known that is a division and no more. */
interface KeptArea {
  readonly type: string;
  readonly coordinates: unknown;
  readonly division?: string;
}

/** A place as it is kept: it can be found again without the address book. */
export function keptPlace({ x, y, accuracyMetres, area, answer }: ReadPlace): IncidentPlace {
  if (!area) return { x, y, accuracyMetres, area: null, addressId: answer?.address?.id ?? null };
  const { type, coordinates } = area.geometry as KeptArea;
  const division = answer?.division && { division: answer.division.grid.id };
  return { x, y, accuracyMetres: radiusOf(x, y, area.box), area: { type, coordinates, ...division }, addressId: null };
}

/** The place of an incident as a place that is asked for, at a moment at which its division, if it is one, is looked up. */
export function placeAgain(
  { x, y, accuracyMetres, area }: IncidentPlace,
  atlas: Pick<Atlas, 'findGrid'>,
  moment: Moment,
  vague: boolean,
): ReadPlace {
  const point = { lon: fromLattice(x), lat: fromLattice(y) };
  if (area === null) return { x, y, accuracyMetres, point, area: undefined, vague };
  const { division, ...geometry } = area as KeptArea;
  const answer = division === undefined ? undefined : divisionAnswer(division, atlas, moment);
  // What is shared out is known exactly; how far it reaches is for people.
  return { x, y, accuracyMetres: 0, point, area: { geometry, box: boxOfGeometry(geometry) }, answer, vague };
}

/** Undefined where the division has ended: then the place is an area like any other. */
function divisionAnswer(id: string, atlas: Pick<Atlas, 'findGrid'>, moment: Moment): AddressAnswer | undefined {
  const grid = atlas.findGrid(id);
  const division = grid && versionAt(grid, moment);
  if (!division) return undefined;
  const nothing = { address: null, confidence: 0, candidates: [], changesAt: FOREVER };
  return { text: division.name, found: 'DIVISION', division, ...nothing };
}

/** How far the area reaches from the point that stands for it, at most, to the metre. */
function radiusOf(x: number, y: number, { minX, minY, maxX, maxY }: Box): number {
  const corners = [minX, maxX].flatMap((cornerX) =>
    [minY, maxY].map((cornerY) => geodesicMetres(x, y, cornerX, cornerY)),
  );
  return Math.ceil(Math.max(...corners));
}

function boxOfGeometry({ coordinates }: KeptArea): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] !== 'number') {
      for (const each of value) visit(each);
      return;
    }
    const [x, y] = [toLattice(value[0]), toLattice(value[1])];
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  };
  visit(coordinates);
  return box;
}
