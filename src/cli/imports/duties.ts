import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { DutyImportOptions, DutyImportReport } from '../../posts/duties/dutyImport.service.ts';
import { instant } from '../terminal/options.ts';

/** Adds `import duties` to the command line. */
export function addDutiesCommand(
  imports: Command,
  withApp: (work: (app: App) => Promise<number>) => Promise<void>,
): void {
  imports
    .command('duties')
    .description('one CSV file of who may do what: role, category and stance, for a tier, an area, both or all')
    .argument('<file>')
    .option('--encoding <name>', 'such as utf-8 or gb18030; recognised when not given')
    .option('--effective-at <instant>', 'when rows without a date begin', instant)
    .option('--title <text>', 'title of the edition')
    .option('--commit', 'publish it', false)
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: DutyImportOptions & { readonly json?: boolean }) =>
      withApp((app) => importDuties(app, file, options)),
    );
}

/** Imports one CSV file of duties and prints the report. Gives the exit code. */
export async function importDuties(
  app: Pick<App, 'importers'>,
  file: string,
  { json, ...options }: DutyImportOptions & { readonly json?: boolean },
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.duties.importDuties(bytes, { title: `Duties from ${file}`, ...options });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : dutyText(report, options.commit)}\n`);
  return report.faults.length > 0 ? 1 : 0;
}

function dutyText({ rows, faults, would, edition }: DutyImportReport, commit: boolean): string {
  const lines = [`${rows} rows`];
  for (const { row, column, value, reason } of faults)
    lines.push(`row ${row}${column && `, ${column}`}: “${value}” ${reason}`);
  lines.push(`${edition === null ? 'Would make' : 'Made'}: ${would.rules} rules, ending ${would.closed}.`);
  if (edition !== null) lines.push(`Published as edition ${edition}.`);
  else if (faults.length > 0)
    lines.push(`Nothing was written: ${faults.length} faults. Mend the rows and import again.`);
  else if (would.rules + would.closed === 0) lines.push('Every row is known already; no edition is needed.');
  else if (!commit) lines.push('This was a dry run; add --commit to publish it.');
  return lines.join('\n');
}
