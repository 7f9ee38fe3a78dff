import type { AttemptState, EventKind, IncidentState, LinkState, PartyState, PushState, TaskState } from './state.ts';

/** What is written into the trail; the desk gives each the next version and an id. */
export interface NewEvent {
  readonly kind: EventKind;
  /** TASK_ACKNOWLEDGED, ATTEMPT, MOVED … */
  readonly act: string;
  /** Codes, ids and counts; the words of answers and reasons too, never a narrative. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Owners at the event where they are not those after the change: of LEFT, the old ones. */
  readonly gridIds?: readonly string[];
}

/** The parts of the incident itself that change. */
export type ShellChange = Partial<
  Pick<
    IncidentState,
    | 'severity'
    | 'ownedAt'
    | 'edition'
    | 'ladder'
    | 'rung'
    | 'notices'
    | 'status'
    | 'outcome'
    | 'result'
    | 'closedAt'
    | 'closedBy'
    | 'closedTier'
  >
>;

/** What a command comes to. Everything left out stays as it is. No events: nothing changes at all. */
export interface IncidentChange {
  /** At least one, in order, unless nothing changes. */
  readonly events: readonly NewEvent[];
  readonly shell?: ShellChange;
  /** New ones and those that went on, whole. */
  readonly tasks?: readonly TaskState[];
  readonly attempts?: readonly AttemptState[];
  readonly pushes?: readonly PushState[];
  readonly links?: readonly LinkState[];
  readonly partiesAdded?: readonly PartyState[];
  readonly partiesEnded?: readonly PartyState[];
}

const sameParty = (a: PartyState, b: PartyState) => a.gridId === b.gridId && a.reason === b.reason;

/** New ones behind, known ones in their place. */
function merge<T>(known: readonly T[], changed: readonly T[] = [], isSame: (a: T, b: T) => boolean): readonly T[] {
  if (changed.length === 0) return known;
  const added = changed.filter((each) => !known.some((old) => isSame(old, each)));
  return [...known.map((old) => changed.find((each) => isSame(old, each)) ?? old), ...added];
}

/** The incident after a change. Pure; the desk writes the same to the database. */
export function applyChange(incident: IncidentState, change: IncidentChange): IncidentState {
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => a.id === b.id;
  const ended = change.partiesEnded ?? [];
  return {
    ...incident,
    ...change.shell,
    version: incident.version + change.events.length,
    parties: merge(
      incident.parties.filter((party) => !ended.some((each) => sameParty(each, party))),
      change.partiesAdded,
      sameParty,
    ),
    tasks: merge(incident.tasks, change.tasks, byId),
    attempts: merge(incident.attempts, change.attempts, (a, b) => a.number === b.number),
    pushes: merge(incident.pushes, change.pushes, byId),
    links: merge(incident.links, change.links, (a, b) => a.otherId === b.otherId),
  };
}
