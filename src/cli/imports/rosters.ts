import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { ImportRostersOptions, ImportRostersReport } from '../../posts/roster/import/rosterImport.service.ts';
import { FILE_OPTIONS, REPORT_OPTIONS, type TableOutput, type WithApp, withOptions } from './tableOptions.ts';
import { MEND_ALL, tableText } from './tableReport.ts';

type Options = ImportRostersOptions & TableOutput;

/** Adds `wangge import rosters`. */
export function addRostersCommand(imports: Command, withApp: WithApp): void {
  const command = imports
    .command('rosters')
    .description('one CSV file of who of the holders of a post is on duty when; one file is one edition')
    .argument('<file>');
  withOptions(command, ...FILE_OPTIONS, ...REPORT_OPTIONS).action((file: string, options: Options) =>
    withApp((app) => importRosters(app, file, options)),
  );
}

/** Imports one CSV file of rosters and prints the report. Gives the exit code. */
async function importRosters(app: App, file: string, { json, ...options }: Options): Promise<number> {
  const title = `Rosters from ${file}`;
  const report = await app.importers.rosters.importRosters(await readFile(file), { title, ...options });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : rosterText(report, options)}\n`);
  return report.faults.length > 0 ? 1 : 0;
}

function rosterText(report: ImportRostersReport, options: ImportRostersOptions): string {
  const { would, edition } = report;
  const counts = `${edition === null ? 'Would add' : 'Added'}: ${would.rosters} rosters, ended ${would.ends}.`;
  return tableText(report, options, counts, MEND_ALL);
}
