/** How long what stays open waits: times in milliseconds. */
export interface Timing {
  /** Between two heartbeats of a feed in which nothing happens: its reader's cursor moves on. */
  readonly heartbeatMs: number;
  /** Between two signs that the connection itself is alive. */
  readonly keepAliveMs: number;
  /** Who has not taken what was sent for so long is cut off … */
  readonly stallMs: number;
  /** … but is given more for much: the slowest line that is waited for. */
  readonly leastBytesASecond: number;
}

export const TIMING: Timing = { heartbeatMs: 10_000, keepAliveMs: 12_000, stallMs: 30_000, leastBytesASecond: 32_768 };
