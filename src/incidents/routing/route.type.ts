import type { VersionEntry } from '../../grids/atlas/rows.ts';
import type { Moment } from '../../grids/moment.ts';
import type { HandlerPractice, LadderPractice } from '../../practice/practice.type.ts';
import type { Cause, IncidentNotice, NewTask, Rung } from '../course/state.ts';

/** A matter at a place, as it is routed. */
export interface RoutedMatter {
  readonly category: string;
  readonly severity: string | null;
  readonly language: string | null;
  /** The member of staff who found it: never its mediator. */
  readonly finderId: string | null;
  /** From the smallest grid to the root, of every layer that holds the place, in the layers' order; of an area several of one layer, largest share first. */
  readonly chains: readonly (readonly VersionEntry[])[];
  /** Whose practice and whose holders: of the report or of the move; of a climb and of oversight, now. */
  readonly moment: Moment;
}

/** Whom it goes to on one rung, and what has to be told about that. Tasks are due from `moment.asOf` on. */
export interface Routed {
  readonly tasks: readonly NewTask[];
  readonly notices: readonly IncidentNotice[];
}

/** Where it begins. */
export interface RoutedStart extends Routed {
  /** The named ladder of the practice that serves the category; null: not configured. */
  readonly ladder: LadderPractice | null;
  /** The lowest rung of the ladder that has a grid here; null: not configured. */
  readonly rung: Rung | null;
}

/** The ladder of a matter at its place. */
export interface Rungs {
  readonly ladder: LadderPractice;
  /** Lowest first. */
  readonly rungs: readonly Rung[];
  /** Those without a grid in the chains. */
  readonly missing: readonly Rung[];
}

/** Finds whom a matter goes to, by the local practice of its place; from memory. Never guesses: what no practice says is a notice. */
export interface Routing {
  start(matter: RoutedMatter): RoutedStart;
  /** Undefined where no ladder serves the category. */
  rungsOf(matter: RoutedMatter): Rungs | undefined;
  /** The handlers on a rung. */
  at(matter: RoutedMatter, rung: Rung, cause: Cause): Routed;
  /** Whom a late task on a rung is told to. */
  supervisors(matter: RoutedMatter, rung: Rung, aboutId: string): Routed;
  /** Who looks again after a settled end, `days` after the moment; empty where nobody does. */
  followUps(matter: RoutedMatter, rung: Rung): Routed;
  /** Posts for handlers that a rule or a person names. */
  handlers(matter: RoutedMatter, handlers: readonly HandlerPractice[], rung: Rung | null, cause: Cause): Routed;
}
