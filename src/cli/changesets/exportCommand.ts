import { type Command, Option } from 'commander';
import { DATUMS } from '../../geometry/datum.ts';
import { instant, wholeNumber } from '../terminal/options.ts';
import type { ExportHouse, ExportOptions } from './exportFile.ts';

/** Adds `wangge export`. `withApp` opens the house. */
export function addExportCommand(
  program: Command,
  withApp: (work: (house: ExportHouse) => Promise<unknown>) => Promise<void>,
): void {
  program
    .command('export')
    .description('write the grids of a layer, or of a changeset, as GeoJSON; `changeset import` takes it back edited')
    .option('--layer <code>', 'layer of the grids')
    .option('--tier <code>', 'only this tier')
    .addOption(
      new Option('--as-of <instant>', 'as they are on this date (default now)')
        .argParser(instant)
        .conflicts('changeset'),
    )
    .addOption(
      new Option('--edition <number>', 'as this edition knew them (default the newest)')
        .argParser(wholeNumber)
        .conflicts('changeset'),
    )
    .option('--changeset <id>', 'the grids that this changeset touches, as they would be')
    .option('--all', 'with --changeset: all grids of its layers, not only those')
    .addOption(new Option('--datum <datum>', 'WGS84 or CGCS2000').choices([...DATUMS]).conflicts('epsg'))
    .option('--epsg <number>', 'write coordinates of this system', wholeNumber)
    .option('--out <file>', 'into this file instead of stdout')
    .action((options: ExportOptions) =>
      withApp(async (house) => (await import('./exportFile.ts')).exportFile(house, options)),
    );
}
