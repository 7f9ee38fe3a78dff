import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { App } from '../app.ts';
import { DomainError } from '../errors.ts';
import type { GridImportInput, ImportReport } from '../exchange/exchange.type.ts';
import type { GridExportInput } from '../exchange/gridExport.service.ts';
import { renderImportReport } from '../exchange/gridReport.ts';
import type { ImportPostsOptions } from '../posts/import/postImport.service.ts';
import type { RoleImportOptions, RoleImportReport } from '../posts/practice/roleImport.service.ts';
import { DRY_RUN, MEND_ALL, madeLine, tableText } from './imports/tableReport.ts';
import type { Progress } from './terminal/progress.ts';

export interface Output {
  /** Machine-readable, and whole. */
  readonly json?: boolean;
}

/** Imports one GeoJSON file of grids and prints the report. Gives the exit code. */
export async function importGrids(
  app: App,
  file: string,
  input: Omit<GridImportInput, 'text'> & Output & { readonly allRows?: boolean },
  progress: Progress,
): Promise<number> {
  const { json, allRows, ...options } = input;
  progress(`Reading ${file}`);
  const text = decodeUtf8(await readFile(file), file);
  const report = await app.importers.grids.importGrids({ ...options, text, onProgress: progress });
  print(json ? JSON.stringify(report, null, 2) : gridText(report, options.commit, allRows));
  return report.refusal ? 1 : 0;
}

/** Imports one CSV file of posts and prints the report. Gives the exit code. */
export async function importPosts(
  app: App,
  file: string,
  input: ImportPostsOptions & Output,
  progress: Progress,
): Promise<number> {
  const { json, ...options } = input;
  progress(`Reading ${file}`);
  const report = await app.importers.posts.importPosts(await readFile(file), {
    title: `Posts from ${file}`,
    ...options,
  });
  const text = tableText(report, options, madeLine(report.edition, report.would), MEND_ALL);
  print(json ? JSON.stringify(report, null, 2) : text);
  return report.faults.length > 0 ? 1 : 0;
}

/** Imports one CSV file of roles and prints the report. Gives the exit code. */
export async function importRoles(app: App, file: string, input: RoleImportOptions & Output): Promise<number> {
  const { json, ...options } = input;
  const report = await app.importers.roles.importRoles(await readFile(file), {
    title: `Roles from ${file}`,
    ...options,
  });
  print(json ? JSON.stringify(report, null, 2) : roleText(report, options.commit));
  return report.faults.length > 0 ? 1 : 0;
}

function roleText({ faults, would, edition }: RoleImportReport, commit: boolean): string {
  const lines = faults.map(({ row, column, value, reason }) => `row ${row}, ${column}: “${value}” ${reason}`);
  lines.push(`${edition ? 'Made' : 'Would make'}: ${would.roles} roles, at ${would.seats} tiers.`);
  if (edition) lines.push(`Published as edition ${edition}.`);
  else if (faults.length > 0) lines.push('Nothing was written: mend the rows and import the file again.');
  else lines.push(would.seats === 0 ? 'Nothing in the file is new.' : commit ? '' : DRY_RUN);
  return lines.join('\n');
}

/** Writes grids as GeoJSON to a file or to stdout. */
export async function exportGrids(app: App, input: GridExportInput, out: string | undefined): Promise<void> {
  const pieces = Readable.from(app.exporter.exportGrids(input));
  if (out) return pipeline(pieces, createWriteStream(out));
  return pipeline(pieces, process.stdout, { end: false });
}

/** The text of a GeoJSON file. Throws BAD_ENCODING. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    // Strict, and without a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('BAD_ENCODING', `${file} is not UTF-8, which GeoJSON is by its standard; convert it first.`, {
      file,
    });
  }
}

function gridText(report: ImportReport, commit: boolean, allRows = false): string {
  const text = renderImportReport(report, allRows ? Number.POSITIVE_INFINITY : undefined);
  return commit || report.refusal ? text : `${text}\n${DRY_RUN}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
