import type { Logged } from './feedWorld.ts';

/** A write that was acknowledged, between two ticks of one counter. */
export interface Written {
  readonly event: string;
  readonly begun: number;
  readonly acknowledged: number;
}

/** What is wrong with a log, if anything. */
export function faultOf(log: readonly Logged[], written: readonly Written[]): string | undefined {
  const versions = new Map<string, number>();
  for (const [n, { position, subject, version }] of log.entries()) {
    if (position !== n + 1) return `a hole before position ${position}`;
    if (version !== (versions.get(subject) ?? 0) + 1) return `version ${version} out of order at ${position}`;
    versions.set(subject, version);
  }
  const byEvent = new Map(written.map((each) => [each.event, each]));
  if (byEvent.size !== log.length) return `${log.length} events of ${byEvent.size} that were acknowledged`;
  let newest = -1;
  for (const { id, position } of log) {
    const write = byEvent.get(id);
    if (!write) return `nobody was told that event ${position} is written`;
    if (write.acknowledged < newest) return `event ${position} was acknowledged before an earlier one began`;
    newest = Math.max(newest, write.begun);
  }
  return undefined;
}
