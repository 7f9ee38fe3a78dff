import { readFile, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type {
  AddressImportService,
  ImportAddressesOptions,
  ImportAddressesReport,
} from '../../addresses/import/addressImport.service.ts';
import { FOR_SPREADSHEETS, faultsAsCsv } from '../../csv/writeCsv.ts';
import { DATUMS } from '../../geometry/datum.ts';
import {
  EFFECTIVE_AT,
  ENCODING,
  ERRORS,
  REPORT_OPTIONS,
  type TableOutput,
  TITLE,
  withOptions,
} from './tableOptions.ts';
import { endingLines, faultLine, MEND_ALL, madeLine } from './tableReport.ts';

/** The part of the house that the command uses. */
export interface AddressHouse {
  readonly importers: { readonly addresses: Pick<AddressImportService, 'importAddresses'> };
}

type WithHouse = (work: (house: AddressHouse) => Promise<unknown>) => Promise<void>;

interface AddressOutput extends TableOutput {
  /** A file for the faults of rows, as CSV. */
  readonly errors?: string;
}

const DATUM = new Option('--datum <datum>', 'datum of rows that name none (default WGS84)').choices([...DATUMS]);
const KEEP_GOOD = new Option('--keep-good', 'import the good rows though others have faults').default(false);
const ENDING = { ...MEND_ALL, mend: 'Mend the rows, or keep the good ones with --keep-good.' };
/** Faults that are printed; all of them are in the file of --errors. */
const SHOWN = 40;

/** Adds `wangge import addresses`. `withApp` opens the house, and takes a number as the exit code. */
export function addAddressImport(imports: Command, withApp: WithHouse): void {
  const command = imports
    .command('addresses')
    .description('one CSV file of addresses and their buildings; one file is one edition')
    .argument('<file>', 'columns: text, lon, lat; also id, aliases, datum, building, building_id, from, to');
  withOptions(command, ENCODING, DATUM, EFFECTIVE_AT, TITLE, ERRORS, KEEP_GOOD, ...REPORT_OPTIONS).action(
    (file: string, options: ImportAddressesOptions & AddressOutput) =>
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
  if (errors) await writeFile(errors, faultsAsCsv(report.faults, FOR_SPREADSHEETS));
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : addressText(report, options, errors)}\n`);
  return report.faults.length > 0 && !options.keepGood ? 1 : 0;
}

function addressText(
  report: ImportAddressesReport,
  options: ImportAddressesOptions,
  errors: string | undefined,
): string {
  const { encoding, rows, faults, would, edition } = report;
  const lines = [`${rows} rows, read as ${encoding}`, ...faults.slice(0, SHOWN).map(faultLine)];
  if (faults.length > SHOWN) lines.push(`… and ${faults.length - SHOWN} more; --errors FILE has all of them.`);
  lines.push(madeLine(edition, would));
  if (faults.length > 0 && errors) lines.push(`The ${faults.length} faults are in ${errors}.`);
  return [...lines, ...endingLines(report, options, ENDING)].join('\n');
}
