/** An event that a writer knows by its id, or by the incident and the version that the answer gave. */
export type EventName = { readonly id: string } | { readonly incident: string; readonly version: number };

/** A write that was answered with success. */
export interface Acknowledged {
  readonly events: readonly EventName[];
  /** Milliseconds of one clock: when it was sent first, and when it was answered. */
  readonly begun: number;
  readonly answered: number;
  readonly by: 'HTTP' | 'SQL';
}

/** What the writers know: what was acknowledged, and what was rolled back and must never appear. */
export class Ledger {
  readonly acknowledged: Acknowledged[] = [];
  readonly rolledBack: string[] = [];
  /** Writes that were never answered, or refused: they may have happened or not. */
  unanswered = 0;

  acknowledge(by: Acknowledged['by'], begun: number, events: readonly EventName[]): void {
    this.acknowledged.push({ by, begun, answered: performance.now(), events });
  }
}
