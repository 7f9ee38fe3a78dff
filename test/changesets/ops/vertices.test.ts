import { describe, expect, it } from 'vitest';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import { block, board, boardTerritory, corners, done, drawn, grid, refusal, tier } from './drawing.ts';

const town = boardTerritory();

describe('a vertex', () => {
  it('that three grids, their parents and the town have is moved in all of them', () => {
    const { territory, touched } = done(town, { moveVertex: { layer: 'police', from: [100, 0], to: [110, -20] } });
    expect(touched).toEqual(['a', 'a0', 'b', 'b0', 'town']);
    expect(corners(territory, 'a0')).toBe('110,-20 100,100 0,100 0,0');
    expect(corners(territory, 'b0')).toBe('110,-20 200,0 200,100 100,100');
    expect(corners(territory, 'a')).toBe('110,-20 100,100 100,200 100,300 0,300 0,200 0,100 0,0');
    expect(corners(territory, 'town')).toContain('110,-20 200,0');
  });

  it('in the middle of one block leaves the town alone, and untouched grids stay the same objects', () => {
    const { territory, touched } = done(town, { moveVertex: { layer: 'police', from: [100, 100], to: [90, 120] } });
    expect(touched).toEqual(['a', 'a0', 'a1', 'b', 'b0', 'b1']);
    expect(territory.find('c1')).toBe(town.find('c1'));
    expect(territory.find('town')).toBe(town.find('town'));
  });

  it('put on an edge goes into every grid of every tier that has the edge, beside it too', () => {
    const { territory, touched } = done(town, {
      insertVertex: {
        layer: 'police',
        edge: [
          [100, 100],
          [100, 0],
        ],
        at: [105, 50],
      },
    });
    expect(touched).toEqual(['a', 'a0', 'b', 'b0']);
    expect(corners(territory, 'a0')).toBe('0,0 100,0 105,50 100,100 0,100');
    expect(corners(territory, 'b')).toContain('100,100 105,50 100,0'.split(' ').sort()[0]);
    const again = done(territory, { removeVertex: { layer: 'police', at: [105, 50] } });
    expect(corners(again.territory, 'a0')).toBe(corners(town, 'a0'));
    expect(corners(again.territory, 'b')).toBe(corners(town, 'b'));
  });

  it('moved onto the border of another grid becomes a vertex of it', () => {
    const grids = [grid('l', 't', 'p', block(0, 0, 100, 100)), grid('l', 't', 'q', block(200, 0, 100, 100))];
    const two = Territory.of([{ code: 'l', kind: 'PARTITION', tiers: [tier('t', 1)] }], grids);
    const { territory, touched } = done(two, { moveVertex: { layer: 'l', from: [100, 100], to: [200, 50] } });
    expect(touched).toEqual(['p', 'q']);
    expect(corners(territory, 'q')).toBe('200,0 300,0 300,100 200,100 200,50');
  });

  it('where three borders meet is not removed, and no ring is left with two', () => {
    expect(refusal(town, { removeVertex: { layer: 'police', at: [100, 100] } })).toMatchObject({
      code: 'BAD_INPUT',
      message: 'ops[0].removeVertex.at: 4 borders meet there; only a vertex between two edges goes.',
    });
    const one = Territory.of(
      [{ code: 'l', kind: 'PARTITION', tiers: [tier('t', 1)] }],
      [grid('l', 't', 'p', drawn([0, 0, 100, 0, 50, 100]))],
    );
    expect(refusal(one, { removeVertex: { layer: 'l', at: [100, 0] } }).message).toMatch(/at least 3 vertices/);
  });

  it('that nobody has, that stays where it is or reaches its neighbour is refused in words', () => {
    const move = (from: [number, number], to: [number, number]) =>
      refusal(town, { moveVertex: { layer: 'police', from, to } });
    expect(move([50, 50], [60, 60])).toMatchObject({ code: 'BAD_INPUT', details: { field: 'ops[0].moveVertex.from' } });
    expect(move([100, 0], [100, 0]).message).toMatch(/leave the op out/);
    expect(move([100, 0], [200, 0]).message).toMatch(/Remove the vertex/);
    expect(refusal(town, { moveVertex: { layer: 'nowhere', from: [0, 0], to: [1, 1] } }).code).toBe('NOT_FOUND');
    const insert = refusal(town, {
      insertVertex: {
        layer: 'police',
        edge: [
          [0, 0],
          [200, 0],
        ],
        at: [50, 0],
      },
    });
    expect(insert.message).toMatch(/no drawn grid of layer police has an edge/);
    expect(
      refusal(town, {
        insertVertex: {
          layer: 'police',
          edge: [
            [0, 0],
            [100, 0],
          ],
          at: [0, 0],
        },
      }).code,
    ).toBe('BAD_INPUT');
  });

  it('moved across other borders is refused with the place', () => {
    const crossed = refusal(town, { moveVertex: { layer: 'police', from: [100, 100], to: [250, 150] } });
    expect(crossed).toMatchObject({ details: { field: 'ops[0].moveVertex.to', lon: expect.any(Number) } });
    expect(['BAD_BOUNDARY', 'OVERLAP']).toContain(crossed.code);
    const outside = refusal(town, { moveVertex: { layer: 'police', from: [0, 0], to: [2e9, 0] } });
    expect(outside).toMatchObject({ code: 'BAD_BOUNDARY', message: expect.stringContaining('±180') });
  });

  it('of a derived tier is moved in what that is made of', () => {
    const derived = boardTerritory({ block: 'CHILDREN', town: 'CHILDREN' });
    const { territory, touched } = done(derived, { moveVertex: { layer: 'police', from: [100, 0], to: [110, -20] } });
    expect(touched).toEqual(['a', 'a0', 'b', 'b0', 'town']);
    expect(corners(territory, 'town')).toContain('110,-20 200,0');
  });

  it('of an OVERLAY is moved whatever lies beside or below', () => {
    const { layers } = board({}, 'OVERLAY');
    const over = [
      grid('police', 'cell', 'p', block(0, 0, 100, 100)),
      grid('police', 'cell', 'q', block(50, 50, 100, 100)),
    ];
    const { touched } = done(Territory.of(layers, over), {
      moveVertex: { layer: 'police', from: [100, 100], to: [120, 120] },
    });
    expect(touched).toEqual(['p']);
    const removed = done(Territory.of(layers, over), { removeVertex: { layer: 'police', at: [50, 50] } });
    expect(corners(removed.territory, 'q')).toBe('150,50 150,150 50,150');
  });
});
