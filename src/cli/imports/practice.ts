import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Viewer } from '../../access/viewer.ts';
import { DomainError } from '../../errors.ts';
import type { PracticeOutcome, PracticeService } from '../../practice/practice.service.ts';
import type { FoundPractice, PracticeFinder } from '../../practice/practiceFinder.ts';
import { instant } from '../terminal/options.ts';
import { DRY_RUN } from './tableReport.ts';

export interface PracticeOptions {
  /** A grid by id or code; everywhere where it is left out. */
  readonly area?: string;
  /** From when on it holds, or of when it is printed; now where it is left out. */
  readonly from?: Date;
  readonly commit?: boolean;
  readonly print?: boolean;
}

/** The part of the house that the command needs. */
export interface PracticeHouse {
  readonly operator: Viewer;
  readonly practice: { readonly service: PracticeService; readonly finder: PracticeFinder };
}

type WithHouse = (work: (house: PracticeHouse) => Promise<number>) => Promise<void>;

/** Adds `practice` to the command line. */
export function addPracticeCommand(program: Command, withHouse: WithHouse): void {
  program
    .command('practice')
    .description(
      'set local practice from a JSON file of sections, or print what is in force; a dry run unless --commit',
    )
    .argument('[file]')
    .option('--area <id or code>', 'a grid (default everywhere)')
    .option('--from <instant>', 'when it begins, past or planned (default now); with --print, of when', instant)
    .addOption(
      new Option('--print', 'print the practice in force, as a file that can be given back').conflicts('commit'),
    )
    .option('--commit', 'publish it', false)
    .action((file: string | undefined, options: PracticeOptions) =>
      withHouse((house) => (options.print ? printPractice(house, options) : setPractice(house, file, options))),
    );
}

/** Checks a file, publishes it if it is to be, and prints what changes. Gives the exit code. */
export async function setPractice(
  { practice, operator }: PracticeHouse,
  file: string | undefined,
  { area = undefined, from, commit = false }: PracticeOptions,
): Promise<number> {
  if (file === undefined) throw new DomainError('BAD_INPUT', 'file: name a JSON file, or ask with --print.');
  const sections = readJson(file, await readFile(file, 'utf8'));
  try {
    const request = { area: area ?? null, from, sections };
    const outcome = await practice.service.setPractice({ viewer: operator }, request, !commit);
    process.stdout.write(`${outcomeText(outcome, commit)}\n`);
    return 0;
  } catch (error) {
    const faults = error instanceof DomainError ? error.details.faults : undefined;
    if (!Array.isArray(faults)) throw error;
    const lines = faults.map(({ path, reason }) => `${path}: ${reason}`);
    process.stdout.write(`${[...lines, 'Nothing was written. Mend the file and give it again.'].join('\n')}\n`);
    return 1;
  }
}

/** Prints what is in force; sections that nobody sets are left out. */
async function printPractice({ practice }: PracticeHouse, { area, from }: PracticeOptions): Promise<number> {
  process.stdout.write(`${practiceJson(practice.finder.get({ area, asOf: from }))}\n`);
  return 0;
}

/** A practice as a file that can be given back. */
export function practiceJson({ practice, sources }: FoundPractice): string {
  const set = sources.filter(({ isSet }) => isSet);
  return JSON.stringify(Object.fromEntries(set.map(({ section }) => [section, practice[section]])), null, 2);
}

function readJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new DomainError('BAD_FILE', `${file}: this is no JSON: ${(error as Error).message}`, { file });
  }
}

function outcomeText({ from, changes, edition }: PracticeOutcome, commit: boolean): string {
  const lines = changes.map(({ section, before, after, changes: isNew }) => {
    return isNew ? `${section}: ${before} entries, then ${after}` : `${section}: ${after} entries, as they are`;
  });
  const isNew = changes.some((each) => each.changes);
  const last = edition !== null ? `Published as edition ${edition}.` : isNew && !commit ? DRY_RUN : undefined;
  return [`From ${from.toISOString()}`, ...lines, last ?? 'It is so already; no edition is needed.'].join('\n');
}
