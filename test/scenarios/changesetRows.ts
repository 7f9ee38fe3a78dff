import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { eachEdge } from '../../src/exchange/borders/faceTable.ts';
import { fromLattice } from '../../src/geometry/lattice.ts';
import { boxOf, type Shape } from '../../src/geometry/polygon.ts';
import type { Answer } from '../support/api.ts';
import { draft, giveUp, publishDraft, redraw } from './changesetWay.ts';
import { CROSSWALK, gridsOf, listGrids, lookup, midnight, placeIn, type Town, totalShares } from './demoTown.ts';

const GRID = { layer: 'governance', tier: 'grid' };

/** A line from west to east (or south to north) through the middle of a shape, beyond its borders. */
function lineThrough(shape: Shape, upright = false): object {
  const { minX, minY, maxX, maxY } = boxOf(shape);
  const { lon, lat } = placeIn(shape).point;
  const [west, east, south, north] = [minX - 1000, maxX + 1000, minY - 1000, maxY + 1000].map(fromLattice);
  const ends = upright
    ? [
        [lon, south],
        [lon, north],
      ]
    : [
        [west, lat],
        [east, lat],
      ];
  return { type: 'LineString', coordinates: ends };
}

/** A square around a place, in degrees. */
function squareAround({ point: { lon, lat } }: ReturnType<typeof placeIn>, half: number): object {
  const ring = [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
    [-half, -half],
  ];
  const round = (value: number) => Math.round(value * 1e7) / 1e7;
  return { type: 'Polygon', coordinates: [ring.map(([dx, dy]) => [round(lon + dx), round(lat + dy)])] };
}

/** The rows about territory once more, drawn, reviewed and published by people as changesets. */
export function changesetRows(town: () => Town): void {
  it('0.7 redrawn: police grids get another border by a changeset, and area shares of each governance grid still sum to 100 %', async () => {
    const [beat] = gridsOf(town().plan, 'police', 'beat');
    const before = await town().api.ask(CROSSWALK, { from: GRID, to: { layer: 'police', tier: 'beat' } });
    const code = `B${randomUUID().slice(0, 8)}`;
    const done = await redraw(town(), '警格调整', [
      { split: { grid: beat.id, line: lineThrough(beat.boundary), codes: [code], names: ['新警格'] } },
    ]);
    expect(done).toMatchObject({ status: 'PUBLISHED', edition: { title: '警格调整' } });
    const after = await town().api.ask(CROSSWALK, { from: GRID, to: { layer: 'police', tier: 'beat' } });
    const [totals, former] = [totalShares(after.crosswalk), totalShares(before.crosswalk)];
    for (const [grid, total] of former) expect(totals.get(grid)).toBeCloseTo(total, 6);
    const rows = after.crosswalk.filter(({ to }: Answer) => to.code === code);
    expect(rows.length).toBeGreaterThan(0);
    const cut = rows.filter(({ share }: Answer) => share < 0.999_999);
    for (const { from } of cut) {
      expect(after.crosswalk.filter((row: Answer) => row.from.id === from.id).length).toBeGreaterThan(1);
    }
  });

  it('1.1 a town goes to another manager by a planned changeset: visible beforehand, in force on its day, under the same code', async () => {
    const { api, highlight, on } = town();
    const seats = gridsOf(town().plan, 'governance', 'town').filter(({ managerId }) => managerId);
    const renamed = highlight('townWithChangedManager').expect.gridId;
    const seat = seats.find(({ id }) => id !== renamed)!;
    const manager = seats.find(({ managerId }) => managerId !== seat.managerId)!.managerId;
    const day = '2027-01-01T00:00:00+08:00';
    const done = await redraw(town(), '托管变更', [{ transfer: { grid: seat.id, manager } }], day);
    expect([done.status, new Date(done.edition.effectiveAt)]).toEqual(['SCHEDULED', new Date(day)]);
    const query = `query ($id: ID, $asOf: DateTime, $edition: Int) {
      grid(id: $id, asOf: $asOf, edition: $edition) { code manager { id } validTo history { manager { id } validFrom } } }`;
    const of = async (asOf?: string, edition?: number) => (await api.ask(query, { id: seat.id, asOf, edition })).grid;
    const [now, then] = [await of(), await of('2027-03-01T00:00:00+08:00')];
    expect([now.manager.id, then.manager.id]).toEqual([seat.managerId, manager]);
    expect(new Date(now.validTo)).toEqual(new Date(day));
    expect(then.code).toBe(now.code);
    expect((await of('2027-03-01T00:00:00+08:00', done.edition.number - 1)).manager.id).toBe(seat.managerId);
    const status = `query ($id: ID!) { changeset(id: $id) { status } }`;
    const editor = await api.as('gis_editor', '*');
    expect((await api.ask(status, { id: done.id }, editor)).changeset.status).toBe('SCHEDULED');
    await on('2027-02-01', async () => {
      expect((await of()).manager.id).toBe(manager);
      const later = await api.as('gis_editor', '*');
      expect((await api.ask(status, { id: done.id }, later)).changeset.status).toBe('PUBLISHED');
    });
  });

  it('1.6 a village is renamed by a changeset: both names find one id, and asOf gives the name of the day', async () => {
    const [village] = gridsOf(town().plan, 'governance', 'village').slice(-1);
    const name = `${village.name.replace(/村$/, '')}新社区`;
    const day = '2026-05-01T00:00:00+08:00';
    await redraw(town(), '村改居', [{ rename: { grid: village.id, name } }], day);
    const found = (search: string, on: string) =>
      listGrids(town(), { layer: 'governance', tier: 'village', search }, 'id name', midnight(on));
    for (const search of [village.name, name]) {
      expect(await found(search, '2026-04-30')).toContainEqual({ id: village.id, name: village.name });
      expect(await found(search, '2026-05-02')).toContainEqual({ id: village.id, name });
    }
  });

  it('1.13 each layer is judged by its own rule: a new patrol grid takes its ground from its neighbours, a new watch zone may lie over others', async () => {
    const [taken] = gridsOf(town().plan, 'patrol', 'patrol_grid');
    const at = placeIn(taken.boundary);
    const boundary = squareAround(at, 0.0002);
    const code = `P${randomUUID().slice(0, 8)}`;
    const plain = { kind: 'BASIC', boundary };
    const done = await redraw(town(), '新增巡逻网格与守望区', [
      { create: { ...plain, layer: 'patrol', tier: 'patrol_grid', code, name: '新巡逻网格', parent: taken.parentId } },
      { create: { ...plain, layer: 'watch', tier: 'watch_zone', code: `${code}-1`, name: '守望区一' } },
      { create: { ...plain, layer: 'watch', tier: 'watch_zone', code: `${code}-2`, name: '守望区二' } },
    ]);
    expect(done.status).toBe('PUBLISHED');
    const answer = await lookup(town(), at);
    expect([answer.layer('patrol').grid.code, answer.layer('patrol').alsoIn]).toEqual([code, []]);
    const watched = answer.layer('watch');
    expect([watched.grid, ...watched.alsoIn].map((grid: Answer) => grid.code)).toEqual(
      expect.arrayContaining([`${code}-1`, `${code}-2`]),
    );
    const { grid } = await town().api.ask('query ($id: ID!) { grid(id: $id) { areaSquareMetres } }', { id: taken.id });
    expect(grid.areaSquareMetres).toBeGreaterThan(0);
  });

  it('3.5 links survive a redraw: posts, staff and old references still lead to the grids after a split and a merge', async () => {
    const { api } = town();
    // A line would cut micro-grids, which is refused until they are drawn anew.
    const divided = new Set(gridsOf(town().plan, 'governance', 'micro').map(({ parentId }) => parentId));
    const grids = gridsOf(town().plan, 'governance', 'grid').filter(({ id }) => !divided.has(id));
    const query = `query ($id: ID!, $asOf: DateTime) { grid(id: $id, asOf: $asOf) { id code holdings { post { id } }
      successors { how to { id } } predecessors { how from { id } } } }`;
    const of = async (id: string, asOf?: string) => (await api.ask(query, { id, asOf })).grid;
    const [one, two] = neighbours(grids);
    const before = await of(one.id);
    const code = `G${randomUUID().slice(0, 8)}`;
    const split = await redraw(town(), '拆分', [
      { split: { grid: one.id, line: lineThrough(one.boundary, true), codes: [code], names: ['拆出网格'] } },
    ]);
    const part = split.grids.find((grid: Answer) => grid.code === code);
    const after = await of(one.id);
    expect([after.id, after.code, after.holdings]).toEqual([before.id, before.code, before.holdings]);
    expect(after.successors).toEqual([{ how: 'SPLIT', to: { id: part.id } }]);
    expect((await of(part.id)).predecessors).toEqual([{ how: 'SPLIT', from: { id: one.id } }]);
    await redraw(town(), '合并', [{ merge: { grids: [two.id, one.id], into: two.id } }]);
    expect(await of(one.id)).toBeNull();
    const old = await of(one.id, '2026-01-01T00:00:00+08:00');
    expect(old.id).toBe(one.id);
    expect(old.successors).toEqual([
      { how: 'SPLIT', to: { id: part.id } },
      { how: 'MERGED', to: { id: two.id } },
    ]);
    const place = placeIn(one.boundary);
    const then = await lookup(town(), place, { asOf: '2026-01-01T00:00:00+08:00' });
    expect(then.layer('governance').chain.map((grid: Answer) => grid.id)).toContain(one.id);
    const now = (await lookup(town(), place)).layer('governance').chain.map((grid: Answer) => grid.id);
    expect(now.includes(two.id) || now.includes(part.id)).toBe(true);
  });

  it('4.7 a patrol grid moves to another zone by a changeset, with one parent in its tree and the administrative tree as it was', async () => {
    const grid = gridsOf(town().plan, 'patrol', 'patrol_grid').at(-1)!;
    const at = placeIn(grid.boundary);
    const before = await lookup(town(), at);
    const chainOf = (answer: Answer, layer: string) => answer.layer(layer).chain.map((each: Answer) => each.id);
    const zones = gridsOf(town().plan, 'patrol', 'zone').filter(({ id }) => id !== grid.parentId);
    const drawn = await draft(town(), '跨战区', [{ reparent: { grid: grid.id, parent: zones[0].id } }]);
    // It lies in its old zone, so the new one does not hold it: that is told, and nothing of it can be published.
    expect(drawn.issues.map(({ rule, severity }: Answer) => [rule, severity])).toContainEqual(['not_nested', 'ERROR']);
    await expect(publishDraft(town(), drawn)).rejects.toThrow(/^BAD_INPUT: .*leaves its parent/);
    expect((await giveUp(town(), drawn)).status).toBe('DISCARDED');
    const own = gridsOf(town().plan, 'patrol', 'zone').find(({ id }) => id === grid.parentId)!;
    const beside = zones.find((zone) => zone.parentId === own.parentId && shareBorder(zone.boundary, own.boundary))!;
    const both = [own.id, beside.id];
    const done = await redraw(town(), '合并战区', [{ merge: { grids: both, into: both[1] } }]);
    expect(done.status).toBe('PUBLISHED');
    const after = await lookup(town(), at);
    expect(chainOf(after, 'governance')).toEqual(chainOf(before, 'governance'));
    expect(chainOf(after, 'patrol').slice(0, 2)).toEqual([grid.id, both[1]]);
    const { grid: found } = await town().api.ask('query ($id: ID!) { grid(id: $id) { parent { id } } }', {
      id: grid.id,
    });
    expect(found.parent.id).toBe(both[1]);
  });

  it('4.10 a very large compound becomes a unit of its own by a changeset, and resolves with and without micro-grids below', async () => {
    const micros = gridsOf(town().plan, 'governance', 'micro');
    const withMicros = new Set(micros.map(({ parentId }) => parentId));
    const plain = gridsOf(town().plan, 'governance', 'grid').find(
      ({ id, kind }) => !withMicros.has(id) && kind === 'BASIC',
    )!;
    const at = placeIn(plain.boundary);
    const code = `C${randomUUID().slice(0, 8)}`;
    const compound = { ...GRID, code, name: '阳光大社区', kind: 'EXCLUSIVE', parent: plain.parentId };
    const done = await redraw(town(), '大型小区单独成格', [
      { create: { ...compound, boundary: squareAround(at, 0.0003) } },
    ]);
    const made = done.grids.find((grid: Answer) => grid.code === code);
    const alone = (await lookup(town(), at)).layer('governance');
    expect([alone.grid.id, alone.grid.kind, alone.chain[1].id]).toEqual([made.id, 'EXCLUSIVE', plain.parentId]);
    const micro = { layer: 'governance', tier: 'micro', name: '一号楼组', parent: made.id };
    const below = await redraw(town(), '小区内微网格', [
      { create: { ...micro, code: `${code}-1`, boundary: made.boundary } },
    ]);
    expect(below.status).toBe('PUBLISHED');
    const nested = (await lookup(town(), at)).layer('governance');
    expect([nested.grid.code, nested.chain[1].id]).toEqual([`${code}-1`, made.id]);
  });
}

/** Two grids of one parent that share an edge. */
function neighbours<T extends { parentId: string | null; boundary: Shape }>(grids: readonly T[]): readonly [T, T] {
  for (const one of grids) {
    const two = grids.find(
      (each) => each !== one && each.parentId === one.parentId && shareBorder(each.boundary, one.boundary),
    );
    if (two) return [one, two];
  }
  throw new Error('No two grids share a border');
}

function shareBorder(a: Shape, b: Shape): boolean {
  const edges = new Set<string>();
  eachEdge(a, (key) => edges.add(key));
  let shared = false;
  eachEdge(b, (key) => {
    shared ||= edges.has(key);
  });
  return shared;
}
