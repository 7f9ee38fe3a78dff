import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ErrorLog, RequestContext } from '../../access/requestContext.ts';
import type { Viewer } from '../../access/viewer.ts';
import type { ChangesetService } from '../../changesets/changeset.service.ts';
import type { ChangesetFilter, Draft } from '../../changesets/changeset.type.ts';
import type { PublishingService } from '../../changesets/publishing/publishing.service.ts';
import type { ReviewService } from '../../changesets/review.service.ts';
import { DomainError } from '../../errors.ts';
import type { ChangesetExportInput, ChangesetExportService } from '../../exchange/changesetExport.service.ts';
import type { EditedFileService } from '../../exchange/edited/editedFile.service.ts';
import type { EditedFileInput } from '../../exchange/edited/editedFile.type.ts';
import { decodeUtf8 } from '../exchange.ts';
import { draftText, issueLines, recordLine } from './changesetText.ts';
import { editedText } from './editedText.ts';

/** The part of the house that these commands use. */
export interface ChangesetHouse {
  /** Who acts here: the account that runs the command. */
  readonly operator: Viewer;
  readonly log: ErrorLog;
  readonly changesets: {
    readonly drafts: Pick<ChangesetService, 'open' | 'find' | 'list' | 'undo' | 'redo' | 'rebase'>;
    readonly review: Pick<ReviewService, 'waive' | 'submit' | 'reopen' | 'approve' | 'discard'>;
    readonly publishing: Pick<PublishingService, 'publish' | 'revert'>;
    readonly files: Pick<EditedFileService, 'importInto'>;
    readonly exporter: Pick<ChangesetExportService, 'exportChangeset'>;
  };
}

const DRY_RUN = 'This was a dry run; add --commit to do it.';

export async function listChangesets(house: ChangesetHouse, filter: ChangesetFilter): Promise<void> {
  const { edges, totalCount } = await house.changesets.drafts.list(asOperator(house), { first: 200, ...filter });
  for (const { node } of edges) print(recordLine(node));
  print(edges.length < totalCount ? `… and ${totalCount - edges.length} more` : `${totalCount} changesets`);
}

export async function showChangeset(house: ChangesetHouse, id: string): Promise<void> {
  print(draftText(await getDraft(house, id), Number.POSITIVE_INFINITY));
}

/** Prints the issues. Gives the exit code: 1 while an ERROR stands. */
export async function checkChangeset(house: ChangesetHouse, id: string): Promise<number> {
  const draft = await getDraft(house, id);
  print([recordLine(draft.record), ...issueLines(draft, Number.POSITIVE_INFINITY)].join('\n'));
  return draft.issues().some(({ severity }) => severity === 'ERROR') ? 1 : 0;
}

export async function openChangeset(house: ChangesetHouse, title: string): Promise<void> {
  print(recordLine((await house.changesets.drafts.open(asOperator(house), title)).record));
}

/** Undo, redo, rebase and submit: what is done to a draft as it was read. */
export async function turnChangeset(
  house: ChangesetHouse,
  id: string,
  turn: 'undo' | 'redo' | 'rebase' | 'submit',
): Promise<void> {
  const { drafts, review } = house.changesets;
  const { revision } = (await getDraft(house, id)).record;
  const by = asOperator(house);
  print(draftText(await (turn === 'submit' ? review.submit(by, id, revision) : drafts[turn](by, id, revision))));
}

export async function waiveIssue(house: ChangesetHouse, id: string, issue: string, reason: string): Promise<void> {
  const { revision } = (await getDraft(house, id)).record;
  print(draftText(await house.changesets.review.waive(asOperator(house), id, revision, issue, reason)));
}

/** Approves what somebody else drew: the rule of four eyes holds for whoever sits at the server too. */
export async function approveChangeset(house: ChangesetHouse, id: string): Promise<void> {
  const { author } = (await getDraft(house, id)).record;
  if (author === house.operator.subject) {
    const message = `changeset: you opened it as ${author}, and nobody approves a changeset of their own, here neither. Somebody else of its area approves it: another account with this command, or a reviewer over the API.`;
    throw new DomainError('FORBIDDEN', message, { field: 'changeset' });
  }
  print(recordLine((await house.changesets.review.approve(asOperator(house), id)).record));
}

export async function endChangeset(house: ChangesetHouse, id: string, how: 'discard' | 'reopen'): Promise<void> {
  print(recordLine((await house.changesets.review[how](asOperator(house), id)).record));
}

/** Publishes, or tells what would be; the database has its word only when it is done. Gives the exit code. */
export async function publishChangeset(
  house: ChangesetHouse,
  id: string,
  { at, commit }: { readonly at?: Date; readonly commit: boolean },
): Promise<number> {
  if (commit) {
    print(recordLine((await house.changesets.publishing.publish(asOperator(house), id, at)).record));
    return 0;
  }
  const draft = await getDraft(house, id);
  const { status } = draft.record;
  const isReady = status === 'APPROVED' && !draft.issues().some(({ severity }) => severity === 'ERROR');
  const when = at ? `from ${at.toISOString()} on` : 'now';
  const words = isReady ? `Would be published ${when}.` : `It could not be published: it is ${status}, see its issues.`;
  print([draftText(draft), '', words, isReady ? DRY_RUN : ''].join('\n').trimEnd());
  return isReady ? 0 : 1;
}

/** Opens a changeset that takes an edition back; it is reviewed as any other. */
export async function revertEdition(
  house: ChangesetHouse,
  edition: number,
  { title, commit }: { readonly title?: string; readonly commit: boolean },
): Promise<void> {
  if (!commit) {
    print(`Would open a changeset that takes edition ${edition} back, to be reviewed as any other. ${DRY_RUN}`);
    return;
  }
  print(draftText(await house.changesets.publishing.revert(asOperator(house), edition, title)));
}

export type ImportEditedOptions = Omit<EditedFileInput, 'text'> & {
  readonly into: string;
  readonly allRows?: boolean;
  readonly json?: boolean;
};

/** Takes back an edited file and prints the report. Gives the exit code. */
export async function importEdited(
  house: ChangesetHouse,
  file: string,
  { into, allRows, json, ...options }: ImportEditedOptions,
): Promise<number> {
  const text = decodeUtf8(await readFile(file), file);
  const report = await house.changesets.files.importInto(asOperator(house), into, undefined, { ...options, text });
  const most = allRows ? Number.POSITIVE_INFINITY : undefined;
  print(json ? JSON.stringify(report, null, 2) : editedText(report, options.commit, most));
  return report.refusal ? 1 : 0;
}

/** Writes the grids of a changeset as GeoJSON to a file or to stdout. */
export async function exportChangeset(
  house: ChangesetHouse,
  input: ChangesetExportInput,
  out: string | undefined,
): Promise<void> {
  const pieces = Readable.from(await house.changesets.exporter.exportChangeset(asOperator(house), input));
  if (out) return pipeline(pieces, createWriteStream(out));
  return pipeline(pieces, process.stdout, { end: false });
}

function asOperator({ operator, log }: ChangesetHouse): RequestContext {
  return { viewer: operator, requestId: randomUUID(), log };
}

async function getDraft(house: ChangesetHouse, id: string): Promise<Draft> {
  const draft = await house.changesets.drafts.find(asOperator(house), id);
  if (draft) return draft;
  const message = `changeset: there is no changeset ${id}; \`wangge changeset list\` lists them.`;
  throw new DomainError('NOT_FOUND', message, { field: 'changeset' });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
