import { describe, expect, it } from 'vitest';
import { groundAt } from '../../src/discrepancies/groundAt.ts';
import type { Shape } from '../../src/geometry/polygon.ts';
import type { Atlas } from '../../src/grids/atlas/atlas.ts';
import type { LayerEntry, TierEntry, VersionEntry } from '../../src/grids/atlas/rows.ts';
import { FOREVER, OPEN_EDITION } from '../../src/grids/moment.ts';
import { CORNER, type Rectangle, rectangle, STEP } from '../grids/squareGrids.ts';

const MOMENT = { asOf: 0, edition: 1 };
const layer: LayerEntry = {
  id: 1,
  code: 'land',
  name: 'Land',
  kind: 'PARTITION',
  position: 1,
  editionFrom: 1,
  tiers: [],
};
const tiers = ['town', 'village'].map(
  (code, i): TierEntry => ({ id: i + 1, code, name: code, rank: i + 1, scheme: null, layer, editionFrom: 1 }),
);

function version(id: string, tier: number, on: Rectangle, parent?: VersionEntry): VersionEntry {
  const shape: Shape = rectangle(on);
  const grid = {
    id,
    layer,
    tier: tiers[tier],
    codes: [],
    versions: [] as VersionEntry[],
    childVersions: [] as VersionEntry[],
  };
  const made: VersionEntry = {
    ...{ id: 1, grid, name: id, kind: 'BASIC', parent: parent?.grid ?? null, managerId: null, shape, loads: [] },
    ...{ areaSquareMetres: 1, validFrom: -FOREVER, validTo: FOREVER, editionFrom: 1, editionTo: OPEN_EDITION },
    ...{ keptChain: undefined, keptFor: undefined },
  };
  grid.versions.push(made);
  parent?.grid.childVersions.push(made);
  return made;
}

/** An atlas in which these grids hold the place, deepest first: the database would refuse some of them. */
function atlasOf(...holders: VersionEntry[]): Atlas {
  const paper: Partial<Atlas> = {
    layersAt: () => [layer],
    locate: () => holders[0],
    locateAll: () => holders,
    locateGap: () => undefined,
    candidates: () => holders,
  };
  return paper as Atlas;
}

const place = { layer: undefined, x: CORNER.x + 5 * STEP, y: CORNER.y + 5 * STEP };
const confirmed = (kind: 'GAP' | 'OVERLAP' | 'BAD_BOUNDARY' | 'WRONG_OWNER', ...holders: VersionEntry[]) =>
  groundAt(atlasOf(...holders), { ...place, kind }, MOMENT).confirmed;

describe('what the registry itself shows', () => {
  const town = version('town', 0, [0, 0, 20, 20]);
  const [one, two] = [version('one', 1, [0, 0, 10, 10], town), version('two', 1, [4, 0, 10, 10], town)];

  it('an overlap where two grids of one tier hold the place, not where a grid and its parent do', () => {
    expect(confirmed('OVERLAP', one, two, town)).toBe(true);
    expect(confirmed('OVERLAP', one, town)).toBe(false);
    expect(confirmed('WRONG_OWNER', one, two, town)).toBe(false);
  });

  it('a bad boundary where a parent does not hold what its child holds', () => {
    const narrow = version('narrow', 0, [0, 0, 3, 20]);
    const outside = version('outside', 1, [0, 0, 10, 10], narrow);
    expect(confirmed('BAD_BOUNDARY', outside)).toBe(true);
    expect(confirmed('BAD_BOUNDARY', one, town)).toBe(false);
  });

  it('a gap where a grid is divided and none of its parts holds the place', () => {
    expect(confirmed('GAP', town)).toBe(true);
    expect(confirmed('GAP', one, town)).toBe(false);
    expect(confirmed('GAP')).toBe(false);
  });
});
