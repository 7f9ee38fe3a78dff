import type { Clock } from '../clock.ts';
import { DomainError, type ErrorCode } from '../errors.ts';
import { readFeatureCollection } from '../geometry/geojson.ts';
import { mainCode } from '../grids/atlas/rows.ts';
import type { EditionService } from '../grids/edition.service.ts';
import { actionOf, listChanges } from './borders/difference.ts';
import {
  type GridImportInput,
  type ImportReport,
  ROW_ACTIONS,
  type RowFault,
  type RowReport,
} from './exchange.type.ts';
import { type FileRow, readRows } from './file/fileRows.ts';
import { assertFileSize } from './file/fileSize.ts';
import {
  convertFeatures,
  datumConverter,
  readSourceSystem,
  type SourceSystem,
  systemWarnings,
} from './file/positions.ts';
import { type ImportPlan, type ImportWriter, isEmptyPlan } from './importing/importWriter.ts';
import type { PlannedGrid } from './importing/plannedGrid.ts';
import type { ImportTarget } from './importing/target.ts';
import type { TierPlan, TierPlanner } from './importing/tierPlan.ts';

/** What the database may say of the rows; anything else is no matter of the file. */
const LAWS: readonly ErrorCode[] = [
  'OVERLAP',
  'NOT_NESTED',
  'MISSING_PARENT',
  'BAD_BOUNDARY',
  'DUPLICATE_CODE',
  'BAD_INPUT',
];

/** Imports a file of grids of one tier: whole as one edition, or not at all. */
export class GridImportService {
  readonly #editions: EditionService;
  readonly #planner: TierPlanner;
  readonly #writer: ImportWriter;
  readonly #clock: Clock;

  constructor(editions: EditionService, planner: TierPlanner, writer: ImportWriter, clock: Clock) {
    this.#editions = editions;
    this.#planner = planner;
    this.#writer = writer;
    this.#clock = clock;
  }

  /**
   * Reads, checks and, with `commit`, publishes a file. The report tells every row; `refusal` says why nothing was
   * written, also in a dry run, which has the database judge everything and rolls it back. Throws what concerns the
   * file or the options as a whole: BAD_FILE, BAD_GEOJSON, TOO_LARGE, BAD_DATUM, BAD_INPUT, NOT_FOUND, CONFLICT.
   */
  async importGrids(input: GridImportInput): Promise<ImportReport> {
    const system = readSourceSystem(input.datum, input.epsg);
    await this.#editions.catchUp();
    const target = this.#planner.resolve(this.#editions.latest, input, this.#clock());
    const { rows, warnings } = await this.#readFile(input, system);
    const tier = await this.#planner.plan(rows, target, input);
    const title = input.title ?? `Import of ${rows.length} grids into ${input.layer}/${input.tier}`;
    const plan = toPlan(tier, target, title, input);
    const refusal = firstFault(rows, tier);
    const outcome = refusal ? { edition: null, refusal } : await this.#write(plan, input.commit);
    return {
      layer: input.layer,
      tier: input.tier,
      title,
      effectiveAt: target.effectiveAt,
      committed: outcome.edition !== null,
      ...outcome,
      ...reportRows(rows, tier, target, input),
      changes: tier.changes,
      gaps: tier.gaps.report,
      warnings: [...warnings, ...dateWarnings(target, input)],
    };
  }

  async #readFile(input: GridImportInput, system: SourceSystem): Promise<{ rows: FileRow[]; warnings: string[] }> {
    assertFileSize(input.text);
    input.onProgress?.('read', 0, 1);
    const collection = readFeatureCollection(input.text, { allowProjected: 'epsg' in system });
    const convert =
      'epsg' in system ? (xy: Float64Array) => this.#planner.toWgs84(system.epsg, xy) : datumConverter(system.datum);
    const isWgs84 = 'datum' in system && (system.datum === 'WGS84' || system.datum === 'CGCS2000');
    const features = isWgs84 ? collection.features : await convertFeatures(collection.features, convert);
    const rows = readRows(features, input);
    input.onProgress?.('read', 1, 1);
    return { rows, warnings: [...collection.warnings.map((warning) => warning.message), ...systemWarnings(system)] };
  }

  async #write(plan: ImportPlan, commit: boolean): Promise<Pick<ImportReport, 'edition' | 'refusal'>> {
    if (isEmptyPlan(plan)) return { edition: null, refusal: null };
    try {
      if (commit) return { edition: await this.#writer.publish(plan), refusal: null };
      await this.#writer.rehearse(plan);
      return { edition: null, refusal: null };
    } catch (error) {
      if (!(error instanceof DomainError) || !LAWS.includes(error.code)) throw error;
      return { edition: null, refusal: { code: error.code, field: null, message: error.message } };
    }
  }
}

function toPlan(tier: TierPlan, target: ImportTarget, title: string, input: GridImportInput): ImportPlan {
  const kept = input.retireMissing ? [] : tier.unnamed;
  const changed = [...tier.named, ...kept].filter((grid) => grid.known && listChanges(grid).length > 0);
  return {
    target,
    title,
    added: tier.named.filter((grid) => !grid.known),
    revived: changed.filter((grid) => !grid.before),
    changed: changed.filter((grid) => grid.before),
    retired: input.retireMissing ? tier.unnamed : [],
    newGaps: tier.gaps.added,
    endedGaps: tier.gaps.ended,
    onProgress: input.onProgress,
  };
}

function firstFault(rows: readonly FileRow[], tier: TierPlan): RowFault | null {
  for (const { row, faults } of rows) {
    if (faults[0]) return { ...faults[0], message: `Row ${row}: ${faults[0].message}` };
  }
  for (const { faults } of tier.unnamed) if (faults[0]) return faults[0];
  return null;
}

function reportRows(
  rows: readonly FileRow[],
  { named, unnamed }: TierPlan,
  { moment }: ImportTarget,
  { retireMissing }: GridImportInput,
): Pick<ImportReport, 'rows' | 'counts'> {
  const planned = new Map(named.map((grid) => [grid.row, grid]));
  const parentOf = (grid: PlannedGrid | undefined) => (grid?.parent ? mainCode(grid.parent, moment.edition) : null);
  const ofFile = rows.map(({ row, code, name, parentCode, faults, notes }): RowReport => {
    const grid = planned.get(row);
    const action = grid && faults.length === 0 ? actionOf(grid) : 'REFUSED';
    const changes = grid && action === 'CHANGED' ? [`Changed: ${listChanges(grid).join(', ')}.`] : [];
    return { row, code, name, action, parent: parentOf(grid) ?? parentCode, faults, notes: [...changes, ...notes] };
  });
  const others = unnamed.map((grid): RowReport => {
    const { code, name, faults, notes } = grid;
    const kept = listChanges(grid).length > 0 ? 'CHANGED' : 'MISSING';
    const action = faults.length > 0 ? 'REFUSED' : retireMissing ? 'RETIRED' : kept;
    return { row: null, code, name, action, parent: parentOf(grid), faults, notes };
  });
  const all = [...ofFile, ...others];
  const count = (action: RowReport['action']) => all.filter((row) => row.action === action).length;
  const counts = Object.fromEntries(ROW_ACTIONS.map((action) => [action, count(action)])) as ImportReport['counts'];
  return { rows: all, counts };
}

function dateWarnings({ grids, effectiveAt }: ImportTarget, input: GridImportInput): string[] {
  if (input.effectiveAt || grids.length > 0) return [];
  return [
    `This is the first import of the tier, so it holds from ${effectiveAt.toISOString().slice(0, 10)} on: nothing else is known of earlier days. --effective-at names another beginning.`,
  ];
}
