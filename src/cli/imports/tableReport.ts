import type { CellFault } from '../../csv/cellFault.ts';

export const DRY_RUN = 'This was a dry run; add --commit to publish it.';

/** What imports of tables report. */
export interface TableReport {
  readonly encoding: string;
  readonly rows: number;
  readonly faults: readonly CellFault[];
  readonly nothingNew: boolean;
  /** Null where nothing was published. */
  readonly edition: number | null;
}

/** How it was asked for. */
export interface TableChoice {
  readonly commit: boolean;
  readonly keepGood?: boolean;
}

/** What the last line says. */
export interface Ending {
  /** What to do about faults. */
  readonly mend: string;
  readonly nothingNew: string;
}

export const MEND_ALL: Ending = {
  mend: 'Mend the rows and import the file again.',
  nothingNew: 'Every row is known already; no edition is needed.',
};
export const KEEP_OR_MEND: Ending = {
  mend: 'Mend the rows, or add --keep-good for the others.',
  nothingNew: 'Every good row is known already; no edition is needed.',
};

/** The whole report for people. `counts` says what the file makes or would make. */
export function tableText(report: TableReport, choice: TableChoice, counts: string, ending: Ending): string {
  const { encoding, rows, faults } = report;
  const lines = [`${rows} rows, read as ${encoding}`, ...faults.map(faultLine), counts];
  return [...lines, ...endingLines(report, choice, ending)].join('\n');
}

export function faultLine({ row, column, value, reason }: CellFault): string {
  return `row ${row}${column && `, ${column}`}: “${value}” ${reason}`;
}

/** What the file makes, in numbers. */
export function madeLine(edition: number | null, would: Readonly<Record<string, number>>): string {
  const counts = Object.entries(would).map(([what, count]) => `${count} ${what}`);
  return `${edition === null ? 'Would make' : 'Made'}: ${counts.join(', ')}.`;
}

/** Whether it was published, and why not. */
export function endingLines(
  { faults, nothingNew, edition }: Omit<TableReport, 'encoding' | 'rows'>,
  { commit, keepGood }: TableChoice,
  ending: Ending,
): string[] {
  if (edition !== null) return [`Published as edition ${edition}.`];
  if (faults.length > 0 && !keepGood) return [`Nothing was written: ${faults.length} faults. ${ending.mend}`];
  if (nothingNew) return [ending.nothingNew];
  return commit ? [] : [DRY_RUN];
}
