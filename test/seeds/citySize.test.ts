import { describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';
import { boxOf, containsPoint, countVertices, type Shape } from '../../src/geometry/polygon.ts';
import { doubleArea } from './coverage.ts';

const plan = buildCity('city');
const ofTier = (layer: string, tier: string) => plan.grids.filter((grid) => grid.layer === layer && grid.tier === tier);

/** A lattice point inside: halfway along the first inner stretch of the middle line. */
function representative(shape: Shape): [x: number, y: number] {
  const { minY, maxY } = boxOf(shape);
  const y = Math.round((minY + maxY) / 2);
  const meets: number[] = [];
  for (const ring of shape.flat()) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      if (ring[i + 1] > y === ring[j + 1] > y) continue;
      meets.push(ring[i] + ((y - ring[i + 1]) / (ring[j + 1] - ring[i + 1])) * (ring[j] - ring[i]));
    }
  }
  meets.sort((a, b) => a - b);
  return [Math.round((meets[0] + meets[1]) / 2), y];
}

describe('the demo city at full size', () => {
  it('has 3,475 grids, 118 police districts and 50,000 micro-grids of some 54 vertices', () => {
    expect(ofTier('governance', 'grid')).toHaveLength(3475);
    expect(ofTier('police', 'district')).toHaveLength(118);
    const micros = ofTier('governance', 'micro');
    expect(micros).toHaveLength(50_000);
    const average = micros.reduce((total, grid) => total + countVertices(grid.boundary), 0) / micros.length;
    expect(average).toBeGreaterThan(50);
    expect(average).toBeLessThan(58);
    expect(Math.max(...plan.grids.map((grid) => countVertices(grid.boundary)))).toBeLessThan(20_000);
  });

  it('has 44 stations with 97 police rooms and 107 police posts', () => {
    const count = (kind: string) => plan.bodies.filter((body) => body.kind === kind).length;
    expect(['POLICE_STATION', 'POLICE_ROOM', 'POLICE_POST'].map(count)).toEqual([44, 97, 107]);
  });

  it('keeps 李鹊镇 and the patrol tree as they are in the small size', () => {
    const { grids, micros } = plan.highlights.manyGridsTown.expect.facts!;
    expect([grids, micros]).toEqual([59, 1337]);
    expect(['area', 'zone', 'patrol_grid'].map((tier) => ofTier('patrol', tier).length)).toEqual([3, 17, 244]);
  });

  it('has children that add up to their parent, to the last lattice unit', () => {
    const sums = new Map<string, number>();
    for (const { parentId, boundary } of plan.grids) {
      if (parentId) sums.set(parentId, (sums.get(parentId) ?? 0) + doubleArea(boundary));
    }
    const wrong = plan.grids.filter(({ id, boundary }) => sums.has(id) && sums.get(id) !== doubleArea(boundary));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('puts every governance grid in exactly one police district', () => {
    const districts = ofTier('police', 'district').map(({ boundary }) => ({ boundary, box: boxOf(boundary) }));
    const lost = ofTier('governance', 'grid').filter(({ boundary }) => {
      const [x, y] = representative(boundary);
      const near = districts.filter(({ box }) => x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY);
      return near.filter((district) => containsPoint(district.boundary, x, y)).length !== 1;
    });
    expect(lost).toEqual([]);
  });

  it('has every highlight of the small size, each inside its chains', () => {
    const boundaries = new Map(plan.grids.map(({ id, boundary }) => [id, boundary]));
    expect(Object.keys(plan.highlights).length).toBeGreaterThan(25);
    for (const [name, { lon, lat, expect: wanted }] of Object.entries(plan.highlights)) {
      // Its chain is that of 2026, the boundaries here are the base's.
      if (name === 'movedMicro') continue;
      for (const id of [...Object.values(wanted.chains).flat(), ...(wanted.also ?? [])]) {
        expect(containsPoint(boundaries.get(id)!, Math.round(lon * 1e7), Math.round(lat * 1e7)), name).toBe(true);
      }
    }
  });
});
