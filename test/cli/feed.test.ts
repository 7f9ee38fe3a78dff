import { Writable } from 'node:stream';
import { Command } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import { addFeedCommand, type FeedHouse, printFeed, renewFeed } from '../../src/cli/upkeep/feed.ts';
import type { FeedStanding } from '../../src/feed/sequencing/feedKeeper.service.ts';

const AT = new Date('2026-06-01T04:00:00Z');
const STANDING: FeedStanding = {
  ...{ epoch: 'old', lastPosition: 7, oldestPosition: 3, oldestAt: AT, waiting: 2, waitingSince: AT },
};

function house(standing: Partial<FeedStanding> = {}) {
  const renew = vi.fn(async () => 'new');
  return { renew, house: { feed: { keeper: { read: async () => ({ ...STANDING, ...standing }), renew } } } };
}

async function printed(work: (out: Writable) => Promise<void>): Promise<string> {
  let text = '';
  const write = (chunk: Buffer, _: string, done: () => void) => {
    text += chunk;
    done();
  };
  await work(new Writable({ write }));
  return text;
}

describe('wangge feed', () => {
  it('status prints the head, the oldest event, what waits and the epoch', async () => {
    expect(await printed((out) => printFeed(house().house, out))).toBe(
      'head: 7\noldest kept: 3, of 2026-06-01T04:00:00.000Z\n' +
        'waiting to be sequenced: 2, since 2026-06-01T04:00:00.000Z\nepoch: old\n',
    );
    const empty = { lastPosition: 0, oldestPosition: null, oldestAt: null, waiting: 0, waitingSince: null };
    expect(await printed((out) => printFeed(house(empty).house, out))).toBe(
      'head: 0\noldest kept: none\nwaiting to be sequenced: 0\nepoch: old\n',
    );
  });

  it('renew changes nothing without --commit', async () => {
    const { house: own, renew } = house();
    expect(await printed((out) => renewFeed(own, false, out))).toContain('--commit');
    expect(renew).not.toHaveBeenCalled();
    expect(await printed((out) => renewFeed(own, true, out))).toBe('Epoch old ended at position 7; now it is new.\n');
    expect(renew).toHaveBeenCalledOnce();
  });

  it('has both commands, and no others', () => {
    const program = new Command('wangge');
    addFeedCommand(program, (work: (house: FeedHouse) => Promise<unknown>) => Promise.resolve(void work));
    expect(program.commands[0].commands.map((each) => each.name())).toEqual(['status', 'renew']);
  });
});
