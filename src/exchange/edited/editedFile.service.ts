import type { RequestContext } from '../../access/requestContext.ts';
import type { ChangesetService } from '../../changesets/changeset.service.ts';
import type { Draft } from '../../changesets/changeset.type.ts';
import type { Op } from '../../changesets/ops/op.ts';
import { mainCodeOf } from '../../changesets/territory/draftGrid.ts';
import { DomainError } from '../../errors.ts';
import { DEFAULT_TOLERANCE } from '../../geometry/coverage.ts';
import { readFeatureCollection } from '../../geometry/geojson.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import type { RowFault } from '../exchange.type.ts';
import { assertFileSize } from '../file/fileSize.ts';
import { convertFeatures, readSourceSystem, type SourceSystem, systemWarnings } from '../file/positions.ts';
import { assertSurveyDatum } from '../file/surveyDatum.ts';
import type { BoundaryRepository } from '../importing/boundary.repository.ts';
import { diffEditedFile, type EditedDiff } from './diffEditedFile.ts';
import {
  EDITED_ACTIONS,
  type EditedFileInput,
  type EditedFileReport,
  type EditedRowReport,
} from './editedFile.type.ts';
import { type EditedRow, readEditedRows } from './editedRows.ts';
import { type ComparedDraft, registryOrigins } from './origins.ts';
import { listBeside, type OpPlan, planOps } from './plan/planOps.ts';
import { type SharedBorders, shareBorders } from './sharedBorders.ts';
import type { Wishes } from './wishes.ts';

/** The part of the changesets that an edited file needs. */
type Drafts = Pick<ChangesetService, 'find' | 'apply'>;

/** Takes back files that were exported and edited elsewhere, as ops of a changeset. */
export class EditedFileService {
  readonly #drafts: Drafts;
  readonly #atlas: Atlas;
  readonly #boundaries: BoundaryRepository;

  constructor(drafts: Drafts, atlas: Atlas, boundaries: BoundaryRepository) {
    this.#drafts = drafts;
    this.#atlas = atlas;
    this.#boundaries = boundaries;
  }

  /**
   * Compares an edited file with what it was exported from and with the draft, and, with `commit`, applies what was edited
   * in one call. The report tells every row; `refusal` says why nothing was written: a refused row, a conflict, an op.
   * Throws what concerns the file or the draft as a whole: BAD_FILE, BAD_GEOJSON, TOO_LARGE, BAD_DATUM, NOT_FOUND and,
   * where the draft has gone on or is one no more, CONFLICT.
   */
  async importInto(
    by: RequestContext,
    changesetId: string,
    expectedRevision: number | undefined,
    input: EditedFileInput,
  ): Promise<EditedFileReport> {
    const system = readSourceSystem(input.datum, input.epsg);
    assertSurveyDatum(system);
    const draft = await this.#getDraft(by, changesetId, expectedRevision);
    const { rows, warnings } = await this.#readFile(input.text, system);
    const compared = comparedDraft(draft);
    const origins = registryOrigins(this.#atlas, compared);
    const diff = diffEditedFile(rows, origins, compared, { ...input, settle: 'epsg' in system });
    const refusal = firstRefusal(diff.rows);
    const shared = await this.#shareBorders(diff, draft, input, refusal);
    const planned = refusal ? refusal : plan(shared.wishes, draft);
    const outcome = await this.#apply(by, draft, planned, input.commit);
    const told = tellAligned(diff.rows, shared);
    return {
      changeset: draft.record.id,
      ...outcome,
      rows: told,
      counts: countBy(EDITED_ACTIONS, told),
      changes: shared.changes,
      ops: 'ops' in planned ? countKinds(planned.ops) : {},
      warnings: [...warnings, ...shared.warnings, ...besideWarnings(planned, shared.wishes)],
    };
  }

  async #getDraft(by: RequestContext, id: string, expected: number | undefined): Promise<Draft> {
    const draft = await this.#drafts.find(by, id);
    if (!draft) throw new DomainError('NOT_FOUND', `changeset: there is no changeset ${id}.`, { field: 'changeset' });
    const { status, revision } = draft.record;
    if (status !== 'DRAFT') {
      const message = `changeset: it is ${status}, so nothing more is drawn into it. Open a new one and import the file there.`;
      throw new DomainError('CONFLICT', message, { field: 'changeset', status });
    }
    if (expected === undefined || expected === revision) return draft;
    const message = `expectedRevision: the draft is at revision ${revision}, not ${expected}; someone changed it. Read it again.`;
    throw new DomainError('CONFLICT', message, { field: 'expectedRevision', revision });
  }

  async #readFile(text: string, system: SourceSystem): Promise<{ rows: EditedRow[]; warnings: string[] }> {
    assertFileSize(text);
    const projected = 'epsg' in system;
    const collection = readFeatureCollection(text, { allowProjected: projected });
    const features = projected
      ? await convertFeatures(collection.features, (xy) => this.#boundaries.transformToWgs84(system.epsg, xy))
      : collection.features;
    const warnings = [...collection.warnings.map((warning) => warning.message), ...systemWarnings(system)];
    return { rows: readEditedRows(features), warnings };
  }

  async #shareBorders(
    { wishes }: EditedDiff,
    draft: Draft,
    input: EditedFileInput,
    refusal: RowFault | null,
  ): Promise<SharedBorders> {
    if (refusal) return { wishes, changes: [], aligned: [], warnings: [] };
    const tolerance = {
      widthMetres: input.sliverMetres ?? DEFAULT_TOLERANCE.widthMetres,
      areaSquareMetres: input.sliverSquareMetres ?? DEFAULT_TOLERANCE.areaSquareMetres,
    };
    const node = this.#boundaries.nodeIntoFaces.bind(this.#boundaries);
    return shareBorders(wishes, draft.territory, node, tolerance);
  }

  async #apply(by: RequestContext, { record }: Draft, planned: OpPlan | RowFault, commit: boolean) {
    const { revision } = record;
    if (!('ops' in planned)) return { applied: false, refusal: planned, revision };
    if (!commit || planned.ops.length === 0) return { applied: false, refusal: null, revision };
    const after = await this.#drafts.apply(by, record.id, revision, planned.ops);
    return { applied: true, refusal: null, revision: after.record.revision };
  }
}

/** The ops, or what the first one that cannot be done is refused with. */
function plan(wishes: Wishes, { territory }: Draft): OpPlan | RowFault {
  try {
    return planOps(wishes, territory);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const grid = territory.find(String(error.details.grid));
    const whose = grid ? `Grid ${mainCodeOf(grid)}: ` : '';
    return { code: error.code, field: null, message: whose + error.message };
  }
}

function besideWarnings(planned: OpPlan | RowFault, wishes: Wishes): string[] {
  const codes = 'ops' in planned ? listBeside(planned, wishes) : [];
  if (codes.length === 0) return [];
  return [`Beside what the file changes, these are touched, as members, children or neighbours: ${codes.join(', ')}.`];
}

function comparedDraft({ record, base, territory }: Draft): ComparedDraft {
  return { id: record.id, revision: record.revision, baseEdition: record.baseEdition, base, territory };
}

function firstRefusal(rows: readonly EditedRowReport[]): RowFault | null {
  const refused = rows.find(({ action }) => action === 'REFUSED');
  if (refused) return { ...refused.faults[0], message: `Row ${refused.row}: ${refused.faults[0].message}` };
  const clashing = rows.find(({ action }) => action === 'CONFLICT');
  if (!clashing) return null;
  const { row, code, conflicts, versions } = clashing;
  const [{ field, file, present }] = conflicts;
  const versionWords = `exported from version ${versions.file ?? 'none'}, now version ${versions.present ?? 'none'}`;
  const message = `Row ${row}: the ${field} of grid ${code} was changed in the file (${file}) and in the registry or the draft (${present}); ${versionWords}. Put back one of the two in the file, or take the file's with --take-file.`;
  return { code: 'CONFLICT', field, message };
}

/** Tells the grids whose borders were aligned. */
function tellAligned(rows: readonly EditedRowReport[], { aligned }: SharedBorders): EditedRowReport[] {
  const moved = new Set(aligned);
  return rows.map((report): EditedRowReport => {
    if (report.grid === null || !moved.has(report.grid)) return report;
    const notes = [...report.notes, 'Its borders were put on those of its neighbours, within the tolerance.'];
    return report.action === 'SAME'
      ? { ...report, notes, action: 'CHANGED', fields: ['boundary'] }
      : { ...report, notes };
  });
}

function countBy(actions: typeof EDITED_ACTIONS, rows: readonly EditedRowReport[]): EditedFileReport['counts'] {
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<(typeof actions)[number], number>;
  for (const { action } of rows) counts[action]++;
  return counts;
}

function countKinds(ops: readonly Op[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const op of ops) for (const kind of Object.keys(op)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
