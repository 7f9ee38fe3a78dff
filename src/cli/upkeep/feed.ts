import type { Command } from 'commander';
import type { FeedKeeper, FeedStanding } from '../../feed/sequencing/feedKeeper.service.ts';

/** The part of the house that these commands use. */
export interface FeedHouse {
  readonly feed: { readonly keeper: Pick<FeedKeeper, 'read' | 'renew'> };
}

type WithHouse = (work: (house: FeedHouse) => Promise<unknown>) => Promise<void>;

/** Adds `wangge feed …`. */
export function addFeedCommand(program: Command, withApp: WithHouse): void {
  const feed = program.command('feed').description('the log of events that feeds and webhooks are read from');
  feed
    .command('status')
    .description('print its head, its oldest event, what waits to be sequenced, and its epoch')
    .action(() => withApp((house) => printFeed(house)));
  feed
    .command('renew')
    .description('refuse all cursors given out so far, after the database was restored; a dry run unless --commit')
    .option('--commit', 'do it', false)
    .action(({ commit }: { commit: boolean }) => withApp((house) => renewFeed(house, commit)));
}

/** Prints how the log stands, a line for each fact. */
export async function printFeed({ feed }: FeedHouse, out: NodeJS.WritableStream = process.stdout): Promise<void> {
  out.write(`${linesOf(await feed.keeper.read()).join('\n')}\n`);
}

function linesOf({ epoch, lastPosition, waiting, waitingSince, ...oldest }: FeedStanding): string[] {
  const { oldestPosition, oldestAt } = oldest;
  return [
    `head: ${lastPosition}`,
    `oldest kept: ${oldestPosition === null ? 'none' : `${oldestPosition}, of ${oldestAt?.toISOString()}`}`,
    `waiting to be sequenced: ${waiting}${waitingSince === null ? '' : `, since ${waitingSince.toISOString()}`}`,
    `epoch: ${epoch}`,
  ];
}

/** Begins another epoch, where it is asked to. */
export async function renewFeed(
  { feed }: FeedHouse,
  commit: boolean,
  out: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  const { epoch, lastPosition } = await feed.keeper.read();
  if (commit) {
    out.write(`Epoch ${epoch} ended at position ${lastPosition}; now it is ${await feed.keeper.renew()}.\n`);
  } else {
    out.write(
      `This would end epoch ${epoch}, at position ${lastPosition}: whoever follows a feed or polls with a cursor is told CURSOR_EXPIRED and reads anew. Give --commit to do it.\n`,
    );
  }
}
