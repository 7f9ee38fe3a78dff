import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { DutyImportOptions, DutyImportReport } from '../../posts/duties/dutyImport.service.ts';
import { FILE_OPTIONS, REPORT_OPTIONS, type TableOutput, type WithApp, withOptions } from './tableOptions.ts';
import { endingLines, faultLine, MEND_ALL } from './tableReport.ts';

type Options = DutyImportOptions & TableOutput;

/** Adds `import duties` to the command line. */
export function addDutiesCommand(imports: Command, withApp: WithApp): void {
  const command = imports
    .command('duties')
    .description('one CSV file of who may do what: role, category and stance, for a tier, an area, both or all')
    .argument('<file>');
  withOptions(command, ...FILE_OPTIONS, ...REPORT_OPTIONS).action((file: string, options: Options) =>
    withApp((app) => importDuties(app, file, options)),
  );
}

/** Imports one CSV file of duties and prints the report. Gives the exit code. */
export async function importDuties(
  app: Pick<App, 'importers'>,
  file: string,
  { json, ...options }: Options,
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.duties.importDuties(bytes, { title: `Duties from ${file}`, ...options });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : dutyText(report, options)}\n`);
  return report.faults.length > 0 ? 1 : 0;
}

function dutyText(report: DutyImportReport, options: DutyImportOptions): string {
  const { rows, faults, would, edition } = report;
  const made = `${edition === null ? 'Would make' : 'Made'}: ${would.rules} rules, ending ${would.closed}.`;
  const nothingNew = would.rules + would.closed === 0;
  const ending = endingLines({ ...report, nothingNew }, options, {
    ...MEND_ALL,
    mend: 'Mend the rows and import again.',
  });
  return [`${rows} rows`, ...faults.map(faultLine), made, ...ending].join('\n');
}
