import Flatbush from 'flatbush';
import { areaSquareMetres } from '../../geometry/coverage.ts';
import { metricAt } from '../../geometry/distance.ts';
import { fromLattice, type Position } from '../../geometry/lattice.ts';
import { boxOf, containsPoint, type Ring, representativePoint, type Shape } from '../../geometry/polygon.ts';

/** A piece of ground that no border crosses, measured. */
export interface Face {
  readonly shape: Shape;
  readonly areaSquareMetres: number;
  /** Mean width: twice the area by the length of the border. */
  readonly widthMetres: number;
  readonly place: Position;
  /** Numbers of the members whose own boundary holds it. */
  readonly holders: readonly number[];
}

/** Calls `visit` for each edge of the shape, with a key that is the same in both directions, and its length. */
export function eachEdge(shape: Shape, visit: (key: string, lengthMetres: number) => void): void {
  const { metresPerX, metresPerY } = metricAt(boxOf(shape).minY);
  const eachOfRing = (ring: Ring) => {
    let [ax, ay] = [ring[ring.length - 2], ring[ring.length - 1]];
    for (let i = 0; i < ring.length; i += 2) {
      const [bx, by] = [ring[i], ring[i + 1]];
      const key = ax < bx || (ax === bx && ay < by) ? `${ax} ${ay} ${bx} ${by}` : `${bx} ${by} ${ax} ${ay}`;
      visit(key, Math.hypot((bx - ax) * metresPerX, (by - ay) * metresPerY));
      [ax, ay] = [bx, by];
    }
  };
  for (const polygon of shape) polygon.forEach(eachOfRing);
}

/** A place on the shape to name it by: inside, or a vertex where it is thinner than the lattice. */
export function placeOf(shape: Shape): Position {
  const inside = representativePoint(shape) ?? { x: shape[0][0][0], y: shape[0][0][1] };
  return { lon: fromLattice(inside.x), lat: fromLattice(inside.y) };
}

/** Measures faces and finds which members hold each, by a point inside it. */
export function measureFaces(faces: readonly Shape[], members: readonly Shape[]): Face[] {
  const tree = new Flatbush(members.length, 16, Int32Array);
  for (const member of members) {
    const { minX, minY, maxX, maxY } = boxOf(member);
    tree.add(minX, minY, maxX, maxY);
  }
  tree.finish();
  return faces.map((shape) => {
    const inside = representativePoint(shape);
    const holders = inside
      ? tree
          .search(inside.x, inside.y, inside.x, inside.y)
          .filter((member) => containsPoint(members[member], inside.x, inside.y))
          .sort((a, b) => a - b)
      : [];
    const area = areaSquareMetres(shape);
    let perimeter = 0;
    eachEdge(shape, (_, lengthMetres) => {
      perimeter += lengthMetres;
    });
    return { shape, areaSquareMetres: area, widthMetres: (2 * area) / perimeter, place: placeOf(shape), holders };
  });
}
