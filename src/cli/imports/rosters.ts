import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { ImportRostersOptions, ImportRostersReport } from '../../posts/roster/import/rosterImport.service.ts';
import { instant } from '../terminal/options.ts';

interface Options extends ImportRostersOptions {
  /** Machine-readable, and whole. */
  readonly json?: boolean;
}

type WithApp = (work: (app: App) => Promise<unknown>) => Promise<void>;

/** Adds `wangge import rosters`. */
export function addRostersCommand(imports: Command, withApp: WithApp): void {
  imports
    .command('rosters')
    .description('one CSV file of who of the holders of a post is on duty when; one file is one edition')
    .argument('<file>')
    .option('--encoding <name>', 'such as utf-8 or gb18030; recognised when not given')
    .option('--effective-at <instant>', 'when rows without a date begin', instant)
    .option('--title <text>', 'title of the edition')
    .option('--commit', 'publish it', false)
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: Options) => withApp((app) => importRosters(app, file, options)));
}

/** Imports one CSV file of rosters and prints the report. Gives the exit code. */
async function importRosters(app: App, file: string, { json, ...options }: Options): Promise<number> {
  const title = `Rosters from ${file}`;
  const report = await app.importers.rosters.importRosters(await readFile(file), { title, ...options });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : reportText(report, options.commit)}\n`);
  return report.faults.length > 0 ? 1 : 0;
}

function reportText(
  { encoding, rows, faults, would, nothingNew, edition }: ImportRostersReport,
  commit: boolean,
): string {
  const lines = [`${rows} rows, read as ${encoding}`];
  for (const { row, column, value, reason } of faults)
    lines.push(`row ${row}${column && `, ${column}`}: “${value}” ${reason}`);
  lines.push(`${edition === null ? 'Would add' : 'Added'}: ${would.rosters} rosters, ended ${would.ends}.`);
  if (faults.length > 0)
    lines.push(`Nothing was written: ${faults.length} faults. Mend the rows and import the file again.`);
  else if (nothingNew) lines.push('Every row is known already; no edition is needed.');
  else lines.push(commit ? `Published as edition ${edition}.` : 'This was a dry run; add --commit to publish it.');
  return lines.join('\n');
}
