import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Clock } from '../../src/clock.ts';
import type { Database } from '../../src/db/tables.ts';
import type { GridImportInput, ImportReport } from '../../src/exchange/exchange.type.ts';
import { GridExportService } from '../../src/exchange/gridExport.service.ts';
import { GridImportService } from '../../src/exchange/gridImport.service.ts';
import { BoundaryRepository } from '../../src/exchange/importing/boundary.repository.ts';
import { ImportWriter } from '../../src/exchange/importing/importWriter.ts';
import { TierPlanner } from '../../src/exchange/importing/tierPlan.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { Atlas } from '../../src/grids/atlas/atlas.ts';
import { mainCode } from '../../src/grids/atlas/rows.ts';
import { TerritoryRepository } from '../../src/grids/atlas/territory.repository.ts';
import { EditionService } from '../../src/grids/edition.service.ts';
import { GridRepository } from '../../src/grids/writing/grid.repository.ts';
import { sharedPath } from '../geometry/sharedData.ts';
import { editionBooks } from '../support/editionBooks.ts';

/** Real cities; see README.md there. */
export const DATA = sharedPath('.');

/** An importer and an exporter over a database, as the composition root builds them. */
export function openExchange(db: Kysely<Database>, clock: Clock = () => new Date('2024-05-01T00:00:00Z')) {
  const atlas = new Atlas(new TerritoryRepository(db));
  const editions = new EditionService(db, clock, [atlas], editionBooks(clock));
  const boundaries = new BoundaryRepository(db);
  const planner = new TierPlanner(atlas, boundaries);
  const writer = new ImportWriter(editions, new GridRepository());
  const importer = new GridImportService(editions, planner, writer, clock);
  const exporter = new GridExportService(editions, atlas, clock, boundaries);
  return { atlas, editions, planner, writer, importer, exporter };
}
export type Exchange = ReturnType<typeof openExchange>;

export function readCity(file: string): string {
  return readFileSync(`${DATA}/${file}`, 'utf8');
}

/** Imports and publishes; fails the test with the report's own words when it was refused. */
export async function importOrFail(
  exchange: Exchange,
  input: Omit<GridImportInput, 'commit'> & { commit?: boolean },
): Promise<ImportReport> {
  const report = await exchange.importer.importGrids({ commit: true, ...input });
  if (report.refusal) throw new Error(`${report.refusal.code}: ${report.refusal.message}`);
  return report;
}

/** A place with what PostGIS and a plain script say of it: the units that hold it, and metres to the nearest border. */
export interface ExpectedPoint {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly holders: string[];
  readonly borderMetres: number;
}

export function readExpected(file: string): ExpectedPoint[] {
  const [header, ...lines] = gunzipSync(readFileSync(`${DATA}/${file}`))
    .toString('utf8')
    .trim()
    .split('\n');
  const column = Object.fromEntries(header.split(',').map((name, i) => [name.trim(), i]));
  return lines.map((line) => {
    const cells = line.trim().split(',');
    return {
      id: cells[column.id],
      lon: Number(cells[column.longitude]),
      lat: Number(cells[column.latitude]),
      holders: cells[column.pip].split(/[;|+ ]/).filter(Boolean),
      borderMetres: Number(cells[column.d_border_m]),
    };
  });
}

/** Points farther than 5 cm from a border whose grid in the layer is not the expected one, and how many were asked. */
export function compareWithExpected({ atlas, editions }: Exchange, layerCode: string, points: ExpectedPoint[]) {
  const layer = atlas.findLayer(layerCode)!;
  const moment = { asOf: Date.now(), edition: editions.latest };
  const asked = points.filter((point) => point.borderMetres > 0.05);
  const wrong = asked.filter(({ lon, lat, holders }) => {
    const found = atlas.locate(layer, toLattice(lon), toLattice(lat), moment);
    return (found ? mainCode(found.grid, editions.latest) : '') !== holders.join();
  });
  return { asked: asked.length, wrong };
}
