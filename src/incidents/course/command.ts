import type { IncidentNotice, NewTask, Outcome, PartyState, Rung } from './state.ts';

/**
 * What somebody wants done with an incident. Whoever asks has looked up whom it concerns (routing/) and whether the
 * actor may act for a post (the desk); `decide` judges whether it is allowed in the state the incident is in.
 */
export type Command =
  | { readonly do: 'ACKNOWLEDGE'; readonly taskId: string }
  /** At the place; for 1-3-5 minute response. `at` as told, never in the future nor before it occurred. */
  | { readonly do: 'ARRIVE'; readonly taskId: string; readonly at: Date }
  | { readonly do: 'HANDLE'; readonly taskId: string; readonly result: 'DONE' | 'FAILED'; readonly answer: string }
  /** Not accepted: it goes back to the one who handled it. */
  | { readonly do: 'VERIFY'; readonly taskId: string; readonly accepted: boolean; readonly reason: string | null }
  | { readonly do: 'CLOSE_TASK'; readonly taskId: string }
  /** "Not ours": a reason, and the grid whose it is where the one who declines knows it. */
  | { readonly do: 'DECLINE'; readonly taskId: string; readonly reason: string; readonly belongsTo: string | null }
  | { readonly do: 'WITHDRAW'; readonly taskId: string; readonly reason: string }
  | { readonly do: 'ISSUE'; readonly tasks: readonly NewTask[] }
  /** Told once for each task that is late; `tasks` go to the supervisor, and may be none where none is configured. */
  | {
      readonly do: 'OVERDUE';
      readonly taskId: string;
      readonly tasks: readonly NewTask[];
      /** What is not configured for it. */
      readonly notices?: readonly IncidentNotice[];
    }
  /**
   * Up the ladder. `rungs` is the whole ladder, lowest first. REASON needs a reason, and so does leaving out a rung
   * between, unless the chain has no grid there, which `missing` lists. FAILED needs a failed task or attempt at the
   * present rung, DEADLINE one that is overdue.
   */
  | {
      readonly do: 'CLIMB';
      readonly to: Rung;
      readonly rungs: readonly Rung[];
      readonly missing: readonly Rung[];
      readonly cause: 'FAILED' | 'DEADLINE' | 'REASON';
      readonly reason: string | null;
      readonly tasks: readonly NewTask[];
      readonly notices: readonly IncidentNotice[];
    }
  | {
      readonly do: 'ATTEMPT';
      readonly taskId: string;
      readonly result: 'FAILED' | 'SETTLED';
      readonly agreement: string | null;
      readonly note: string | null;
    }
  | { readonly do: 'GRADE'; readonly severity: string; readonly reason: string | null }
  /** To other owners, with a reason; tasks that are open at the old ones are withdrawn. */
  | {
      readonly do: 'MOVE';
      readonly owners: readonly Omit<PartyState, 'reason'>[];
      readonly ownedAt: Date;
      readonly edition: number;
      readonly reason: string;
      readonly ladder: string | null;
      readonly rung: Rung | null;
      readonly tasks: readonly NewTask[];
      readonly notices: readonly IncidentNotice[];
    }
  | {
      readonly do: 'PUSH';
      readonly id: string;
      readonly fromLayer: string;
      readonly fromGridId: string;
      readonly toLayer: string;
      readonly toGridId: string;
      readonly toLayerId: number;
      readonly message: string | null;
    }
  | { readonly do: 'ACKNOWLEDGE_PUSH'; readonly pushId: string }
  | { readonly do: 'ANSWER_PUSH'; readonly pushId: string; readonly answer: string }
  | { readonly do: 'LINK'; readonly otherId: string; readonly kind: 'ROOT' | 'RELATED'; readonly otherOpen: boolean }
  /**
   * SETTLED closes what is verified and is refused while anything else waits; the other outcomes withdraw what is open.
   * `followUps` are issued at the end, for the day on which they are due.
   */
  | {
      readonly do: 'CLOSE';
      readonly outcome: Outcome;
      readonly result: string;
      readonly followUps: readonly NewTask[];
      /** What is not configured for them. */
      readonly notices?: readonly IncidentNotice[];
    };

export type CommandName = Command['do'];

/** Who does it. */
export interface CourseActor {
  /** The login, for the trail. */
  readonly subject: string;
  /** The member of staff, where the login says who it is. */
  readonly staffId: string | null;
  /** The unit that he or she comes from now: of a reinforcement, the one that lends. */
  readonly bodyId: string | null;
}
