import { Argument, Command, Option } from 'commander';
import type { App } from './app.ts';
import { addAuditCommand } from './cli/audit.ts';
import { addChangesetCommand } from './cli/changesets/changesetCommand.ts';
import { addExportCommand } from './cli/changesets/exportCommand.ts';
import { printConfig } from './cli/config.ts';
import { addAddressImport } from './cli/imports/addresses.ts';
import { addDutiesCommand } from './cli/imports/duties.ts';
import { addPracticeCommand } from './cli/imports/practice.ts';
import { addRostersCommand } from './cli/imports/rosters.ts';
import { addSitesCommand } from './cli/imports/sites.ts';
import { ENCODING, FILE_OPTIONS, REPORT_OPTIONS, TITLE, withOptions } from './cli/imports/tableOptions.ts';
import { addTeamsCommand } from './cli/imports/teams.ts';
import type { CitySize } from './cli/seed.ts';
import { reportFailure } from './cli/terminal/failure.ts';
import { decimal, instant, wholeNumber } from './cli/terminal/options.ts';
import { type Progress, ProgressDisplay } from './cli/terminal/progress.ts';
import { addTokenCommand } from './cli/token.ts';
import { addFeedCommand } from './cli/upkeep/feed.ts';
import { addOverseeCommand } from './cli/upkeep/oversee.ts';
import { readConfig } from './config.ts';
import { DATUMS } from './geometry/datum.ts';

// What a command needs is loaded when it runs: all of it takes a second, and `--help` needs none.
const commands = {
  exchange: () => import('./cli/exchange.ts'),
  locate: () => import('./cli/locate.ts'),
  main: () => import('./main.ts'),
  seed: () => import('./cli/seed.ts'),
};

const display = new ProgressDisplay();

/** A transaction that is cut off leaves nothing behind, so there is nothing to wait for. */
function interrupted(): void {
  display.stop();
  process.stderr.write('Interrupted. What was not yet published is not written.\n');
  process.exit(130);
}
process.once('SIGINT', interrupted);

/** Runs `work` with the house open, and closes it whatever happens. A number it gives is the exit code. */
async function withApp(work: (app: App, progress: Progress) => Promise<unknown>): Promise<void> {
  const config = readConfig(process.env);
  const { openApp } = await import('./cli/openApp.ts');
  const app = await openApp(config, display.report);
  try {
    const code = await work(app, display.report);
    if (typeof code === 'number') process.exitCode = code;
  } finally {
    display.stop();
    await app.close();
  }
}

const program = new Command('wangge')
  .description('Who is responsible here? Grids of responsibility, their posts, and the GraphQL server that answers.')
  .exitOverride()
  .showSuggestionAfterError();

program
  .command('serve')
  .description('serve GraphQL over HTTP until SIGTERM')
  .option('--demo', 'fill an empty registry with the demo town first')
  .action(({ demo }: { demo?: boolean }) =>
    withApp(async (app, progress) => {
      if (demo && app.editions.latest === 0) await (await commands.seed()).seedCity(app, 'town', progress);
      display.stop();
      // From here on the server drains on signals.
      process.off('SIGINT', interrupted);
      await (await commands.main()).serve(app);
    }),
  );

program
  .command('migrate')
  .description('bring the database to the newest schema')
  .action(() =>
    withApp(async () => {
      process.stdout.write('The database is at the newest schema.\n');
    }),
  );

program
  .command('seed')
  .description('fill an empty registry with the demo city')
  .addOption(
    new Option('--size <size>', 'town: 1,337 micro-grids in one of six towns; city: some 50,000')
      .choices(['town', 'city'])
      .default('town'),
  )
  .option('--empty', 'make and migrate the database, and fill nothing in')
  .action(({ size, empty }: { size: CitySize; empty?: boolean }) =>
    withApp(async (app, progress) => {
      if (!empty) await (await commands.seed()).seedCity(app, size, progress);
      process.stdout.write(`The registry is at edition ${app.editions.latest}.\n`);
    }),
  );

const imports = program.command('import').description('import grids, roles or posts; a dry run unless --commit');

imports
  .command('grids')
  .description('one GeoJSON file of one tier; one file is one edition')
  .argument('<file>')
  .requiredOption('--layer <code>', 'layer of the grids')
  .requiredOption('--tier <code>', 'tier of the grids')
  .requiredOption('--code-field <property>', 'property that holds the code')
  .requiredOption('--name-field <property>', 'property that holds the name')
  .option('--kind-field <property>', 'property that holds the kind')
  .addOption(
    new Option('--parent-field <property>', 'property that holds the code of the parent').conflicts('parentBy'),
  )
  .addOption(new Option('--parent-by <how>', 'find the parent by where the grid lies').choices(['location']))
  .addOption(
    new Option('--datum <datum>', 'datum of the coordinates (default WGS84)').choices([...DATUMS]).conflicts('epsg'),
  )
  .option('--epsg <number>', 'coordinate system of the file', wholeNumber)
  .option('--effective-at <instant>', 'when what the file says begins', instant)
  .addOption(new Option('--create <kind>', 'make a missing layer or tier').choices(['partition', 'overlay']))
  .option('--scheme <code>', 'scheme of the codes')
  .option('--title <text>', 'title of the edition')
  .option('--sliver-metres <metres>', 'gaps and overlaps narrower than this go by rule (default 1)', decimal)
  .option('--sliver-square-metres <area>', 'and so do smaller ones (default 10)', decimal)
  .option('--retire-missing', 'end grids of the tier that the file does not name')
  .option('--commit', 'publish it', false)
  .option('--all-rows', 'print every row of the report, not only the first 40')
  .option('--json', 'print the whole report as JSON')
  .action((file: string, options) =>
    withApp(async (app, progress) => (await commands.exchange()).importGrids(app, file, options, progress)),
  );

const roles = imports
  .command('roles')
  .description('one CSV file of the roles there are and the tiers where they sit')
  .argument('<file>');
withOptions(roles, ENCODING, TITLE, ...REPORT_OPTIONS).action((file: string, options) =>
  withApp(async (app) => (await commands.exchange()).importRoles(app, file, options)),
);

const posts = imports
  .command('posts')
  .description('one CSV file of posts and who holds them; one file is one edition')
  .argument('<file>');
withOptions(posts, ...FILE_OPTIONS, ...REPORT_OPTIONS).action((file: string, options) =>
  withApp(async (app, progress) => (await commands.exchange()).importPosts(app, file, options, progress)),
);

addAddressImport(imports, withApp);
addRostersCommand(imports, withApp);
addDutiesCommand(imports, withApp);
addSitesCommand(imports, withApp);
addTeamsCommand(imports, withApp);

addExportCommand(program, withApp);

program
  .command('locate')
  .description('who is responsible at a point?')
  .addArgument(new Argument('<lon>', 'degrees east').argParser(decimal))
  .addArgument(new Argument('<lat>', 'degrees north').argParser(decimal))
  .option('--as-of <instant>', 'on this date, past or planned (default now)', instant)
  .option('--edition <number>', 'as this edition knew it (default the newest)', wholeNumber)
  .addOption(new Option('--datum <datum>', 'datum of the point').choices([...DATUMS]).default('WGS84'))
  .option('--json', 'print the whole answer as JSON')
  .action((lon: number, lat: number, options) =>
    withApp(async (app) => (await commands.locate()).locate(app, lon, lat, options)),
  );

addTokenCommand(program);
addAuditCommand(program, withApp);
addChangesetCommand(program, withApp);
addPracticeCommand(program, withApp);
addOverseeCommand(program, withApp);
addFeedCommand(program, withApp);

program
  .command('config')
  .description('list every setting with its meaning, default and value')
  .action(() => printConfig(process.env));

// A reader such as `head` may close the pipe early.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  display.stop();
  process.exitCode = reportFailure(error);
}
