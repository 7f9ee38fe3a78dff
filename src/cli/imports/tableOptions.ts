import { type Command, Option } from 'commander';
import type { App } from '../../app.ts';
import { instant } from '../terminal/options.ts';

/** Opens the house for `work`, and takes the number that it gives as the exit code. */
export type WithApp = (work: (app: App) => Promise<number>) => Promise<void>;

/** How the report of an import is printed. */
export interface TableOutput {
  /** Machine-readable, and whole. */
  readonly json?: boolean;
}

export const ENCODING = new Option('--encoding <name>', 'such as utf-8 or gb18030; recognised when not given');
export const EFFECTIVE_AT = new Option('--effective-at <instant>', 'when rows without a date begin').argParser(instant);
export const TITLE = new Option('--title <text>', 'title of the edition');
export const ERRORS = new Option('--errors <file>', 'write the faults of rows into this CSV file');
export const KEEP_GOOD = new Option('--keep-good', 'publish the good rows though others have faults').default(false);
const COMMIT = new Option('--commit', 'publish it').default(false);
const JSON_REPORT = new Option('--json', 'print the whole report as JSON');

/** What a file does not say itself. */
export const FILE_OPTIONS = [ENCODING, EFFECTIVE_AT, TITLE];
/** What is to come of it. */
export const REPORT_OPTIONS = [COMMIT, JSON_REPORT];

/** Gives a command options; its help names them in this order. */
export function withOptions(command: Command, ...options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}
