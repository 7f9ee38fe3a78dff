import { DomainError } from '../../errors.ts';
import type { SourceSystem } from './positions.ts';

/**
 * Refuses GCJ-02 and BD-09 (BAD_DATUM) for boundaries that go out and come back: their shift has no published inverse, so
 * that each way there and back would move every border by up to a metre, and nobody could tell what was edited.
 */
export function assertSurveyDatum(system: SourceSystem): void {
  if (!('datum' in system) || system.datum === 'WGS84' || system.datum === 'CGCS2000') return;
  const message = `--datum: ${system.datum} has no published inverse, so boundaries that come back through it are moved by up to 1 m and all would look edited. Use WGS84, CGCS2000 or an EPSG number such as 4547.`;
  throw new DomainError('BAD_DATUM', message, { field: '--datum', datum: system.datum });
}
