import { intersect } from '@turf/turf';
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import type { Territory } from '../../src/changesets/territory/territory.ts';
import { listChangedGround, movedBoxes } from '../../src/consequences/changedGround.ts';
import { ConsequenceService } from '../../src/consequences/consequence.service.ts';
import { shareGround } from '../../src/consequences/groundShares.ts';
import { latticeArea2 } from '../../src/geometry/coverage.ts';
import { shapeToGeoJson } from '../../src/geometry/geojson.ts';
import { type Box, boxOf, containsPoint, type Shape } from '../../src/geometry/polygon.ts';
import { nestedLayer, SIDE, X0, Y0 } from '../changesets/checks/nestedLayer.ts';
import { seededRandom } from '../geometry/jitteredPartition.ts';
import { randomDraft } from './draftDice.ts';

const RUNS = Number(process.env.CONSEQUENCE_RUNS ?? 12);
const PLAN = { columns: 6, rows: 6, seed: 3, districtSide: 3, sectorSide: 2, pieces: 4, enclaves: 7 };
const BASE = nestedLayer(PLAN);
const MOMENT = { asOf: 0, edition: 1 };

function drafts(runs: number, seed: number): Draft[] {
  const random = seededRandom(seed);
  return Array.from({ length: runs }, () => randomDraft(BASE, random, 1 + Math.floor(random() * 5)));
}

/** Places all over the layer and beyond, some of them on vertices. */
function places(seed: number, count: number) {
  const random = seededRandom(seed);
  const vertices = [...BASE.grids('town', 'cell')].flatMap(({ shape }) => [...shape[0][0]]);
  return Array.from({ length: count }, (_, i) => {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const v = 2 * Math.floor((random() * vertices.length) / 2);
    if (i % 5 === 0) return { id, x: vertices[v], y: vertices[v + 1] };
    const on = (start: number) => Math.round(start + (random() * 7 - 0.5) * SIDE);
    return { id, x: on(X0), y: on(Y0) };
  });
}

/** Who owns a place, with nothing but a look at every grid. */
function ownerByBruteForce(territory: Territory, x: number, y: number): string {
  const ranks = new Map(territory.getLayer('town').tiers.map(({ code, rank }) => [code, rank]));
  const holders = [...territory.grids('town')].filter(({ shape }) => containsPoint(shape, x, y));
  const deepest = holders.sort((a, b) => ranks.get(b.tier)! - ranks.get(a.tier)!).at(0);
  if (!deepest || [...territory.grids('town')].some(({ parentId }) => parentId === deepest.id)) return '';
  return deepest.id;
}

function service(points: ReturnType<typeof places>) {
  const isIn = ({ minX, minY, maxX, maxY }: Box, x: number, y: number) =>
    minX <= x && x <= maxX && minY <= y && y <= maxY;
  return new ConsequenceService(
    {
      atlas: { findTier: () => undefined },
      directory: { postsOn: () => [], tierRoles: () => [] },
      moments: { read: () => MOMENT },
    },
    {
      listWithin: async (boxes, _, limit) =>
        points.filter(({ x, y }) => boxes.some((box) => isIn(box, x, y))).slice(0, limit),
    },
    { findByIds: async () => [] },
  );
}

describe('addresses that change hands', () => {
  it('are those whose owner differs before and after, by brute force', async () => {
    const points = places(11, 1500);
    let changed = 0;
    for (const draft of drafts(RUNS, 5)) {
      const preview = service(points);
      const consequences = {
        ...(await preview.preview({ ...draft, patch: new Map() })),
        draft,
        grounds: listChangedGround(draft.patch),
      };
      const { changes } = await preview.listAddresses(consequences);
      const told = new Map(
        changes.map(({ id, layers: [{ before, after }] }) => [id, `${before[0]?.id ?? ''}→${after[0]?.id ?? ''}`]),
      );
      const expected = new Map<string, string>();
      for (const { id, x, y } of points) {
        const [before, after] = [ownerByBruteForce(draft.base, x, y), ownerByBruteForce(draft.territory, x, y)];
        if (before !== after) expected.set(id, `${before}→${after}`);
      }
      expect(told).toEqual(expected);
      changed += expected.size;
    }
    expect(changed).toBeGreaterThan(RUNS * 10);
  });

  it('a twin that looks only at grids that are new or end misses some', () => {
    const points = places(11, 1500);
    const missed = drafts(RUNS, 5).some((draft) => {
      const grounds = listChangedGround(draft.patch).filter(({ before, after }) => !before || !after);
      const boxes = movedBoxes(grounds, draft.base, draft.territory).get('town') ?? [];
      return points.some(({ x, y }) => {
        const isNear = boxes.some((box) => box.minX <= x && x <= box.maxX && box.minY <= y && y <= box.maxY);
        return !isNear && ownerByBruteForce(draft.base, x, y) !== ownerByBruteForce(draft.territory, x, y);
      });
    });
    expect(missed).toBe(true);
  });

  it('are looked for near moved borders only, not in the whole of a redrawn parent', () => {
    const draft = randomDraft(BASE, seededRandom(1), 0);
    expect(movedBoxes(listChangedGround(draft.patch), draft.base, draft.territory).size).toBe(0);
    const whole = boxOf([...BASE.grids('town', 'sector')].flatMap(({ shape }) => shape));
    const sizes = drafts(RUNS, 5).map((each) => {
      const boxes = movedBoxes(listChangedGround(each.patch), each.base, each.territory).get('town') ?? [];
      return boxes.reduce((sum, box) => Math.max(sum, box.maxX - box.minX), 0) / (whole.maxX - whole.minX);
    });
    expect(sizes.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]).toBeLessThan(0.7);
  });
});

const feature = (shape: Shape) =>
  ({ type: 'Feature', properties: {}, geometry: shapeToGeoJson(shape) }) as unknown as Parameters<
    typeof intersect
  >[0]['features'][0];

/** Area of a GeoJSON geometry in square degrees. */
function flatArea(geometry: { type: string; coordinates: unknown } | undefined): number {
  if (!geometry) return 0;
  const polygons = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as number[][][][];
  const ringArea = (points: number[][]) =>
    Math.abs(
      points.reduce((sum, [x, y], i) => {
        const [nextX, nextY] = points[(i + 1) % points.length];
        const [x0, y0] = points[0];
        return sum + (x - x0) * (nextY - y0) - (nextX - x0) * (y - y0);
      }, 0),
    ) / 2;
  return polygons.reduce(
    (sum, [outer, ...holes]) => sum + ringArea(outer) - holes.reduce((h, hole) => h + ringArea(hole), 0),
    0,
  );
}

/** What nodes on the lattice may change in a share: half a step along both borders. */
function roundingOf(from: Shape, to: Shape): number {
  let length = 0;
  for (const ring of [...from, ...to].flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      length += Math.hypot(ring[i] - ring[j], ring[i + 1] - ring[j + 1]);
    }
  }
  return (Math.SQRT1_2 * length * 2) / latticeArea2(from) + 1e-9;
}

function sharedByTurf(a: Shape, b: Shape): number {
  const both = intersect({ type: 'FeatureCollection', features: [feature(a), feature(b)] });
  return flatArea(both?.geometry as never) / flatArea(shapeToGeoJson(a) as never);
}

describe('where ground goes', () => {
  it('shares and what is lost sum to 1, and agree with another way to cut shapes', async () => {
    let rowsSeen = 0;
    for (const draft of drafts(RUNS, 7)) {
      const grounds = listChangedGround(draft.patch);
      const { rows, balances, leftOut } = await shareGround(grounds);
      expect(leftOut).toEqual([]);
      for (const { from, shares, lost } of rows) {
        expect(shares.reduce((sum, { share }) => sum + share, lost)).toBeCloseTo(1, 12);
        const known = new Map(shares.map(({ to, share }) => [to.id, share]));
        for (const to of draft.territory.grids('town', from.tier)) {
          const slip = Math.abs(sharedByTurf(from.shape, to.shape) - (known.get(to.id) ?? 0));
          expect(slip).toBeLessThan(roundingOf(from.shape, to.shape));
        }
        const balance = balances.get(from.id);
        if (balance) expect(balance.lostShare).toBeCloseTo(1 - (known.get(from.id) ?? 0), 12);
        rowsSeen += 1;
      }
      // Whatever a tier loses to nobody, and takes from nobody, is seen in what it covers.
      for (const { code } of draft.base.getLayer('town').tiers) {
        const area = (territory: Territory) =>
          [...territory.grids('town', code)].reduce(
            (sum, { shape }) => sum + flatArea(shapeToGeoJson(shape) as never),
            0,
          );
        const lostHere = rows
          .filter(({ from }) => from.tier === code)
          .reduce((sum, { from, lost }) => sum + lost * flatArea(shapeToGeoJson(from.shape) as never), 0);
        expect(area(draft.base) - area(draft.territory)).toBeLessThan(lostHere + 1e-9);
      }
    }
    expect(rowsSeen).toBeGreaterThan(RUNS * 2);
  });

  it('are the same worked out all at once and in many parts, but for a rounding', async () => {
    for (const draft of drafts(5, 9)) {
      const grounds = listChangedGround(draft.patch);
      const [whole, parts] = [await shareGround(grounds, { atOnce: 1e9 }), await shareGround(grounds, { atOnce: 1 })];
      expect(parts.rows.map(({ from }) => from.id)).toEqual(whole.rows.map(({ from }) => from.id));
      parts.rows.forEach(({ shares }, i) => {
        const known = new Map(whole.rows[i].shares.map(({ to, share }) => [to.id, share]));
        for (const { to, share } of shares) expect(Math.abs(share - (known.get(to.id) ?? 0))).toBeLessThan(1e-5);
      });
      for (const [id, { gainedSquareMetres }] of parts.balances) {
        expect(Math.abs(gainedSquareMetres - whole.balances.get(id)!.gainedSquareMetres)).toBeLessThan(1);
      }
    }
  });

  it('is left out, not wrong, where there is too much of it', async () => {
    const draft = randomDraft(BASE, seededRandom(2), 12);
    const grounds = listChangedGround(draft.patch);
    const whole = await shareGround(grounds);
    const { rows, leftOut } = await shareGround(grounds, { most: 300, atOnce: 100 });
    expect([rows.length > 0, leftOut.length > 0]).toEqual([true, true]);
    const before = leftOut.filter((ground) => ground.before);
    expect(rows.length + before.length).toBe(whole.rows.length);
    for (const { from } of rows) expect(leftOut.some(({ id }) => id === from.id)).toBe(false);
  });

  it('a twin that gives all ground to whoever has the most of it is found out', async () => {
    let wrong = 0;
    for (const draft of drafts(RUNS, 7)) {
      const { rows } = await shareGround(listChangedGround(draft.patch));
      for (const { from, shares } of rows) {
        if (
          shares.length > 0 &&
          Math.abs(sharedByTurf(from.shape, shares[0].to.shape) - 1) > roundingOf(from.shape, shares[0].to.shape)
        )
          wrong += 1;
      }
    }
    expect(wrong).toBeGreaterThan(RUNS / 2);
  });
});
