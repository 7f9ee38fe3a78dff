import type { Acknowledged, EventName } from './ledger.ts';

/** One event of the log as it was in the end, in the order of positions. */
export interface LoggedEvent {
  readonly position: number;
  readonly id: string;
  readonly incident: string;
  readonly version: number;
  readonly areaIds: readonly string[];
  /** The log has events of other topics as well, whose positions count. */
  readonly isIncident: boolean;
}

/** What one reader got, in the order in which it came, repetitions included. */
export interface ReaderLog {
  readonly name: string;
  /** The grid it follows. */
  readonly within: string;
  /** It follows everything behind this position. */
  readonly after: number;
  readonly events: readonly { readonly id: string; readonly incident: string; readonly version: number }[];
}

export interface Evidence {
  readonly acknowledged: readonly Acknowledged[];
  readonly rolledBack: readonly string[];
  /** Of the log, in the order of positions. */
  readonly log: readonly LoggedEvent[];
  /** What was really written: the rows of `incident_event`. */
  readonly trail: readonly { readonly id: string; readonly incident: string; readonly version: number }[];
  readonly readers: readonly ReaderLog[];
}

/**
 * LOST: acknowledged or written and not in the log, or in the log and not received. DUPLICATED: one change under two
 * events. OUT_OF_ORDER: versions of an incident, positions of an area, or a write before one that was acknowledged
 * earlier. HOLE: a position or version that is missing. GHOST: in the log, and rolled back or never written.
 * ABORTED_READ: received, and not in the log.
 */
export type FaultKind = 'LOST' | 'DUPLICATED' | 'OUT_OF_ORDER' | 'HOLE' | 'GHOST' | 'ABORTED_READ';

export interface Fault {
  readonly kind: FaultKind;
  readonly about: string;
}

const nameOf = (incident: string, version: number) => `${incident}/${version}`;
const keyOf = (event: EventName) => ('id' in event ? event.id : nameOf(event.incident, event.version));

/** The log by the ids of its events, and by incident and version. */
type Index = ReadonlyMap<string, LoggedEvent>;

function indexOf(log: readonly LoggedEvent[]): Index {
  const index = new Map<string, LoggedEvent>();
  for (const event of log) index.set(event.id, event).set(nameOf(event.incident, event.version), event);
  return index;
}

/** Everything that is wrong; empty where every promise was kept. */
export function check(evidence: Evidence): Fault[] {
  const log = evidence.log.filter(({ isIncident }) => isIncident);
  const index = indexOf(log);
  return [
    ...checkPositions(evidence.log),
    ...checkVersions(log),
    ...checkWritten({ ...evidence, log }, index),
    ...checkRealTime(evidence, index),
    ...evidence.readers.flatMap((reader) => [...checkReader(reader, log, index)]),
  ];
}

/** 1, 2, 3 … */
function* checkPositions(log: readonly LoggedEvent[]): Generator<Fault> {
  let last = 0;
  for (const { position } of log) {
    if (position > last + 1) yield { kind: 'HOLE', about: `positions ${last + 1} to ${position - 1}` };
    if (position <= last) yield { kind: 'DUPLICATED', about: `position ${position}` };
    last = position;
  }
}

/** Of each incident 1, 2, 3 … in this order, each once. */
function* checkVersions(log: readonly LoggedEvent[]): Generator<Fault> {
  const ids = new Set<string>();
  const versions = new Map<string, Set<number>>();
  const newest = new Map<string, number>();
  for (const { position, id, incident, version } of log) {
    const known = versions.get(incident) ?? new Set();
    if (ids.has(id) || known.has(version))
      yield { kind: 'DUPLICATED', about: `${nameOf(incident, version)} at ${position}` };
    const before = newest.get(incident) ?? 0;
    if (version < before)
      yield { kind: 'OUT_OF_ORDER', about: `${nameOf(incident, version)} behind version ${before}` };
    ids.add(id);
    versions.set(incident, known.add(version));
    newest.set(incident, Math.max(before, version));
  }
  for (const [incident, known] of versions)
    for (let version = 1; version <= newest.get(incident)!; version++)
      if (!known.has(version)) yield { kind: 'HOLE', about: `version ${nameOf(incident, version)}` };
}

/** What was acknowledged or written is in the log, and nothing else. */
function* checkWritten({ acknowledged, rolledBack, log, trail }: Evidence, index: Index): Generator<Fault> {
  for (const { by, events } of acknowledged)
    for (const event of events)
      if (!index.has(keyOf(event))) yield { kind: 'LOST', about: `${keyOf(event)}, acknowledged over ${by}` };
  const written = new Set(trail.map(({ id }) => id));
  for (const { id, incident, version } of trail)
    if (!index.has(id)) yield { kind: 'LOST', about: `${nameOf(incident, version)}, written and not in the log` };
  for (const id of rolledBack) if (index.has(id)) yield { kind: 'GHOST', about: `${id}, rolled back` };
  for (const { id, position } of log)
    if (!written.has(id)) yield { kind: 'GHOST', about: `${id} at ${position}, never written` };
}

/** A write that was begun after another had been acknowledged stands behind it. */
function* checkRealTime({ acknowledged }: Evidence, index: Index): Generator<Fault> {
  const placed = acknowledged
    .flatMap(({ begun, answered, events }) =>
      events.map((event) => ({ begun, answered, position: index.get(keyOf(event))?.position, key: keyOf(event) })),
    )
    .filter((each): each is typeof each & { position: number } => each.position !== undefined)
    .sort((a, b) => a.position - b.position);
  let latest = { begun: Number.NEGATIVE_INFINITY, key: '' };
  for (const { begun, answered, key } of placed) {
    if (answered < latest.begun) yield { kind: 'OUT_OF_ORDER', about: `${key} behind ${latest.key}, begun after it` };
    if (begun > latest.begun) latest = { begun, key };
  }
}

/** Without repetitions it is the part of the log that is for the reader, in its order. */
function* checkReader(reader: ReaderLog, log: readonly LoggedEvent[], index: Index): Generator<Fault> {
  const { name, within, after } = reader;
  const seen = new Set<string>();
  const changes = new Set<string>();
  let last = 0;
  for (const { id, incident, version } of reader.events) {
    if (seen.has(id)) continue;
    seen.add(id);
    const change = nameOf(incident, version);
    if (changes.has(change)) yield { kind: 'DUPLICATED', about: `${change} for ${name}` };
    changes.add(change);
    const logged = index.get(id);
    if (!logged) yield { kind: 'ABORTED_READ', about: `${change} for ${name}, ${id}` };
    else if (!logged.areaIds.includes(within))
      yield { kind: 'ABORTED_READ', about: `${change} for ${name}, not of its area` };
    else if (logged.position < last)
      yield { kind: 'OUT_OF_ORDER', about: `${logged.position} behind ${last} for ${name}` };
    last = Math.max(last, logged?.position ?? 0);
  }
  for (const { id, position, areaIds } of log)
    if (position > after && areaIds.includes(within) && !seen.has(id))
      yield { kind: 'LOST', about: `${position} for ${name}` };
}

/** How many there are of each kind. */
export function countFaults(faults: readonly Fault[]): Record<FaultKind, number> {
  const counts = { LOST: 0, DUPLICATED: 0, OUT_OF_ORDER: 0, HOLE: 0, GHOST: 0, ABORTED_READ: 0 };
  for (const { kind } of faults) counts[kind] += 1;
  return counts;
}
