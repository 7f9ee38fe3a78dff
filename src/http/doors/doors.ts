import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Executor } from '../execution/executor.ts';
import type { Timing } from '../flow/timing.ts';
import type { Guard } from '../guard/guard.ts';
import type { Seats } from '../guard/seats.ts';
import type { Entrance } from './entrance.ts';
import type { SignInWatch } from './signInWatch.ts';

/** What all doors share, so that each judges, executes and answers alike. */
export interface Doors {
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly entrance: Entrance;
  readonly guard: Guard;
  readonly executor: Executor;
  readonly watch: SignInWatch;
  /** Sockets and streams together, by caller. */
  readonly seats: Seats;
  readonly timing: Timing;
}
