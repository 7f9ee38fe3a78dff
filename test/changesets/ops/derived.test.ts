import { describe, expect, it } from 'vitest';
import type { Op } from '../../../src/changesets/ops/op.ts';
import { readsOf } from '../../../src/changesets/ops/reads.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { dissolve, latticeArea2 } from '../../../src/geometry/coverage.ts';
import { block, board, boardTerritory, corners, done, grid, refusal, tier } from './drawing.ts';

const derived = boardTerritory({ block: 'CHILDREN', town: 'CHILDREN' });

/** Squads of the civic layer below one hall, made up of the cells of the police layer: west a and b, east c. */
function twoLayers(): Territory {
  const police = board();
  const shapeOf = (ids: string[]) => dissolve(ids.map((id) => police.grids.find((each) => each.id === id)!.shape));
  const idsOf = (...columns: string[]) => columns.flatMap((column) => [0, 1, 2].map((row) => `${column}${row}`));
  const squad = (id: string, memberIds: string[]) =>
    grid('civic', 'squad', id, shapeOf(memberIds), { memberIds, parentId: 'hall' });
  const tiers = [tier('hall', 1, 'CHILDREN'), tier('squad', 2, { layer: 'police', tier: 'cell' })];
  const squads = [squad('west', idsOf('a', 'b')), squad('east', idsOf('c'))];
  const hall = grid('civic', 'hall', 'hall', dissolve(squads.map((each) => each.shape)));
  return Territory.of(
    [...police.layers, { code: 'civic', kind: 'PARTITION', tiers }],
    [...police.grids, hall, ...squads],
  );
}

const civic = twoLayers();

describe('a derived tier', () => {
  it('follows its children, upwards', () => {
    const { territory, touched } = done(derived, { reparent: { grid: 'a0', parent: 'b' } });
    expect(touched).toEqual(['a', 'a0', 'b']);
    expect(corners(territory, 'a')).toBe('0,100 100,100 100,200 100,300 0,300 0,200');
    expect(latticeArea2(territory.find('b')!.shape)).toBe(2 * 40_000);
    const grown = done(derived, { reshape: { grid: 'c2', boundary: block(200, 200, 120, 100) } });
    expect(grown.touched).toEqual(['c', 'c2', 'town']);
    expect(latticeArea2(grown.territory.find('town')!.shape)).toBe(2 * 92_000);
  });

  it('of members of another layer follows those, and gives them up to one another', () => {
    expect(latticeArea2(civic.find('west')!.shape)).toBe(2 * 60_000);
    const { territory, touched } = done(civic, { assign: { members: ['b0', 'b1'], to: 'east' } });
    expect(touched).toEqual(['east', 'west']);
    expect(territory.find('east')!.memberIds).toEqual(['b0', 'b1', 'c0', 'c1', 'c2']);
    expect(territory.find('west')!.memberIds).toEqual(['a0', 'a1', 'a2', 'b2']);
    expect(latticeArea2(territory.find('east')!.shape)).toBe(2 * 50_000);
    const moved = done(civic, { moveVertex: { layer: 'police', from: [200, 100], to: [190, 110] } });
    expect(moved.touched).toEqual(['b', 'b0', 'b1', 'c', 'c0', 'c1', 'east', 'west']);
    expect(corners(moved.territory, 'east')).toContain('190,110');
    const outside = done(civic, { moveVertex: { layer: 'police', from: [300, 0], to: [310, -10] } });
    expect(outside.touched).toEqual(['c', 'c0', 'east', 'hall', 'town']);
  });

  it('carve gives every grid with its middle in the area: as member, or as child', () => {
    const area = block(120, -5, 90, 120);
    const member = done(civic, { carve: { area, tier: 'cell', to: 'east' } });
    expect(member.touched).toEqual(['east', 'west']);
    expect(member.territory.find('east')!.memberIds).toContain('b0');
    const child = done(civic, { carve: { area, tier: 'cell', to: 'c' } });
    expect(child.touched).toEqual(['b0']);
    expect(child.territory.find('b0')!.parentId).toBe('c');
    expect(refusal(civic, { carve: { area: block(900, 0, 9, 9), tier: 'cell', to: 'c' } }).message).toMatch(
      /no grid of tier cell/,
    );
    expect(refusal(civic, { carve: { area, tier: 'block', to: 'c' } }).message).toMatch(/neither below C nor members/);
    expect(refusal(civic, { carve: { area: [], tier: 'cell', to: 'c' } }).code).toBe('BAD_BOUNDARY');
  });

  it('assign is refused for what fits not or changes nothing', () => {
    const assign = (members: string[], to: string) => refusal(civic, { assign: { members, to } }).message;
    expect(assign(['c0'], 'east')).toMatch(/members: name at least one grid that is not with EAST already/);
    expect(assign(['c'], 'east')).toMatch(/members\[0\]: tier block of layer police is neither below/);
    expect(assign([], 'east')).toMatch(/members: name at least one/);
    expect(assign(['zz'], 'east')).toMatch(/members\[0\]: the draft has no grid zz/);
    expect(done(civic, { assign: { members: ['a0', 'c0'], to: 'c' } }).touched).toEqual(['a0']);
  });

  it('pieces of a split and the heirs of a merge are members where the grid was', () => {
    const split = {
      grid: 'a0',
      line: [
        [-10, 40],
        [110, 40],
      ] as const,
      codes: ['X', 'Y'],
      names: ['X', 'Y'],
      ids: ['x', 'y'],
    };
    const { territory } = done(civic, { split });
    expect(territory.find('west')!.memberIds).toEqual(['a1', 'a2', 'b0', 'b1', 'b2', 'x', 'y']);
    const kept = done(civic, { split: { ...split, codes: ['X'], names: ['X'], ids: ['x'] } });
    expect(kept.territory.find('west')!.memberIds).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2', 'x']);
    const merged = done(civic, { merge: { grids: ['c0', 'b0'], into: 'c0' } });
    expect(merged.territory.find('east')!.memberIds).toEqual(['c0', 'c1', 'c2']);
    expect(latticeArea2(merged.territory.find('east')!.shape)).toBe(2 * 40_000);
    const halls = done(civic, { merge: { grids: ['west', 'east'], into: 'west' } });
    expect(halls.territory.find('west')!.memberIds).toHaveLength(9);
    expect(latticeArea2(halls.territory.find('west')!.shape)).toBe(2 * 90_000);
    const retired = done(derived, { retire: { grid: 'a', heir: 'b' } });
    expect(latticeArea2(retired.territory.find('b')!.shape)).toBe(2 * 60_000);
  });

  it('gets a new grid of the parts that have their middle in its outline, and the others give them up', () => {
    const outline = block(-10, 90, 220, 120);
    const create = { id: 'n', layer: 'police', tier: 'block', code: 'N', name: 'N', boundary: outline };
    const { territory, touched } = done(derived, { create });
    expect(touched).toEqual(['a', 'a1', 'b', 'b1', 'n']);
    expect(corners(territory, 'n')).toBe('0,100 100,100 200,100 200,200 100,200 0,200');
    expect(territory.find('a1')!.parentId).toBe('n');
    const squad = { id: 's', layer: 'civic', tier: 'squad', code: 'S', name: 'S', boundary: outline, parent: 'hall' };
    const civicDone = done(civic, { create: squad });
    expect(civicDone.touched).toEqual(['s', 'west']);
    expect(civicDone.territory.find('s')!.memberIds).toEqual(['a1', 'b1']);
    expect(civicDone.territory.find('west')!.memberIds).toEqual(['a0', 'a2', 'b0', 'b2']);
    expect(readsOf({ create: squad }, civic).get('west')).toContain('members');
    const nowhere = { ...create, boundary: block(20, 20, 20, 20) };
    expect(refusal(derived, { create: nowhere }).message).toMatch(
      /boundary: block is made of grids of tier cell, and none/,
    );
    const whole = { ...create, boundary: block(0, 0, 100, 300) };
    expect(refusal(derived, { create: whole }).message).toMatch(/A would be left without any member/);
  });

  it('is not drawn, and keeps a member', () => {
    const boundary = block(0, 0, 100, 300);
    const drawing: Op[] = [
      { reshape: { grid: 'a', boundary } },
      {
        split: {
          grid: 'a',
          line: [
            [0, 5],
            [100, 5],
          ],
          codes: ['X'],
          names: ['X'],
          ids: ['x'],
        },
      },
      { fixGap: { layer: 'police', tier: 'block', at: [5, 5] } },
      { redraw: { boundaries: [{ grid: 'a', boundary }] } },
    ];
    for (const op of drawing) {
      expect(refusal(derived, op)).toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('is the union of the grids below it'),
      });
    }
    const emptied = refusal(derived, { assign: { members: ['a0', 'a1', 'a2'], to: 'b' } });
    expect(emptied.message).toBe(
      'ops[0].assign: A would be left without any member. Retire it or merge it into another instead.',
    );
    expect(refusal(civic, { assign: { members: ['c0', 'c1', 'c2'], to: 'west' } }).message).toMatch(
      /EAST would be left/,
    );
  });
});

describe('what an op reads', () => {
  const read = (op: Op, territory = civic) =>
    Object.fromEntries(
      [...readsOf(op, territory)].map(([id, aspects]) => [id, [...aspects].filter((each) => each !== 'existence')]),
    );

  it('is what it overwrites or relies on, by grid', () => {
    expect(read({ rename: { grid: 'a0', name: 'x' } })).toEqual({ a0: ['name'] });
    expect(read({ reparent: { grid: 'a0', parent: 'b' } })).toEqual({ a0: ['parent'], b: [] });
    expect(read({ merge: { grids: ['a', 'b'], into: 'a' } })).toEqual({ a: ['boundary'], b: ['boundary'] });
    expect(read({ retire: { grid: 'a', heir: 'b' } })).toEqual({ a: ['boundary'], b: [] });
    expect(read({ moveVertex: { layer: 'police', from: [0, 0], to: [1, 1] } })).toEqual({});
    expect(read({ fixGap: { layer: 'police', tier: 'cell', at: [0, 0] } })).toEqual({});
    expect(read({ carve: { area: block(120, -5, 90, 120), tier: 'cell', to: 'c' } })).toEqual({
      c: [],
      b0: ['parent'],
    });
    expect(read({ assign: { members: ['b0'], to: 'east' } })).toEqual({ east: [], b0: [], west: ['members'] });
    expect(read({ redraw: { boundaries: [{ grid: 'a0', boundary: [] }] } })).toEqual({ a0: ['boundary'] });
  });

  it('names no grid that is not there', () => {
    expect(read({ assign: { members: ['zz'], to: 'yy' } })).toEqual({ yy: [] });
    expect(readsOf({ recode: { grid: 'a0', code: 'x' } }, civic).get('a0')).toEqual(new Set(['existence', 'codes']));
  });
});
