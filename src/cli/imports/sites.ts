import { readFile, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { App } from '../../app.ts';
import { FOR_PROGRAMS, faultsAsCsv } from '../../csv/writeCsv.ts';
import type { SiteImportOptions } from '../../sites/import/siteImport.service.ts';
import {
  EFFECTIVE_AT,
  ERRORS,
  KEEP_GOOD,
  REPORT_OPTIONS,
  type TableOutput,
  TITLE,
  type WithApp,
  withOptions,
} from './tableOptions.ts';
import { KEEP_OR_MEND, madeLine, tableText } from './tableReport.ts';

type Options = SiteImportOptions & TableOutput & { readonly errors?: string };

const ENCODING = new Option('--encoding <name>', 'of CSV, such as utf-8 or gb18030; recognised when not given');

/** Adds `import sites` to the command line. */
export function addSitesCommand(imports: Command, withApp: WithApp): void {
  const command = imports
    .command('sites')
    .description('one CSV or XLSX file of sites: bodies, services and their hours, ratings, honours')
    .argument('<file>', 'columns: site_code, name, kind, lon, lat and those that an unknown column is told of');
  withOptions(command, ENCODING, EFFECTIVE_AT, TITLE, ERRORS, KEEP_GOOD, ...REPORT_OPTIONS).action(
    (file: string, options: Options) => withApp((app) => importSites(app, file, options)),
  );
}

/** Imports one file of sites and prints the report. Gives the exit code. */
export async function importSites(
  app: Pick<App, 'importers'>,
  file: string,
  { json, errors, ...options }: Options,
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.sites.importSites(bytes, { title: `Sites from ${file}`, ...options });
  if (errors) await writeFile(errors, faultsAsCsv(report.faults, FOR_PROGRAMS));
  const text = tableText(report, options, madeLine(report.edition, report.would), KEEP_OR_MEND);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : text}\n`);
  return report.faults.length > 0 && !options.keepGood ? 1 : 0;
}
