import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { TeamImportOptions } from '../../teams/import/teamImport.service.ts';
import {
  FILE_OPTIONS,
  KEEP_GOOD,
  REPORT_OPTIONS,
  type TableOutput,
  type WithApp,
  withOptions,
} from './tableOptions.ts';
import { KEEP_OR_MEND, madeLine, tableText } from './tableReport.ts';

type Options = TeamImportOptions & TableOutput;

/** Adds `import teams` to the command line. */
export function addTeamsCommand(imports: Command, withApp: WithApp): void {
  const command = imports
    .command('teams')
    .description('one CSV file of teams: kinds, members by kind, languages, matters, parents and coverage')
    .argument('<file>');
  withOptions(command, ...FILE_OPTIONS, KEEP_GOOD, ...REPORT_OPTIONS).action((file: string, options: Options) =>
    withApp((app) => importTeams(app, file, options)),
  );
}

/** Imports one CSV file of teams and prints the report. Gives the exit code. */
export async function importTeams(
  app: Pick<App, 'importers'>,
  file: string,
  { json, ...options }: Options,
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.teams.importTeams(bytes, { title: `Teams from ${file}`, ...options });
  const text = tableText(report, options, madeLine(report.edition, report.would), KEEP_OR_MEND);
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : text}\n`);
  return report.faults.length > 0 ? 1 : 0;
}
