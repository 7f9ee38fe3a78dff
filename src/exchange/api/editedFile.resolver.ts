import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Right } from '../../access/declareRight.ts';
import type { RequestContext } from '../../access/requestContext.ts';
import { Changeset } from '../../changesets/api/changeset.type.ts';
import { type DraftRoom, DraftView } from '../../changesets/api/draftView.ts';
import type { ChangesetService } from '../../changesets/changeset.service.ts';
import type { ChangesetExportService } from '../changesetExport.service.ts';
import type { EditedFileService } from '../edited/editedFile.service.ts';
import type { EditedAction, EditedFileReport, EditedRowReport } from '../edited/editedFile.type.ts';
import { EditedFileResult, EditedFileUpload, type EditedRow } from './editedFile.type.ts';

const MOST_ROWS = 1_000;
const ORDER: Readonly<Record<EditedAction, number>> = {
  ...{ REFUSED: 0, CONFLICT: 1, NEW: 2, CHANGED: 3, RETIRED: 4, MISSING: 5, SAME: 6 },
};

/** Files of a changeset: out to QGIS, and back. */
@Resolver(() => Changeset)
export class EditedFileResolver {
  private readonly files: EditedFileService;
  private readonly exporter: ChangesetExportService;
  private readonly drafts: Pick<ChangesetService, 'find'>;
  private readonly room: DraftRoom;

  constructor(
    files: EditedFileService,
    exporter: ChangesetExportService,
    drafts: Pick<ChangesetService, 'find'>,
    room: DraftRoom,
  ) {
    this.files = files;
    this.exporter = exporter;
    this.drafts = drafts;
    this.room = room;
  }

  @Right('boundaries.read')
  @FieldResolver(() => String, {
    complexity: 10_000,
    description:
      'The grids as they would be, as the text of a GeoJSON file with ids and versions: edit it in QGIS and bring it back by `importIntoChangeset`.',
  })
  async file(
    @Root() { draft }: Changeset,
    @Arg('layer', () => String, {
      nullable: true,
      description: 'Only this layer; needed with `all` while nothing is touched.',
    })
    layer: string | null,
    @Arg('tier', () => String, { nullable: true, description: 'Only this tier of it.' }) tier: string | null,
    @Arg('all', () => Boolean, { nullable: true, description: 'All grids of the layers, not only the touched ones.' })
    all: boolean | null,
    @Arg('epsg', () => Int, { nullable: true, description: 'EPSG number of the coordinates; WGS84 if not given.' })
    epsg: number | null,
    @Ctx() by: RequestContext,
  ): Promise<string> {
    const chosen = { layer: layer ?? undefined, tier: tier ?? undefined, all: all ?? false, epsg: epsg ?? undefined };
    let text = '';
    for await (const piece of await this.exporter.exportChangeset(by, { changeset: draft.record.id, ...chosen })) {
      text += piece;
    }
    return text;
  }

  @Right('boundaries.edit')
  @Mutation(() => EditedFileResult, {
    complexity: ({ childComplexity }) => 10_000 + childComplexity,
    description:
      'Compares an edited file with what it was exported from and with your draft, and applies what was edited as ops: all or nothing.',
  })
  async importIntoChangeset(
    @Arg('id', () => ID, { description: 'The changeset.' }) id: string,
    @Arg('expectedRevision', () => Int, { description: 'The revision you read. CONFLICT when it was changed since.' })
    expectedRevision: number,
    @Arg('file', () => EditedFileUpload, { description: 'The file, and how to take it.' }) file: EditedFileUpload,
    @Ctx() by: RequestContext,
  ): Promise<EditedFileResult> {
    const { text, epsg, layer, tier, takeFile, retireMissing, dryRun } = file;
    const report = await this.files.importInto(by, id, expectedRevision, {
      ...{ text, epsg: epsg ?? undefined, layer: layer ?? undefined, tier: tier ?? undefined },
      ...{ takeFile: takeFile ?? false, retireMissing: retireMissing ?? false, commit: !dryRun },
    });
    const draft = await this.drafts.find(by, id);
    return { changeset: new Changeset(draft!, new DraftView(draft!, this.room)), ...shown(report) };
  }
}

function shown({ applied, refusal, rows, warnings }: EditedFileReport): Omit<EditedFileResult, 'changeset'> {
  const told = rows.filter(({ action }) => action !== 'SAME').sort((a, b) => ORDER[a.action] - ORDER[b.action]);
  return { applied, refusal: refusal?.message ?? null, rows: told.slice(0, MOST_ROWS).map(showRow), warnings };
}

function showRow({ row, grid, code, action, fields, conflicts, faults, notes }: EditedRowReport): EditedRow {
  const clashes = conflicts.map(
    ({ field, file, present }) => `${field}: the file says ${file}, the draft ${present}; takeFile takes the file.`,
  );
  return { row, grid, code, action, fields, faults: [...faults.map(({ message }) => message), ...clashes], notes };
}
