import { beforeEach, describe, expect, it } from 'vitest';
import { findCoverageFaults } from '../../src/geometry/coverage.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { mainCode, versionAt } from '../../src/grids/atlas/rows.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { type Exchange, importOrFail, openExchange } from './openExchange.ts';
import { type Drawn, FIELDS, fileOf, square } from './squares.ts';

let exchange: Exchange;
beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  exchange = openExchange(db, () => new Date('2024-05-01T00:00:00Z'));
});

const TOWNS = { layer: 'gov', tier: 'town', ...FIELDS } as const;
const VILLAGES = { ...TOWNS, tier: 'village', parentField: 'parent' } as const;
const make = (drawn: Drawn[], options: object = {}) =>
  importOrFail(exchange, { ...TOWNS, create: 'partition', ...options, text: fileOf(drawn) });

function ownerAt(lon: number, lat: number, asOf = '2024-06-01', edition = exchange.editions.latest): string | null {
  const moment = { asOf: Date.parse(asOf), edition };
  const found = exchange.atlas.locate(exchange.atlas.findLayer('gov')!, toLattice(lon), toLattice(lat), moment);
  return found ? mainCode(found.grid, edition) : null;
}

describe('dates and editions', () => {
  it('holds a first import from 1970 on, and a later one from now on; the old answer stays', async () => {
    await make([{ code: 'A', rings: [square(0, 0, 4)] }]);
    const id = exchange.atlas.listCodes('A', 1)[0].grid.id;
    const report = await make([
      { code: 'A', rings: [square(0, 0, 2, 4)] },
      { code: 'B', rings: [square(2, 0, 2, 4)] },
    ]);
    expect(report.effectiveAt).toEqual(new Date('2024-05-01T00:00:00Z'));
    expect(report.rows.map((row) => [row.code, row.action])).toEqual([
      ['A', 'CHANGED'],
      ['B', 'NEW'],
    ]);
    expect(exchange.atlas.listCodes('A', 2)[0].grid.id).toBe(id);
    expect(ownerAt(120.003, 30.001)).toBe('B');
    expect(ownerAt(120.003, 30.001, '2018-01-01')).toBe('A');
    expect(ownerAt(120.003, 30.001, '2024-06-01', 1)).toBe('A');
  });

  it('keeps grids that the file does not name, or ends them when told so, and brings one back with its identity', async () => {
    await make([
      { code: 'A', rings: [square(0, 0)] },
      { code: 'B', rings: [square(1, 0)] },
    ]);
    const id = exchange.atlas.listCodes('B', 1)[0].grid.id;
    const kept = await make([{ code: 'A', name: 'New name', rings: [square(0, 0)] }]);
    expect(kept.counts).toMatchObject({ CHANGED: 1, MISSING: 1 });
    expect(ownerAt(120.0015, 30.0005)).toBe('B');
    const ended = await make([{ code: 'A', name: 'New name', rings: [square(0, 0)] }], { retireMissing: true });
    expect(ended.counts).toMatchObject({ SAME: 1, RETIRED: 1 });
    expect(ownerAt(120.0015, 30.0005)).toBeNull();
    expect(ownerAt(120.0015, 30.0005, '2024-04-30')).toBe('B');
    const back = await make([{ code: 'B', rings: [square(1, 0)] }], { effectiveAt: new Date('2025-01-01T00:00:00Z') });
    expect(back.rows[0].action).toBe('CHANGED');
    expect(exchange.atlas.listCodes('B', exchange.editions.latest)[0].grid.id).toBe(id);
    expect(ownerAt(120.0015, 30.0005, '2024-06-01')).toBeNull();
    expect(ownerAt(120.0015, 30.0005, '2025-06-01')).toBe('B');
  });

  it('changes nothing in a dry run, though the database has judged it', async () => {
    const dry = await make([{ code: 'A', rings: [square(0, 0)] }], { commit: false });
    expect(dry).toMatchObject({ committed: false, edition: null, refusal: null, counts: { NEW: 1 } });
    expect(exchange.editions.latest).toBe(0);
    expect((await make([{ code: 'A', rings: [square(0, 0)] }])).edition).toBe(1);
  });
});

describe('borders', () => {
  it('closes a hair-line gap and an overlap, gives both sides the same vertices and tells each change', async () => {
    const report = await make([
      { code: 'A', rings: [square(0, 0, 2)] },
      {
        code: 'B',
        rings: [
          [
            [120.002001, 30],
            [120.004, 30],
            [120.004, 30.002],
            [120.001998, 30.002],
            [120.002001, 30],
          ],
        ],
      },
    ]);
    expect(report.changes).not.toEqual([]);
    expect(report.rows.every((row) => row.notes.some((note) => note.includes('Borders shared')))).toBe(true);
    const shapes = [...exchange.atlas.grids].map((grid) => grid.versions[0].shape);
    expect(findCoverageFaults(shapes)).toEqual([]);
  });

  it('moves the border of a neighbour that the file does not name along with it', async () => {
    await make([
      { code: 'A', rings: [square(0, 0, 2)] },
      { code: 'B', rings: [square(2, 0, 2)] },
    ]);
    const report = await make([{ code: 'C', rings: [square(1, 2, 2)] }]);
    expect(report.rows.map((row) => [row.row, row.code, row.action])).toEqual([
      [1, 'C', 'NEW'],
      [null, 'A', 'CHANGED'],
      [null, 'B', 'CHANGED'],
    ]);
    const moment = { asOf: Date.parse('2024-06-01'), edition: 2 };
    const shapes = [...exchange.atlas.grids].map((grid) => versionAt(grid, moment)!.shape);
    expect(findCoverageFaults(shapes)).toEqual([]);
  });

  it('names a larger enclosed gap, keeps its name, and ends it when a grid takes the place', async () => {
    const ring: Drawn = { code: 'A', rings: [square(0, 0, 5), square(1, 1, 3)] };
    const island: Drawn = { code: 'I', rings: [square(2, 2, 1)] };
    const first = await make([ring, island]);
    expect(first.gaps).toMatchObject([{ name: 'gap 1 between A and I', isGapOfLayer: true }]);
    expect(first.gaps[0].areaSquareMetres).toBeCloseTo(8 * 110.85 * 96.5, -3);
    const layer = exchange.atlas.findLayer('gov')!;
    const gapAt = (edition: number) =>
      exchange.atlas.locateGap(layer, toLattice(120.0015), toLattice(30.0015), {
        asOf: Date.parse('2024-06-01'),
        edition,
      });
    expect(gapAt(1)?.name).toBe('gap 1 between A and I');
    const second = await make([{ ...ring, name: 'Other' }, island]);
    expect(second.gaps[0].name).toBe('gap 1 between A and I');
    await make([{ code: 'L', name: 'Lake', rings: [square(1, 1, 3), square(2, 2, 1)] }]);
    expect(gapAt(3)).toBeUndefined();
    expect(gapAt(2)).toBeDefined();
    expect(ownerAt(120.0015, 30.0015)).toBe('L');
  });

  it('keeps the shapes of an OVERLAY as they are, overlaps and all', async () => {
    const report = await make(
      [
        { code: 'P1', rings: [square(0, 0, 3)] },
        { code: 'P2', rings: [square(1, 1, 3)] },
      ],
      { layer: 'patrol', create: 'overlay' },
    );
    expect(report.counts.NEW).toBe(2);
    expect(report.changes).toEqual([]);
  });
});

describe('parents', () => {
  it('takes them by code or by place, in the nearest tier that holds the child', async () => {
    await make([
      { code: 'T1', rings: [square(0, 0, 4)] },
      { code: 'T2', rings: [square(4, 0, 4)] },
    ]);
    const villages: Drawn[] = [
      { code: 'V1', parent: 'T1', rings: [square(0, 0, 2)] },
      { code: 'V2', parent: 'T2', rings: [square(4, 0, 2)] },
    ];
    const byCode = await make(villages, VILLAGES);
    expect(byCode.rows.map((row) => row.parent)).toEqual(['T1', 'T2']);
    const byPlace = await make(villages, { ...VILLAGES, parentField: undefined, parentBy: 'location' });
    expect(byPlace.counts.SAME).toBe(2);
    const cells: Drawn[] = [
      { code: 'C1', rings: [square(0, 0)] },
      { code: 'C2', rings: [square(3, 3)] },
    ];
    const mixed = await make(cells, { ...VILLAGES, tier: 'cell', parentField: undefined, parentBy: 'location' });
    expect(mixed.rows.map((row) => row.parent)).toEqual(['V1', 'T1']);
  });

  it('refuses to redraw a parent away from its children, and to end one that has some', async () => {
    await make([
      { code: 'T1', rings: [square(0, 0, 4)] },
      { code: 'T2', rings: [square(4, 0, 4)] },
    ]);
    await make([{ code: 'V1', parent: 'T1', rings: [square(0, 0, 4)] }], VILLAGES);
    const text = fileOf([{ code: 'T2', rings: [square(4, 0, 4)] }]);
    const ended = await exchange.importer.importGrids({ ...TOWNS, text, retireMissing: true, commit: true });
    expect(ended.refusal).toMatchObject({
      code: 'MISSING_PARENT',
      message: expect.stringContaining('V1 is its child'),
    });
    const redrawn = fileOf([
      { code: 'T1', rings: [square(0, 0, 3, 4)] },
      { code: 'T2', rings: [square(3, 0, 5, 4)] },
    ]);
    const report = await exchange.importer.importGrids({ ...TOWNS, text: redrawn, commit: true });
    expect(report.refusal).toMatchObject({ code: 'NOT_NESTED', message: expect.stringContaining('child V1') });
    expect(exchange.editions.latest).toBe(2);
  });
});

describe('systems', () => {
  it('converts an EPSG system through PostGIS', async () => {
    const [x, y] = [13_358_338.9, 3_503_549.84];
    const rings = [
      [
        [x, y],
        [x + 200, y],
        [x + 200, y + 200],
        [x, y + 200],
        [x, y],
      ],
    ];
    const report = await make([{ code: 'A', rings }], { epsg: 3857 });
    expect(report.warnings.join()).toContain('EPSG:3857');
    expect(ownerAt(120.001, 30.001)).toBe('A');
    expect(ownerAt(119.999, 30.001)).toBeNull();
  });

  it('converts GCJ-02 and says how good that is', async () => {
    const report = await make([{ code: 'A', rings: [square(0, 0, 2)] }], { datum: 'GCJ02' });
    expect(report.warnings.join()).toContain('about 1 m');
    expect(ownerAt(120.001 - 0.0046, 30.001 + 0.0024)).toBe('A');
  });
});
