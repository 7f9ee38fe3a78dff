import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { SiteImportOptions, SiteImportReport } from '../../sites/import/siteImport.service.ts';
import { instant } from '../terminal/options.ts';

type Options = SiteImportOptions & { readonly json?: boolean; readonly errors?: string };

/** Adds `import sites` to the command line. */
export function addSitesCommand(
  imports: Command,
  withApp: (work: (app: App) => Promise<number>) => Promise<void>,
): void {
  imports
    .command('sites')
    .description('one CSV or XLSX file of sites: bodies, services and their hours, ratings, honours')
    .argument('<file>', 'columns: site_code, name, kind, lon, lat and those that an unknown column is told of')
    .option('--encoding <name>', 'of CSV, such as utf-8 or gb18030; recognised when not given')
    .option('--effective-at <instant>', 'when rows without a date begin', instant)
    .option('--title <text>', 'title of the edition')
    .option('--errors <file>', 'write the faults of rows into this CSV file')
    .option('--keep-good', 'publish the good rows though others have faults', false)
    .option('--commit', 'publish it', false)
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: Options) => withApp((app) => importSites(app, file, options)));
}

/** Imports one file of sites and prints the report. Gives the exit code. */
export async function importSites(
  app: Pick<App, 'importers'>,
  file: string,
  { json, errors, ...options }: Options,
): Promise<number> {
  const bytes = await readFile(file);
  const report = await app.importers.sites.importSites(bytes, { title: `Sites from ${file}`, ...options });
  if (errors) await writeFile(errors, faultsAsCsv(report));
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : siteText(report, options)}\n`);
  return report.faults.length > 0 && !options.keepGood ? 1 : 0;
}

/** What is wrong with which cell: row, column, value, reason. */
export function faultsAsCsv({ faults }: Pick<SiteImportReport, 'faults'>): string {
  const rows = faults.map(({ row, column, value, reason }) => [String(row), column, value, reason]);
  return [['row', 'column', 'value', 'reason'], ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('');
}

/** Nothing that a spreadsheet would take for a formula. */
function quoted(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function siteText(report: SiteImportReport, { commit, keepGood }: SiteImportOptions): string {
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
