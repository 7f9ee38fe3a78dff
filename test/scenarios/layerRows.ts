import { expect, it } from 'vitest';
import { containsPoint } from '../../src/geometry/polygon.ts';
import type { Answer } from '../support/api.ts';
import {
  CROSSWALK,
  gridsOf,
  listGrids,
  lookup,
  lookupMany,
  makeGrid,
  midnight,
  placeIn,
  type Town,
  totalShares,
} from './demoTown.ts';

const GRID = { layer: 'governance', tier: 'grid' };

/** Trees that lie over one another: police, governance, patrol, water, volunteers. */
export function layerRows(town: () => Town): void {
  it('0.7 one lookup returns the police and the governance tree; area shares of each governance grid sum to 100 %, and grids cut by two police grids are listed', async () => {
    const { at, expect: wanted } = town().highlight('cutGrid');
    const answer = await lookup(town(), at);
    for (const code of ['police', 'governance']) {
      expect(answer.layer(code).status).toBe('OWNED');
      expect(answer.layer(code).chain.map((grid: Answer) => grid.id)).toEqual(wanted.chains[code]);
    }

    const stations = { layer: 'police', tier: 'station' };
    const { crosswalk } = await town().api.ask(CROSSWALK, { from: GRID, to: stations });
    const totals = totalShares(crosswalk);
    expect(totals.size).toBe(gridsOf(town().plan, 'governance', 'grid').length);
    for (const total of totals.values()) expect(total).toBeCloseTo(1, 6);
    const cut = [...totals.keys()].filter((id) => crosswalk.filter((row: Answer) => row.from.id === id).length > 1);
    expect(cut).toContain(wanted.gridId);
    const ofCut = crosswalk.filter((row: Answer) => row.from.id === wanted.gridId);
    expect(ofCut).toHaveLength(2);
    expect(ofCut[0].share).toBeGreaterThanOrEqual(ofCut[1].share);

    // Many to many: the other way round one station holds many governance grids, whole or in part.
    const back = await town().api.ask(CROSSWALK, { from: stations, to: GRID, within: wanted.gridId });
    expect(back.crosswalk).toHaveLength(0);
    const of = (id: string) => crosswalk.filter((row: Answer) => row.to.id === id).length;
    for (const { to } of ofCut) expect(of(to.id)).toBeGreaterThan(1);
  });

  it('1.13 patrol grids lie over governance grids without conflict; an overlap is refused in a PARTITION layer and accepted in an OVERLAY layer', async () => {
    const { api, plan, highlight, publish } = town();
    const answer = await lookup(town(), highlight('firstQuery').at);
    expect(answer.layer('patrol').layer.kind).toBe('PARTITION');
    expect(answer.layer('patrol').grid.tier.code).toBe('patrol_grid');
    expect(answer.layer('governance').status).toBe('OWNED');
    const patrolled = await api.ask(CROSSWALK, { from: { layer: 'patrol', tier: 'patrol_grid' }, to: GRID });
    expect(patrolled.crosswalk.length).toBeGreaterThan(244);

    const [taken] = gridsOf(plan, 'patrol', 'patrol_grid');
    const { boundary, parentId } = taken;
    const before = api.app.editions.latest;
    const rival = makeGrid({
      layer: 'patrol',
      tier: 'patrol_grid',
      code: 'RIVAL',
      name: '重叠网格',
      boundary,
      parentId,
    });
    const refused = publish('Overlap', (trx, edition) => api.app.writers.grids.insertGrids(trx, edition, [rival]));
    await expect(refused).rejects.toMatchObject({ code: 'OVERLAP' });
    expect(api.app.editions.latest).toBe(before);
    expect((await api.ask('{ grid(code: "RIVAL") { id } }')).grid).toBeNull();

    const zones = ['W-1', 'W-2'].map((code) =>
      makeGrid({ layer: 'watch', tier: 'watch_zone', code, name: `守望区${code}`, boundary }),
    );
    await publish('Two over each other', (trx, edition) => api.app.writers.grids.insertGrids(trx, edition, zones));
    const watched = (await lookup(town(), placeIn(boundary))).layer('watch');
    expect(watched.layer.kind).toBe('OVERLAY');
    expect([watched.grid, ...watched.alsoIn].map((grid: Answer) => grid.code)).toEqual(
      expect.arrayContaining(['W-1', 'W-2']),
    );
  });

  it('4.6 a point on the lake returns the lake, one unit across several towns, with its four departments, and the shore owners; no water is uncovered', async () => {
    const { api, highlight } = town();
    const { at, expect: wanted } = highlight('onTheLake');
    const answer = await lookup(town(), at);
    const water = answer.layer('water');
    expect([water.status, water.grid.id, water.grid.name]).toEqual(['OWNED', wanted.gridId, '月亮湖']);
    for (const code of ['governance', 'police']) expect(answer.layer(code).status).toBe('OWNED');

    const [head, ...support] = answer.inRole('water_head');
    expect([head.rank, head.holder.id]).toEqual(['PRIMARY', wanted.holders!.water_head]);
    expect(support.every((each: Answer) => each.rank === 'SUPPORT')).toBe(true);
    const departments = support.filter((each: Answer) => each.holder.kind !== 'WATER_OFFICE');
    expect(new Set(departments.map((each: Answer) => each.holder.name)).size).toBe(4);

    const other = await lookup(town(), highlight('firstQuery').at);
    expect(other.layer('water').grid.id).toBe(wanted.gridId);
    const townOf = (each: Answer) =>
      each.layer('governance').chain.find((grid: Answer) => grid.tier.code === 'town').id;
    expect(townOf(other)).not.toBe(townOf(answer));

    const units = await listGrids(
      town(),
      { layer: 'water' },
      'id name tier { code } areaSquareMetres boundary parent { id } holdings(role: "water_head") { holder { __typename } }',
    );
    expect(units.filter((unit) => unit.name === '月亮湖')).toHaveLength(1);
    expect(units.find((unit) => unit.name === '月亮湖').boundary.type).toBe('Polygon');
    const waters = units.filter((unit) => unit.tier.code === 'water');
    for (const { holdings } of waters) expect(holdings.every((each: Answer) => each.holder)).toBe(true);
    for (const parent of units.filter((unit) => units.some((child) => child.parent?.id === unit.id))) {
      const children = units.filter((unit) => unit.parent?.id === parent.id);
      const covered = children.reduce((sum, child) => sum + child.areaSquareMetres, 0);
      expect(covered / parent.areaSquareMetres).toBeCloseTo(1, 6);
    }
    const shore = await api.ask(CROSSWALK, {
      from: { layer: 'water', tier: 'water' },
      to: { layer: 'governance', tier: 'town' },
    });
    for (const total of totalShares(shore.crosswalk).values()) expect(total).toBeCloseTo(1, 6);
    const towns = shore.crosswalk.filter((row: Answer) => row.from.id === wanted.gridId);
    expect(towns.length).toBeGreaterThanOrEqual(3);

    const { __type } = await api.ask('{ __type(name: "LayerOwnership") { fields { name description } } }');
    const alsoIn = __type.fields.find((field: Answer) => field.name === 'alsoIn');
    expect(alsoIn.description).toContain('Precedence: deeper tier, smaller area, lower code');
  });

  it('4.7 a patrol tree of 3 areas, 17 zones and 244 grids stands beside the administrative tree; every grid has one parent per tree', async () => {
    const select = 'id parent { id tier { rank } layer { code } } tier { code rank } children(first: 0) { totalCount }';
    const patrol = await listGrids(town(), { layer: 'patrol' }, select);
    const ofTier = (code: string) => patrol.filter((grid) => grid.tier.code === code);
    expect(['command', 'area', 'zone', 'patrol_grid'].map((code) => ofTier(code).length)).toEqual([1, 3, 17, 244]);

    const governance = await listGrids(town(), { layer: 'governance' }, select);
    expect(governance.length).toBe(town().plan.grids.filter((grid) => grid.layer === 'governance').length);
    for (const [layer, tree] of Object.entries({ patrol, governance })) {
      expect(tree.filter((grid) => !grid.parent)).toHaveLength(1);
      for (const { parent, tier } of tree.filter((grid) => grid.parent)) {
        expect([parent.layer.code, parent.tier.rank]).toEqual([layer, tier.rank - 1]);
      }
      // Each grid is listed below one parent only: the children of all grids are all grids but the root.
      const listed = tree.reduce((sum, grid) => sum + grid.children.totalCount, 0);
      expect(listed).toBe(tree.length - 1);
    }
  });

  it('4.10 a very large compound is itself the unit: its polygon resolves to it, with or without micro-grids below', async () => {
    const { api, plan, highlight, publish } = town();
    const { at } = highlight('compound');
    const own = (await lookup(town(), at)).layer('governance');
    expect([own.status, own.grid.kind, own.grid.tier.code]).toEqual(['OWNED', 'COMPOUND', 'grid']);
    const { boundary } = (await api.ask('query ($id: ID!) { grid(id: $id) { boundary } }', { id: own.grid.id })).grid;
    const whole = (await lookup(town(), { area: boundary })).layer('governance');
    expect(whole.shares).toHaveLength(1);
    expect(whole.shares[0].grid.id).toBe(own.grid.id);
    expect(whole.shares[0].share).toBeCloseTo(1, 9);

    const grid = gridsOf(plan, 'governance', 'grid').find(
      ({ id }) => plan.grids.filter(({ parentId }) => parentId === id).length > 20,
    )!;
    await publish('A compound with micro-grids', (trx, edition) =>
      api.app.writers.grids.reviseGrids(trx, edition, [
        { gridId: grid.id, from: midnight('2026-01-01'), set: { kind: 'COMPOUND' } },
      ]),
    );
    const compounds = await listGrids(town(), { layer: 'governance', kind: 'COMPOUND' }, 'id boundary');
    expect(compounds.map(({ id }) => id).sort()).toEqual([grid.id, own.grid.id].sort());
    const area = compounds.find(({ id }) => id === grid.id)!.boundary;
    const divided = (await lookup(town(), { area })).layer('governance');
    expect(divided.chain.map((each: Answer) => each.id)).toContain(grid.id);
    expect(new Set(divided.shares.map((each: Answer) => each.grid.parent.id))).toEqual(new Set([grid.id]));
    expect(divided.shares.reduce((sum: number, each: Answer) => sum + each.share, 0)).toBeCloseTo(1, 6);
    const inside = (await lookup(town(), placeIn(grid.boundary))).layer('governance');
    expect(inside.chain.slice(0, 2).map((each: Answer) => each.tier.code)).toEqual(['micro', 'grid']);
    expect(inside.chain[1].kind).toBe('COMPOUND');
  });

  it('4.4 a circle or polygon ranks its owners by share of overlap, and the tie-break is stated: the lower code', async () => {
    const { api, plan, highlight, publish } = town();
    const { lon, lat } = highlight('cutGrid');
    const radius = 0.006;
    const ring = Array.from({ length: 65 }, (_, i) => {
      const angle = ((i % 64) * Math.PI) / 32;
      return [lon + (radius * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180), lat + radius * Math.sin(angle)];
    });
    const answer = await lookup(town(), { area: { type: 'Polygon', coordinates: [ring] } });
    const { shares, grid } = answer.layer('police');
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.map((each: Answer) => each.share)).toEqual(
      [...shares].map((each: Answer) => each.share).sort((a, b) => b - a),
    );
    expect(shares.reduce((sum: number, each: Answer) => sum + each.share, 0)).toBeCloseTo(1, 6);
    expect(grid.id).toBe(shares[0].grid.id);
    expect(answer.officer.holder.name).toBeTruthy();
    const beats = new Map(gridsOf(plan, 'police', 'beat').map((beat) => [beat.id, beat]));
    for (const { grid: beat, share } of shares.slice(0, 3)) {
      const inside = (x: number, y: number) => containsPoint(beats.get(beat.id)!.boundary, x, y);
      expect(shareOfCircle({ lon, lat, radius }, inside)).toBeCloseTo(share, 1);
    }

    // Two volunteer zones of one shape share any area equally; the later one has the lower code.
    const { boundary } = gridsOf(plan, 'patrol', 'patrol_grid')[100];
    const zones = ['TIE-2', 'TIE-1'].map((code) =>
      makeGrid({ layer: 'watch', tier: 'watch_zone', code, name: `守望区${code}`, boundary }),
    );
    await publish('A tie', (trx, edition) => api.app.writers.grids.insertGrids(trx, edition, zones));
    const [{ boundary: area }] = await listGrids(town(), { layer: 'watch', search: 'TIE-1' }, 'boundary');
    const tied = (await lookup(town(), { area })).layer('watch').shares.slice(0, 2);
    expect(tied.map((each: Answer) => each.grid.code)).toEqual(['TIE-1', 'TIE-2']);
    expect(tied[0].share).toBe(tied[1].share);
    const { __type } = await api.ask('{ __type(name: "LayerOwnership") { fields { name description } } }');
    const stated = __type.fields.find((field: Answer) => field.name === 'shares').description;
    expect(stated).toContain('a tie goes to the lower code');
    expect(await lookupMany(town(), [{ area }], 'layers { status }')).toHaveLength(1);
  });
}

interface Circle {
  readonly lon: number;
  readonly lat: number;
  /** In degrees of latitude. */
  readonly radius: number;
}

/** The part of a circle's area for which `inside` is true, by counting 1,000 and some points of it. */
function shareOfCircle({ lon, lat, radius }: Circle, inside: (x: number, y: number) => boolean): number {
  let [hits, points] = [0, 0];
  for (let i = -18; i <= 18; i++) {
    for (let j = -18; j <= 18; j++) {
      if (Math.hypot(i, j) > 18) continue;
      const x = lon + (radius * i) / 18 / Math.cos((lat * Math.PI) / 180);
      points++;
      if (inside(Math.round(x * 1e7), Math.round((lat + (radius * j) / 18) * 1e7))) hits++;
    }
  }
  return hits / points;
}
