import type { Random } from '../../seeds/terrain/random.ts';
import type { App } from '../../src/app.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import { boxOf } from '../../src/geometry/polygon.ts';
import type { GridEntry } from '../../src/grids/atlas/rows.ts';

export interface PointPlace {
  readonly point: { readonly lon: number; readonly lat: number; readonly accuracyMetres?: number };
}

/** Places in the demo city and a little around it: half anywhere, half on or beside a corner of some grid. */
export function randomPlaces(app: App, random: Random, count: number): PointPlace[] {
  const grids: GridEntry[] = [...app.atlas.grids];
  const { minX, minY, maxX, maxY } = boxOf(grids.find((grid) => !grid.versions[0].parent)!.versions[0].shape);
  return Array.from({ length: count }, () => {
    let [x, y] = [minX + random.below(maxX - minX), minY + random.below(maxY - minY)];
    if (random.next() < 0.5) {
      const ring = random.pick(random.pick(grids).versions).shape[0][0];
      const at = 2 * random.below(ring.length / 2);
      [x, y] = [ring[at] + Math.round(random.spread(1000)), ring[at + 1] + Math.round(random.spread(1000))];
    }
    const accuracyMetres = random.pick([undefined, 0, 1, 50, 200]);
    return { point: { lon: fromLattice(x), lat: fromLattice(y), accuracyMetres } };
  });
}
