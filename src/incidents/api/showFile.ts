import type { IncidentFile } from '../incident.type.ts';
import { Incident } from './incident.type.ts';

/** An incident as it is after an act, with all that belongs to it. */
export function showFile(file: IncidentFile): Incident {
  return new Incident(file, async () => file);
}
