import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/changesets/changeset.type.ts';
import { mainCodeOf } from '../../../src/changesets/territory/draftGrid.ts';
import type { EditedFileInput, EditedFileReport } from '../../../src/exchange/edited/editedFile.type.ts';
import { findCoverageFaults, latticeArea2 } from '../../../src/geometry/coverage.ts';
import { openTestDatabase } from '../../support/database.ts';
import { corner, type FileFeature } from './drawnTown.ts';
import { OPERATOR, openTown, textOf } from './openDrafts.ts';

const TOOL = 'ogr2ogr';
const HAS_GDAL = spawnSync(TOOL, ['--version']).status === 0;
// Everything that an export says, as SQL names it.
const COLUMNS = [
  'id',
  'version',
  'layer',
  'tier',
  'code',
  'codes',
  'name',
  'kind',
  'parent',
  'parentId',
  'managerId',
  'edition',
];

let town: Awaited<ReturnType<typeof openTown>>;
let folder: string;
let draft: Draft;
let features: FileFeature[];
beforeAll(async () => {
  if (!HAS_GDAL) return;
  const { db } = await openTestDatabase();
  town = await openTown(db);
  folder = mkdtempSync(join(tmpdir(), 'wangge-gdal-'));
  const text = await textOf(town.exporter.exportGrids({ layer: 'gov' }));
  features = JSON.parse(text).features;
  writeFileSync(join(folder, 'export.geojson'), text);
});
afterAll(() => folder && rmSync(folder, { recursive: true, force: true }));
beforeEach(async (context) => {
  if (!HAS_GDAL && process.env.CI) throw new Error('ogr2ogr is not on the PATH; apt-get install gdal-bin.');
  context.skip(!HAS_GDAL, 'not tried: ogr2ogr (gdal-bin) is not on the PATH');
  draft = await town.drafts.open('Edited with GDAL');
});

const at = (name: string) => join(folder, name);

/** Runs the real tool; the last file of the arguments is gone before. */
function ogr2ogr(to: string, from: string, ...options: string[]): string {
  rmSync(at(to), { recursive: true, force: true });
  execFileSync(TOOL, ['-overwrite', ...options, at(to), at(from)], { stdio: ['ignore', 'ignore', 'pipe'] });
  return to;
}

/** A table `grids` in a GeoPackage, selected anew by SQL, as GeoJSON. */
function edited(sql: string): string {
  ogr2ogr('edit.gpkg', 'export.geojson', '-nln', 'grids');
  ogr2ogr('edited.gpkg', 'edit.gpkg', '-dialect', 'sqlite', '-sql', sql, '-nln', 'grids', '-nlt', 'GEOMETRY');
  return ogr2ogr('edited.geojson', 'edited.gpkg');
}

function bring(file: string, options: Partial<EditedFileInput> = {}): Promise<EditedFileReport> {
  const text = readFileSync(at(file), 'utf8');
  return town.files.importInto(OPERATOR, draft.record.id, undefined, { text, commit: false, ...options });
}

const NOTHING = {
  ops: {},
  refusal: null,
  counts: { SAME: 38, CHANGED: 0, NEW: 0, MISSING: 0, CONFLICT: 0, REFUSED: 0 },
};

describe('a file that ogr2ogr only carried', () => {
  it.each<[string, () => string, Partial<EditedFileInput>?]>([
    ['GeoJSON written anew', () => ogr2ogr('a.geojson', 'export.geojson')],
    ['strict RFC 7946 with seven digits', () => ogr2ogr('a.geojson', 'export.geojson', '-lco', 'RFC7946=YES')],
    ['a GeoPackage, in another order', () => edited(`select ${COLUMNS}, geom from grids order by name desc`)],
    [
      'a shapefile, which turns rings about',
      () => ogr2ogr('b.geojson', ogr2ogr('shp', 'export.geojson', '-f', 'ESRI Shapefile')),
    ],
    ['MultiPolygons', () => ogr2ogr('a.geojson', 'export.geojson', '-nlt', 'PROMOTE_TO_MULTI')],
    ['Gauss-Krüger', () => ogr2ogr('a.geojson', 'export.geojson', '-t_srs', 'EPSG:4549'), { epsg: 4549 }],
    ['Gauss-Krüger to the centimetre', () => centimetres('a.geojson'), { epsg: 4549 }],
    [
      'Gauss-Krüger and back',
      () => ogr2ogr('b.geojson', ogr2ogr('a.gpkg', 'export.geojson', '-t_srs', 'EPSG:4547'), '-t_srs', 'EPSG:4326'),
    ],
  ])('has no edit: %s', async (_title, carry, options) => {
    expect(await bring(carry(), options)).toMatchObject(NOTHING);
  });

  it('has no edit: our own export in Gauss-Krüger, whose system ogr2ogr knows by its crs', async () => {
    writeFileSync(at('own.geojson'), await textOf(town.exporter.exportGrids({ layer: 'gov', epsg: 4549 })));
    expect(await bring('own.geojson', { epsg: 4549 })).toMatchObject(NOTHING);
    expect(await bring(ogr2ogr('a.geojson', 'own.geojson', '-t_srs', 'EPSG:4326'))).toMatchObject(NOTHING);
  });
});

function centimetres(file: string): string {
  return ogr2ogr(file, 'export.geojson', '-t_srs', 'EPSG:4549', '-lco', 'COORDINATE_PRECISION=2');
}

/** SQL that moves a vertex in every feature of the file that has it. */
function movingVertex(from: readonly number[], to: readonly number[]): { sql: string; codes: string[] } {
  const [x, y] = from.map((lattice) => lattice / 1e7);
  const point = `MakePoint(${to[0] / 1e7}, ${to[1] / 1e7}, 4326)`;
  const codes: string[] = [];
  const cases = features.flatMap(({ properties, geometry }) => {
    const [ring] = geometry.coordinates as number[][][];
    const index = ring.findIndex((position) => position[0] === x && position[1] === y);
    if (index < 0) return [];
    codes.push(String(properties.code));
    const moved = `SetPoint(ExteriorRing(geom), ${index}, ${point})`;
    const closed = index === 0 ? `SetPoint(${moved}, ${ring.length - 1}, ${point})` : moved;
    return [`when id = '${properties.id}' then MakePolygon(${closed})`];
  });
  return { sql: `case ${cases.join(' ')} else geom end`, codes: codes.sort() };
}

/** SQL that gives a feature twice, cut along a meridian: the eastern part with other words. */
function cutting(code: string, lon: number, words: Record<string, string>): string {
  const east = `BuildMbr(${lon}, 0, 180, 60, 4326)`;
  const named = COLUMNS.map((column) => (column in words ? `'${words[column]}' as ${column}` : column));
  return `select ${COLUMNS}, case when code = '${code}' then ST_Difference(geom, ${east}) else geom end as geom from grids
    union all select ${named}, ST_Intersection(geom, ${east}) from grids where code = '${code}'`;
}

const changed = (report: EditedFileReport) =>
  report.rows.filter(({ action }) => action !== 'SAME').map(({ code, action, fields }) => [code, action, ...fields]);

describe('a file that was edited with ogr2ogr', () => {
  it('comes back as the attribute that is no matter of ours: no edit', async () => {
    expect(await bring(edited(`select ${COLUMNS}, 12.5 as width_m, 'x' as note, geom from grids`))).toMatchObject(
      NOTHING,
    );
  });

  it('comes back as one redraw of the four villages whose vertex was moved', async () => {
    const from = corner(1, 1);
    const { sql, codes } = movingVertex(from, [from[0] + 1234, from[1] - 567]);
    const report = await bring(edited(`select ${COLUMNS}, ${sql} as geom from grids`), { commit: true });
    expect(changed(report).sort()).toEqual(codes.map((code) => [code, 'CHANGED', 'boundary']));
    expect([codes.length, report.ops, report.applied, report.changes]).toEqual([4, { redraw: 1 }, true, []]);
    await expectExact();
  });

  it('comes back as a split, its cut shared with the neighbours that the editor forgot', async () => {
    const [lon] = corner(4.7, 3).map((lattice) => lattice / 1e7);
    const report = await bring(edited(cutting('421303023', lon, { code: 'EAST', name: 'East part' })), {
      commit: true,
    });
    const own = changed(report).filter(([code]) => code === '421303023' || code === 'EAST');
    expect(own.sort()).toEqual(
      [
        ['421303023', 'CHANGED', 'boundary'],
        ['EAST', 'NEW'],
      ].sort(),
    );
    expect(report.refusal).toBeNull();
    expect(report.ops).toMatchObject({ split: 1 });
    const { territory, lineage } = await expectExact();
    const part = [...territory.grids('gov')].find((grid) => mainCodeOf(grid) === 'EAST')!;
    expect(part).toMatchObject({ name: 'East part', kind: 'BASIC', tier: 'village' });
    expect(lineage).toMatchObject([{ to: part.id, how: 'SPLIT' }]);
  });

  it('comes back as new words, a new parent and a grid taken out, each its own op', async () => {
    const other = features.find(({ properties }) => properties.code === 'T2')!.properties.id;
    const words = COLUMNS.map((column) => {
      if (column === 'name') return `case code when '421303001' then '新村 & "北"' else name end as name`;
      if (column === 'parent') return `case code when '421303002' then 'T2' else parent end as parent`;
      return column;
    });
    const report = await bring(edited(`select ${words}, geom from grids where code <> '421303036'`), {
      commit: true,
      retireMissing: true,
    });
    expect([report.ops, report.refusal]).toEqual([{ rename: 1, reparent: 1, retire: 1 }, null]);
    const { territory } = (await town.drafts.find(OPERATOR, draft.record.id))!;
    const village = (code: string) => [...territory.grids('gov', 'village')].find((grid) => mainCodeOf(grid) === code);
    expect([village('421303001')?.name, village('421303002')?.parentId]).toEqual(['新村 & "北"', other]);
    expect(village('421303036')).toBeUndefined();
  });

  it('comes back from an export of the draft as what was edited since, new grids among it', async () => {
    const [lon] = corner(4.7, 3).map((lattice) => lattice / 1e7);
    await bring(edited(cutting('421303023', lon, { code: 'EAST', name: 'East part' })), { commit: true });
    const input = { changeset: draft.record.id };
    writeFileSync(at('draft.geojson'), await textOf(await town.drafted.exportChangeset(OPERATOR, input)));
    const untouched = await bring(ogr2ogr('draft2.geojson', 'draft.geojson'));
    expect([untouched.ops, untouched.refusal]).toEqual([{}, null]);
    const sql = `select id, version, layer, tier, case code when 'EAST' then 'Other name' else name end as name, code,
      changeset, revision, edition, extent, geometry from draft`;
    const renamed = ogr2ogr('renamed.geojson', 'draft.geojson', '-dialect', 'sqlite', '-sql', sql);
    expect((await bring(renamed)).ops).toEqual({ rename: 1 });
    // The draft goes on: what the file was written from is gone, so what it says otherwise is a conflict.
    await bring(renamed, { commit: true });
    const stale = await bring(ogr2ogr('draft3.geojson', 'draft.geojson'));
    expect(stale).toMatchObject({ ops: {}, refusal: { code: 'CONFLICT' }, counts: { CONFLICT: 1 } });
  });
});

/** The draft covers what the registry covers, without overlap, gap or T-junction. */
async function expectExact(): Promise<Draft> {
  const after = (await town.drafts.find(OPERATOR, draft.record.id))!;
  const shapes = [...after.territory.grids('gov', 'village')].map((grid) => grid.shape);
  expect(findCoverageFaults(shapes, 1)).toEqual([]);
  const areaOf = (list: Iterable<{ shape: (typeof shapes)[0] }>) =>
    [...list].reduce((sum, { shape }) => sum + latticeArea2(shape), 0);
  const before = areaOf(after.base.grids('gov', 'village'));
  expect(Math.abs(areaOf(after.territory.grids('gov', 'village')) - before) / before).toBeLessThan(1e-6);
  return after;
}
