import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';
import type { GridPlan } from '../../seeds/plan.type.ts';
import { Random } from '../../seeds/terrain/random.ts';
import { type Box, boxOf, containsPoint } from '../../src/geometry/polygon.ts';
import { directedEdges, doubleArea, outline } from './coverage.ts';

const plan = buildCity('town');
const grids = new Map(plan.grids.map((grid) => [grid.id, grid]));
const boxes = new Map<string, Box>(plan.grids.map((grid) => [grid.id, boxOf(grid.boundary)]));
const partitions = plan.layers.filter((layer) => layer.kind === 'PARTITION');
const ofTier = (layer: string, tier: string) => plan.grids.filter((grid) => grid.layer === layer && grid.tier === tier);
const childrenOf = (parent: GridPlan) => plan.grids.filter((grid) => grid.parentId === parent.id);

function holders(layer: string, x: number, y: number, tier?: string): GridPlan[] {
  return plan.grids.filter((grid) => {
    if (grid.layer !== layer || (tier && grid.tier !== tier)) return false;
    const box = boxes.get(grid.id)!;
    return x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY && containsPoint(grid.boundary, x, y);
  });
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

describe('borders of the demo town', () => {
  it('cover each layer exactly: no edge is used twice on one side', () => {
    for (const layer of partitions) {
      for (const tier of layer.tiers) {
        const edges = directedEdges(ofTier(layer.code, tier.code).map((grid) => grid.boundary));
        expect(new Set(edges).size, `${layer.code}.${tier.code}`).toBe(edges.length);
      }
    }
  });

  it('nest without tolerance: children have the outline and the area of their parent', () => {
    for (const parent of plan.grids) {
      const children = childrenOf(parent).map((child) => child.boundary);
      if (children.length === 0) continue;
      expect(outline(children), parent.name).toEqual(outline([parent.boundary]));
      expect(children.reduce((total, child) => total + doubleArea(child), 0)).toBe(doubleArea(parent.boundary));
    }
  });

  it('give any point, on a border or off, one grid per tier', () => {
    const random = new Random(11);
    const { minX, minY, maxX, maxY } = boxOf(ofTier('police', 'city_bureau')[0].boundary);
    const points = Array.from({ length: 1_500 }, () => [
      minX + random.below(maxX - minX),
      minY + random.below(maxY - minY),
    ]);
    for (let i = 0; i < 700; i++) {
      const ring = random.pick(plan.grids).boundary[0][0];
      const at = random.below(ring.length / 2) * 2;
      points.push([ring[at], ring[at + 1]]);
    }
    const complete = { police: 5, governance: 5, patrol: 4 } as Record<string, number>;
    for (const [x, y] of points) {
      for (const layer of partitions) {
        const found = holders(layer.code, x, y).map((grid) => grid.tier);
        expect(new Set(found).size, `${layer.code} at ${x} ${y}`).toBe(found.length);
        if (found.length > 0) expect(found.length).toBeGreaterThanOrEqual(complete[layer.code]);
      }
    }
  });

  it('are nowhere a rectangle', () => {
    for (const grid of plan.grids) {
      for (const ring of grid.boundary.flat()) {
        expect(ring.length / 2, grid.name).toBeGreaterThanOrEqual(8);
        let slanted = 0;
        for (let i = 2; i < ring.length; i += 2) if (ring[i] !== ring[i - 2] && ring[i + 1] !== ring[i - 1]) slanted++;
        expect(slanted, grid.name).toBeGreaterThan(ring.length / 4);
      }
    }
  });

  it('keep an enclave, a hole and a gap', () => {
    const { enclave, hole, gap } = plan.highlights;
    expect(grids.get(enclave.expect.gridId!)!.boundary.length).toBe(2);
    const around = grids.get(enclave.expect.facts!.surroundingVillageId as string)!;
    expect(around.boundary.some((polygon) => polygon.length > 1)).toBe(true);
    expect(ofTier('governance', 'city')[0].boundary[0]).toHaveLength(3);
    for (const [name, place] of [
      ['NOT_SERVED', hole],
      ['GAP', gap],
    ] as const) {
      const left = plan.gaps.find(({ status }) => status === name)!;
      expect(containsPoint(left.boundary, Math.round(place.lon * 1e7), Math.round(place.lat * 1e7))).toBe(true);
      expect(place.expect.status).toBe(name);
    }
  });
});

describe('what the demo town holds', () => {
  it('is the same at every call', () => {
    expect(digest(buildCity('town'))).toBe(digest(plan));
  });

  it('has 59 grids and 1,337 micro-grids of 30,000 people in 李鹊镇', () => {
    const lique = ofTier('governance', 'town').find((town) => town.name === '李鹊镇')!;
    const below = childrenOf(lique).flatMap(childrenOf);
    expect(below).toHaveLength(59);
    expect(below.flatMap(childrenOf)).toHaveLength(1337);
    expect(below.flatMap((grid) => grid.loads).reduce((total, load) => total + load.value, 0)).toBe(30_000);
  });

  it('has 3 patrol areas, 17 zones and 244 patrol grids', () => {
    expect(['area', 'zone', 'patrol_grid'].map((tier) => ofTier('patrol', tier).length)).toEqual([3, 17, 244]);
  });

  it('cuts governance grids by police beats', () => {
    const random = new Random(3);
    const { cutGrid } = plan.highlights;
    const grid = grids.get(cutGrid.expect.gridId!)!;
    const { minX, minY, maxX, maxY } = boxes.get(grid.id)!;
    const stations = new Set<string>();
    for (let i = 0; i < 400; i++) {
      const [x, y] = [minX + random.below(maxX - minX), minY + random.below(maxY - minY)];
      if (containsPoint(grid.boundary, x, y)) stations.add(holders('police', x, y, 'station')[0].id);
    }
    expect(stations.size).toBe(2);
  });

  it('has one lake over at least three towns', () => {
    const random = new Random(4);
    const lake = plan.grids.find((grid) => grid.name === '月亮湖')!;
    expect(lake.boundary).toHaveLength(1);
    const { minX, minY, maxX, maxY } = boxes.get(lake.id)!;
    const towns = new Set<string>();
    for (let i = 0; i < 400; i++) {
      const [x, y] = [minX + random.below(maxX - minX), minY + random.below(maxY - minY)];
      if (containsPoint(lake.boundary, x, y)) towns.add(holders('governance', x, y, 'town')[0].name);
    }
    expect(towns.size).toBeGreaterThanOrEqual(3);
  });

  it('uses each code once in its scheme, and flags only 城东新区 as lacking its own', () => {
    const codes = plan.grids.flatMap((grid) => grid.codes.map(({ scheme, code }) => `${scheme} ${code}`));
    expect(new Set(codes).size).toBe(codes.length);
    const expected = new Map(
      plan.layers.flatMap((layer) => layer.tiers.map((tier) => [`${layer.code} ${tier.code}`, tier.codeScheme])),
    );
    const lacking = plan.grids.filter((grid) => {
      const scheme = expected.get(`${grid.layer} ${grid.tier}`);
      return scheme && !grid.codes.some((code) => code.scheme === scheme);
    });
    expect(lacking.map((grid) => grid.name)).toEqual(['城东新区']);
  });
});

describe('highlights of the demo town', () => {
  const parents = new Map(plan.grids.map((grid) => [grid.id, grid.parentId]));
  for (const change of plan.changes.filter(({ effectiveAt }) => effectiveAt < new Date('2026-01-01'))) {
    for (const { gridId, set } of change.grids) if (set.parentId !== undefined) parents.set(gridId, set.parentId);
  }
  const chain = (id: string | null): string[] => (id ? [id, ...chain(parents.get(id)!)] : []);

  it.each(Object.entries(plan.highlights))('%s lies where it says', (_, { lon, lat, expect: wanted }) => {
    const [x, y] = [Math.round(lon * 1e7), Math.round(lat * 1e7)];
    for (const layer of plan.layers) {
      const held = holders(layer.code, x, y);
      const smallest = held.filter((grid) => !held.some((other) => other.parentId === grid.id)).map(({ id }) => id);
      const wantedChain = wanted.chains[layer.code] ?? [];
      expect(chain(wantedChain[0] ?? null)).toEqual(wantedChain);
      const also = layer.code === 'watch' ? (wanted.also ?? []) : [];
      expect(smallest.sort()).toEqual([...wantedChain.slice(0, 1), ...also].sort());
    }
    if (wanted.gridId) expect(Object.values(wanted.chains).flat()).toContain(wanted.gridId);
  });

  it('the first query has an officer, a grid worker, a mediation team and four layers', () => {
    const { holders: answer, chains } = plan.highlights.firstQuery.expect;
    expect(Object.keys(chains).sort()).toEqual(['governance', 'patrol', 'police', 'water']);
    const people = plan.people.map(({ id }) => id);
    expect(people).toContain(answer!.officer);
    expect(people).toContain(answer!.gridWorker);
    expect(plan.bodies.find(({ id }) => id === answer!.mediationTeam)?.kind).toBe('MEDIATION_TEAM');
  });

  it('the moved micro-grid leaves the outline of its village as it was', () => {
    const [from, to] = plan.changes.find(({ title }) => title === '相邻网格边界调整')!.grids;
    const before = [grids.get(from.gridId)!.boundary, grids.get(to.gridId)!.boundary];
    const after = [from.set.boundary!, to.set.boundary!];
    expect(outline(after)).toEqual(outline(before));
    expect(doubleArea(after[0])).toBeLessThan(doubleArea(before[0]));
  });
});
