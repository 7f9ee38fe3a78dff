import type { ReaderLog } from './checker.ts';
import type { Place } from './ground.ts';

/** Whoever is told of what happens in a grid, by whatever way. */
export interface Reader {
  readonly name: string;
  readonly within: Place;
  /** Of all events that it got. */
  readonly ids: ReadonlySet<string>;
  /** What was refused though there is no reason for it. */
  readonly refusals: readonly string[];
  /** How often it lost the connection. */
  readonly losses: number;
  /** Cursors that came without an event. */
  readonly heartbeats: number;
  /** Before anything is written. */
  begin(): Promise<void>;
  /** Loses the connection in the middle. */
  lose(): void;
  stop(): Promise<void>;
  logged(): ReaderLog;
}
