import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../seeds/terrain/random.ts';
import type { App } from '../../src/app.ts';
import { boxAround, distanceToShapeMetres } from '../../src/geometry/distance.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import { boxOf } from '../../src/geometry/polygon.ts';
import { chainOf, holdsAt, type LayerEntry, type VersionEntry, versionAt } from '../../src/grids/atlas/rows.ts';
import type { Moment } from '../../src/grids/moment.ts';
import { EdgeStrips, type Rule } from './edgeStrips.ts';
import { NOW, openTown } from './openHouse.ts';

/** Lattice numbers x0, y0, x1, y1 … */
type Points = readonly number[] | Int32Array;

/** A PARTITION layer at a moment, with its own way to say which grids hold a point. */
interface Judged {
  readonly layer: LayerEntry;
  readonly moment: Moment;
  readonly versions: readonly VersionEntry[];
  readonly strips: EdgeStrips;
}

let app: App;
let today: Moment;
let atFoundation: Moment;
const random = new Random(20260301);

beforeAll(async () => {
  ({ app } = await openTown());
  today = { asOf: NOW.getTime(), edition: app.editions.latest };
  atFoundation = { asOf: Date.parse('2021-06-01T00:00:00Z'), edition: 1 };
});

function judged(moment: Moment, rule: Rule): Judged[] {
  const partitions = app.atlas.layersAt(moment.edition).filter((layer) => layer.kind === 'PARTITION');
  return partitions.map((layer) => {
    const grids = [...app.atlas.grids].filter((grid) => grid.layer === layer);
    const versions = grids.flatMap((grid) => versionAt(grid, moment) ?? []);
    const shapes = versions.map((version) => version.shape);
    return { layer, moment, versions, strips: new EdgeStrips(shapes, rule) };
  });
}

/** What is wrong with the owners of one point in one layer; undefined where nothing is. */
function faultAt({ layer, moment, versions, strips }: Judged, x: number, y: number, onCovered: () => void) {
  const held = strips.holders(x, y).map((number) => versions[number]);
  const smallest = app.atlas.locate(layer, x, y, moment);
  if (held.length === 0) return smallest && 'is owned though no grid holds it';
  onCovered();
  if (!smallest) return 'has no owner';
  if (new Set(held.map((version) => version.grid.tier)).size < held.length) return 'has two grids of one tier';
  const chain = chainOf(smallest, moment);
  const isSame = chain.length === held.length && chain.every((version) => held.includes(version));
  if (!isSame) return 'has another chain than the grids that hold it';
  if (chain.at(-1)!.grid.tier !== layer.tiers[0]) return 'has no root';
  return smallest.grid.childVersions.some((child) => holdsAt(child, moment)) ? 'is in a gap' : undefined;
}

/** Points × layers that a layer covers, and every fault. */
function findFaults(points: Points, layers: readonly Judged[]): { covered: number; faults: string[] } {
  const faults: string[] = [];
  let covered = 0;
  const onCovered = () => void covered++;
  for (const each of layers) {
    for (let i = 0; i < points.length; i += 2) {
      const fault = faultAt(each, points[i], points[i + 1], onCovered);
      if (fault) faults.push(`${each.layer.code}: ${points[i]} ${points[i + 1]} ${fault}`);
    }
  }
  return { covered, faults };
}

/** Every vertex and every edge midpoint (rounded to the lattice) of the versions, each once. */
function cornersAndMidpoints(layers: readonly Judged[]): Points {
  const seen = new Set<string>();
  const points: number[] = [];
  const add = (x: number, y: number) => {
    const key = `${x} ${y}`;
    if (seen.has(key)) return;
    seen.add(key);
    points.push(x, y);
  };
  for (const ring of layers.flatMap((each) => each.versions.flatMap((version) => version.shape.flat()))) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      add(ring[i], ring[i + 1]);
      add(Math.round((ring[i] + ring[j]) / 2), Math.round((ring[i + 1] + ring[j + 1]) / 2));
    }
  }
  return points;
}

function randomPoints(layers: readonly Judged[], count: number): Int32Array {
  const roots = layers[0].versions.filter((version) => !version.parent);
  const { minX, minY, maxX, maxY } = boxOf(roots[0].shape);
  return Int32Array.from({ length: 2 * count }, (_, i) =>
    i % 2 === 0 ? minX + random.below(maxX - minX) : minY + random.below(maxY - minY),
  );
}

describe('in every PARTITION layer of the demo city one grid per tier owns', () => {
  it('every vertex and every midpoint of an edge, today and at the foundation', () => {
    for (const moment of [today, atFoundation]) {
      const layers = judged(moment, 'half-open');
      const points = cornersAndMidpoints(layers);
      const { covered, faults } = findFaults(points, layers);
      console.log(
        `One owner, edition ${moment.edition}: ${points.length / 2} corners and midpoints, ${covered} owners`,
      );
      expect(faults).toEqual([]);
      expect(covered).toBeGreaterThan(points.length);
    }
  });

  it('1,000,000 random points of the lattice', () => {
    const layers = judged(today, 'half-open');
    const { covered, faults } = findFaults(randomPoints(layers, 1_000_000), layers);
    console.log(`One owner: 1,000,000 random points, ${covered} owners in ${layers.length} layers`);
    expect(faults).toEqual([]);
    expect(covered).toBeGreaterThan(1_500_000);
  });

  it('and plain closed polygons fail the same test on the borders', () => {
    const layers = judged(today, 'closed');
    const points = cornersAndMidpoints(layers);
    const { faults } = findFaults(points, layers);
    const twice = faults.filter((fault) => fault.endsWith('two grids of one tier')).length;
    console.log(`Closed polygons: ${twice} times two owners at ${points.length / 2} corners and midpoints`);
    expect(twice).toBeGreaterThan(points.length / 2);
  });
});

describe('more than 5 cm from any border the Atlas and PostGIS agree', () => {
  const COUNT = 5000;
  const CLEAR_METRES = 0.05;

  /** Half of them anywhere, half within some 60 cm of a vertex. */
  function pointsToCompare(): Points {
    const layers = judged(today, 'half-open');
    const corners = cornersAndMidpoints(layers);
    const points = [...randomPoints(layers, COUNT)];
    for (let i = 0; i < COUNT; i++) {
      const at = 2 * random.below(corners.length / 2);
      points.push(corners[at] + Math.round(random.spread(60)), corners[at + 1] + Math.round(random.spread(60)));
    }
    const clear: number[] = [];
    for (let i = 0; i < points.length; i += 2) {
      if (isClear(points[i], points[i + 1])) clear.push(points[i], points[i + 1]);
    }
    return clear;
  }

  function isClear(x: number, y: number): boolean {
    const box = boxAround(x, y, CLEAR_METRES);
    return app.atlas.layersAt(today.edition).every((layer) =>
      app.atlas
        .candidates(layer, box, today.edition)
        .filter((version) => holdsAt(version, today))
        .every((version) => distanceToShapeMetres(version.shape, x, y) > CLEAR_METRES),
    );
  }

  /** For each point the sorted ids of the grids that cover it, in one statement. */
  async function askPostgis(points: Points): Promise<string[]> {
    const [xs, ys]: number[][] = [[], []];
    for (let i = 0; i < points.length; i += 2) {
      xs.push(fromLattice(points[i]));
      ys.push(fromLattice(points[i + 1]));
    }
    const { rows } = await sql<{ n: number; grids: string }>`
      with place as materialized (
        select n, ST_SetSRID(ST_MakePoint(lon, lat), 4326) as at
        from unnest(${xs}::float8[], ${ys}::float8[]) with ordinality as p (lon, lat, n)
      )
      select n, string_agg(v.grid_id::text, ' ' order by v.grid_id::text) as grids
      from grid_version v join place on v.boundary && at and ST_Covers(v.boundary, at)
      where v.edition_to is null and v.valid @> ${NOW}::timestamptz group by n`.execute(app.database.db);
    const found: string[] = new Array(xs.length).fill('');
    for (const { n, grids } of rows) found[n - 1] = grids;
    return found;
  }

  it('about the grids of all layers at 10,000 points, half of them beside a corner', async () => {
    const points = pointsToCompare();
    const covering = await askPostgis(points);
    const wrong = covering.filter((grids, i) => {
      const [x, y] = [points[2 * i], points[2 * i + 1]];
      const held = app.atlas
        .layersAt(today.edition)
        .flatMap((layer) => app.atlas.locateAll(layer, x, y, today).flatMap((version) => chainOf(version, today)));
      const ids = [...new Set(held.map((version) => version.grid.id))].sort();
      return ids.join(' ') !== grids;
    });
    console.log(`PostGIS (${app.database.engine}) and the Atlas compared at ${covering.length} points`);
    expect(wrong).toEqual([]);
    expect(covering.length).toBeGreaterThan(8000);
    expect(covering.filter((grids) => grids !== '').length).toBeGreaterThan(covering.length / 2);
  });
});
