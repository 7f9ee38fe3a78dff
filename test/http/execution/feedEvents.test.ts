import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/errors.ts';
import { FeedEvents, type Source } from '../../../src/http/execution/feedEvents.ts';

const SHOWING = {
  show: (item: unknown) => ({ data: { item } }),
  failed: (error: unknown) => ({ errors: [error as never] }),
};

/** A source that gives what it is told to, and says what to wait for meanwhile. */
function openSource() {
  const items: unknown[] = [];
  let wake = () => {};
  let fail = (_error: Error) => {};
  const source: Source & AsyncIterable<unknown> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    ready() {
      if (items.length > 0) return undefined;
      return new Promise((resolve, reject) => {
        [wake, fail] = [resolve, reject];
      });
    },
    async next() {
      if (items.length === 0) throw new Error('Asked though it was not ready.');
      return { done: false, value: items.shift() };
    },
    heartbeat: () => 'here',
  };
  const give = (item: unknown) => {
    items.push(item);
    wake();
  };
  return { source, give, wake: () => wake(), fail: (error: Error) => fail(error) };
}

describe('events of a feed', () => {
  it('are asked of the source only when it is ready, and heartbeats come while it is not', async () => {
    const { source, give, wake } = openSource();
    const events = new FeedEvents(source, SHOWING);
    const asked = events.next();
    expect(events.heartbeat()).toBe('here');
    wake();
    await Promise.resolve();
    give('a');
    expect(await asked).toEqual({ done: false, value: { data: { item: 'a' } } });
    expect(events.heartbeat()).toBeUndefined();
  });

  it('are let go when the next is asked for, so that thousands who wait hold nothing', async () => {
    const { source, give } = openSource();
    const events = new FeedEvents(source, SHOWING);
    give('a');
    const first = (await events.next()).value!;
    expect(first).toEqual({ data: { item: 'a' } });
    const second = events.next();
    expect(first).toEqual({});
    give('b');
    expect((await second).value).toEqual({ data: { item: 'b' } });
  });

  it('end with what went wrong while they waited', async () => {
    const { source, fail } = openSource();
    const events = new FeedEvents(source, SHOWING);
    const asked = events.next();
    const error = new DomainError('CURSOR_EXPIRED', 'The log was restored.');
    fail(error);
    expect(await asked).toEqual({ done: false, value: { errors: [error] } });
    expect(events.failure).toBe(error);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
