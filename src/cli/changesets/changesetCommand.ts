import { type Command, Option } from 'commander';
import { DATUMS } from '../../geometry/datum.ts';
import { decimal, instant, wholeNumber } from '../terminal/options.ts';
import type { ChangesetHouse, ImportEditedOptions } from './changesetActs.ts';

type WithHouse = (work: (house: ChangesetHouse) => Promise<unknown>) => Promise<void>;

// Loaded when a command runs: `--help` needs none of it.
const acts = () => import('./changesetActs.ts');

const STATUSES = ['DRAFT', 'SUBMITTED', 'APPROVED', 'SCHEDULED', 'PUBLISHED', 'DISCARDED'];

/** Adds `wangge changeset …`. `withApp` opens the house, and takes a number as the exit code. */
export function addChangesetCommand(program: Command, withApp: WithHouse): void {
  const changeset = program
    .command('changeset')
    .description('drafts of changes to boundaries and trees: drawn, checked, approved by somebody else, published');
  addReading(changeset, withApp);
  addDrafting(changeset, withApp);
  addReviewing(changeset, withApp);
  addImport(changeset, withApp);
}

function addReading(changeset: Command, withApp: WithHouse): void {
  changeset
    .command('list')
    .description('the changesets, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .option('--author <subject>', 'only those that this one opened')
    .action((filter) => withApp(async (house) => (await acts()).listChangesets(house, filter)));
  changeset
    .command('show')
    .description('its state, the grids that it touches, and its issues')
    .argument('<id>')
    .action((id: string) => withApp(async (house) => (await acts()).showChangeset(house, id)));
  changeset
    .command('check')
    .description('its issues by severity, with rule, place and grids; exits with 1 while an ERROR stands')
    .argument('<id>')
    .action((id: string) => withApp(async (house) => (await acts()).checkChangeset(house, id)));
}

const TURNS = {
  undo: 'take back the last step',
  redo: 'do the step again that was taken back last',
  rebase: 'move it onto the newest edition; steps that clash are left out, and say why',
  submit: 'have it checked as a whole and wait for somebody else to approve it',
} as const;

function addDrafting(changeset: Command, withApp: WithHouse): void {
  changeset
    .command('open')
    .description('open a draft on the newest edition and print its id')
    .argument('<title>', 'what it is about; the title of its edition')
    .action((title: string) => withApp(async (house) => (await acts()).openChangeset(house, title)));
  for (const turn of Object.keys(TURNS) as (keyof typeof TURNS)[]) {
    changeset
      .command(turn)
      .description(TURNS[turn])
      .argument('<id>')
      .action((id: string) => withApp(async (house) => (await acts()).turnChangeset(house, id, turn)));
  }
  changeset
    .command('waive')
    .description('take the responsibility for a WARNING')
    .argument('<id>')
    .argument('<issue>', 'its id, as `check` prints it')
    .requiredOption('--reason <text>', 'why it is right as it is')
    .action((id: string, issue: string, { reason }: { reason: string }) =>
      withApp(async (house) => (await acts()).waiveIssue(house, id, issue, reason)),
    );
}

function addReviewing(changeset: Command, withApp: WithHouse): void {
  changeset
    .command('approve')
    .description('approve what somebody else opened: four eyes, for the operator too')
    .argument('<id>')
    .action((id: string) => withApp(async (house) => (await acts()).approveChangeset(house, id)));
  for (const [how, what] of [
    ['reopen', 'back to a draft, from submitted or approved'],
    ['discard', 'give it up; it stays readable'],
  ] as const) {
    changeset
      .command(how)
      .description(what)
      .argument('<id>')
      .action((id: string) => withApp(async (house) => (await acts()).endChangeset(house, id, how)));
  }
  changeset
    .command('publish')
    .description('publish an approved one as an edition')
    .argument('<id>')
    .option('--at <instant>', 'from then on (default now)', instant)
    .option('--commit', 'publish it', false)
    .action((id: string, options) => withApp(async (house) => (await acts()).publishChangeset(house, id, options)));
  changeset
    .command('revert')
    .description('open a changeset that takes an edition back')
    .argument('<edition>', 'its number', wholeNumber)
    .option('--title <text>', 'what it is about')
    .option('--commit', 'open it', false)
    .action((edition: number, options) =>
      withApp(async (house) => (await acts()).revertEdition(house, edition, options)),
    );
}

function addImport(changeset: Command, withApp: WithHouse): void {
  changeset
    .command('import')
    .description('one GeoJSON file that was exported and edited, compared with its origin and the draft')
    .argument('<file>')
    .requiredOption('--into <id>', 'the changeset that takes the edits')
    .option('--take-file', 'where the file and somebody else changed the same, the file is right')
    .option('--retire-missing', 'end grids that the file leaves out; otherwise they are kept')
    .option('--layer <code>', 'layer of new grids whose feature does not name it')
    .option('--tier <code>', 'and their tier')
    .addOption(
      new Option('--datum <datum>', 'datum of the coordinates (default WGS84); GCJ02 and BD09 are refused')
        .choices([...DATUMS])
        .conflicts('epsg'),
    )
    .option('--epsg <number>', 'coordinate system of the file', wholeNumber)
    .option('--sliver-metres <metres>', 'gaps and overlaps narrower than this go by rule (default 1)', decimal)
    .option('--sliver-square-metres <area>', 'and so do smaller ones (default 10)', decimal)
    .option('--commit', 'apply it', false)
    .option('--all-rows', 'print every row that is not the same, not only the first 40')
    .option('--json', 'print the whole report as JSON')
    .action((file: string, options: ImportEditedOptions) =>
      withApp(async (house) => (await acts()).importEdited(house, file, options)),
    );
}
