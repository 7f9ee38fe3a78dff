import { describe, expect, it } from 'vitest';
import { applyOps } from '../../../src/changesets/ops/applyOps.ts';
import type { Op } from '../../../src/changesets/ops/op.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { latticeArea2 } from '../../../src/geometry/coverage.ts';
import { block, board, boardTerritory, corners, done, drawn, faultsIn, grid, idsOf, refusal, tier } from './drawing.ts';

const town = boardTerritory();

function layerOf(kind: 'PARTITION' | 'OVERLAY', ...grids: ReturnType<typeof grid>[]): Territory {
  return Territory.of([{ code: 'l', kind, tiers: [tier('t', 1)] }], grids);
}

describe('reshape', () => {
  it('neighbours give way where the grid grows and take what it gives up, nested tiers get the vertices', () => {
    const { territory, touched } = done(town, { reshape: { grid: 'b0', boundary: block(90, 0, 100, 100) } });
    expect(touched).toEqual(['a', 'a0', 'a1', 'b', 'b0', 'b1', 'town']);
    expect(corners(territory, 'b0')).toBe('90,0 100,0 190,0 190,100 100,100 90,100');
    expect(corners(territory, 'a0')).toBe('0,0 90,0 90,100 0,100');
    // Of b1, below the same parent, rather than of c0 with the longer border.
    expect(corners(territory, 'b1')).toBe('190,0 200,0 200,100 200,200 100,200 100,100 190,100');
    expect(corners(territory, 'a1')).toBe('0,100 90,100 100,100 100,200 0,200');
    expect(corners(territory, 'b')).toContain('190,0 200,0 200,100');
  });

  it('what it gives up goes to the longest border of a sibling before any other, face by face', () => {
    const { territory } = done(town, { reshape: { grid: 'b1', boundary: block(130, 130, 40, 70) } });
    expect(latticeArea2(territory.find('b1')!.shape)).toBe(2 * 40 * 70);
    // The ring around is one face; of b0 and b2, the only siblings, b0 has the longer border.
    expect(latticeArea2(territory.find('b0')!.shape)).toBe(2 * (10_000 + 10_000 - 2_800));
    expect(faultsIn(territory, 'police', 'cell')).toEqual([]);
  });

  it('an enclave cut out of a neighbour and one swallowed', () => {
    const { territory } = done(town, {
      create: { id: 'n', layer: 'police', tier: 'cell', code: 'N', name: 'Enclave', boundary: block(120, 120, 20, 20) },
    });
    expect(territory.find('b1')!.shape[0]).toHaveLength(2);
    expect(territory.find('n')).toMatchObject({
      parentId: 'b',
      kind: 'BASIC',
      codes: [{ scheme: 'police', code: 'N' }],
    });
    const swallow = { reshape: { grid: 'b1', boundary: block(100, 100, 100, 100) } };
    expect(refusal(territory, swallow).message).toMatch(/nothing would be left of N\. Retire it or merge it/);
    const merged = done(territory, { merge: { grids: ['b1', 'n'], into: 'b1' } });
    expect(corners(merged.territory, 'b1')).toBe(corners(town, 'b1'));
  });

  it('beyond the outside takes new ground, and ground that touches nobody is left to nobody', () => {
    const one = layerOf(
      'PARTITION',
      grid('l', 't', 'p', block(0, 0, 100, 100)),
      grid('l', 't', 'q', block(200, 0, 50, 50)),
    );
    const { territory, touched } = done(one, { reshape: { grid: 'p', boundary: block(-50, 0, 100, 100) } });
    expect(touched).toEqual(['p']);
    expect(corners(territory, 'p')).toBe('-50,0 0,0 50,0 50,100 0,100 -50,100');
  });

  it('of an OVERLAY changes the grid alone', () => {
    const two = layerOf(
      'OVERLAY',
      grid('l', 't', 'p', block(0, 0, 100, 100)),
      grid('l', 't', 'q', block(50, 0, 100, 100)),
    );
    const { territory, touched } = done(two, { reshape: { grid: 'p', boundary: block(60, 10, 10, 10) } });
    expect(touched).toEqual(['p']);
    expect(corners(territory, 'p')).toBe('60,10 70,10 70,20 60,20');
  });

  it.each<[string, Op, string, string]>([
    [
      'crossing rings',
      { reshape: { grid: 'a0', boundary: drawn([0, 0, 10, 10, 10, 0, 0, 10]) } },
      'BAD_BOUNDARY',
      'crosses or touches itself',
    ],
    ['no rings', { reshape: { grid: 'a0', boundary: [] } }, 'BAD_BOUNDARY', 'has no ground'],
    [
      'two vertices',
      { reshape: { grid: 'a0', boundary: drawn([0, 0, 10, 10]) } },
      'BAD_BOUNDARY',
      'fewer than 3 vertices',
    ],
    [
      'the same ground',
      { reshape: { grid: 'a0', boundary: block(0, 0, 100, 100) } },
      'BAD_INPUT',
      'it changes nothing',
    ],
    [
      'too many vertices',
      { reshape: { grid: 'a0', boundary: drawn(Array.from({ length: 20_001 }, (_, i) => [i, i * i]).flat()) } },
      'BAD_BOUNDARY',
      '20001 vertices, 20000 are allowed',
    ],
  ])('%s is refused', (_title, op, code, words) => {
    expect(refusal(town, op)).toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

describe('create', () => {
  const ask = { id: 'n', layer: 'police', tier: 'cell', code: ' N1 ', name: 'New', boundary: block(300, 0, 50, 100) };

  it('on new ground puts its vertices into those beside it; outside every parent it must be told', () => {
    expect(refusal(town, { create: ask })).toMatchObject({
      code: 'MISSING_PARENT',
      details: { field: 'ops[0].create.parent' },
    });
    const { territory, touched, lineage } = done(town, { create: { ...ask, parent: 'c', kind: 'EXCLUSIVE' } });
    expect(touched).toEqual(['n']);
    expect(lineage).toEqual([]);
    expect(territory.find('n')).toMatchObject({
      codes: [{ scheme: 'police', code: 'N1' }],
      parentId: 'c',
      versionId: null,
    });
    const beside = done(town, { create: { ...ask, parent: 'c', boundary: block(300, 20, 50, 30) } });
    expect(beside.touched).toEqual(['c', 'c0', 'n', 'town']);
    expect(corners(beside.territory, 'c0')).toBe('200,0 300,0 300,20 300,50 300,100 200,100');
  });

  it('a root needs no parent; known ids, wrong parents, names and tiers are refused', () => {
    const root = { ...ask, tier: 'town', boundary: block(300, 0, 50, 300) };
    expect(done(town, { create: root }).territory.find('n')!.parentId).toBeNull();
    const refused = (rest: object) => refusal(town, { create: { ...ask, parent: 'c', ...rest } }).message;
    expect(refused({ id: 'a0' })).toMatch(/^ops\[0\]\.create\.id: /);
    expect(refused({ parent: 'a0' })).toMatch(/^ops\[0\]\.create\.parent: it is of tier cell/);
    expect(refused({ name: '' })).toMatch(/^ops\[0\]\.create\.name: /);
    expect(refused({ code: 'a\u0000' })).toMatch(/^ops\[0\]\.create\.code: /);
    expect(refused({ tier: 'x' })).toMatch(/^ops\[0\]\.create\.tier: /);
    expect(refused({ layer: 'x' })).toMatch(/^ops\[0\]\.create\.layer: /);
  });
});

describe('split', () => {
  const cut = {
    grid: 'a0',
    line: [
      [-10, 40],
      [110, 40],
    ] as const,
    codes: ['X'],
    names: ['New'],
    ids: ['x'],
  };

  it('with one code fewer: the largest piece stays the grid, parents and neighbours get the vertices', () => {
    const { territory, touched, lineage } = done(town, { split: cut });
    expect(touched).toEqual(['a', 'a0', 'b', 'b0', 'town', 'x']);
    expect(corners(territory, 'a0')).toBe('0,40 100,40 100,100 0,100');
    expect(corners(territory, 'x')).toBe('0,0 100,0 100,40 0,40');
    expect(corners(territory, 'b0')).toBe('100,0 200,0 200,100 100,100 100,40');
    expect(corners(territory, 'town')).toContain('0,40');
    expect(territory.find('x')).toMatchObject({
      parentId: 'a',
      name: 'New',
      kind: 'BASIC',
      loads: [],
      versionId: null,
    });
    expect(lineage).toEqual([{ from: 'a0', to: 'x', how: 'SPLIT' }]);
  });

  it('with as many codes: the grid ends, and its children go with the ground', () => {
    const split = {
      grid: 'b',
      line: [
        [100, 190],
        [200, 190],
      ] as const,
      codes: ['X', 'Y'],
      names: ['X', 'Y'],
      ids: ['x', 'y'],
    };
    const { territory, lineage } = done(town, { split });
    expect(territory.find('b')).toBeUndefined();
    expect(['b0', 'b1', 'b2'].map((id) => territory.find(id)!.parentId)).toEqual(['x', 'x', 'y']);
    expect(lineage).toEqual([
      { from: 'b', to: 'x', how: 'SPLIT' },
      { from: 'b', to: 'y', how: 'SPLIT' },
    ]);
  });

  it('pieces of one size: the western one is first; islands go with the nearest', () => {
    const island = [...block(0, 0, 100, 40), ...block(80, 60, 10, 10), ...block(0, 80, 10, 10)];
    const one = layerOf('PARTITION', grid('l', 't', 'p', island));
    const split = {
      grid: 'p',
      line: [
        [50, -5],
        [50, 45],
      ] as const,
      codes: ['X', 'Y'],
      names: ['X', 'Y'],
      ids: ['x', 'y'],
    };
    const { territory } = done(one, { split });
    expect(territory.find('x')!.shape.map(([outer]) => outer[0] < 50)).toEqual([true, true]);
    expect(territory.find('y')!.shape.map(([outer]) => outer[0] < 50)).toEqual([false, false]);
  });

  it.each<[string, object, string]>([
    [
      'a line that ends inside',
      {
        line: [
          [-10, 40],
          [50, 40],
        ],
      },
      'line: it does not cut the grid: 1 piece',
    ],
    ['a point', { line: [[50, 40]] }, 'line: give at least two positions'],
    ['too many codes', { codes: ['X', 'Y', 'Z'] }, 'codes: the line makes 2 pieces: give 2 codes'],
    ['no codes', { codes: [] }, 'or 1, and the largest piece stays'],
    ['a name missing', { names: [] }, 'names: give 1'],
    ['an id missing', { ids: [] }, 'ids: give 1'],
    ['a known id', { ids: ['b2'] }, 'ids[0]: there is a grid b2 already'],
  ])('%s is refused', (_title, rest, words) => {
    expect(refusal(town, { split: { ...cut, ...rest } } as Op).message).toContain(words);
  });
});

describe('merge and retire', () => {
  const load = (value: number, date = '2024-01-01') => ({ measure: 'households', value, date, source: 'census' });

  it('children move, the others end, and figures of one date are added up', () => {
    const { layers, grids } = board();
    const counted = grids.map((each) =>
      each.id.length === 1 ? { ...each, loads: [load(5), load(7, each.id)] } : each,
    );
    const { territory, lineage, touched } = done(Territory.of(layers, counted), {
      merge: { grids: ['a', 'b'], into: 'b' },
    });
    expect(touched).toEqual(['a', 'a0', 'a1', 'a2', 'b']);
    expect(territory.find('b')!.loads).toEqual([load(10)]);
    expect(territory.find('a1')!.parentId).toBe('b');
    expect(corners(territory, 'b')).toBe('0,0 100,0 200,0 200,100 200,200 200,300 100,300 0,300 0,200 0,100');
    expect(lineage).toEqual([{ from: 'a', to: 'b', how: 'MERGED' }]);
  });

  it('an heir takes ground and children; without one the ground is left, and children refuse it', () => {
    const { territory, lineage } = done(town, { retire: { grid: 'c', heir: 'b' } });
    expect(territory.find('c1')!.parentId).toBe('b');
    expect(lineage).toEqual([{ from: 'c', to: 'b', how: 'RETIRED' }]);
    expect(refusal(town, { retire: { grid: 'c' } })).toMatchObject({
      code: 'MISSING_PARENT',
      details: { grids: ['c0', 'c1', 'c2'] },
    });
    const left = done(town, { retire: { grid: 'c1' } });
    expect(left.touched).toEqual(['c1']);
    expect(left.lineage).toEqual([]);
  });

  it.each<[string, Op, string]>([
    ['one grid', { merge: { grids: ['a'], into: 'a' } }, 'grids: name at least two'],
    ['one grid twice', { merge: { grids: ['a', 'a'], into: 'a' } }, 'grids: name at least two'],
    ['into another', { merge: { grids: ['a', 'b'], into: 'c' } }, 'into: it is to be one of'],
    ['two tiers', { merge: { grids: ['a', 'b0'], into: 'a' } }, 'grids[1]: it is of tier cell'],
    ['itself as heir', { retire: { grid: 'a', heir: 'a' } }, 'heir: a grid is not its own heir'],
    ['an heir of another tier', { retire: { grid: 'a', heir: 'town' } }, 'heir: it is of tier town'],
  ])('%s is refused', (_title, op, words) => {
    expect(refusal(town, op).message).toContain(words);
  });

  it('of an OVERLAY unite what overlaps', () => {
    const two = layerOf(
      'OVERLAY',
      grid('l', 't', 'p', block(0, 0, 100, 100)),
      grid('l', 't', 'q', block(50, 50, 100, 100)),
    );
    const { territory } = done(two, { merge: { grids: ['p', 'q'], into: 'p' } });
    expect(latticeArea2(territory.find('p')!.shape)).toBe(2 * 17_500);
  });
});

describe('mending', () => {
  const hole = done(town, { retire: { grid: 'b1' } }).territory;

  it('a gap goes to the grid that is named, else to the sibling with the longest border', () => {
    const fixed = done(hole, { fixGap: { layer: 'police', tier: 'cell', at: [150, 150] } });
    expect(idsOf(fixed)).toEqual(['b0']);
    const named = done(hole, { fixGap: { layer: 'police', tier: 'cell', at: [150, 150], to: 'c1' } });
    expect(latticeArea2(named.territory.find('c1')!.shape)).toBe(2 * 20_000);
  });

  it('a hole with no parent above, and ground of a parent at the rim', () => {
    const ring = board().grids.filter((each) => each.tier === 'cell' && each.id !== 'b1');
    const alone = Territory.of(
      board().layers,
      ring.map((each) => ({ ...each, parentId: null })),
    );
    expect(idsOf(done(alone, { fixGap: { layer: 'police', tier: 'cell', at: [101, 199] } }))).toEqual(['b0']);
    expect(refusal(alone, { fixGap: { layer: 'police', tier: 'cell', at: [900, 900] } }).message).toMatch(
      /open to the outside/,
    );
    const rim = done(town, { retire: { grid: 'c0' } }).territory;
    expect(idsOf(done(rim, { fixGap: { layer: 'police', tier: 'cell', at: [299, 1] } }))).toEqual(['c1']);
    expect(refusal(town, { fixGap: { layer: 'police', tier: 'cell', at: [50, 50] } }).message).toMatch(
      /A0 holds .* there is no gap/,
    );
    expect(refusal(rim, { fixGap: { layer: 'police', tier: 'cell', at: [299, 1], to: 'b' } }).message).toMatch(
      /to: it is not of tier cell/,
    );
  });

  it('boundaries of a file stay as they are, overlaps included, and one op mends those', () => {
    const boundaries = [{ grid: 'a0', boundary: block(0, 0, 120, 90) }];
    const { territory, patch } = applyOps(town, [{ redraw: { boundaries } }]);
    expect([...patch.keys()]).toEqual(['a0']);
    expect(territory.find('a0')!.shape).toBe(boundaries[0].boundary);
    expect(faultsIn(territory, 'police', 'cell').length).toBeGreaterThan(0);
    const mended = applyOps(territory, [{ fixOverlap: { grids: ['a0', 'b0'], keep: 'b0' } }]);
    expect(latticeArea2(mended.territory.find('a0')!.shape)).toBe(2 * 9_000);
    expect(faultsIn(mended.territory, 'police', 'cell')).toEqual([]);
    const kept = applyOps(territory, [{ fixOverlap: { grids: ['a0', 'b0'], keep: 'a0' } }]);
    expect(latticeArea2(kept.territory.find('b0')!.shape)).toBe(2 * (10_000 - 1_800));
    expect(faultsIn(kept.territory, 'police', 'cell')).toEqual([]);
    expect(refusal(town, { fixOverlap: { grids: ['a0', 'b0'], keep: 'b0' } }).message).toMatch(/they do not overlap/);
    expect(refusal(town, { redraw: { boundaries: [...boundaries, ...boundaries] } }).message).toContain(
      'boundaries[1].grid: it is named twice',
    );
    const bowTie = [{ grid: 'a0', boundary: drawn([0, 0, 10, 10, 10, 0, 0, 10]) }];
    expect(refusal(town, { redraw: { boundaries: bowTie } })).toMatchObject({ code: 'BAD_BOUNDARY' });
  });
});
