import type { EventKind, IncidentNotice, IncidentState, NewTask, Origin, PartyState, Rung } from './course/state.ts';

/** Where a matter is, exactly. Only those who handle it see it so; everybody else sees where it is about. */
export interface IncidentPlace {
  /** On the lattice. */
  readonly x: number;
  readonly y: number;
  readonly accuracyMetres: number;
  /** GeoJSON of a polygon or line, on WGS84. */
  readonly area: object | null;
  readonly addressId: string | null;
}

/** An incident as it is read for a list or by its id: the shell and its place, without what belongs to it. */
export interface IncidentRecord extends Omit<IncidentState, 'parties' | 'tasks' | 'attempts' | 'pushes' | 'links'> {
  /** Later ones have higher numbers. */
  readonly position: number;
  readonly summary: string | null;
  readonly place: IncidentPlace;
}

/** A report as it is filed, in version 1, with the tasks that follow from it. */
export interface NewIncident {
  readonly id: string;
  readonly category: string;
  readonly summary: string | null;
  readonly severity: string | null;
  readonly origin: Origin;
  readonly language: string | null;
  readonly responseClass: string | null;
  readonly occurredAt: Date;
  readonly reportedAt: Date;
  readonly edition: number;
  readonly place: IncidentPlace;
  readonly ladder: string | null;
  readonly rung: Rung | null;
  readonly notices: readonly IncidentNotice[];
  readonly reportedBy: string;
  readonly finderId: string | null;
  readonly owners: readonly Omit<PartyState, 'reason'>[];
  readonly tasks: readonly NewTask[];
  /** Kept apart; null: nothing is to be sealed. */
  readonly narrative: string | null;
}

/** One line of the trail. */
export interface TrailEntry {
  readonly id: string;
  readonly incidentId: string;
  /** 1, 2, 3 … within one incident, without a hole. */
  readonly version: number;
  readonly kind: EventKind;
  readonly act: string;
  readonly at: Date;
  readonly by: string;
  readonly gridIds: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** What belongs to an incident beside its shell. */
export type IncidentParts = Pick<IncidentState, 'parties' | 'tasks' | 'attempts' | 'pushes' | 'links'>;

/** An incident whole, as the desk reads and gives it. */
export type IncidentFile = IncidentRecord & IncidentParts;
