import { readFile, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { RowFault } from '../../addresses/import/addressCells.ts';
import type {
  AddressImportService,
  ImportAddressesOptions,
  ImportAddressesReport,
} from '../../addresses/import/addressImport.service.ts';
import { DATUMS } from '../../geometry/datum.ts';
import { instant } from '../terminal/options.ts';

/** The part of the house that the command uses. */
export interface AddressHouse {
  readonly importers: { readonly addresses: Pick<AddressImportService, 'importAddresses'> };
}

type WithHouse = (work: (house: AddressHouse) => Promise<unknown>) => Promise<void>;

interface AddressOutput {
  /** Machine-readable, and whole. */
  readonly json?: boolean;
  /** A file for the faults of rows, as CSV. */
  readonly errors?: string;
}

const DRY_RUN = 'This was a dry run; add --commit to publish it.';
/** Faults that are printed; all of them are in the file of --errors. */
const SHOWN = 40;

/** Adds `wangge import addresses`. `withApp` opens the house, and takes a number as the exit code. */
export function addAddressImport(imports: Command, withApp: WithHouse): void {
  imports
    .command('addresses')
    .description('one CSV file of addresses and their buildings; one file is one edition')
    .argument('<file>', 'columns: text, lon, lat; also id, aliases, datum, building, building_id, from, to')
    .option('--encoding <name>', 'such as utf-8 or gb18030; recognised when not given')
    .addOption(new Option('--datum <datum>', 'datum of rows that name none (default WGS84)').choices([...DATUMS]))
    .option('--effective-at <instant>', 'when rows without a date begin', instant)
    .option('--title <text>', 'title of the edition')
    .option('--errors <file>', 'write the faults of rows into this CSV file')
    .option('--keep-good', 'import the good rows though others have faults', false)
    .option('--commit', 'publish it', false)
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: ImportAddressesOptions & AddressOutput) =>
      withApp((house) => importAddresses(house, file, options)),
    );
}

async function importAddresses(
  { importers }: AddressHouse,
  file: string,
  { json, errors, ...options }: ImportAddressesOptions & AddressOutput,
): Promise<number> {
  const bytes = await readFile(file);
  const report = await importers.addresses.importAddresses(bytes, { title: `Addresses from ${file}`, ...options });
  if (errors) await writeFile(errors, faultsAsCsv(report.faults));
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : addressText(report, options, errors)}\n`);
  return report.faults.length > 0 && !options.keepGood ? 1 : 0;
}

function addressText(
  { encoding, rows, faults, would, nothingNew, edition }: ImportAddressesReport,
  { commit, keepGood }: ImportAddressesOptions,
  errors: string | undefined,
): string {
  const lines = [`${rows} rows, read as ${encoding}`];
  for (const { row, column, value, reason } of faults.slice(0, SHOWN)) {
    lines.push(`row ${row}${column && `, ${column}`}: “${value}” ${reason}`);
  }
  if (faults.length > SHOWN) lines.push(`… and ${faults.length - SHOWN} more; --errors FILE has all of them.`);
  const { addresses, buildings, changes } = would;
  lines.push(
    `${edition === null ? 'Would make' : 'Made'}: ${addresses} addresses, ${buildings} buildings, ${changes} changes.`,
  );
  if (faults.length > 0 && errors) lines.push(`The ${faults.length} faults are in ${errors}.`);
  if (edition !== null) lines.push(`Published as edition ${edition}.`);
  else if (faults.length > 0 && !keepGood) {
    lines.push(`Nothing was written: ${faults.length} faults. Mend the rows, or keep the good ones with --keep-good.`);
  } else if (nothingNew) lines.push('Every row is known already; no edition is needed.');
  else if (!commit) lines.push(DRY_RUN);
  return lines.join('\n');
}

/** Faults as a CSV file that spreadsheets open as UTF-8. */
export function faultsAsCsv(faults: readonly RowFault[]): string {
  const lines = faults.map(({ row, column, value, reason }) =>
    [String(row), column, value, reason].map(cell).join(','),
  );
  return `\uFEFFrow,column,value,reason\r\n${lines.map((line) => `${line}\r\n`).join('')}`;
}

// What begins like a formula would be run by a spreadsheet.
function cell(text: string): string {
  const plain = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
