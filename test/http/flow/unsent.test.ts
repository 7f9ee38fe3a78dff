import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TIMING } from '../../../src/http/flow/timing.ts';
import { Unsent } from '../../../src/http/flow/unsent.ts';

describe('what does not leave a connection', () => {
  let cuts = 0;
  let unsent: Unsent;
  beforeEach(() => {
    vi.useFakeTimers();
    cuts = 0;
    unsent = new Unsent(TIMING, () => {
      cuts += 1;
    });
  });
  afterEach(() => {
    unsent.close();
    vi.useRealTimers();
  });

  it('cuts the reader after the time to stall, and not before', () => {
    unsent.add(0);
    vi.advanceTimersByTime(29_999);
    expect(cuts).toBe(0);
    vi.advanceTimersByTime(2);
    expect(cuts).toBe(1);
    vi.advanceTimersByTime(300_000);
    expect(cuts).toBe(1);
  });

  it('is given a second more for each 32 KiB', () => {
    unsent.add(10 * 32_768);
    vi.advanceTimersByTime(39_999);
    expect(cuts).toBe(0);
    vi.advanceTimersByTime(2);
    expect(cuts).toBe(1);
  });

  it('is judged by its oldest piece, however much is sent meanwhile', () => {
    for (let second = 0; second < 200; second++) {
      unsent.add(0);
      vi.advanceTimersByTime(1000);
      unsent.left();
    }
    expect(cuts).toBe(0);
    unsent.add(0);
    for (let second = 0; second < 29; second++) {
      vi.advanceTimersByTime(1000);
      unsent.add(0);
    }
    expect(cuts).toBe(0);
    vi.advanceTimersByTime(1001);
    expect(cuts).toBe(1);
  });

  it('is nothing once the connection is closed, and leaves no timer', () => {
    unsent.add(0);
    unsent.close();
    vi.advanceTimersByTime(60_000);
    expect(cuts).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
