import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { TeamImportOptions, TeamImportReport } from '../../teams/import/teamImport.service.ts';
import { instant } from '../terminal/options.ts';

/** Adds `import teams` to the command line. */
export function addTeamsCommand(
  imports: Command,
  withApp: (work: (app: App) => Promise<number>) => Promise<void>,
): void {
  imports
    .command('teams')
    .description('one CSV file of teams: kinds, members by kind, languages, matters, parents and coverage')
    .argument('<file>')
    .option('--encoding <name>', 'such as utf-8 or gb18030; recognised when not given')
    .option('--effective-at <instant>', 'when rows without a date begin', instant)
    .option('--title <text>', 'title of the edition')
    .option('--keep-good', 'publish the good rows though others have faults', false)
    .option('--commit', 'publish it', false)
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: TeamImportOptions & { readonly json?: boolean }) =>
      withApp((app) => importTeams(app, file, options)),
    );
}

/** Imports one CSV file of teams and prints the report. Gives the exit code. */
export async function importTeams(
  app: Pick<App, 'importers'>,
  file: string,
  { json, ...options }: TeamImportOptions & { readonly json?: boolean },
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.teams.importTeams(bytes, { title: `Teams from ${file}`, ...options });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : teamText(report, options)}\n`);
  return report.faults.length > 0 ? 1 : 0;
}

function teamText(report: TeamImportReport, { commit, keepGood }: TeamImportOptions): string {
  const { encoding, rows, faults, would, nothingNew, edition } = report;
  const lines = [`${rows} rows, read as ${encoding}`];
  for (const { row, column, value, reason } of faults)
    lines.push(`row ${row}${column && `, ${column}`}: “${value}” ${reason}`);
  const counts = Object.entries(would).map(([what, count]) => `${count} ${what}`);
  lines.push(`${edition === null ? 'Would make' : 'Made'}: ${counts.join(', ')}.`);
  if (edition !== null) lines.push(`Published as edition ${edition}.`);
  else if (faults.length > 0 && !keepGood)
    lines.push(`Nothing was written: ${faults.length} faults. Mend the rows, or add --keep-good for the others.`);
  else if (nothingNew) lines.push('Every good row is known already; no edition is needed.');
  else if (!commit) lines.push('This was a dry run; add --commit to publish it.');
  return lines.join('\n');
}
