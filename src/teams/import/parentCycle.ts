import type { DatedRow } from '../../grids/log/datedLog.ts';
import type { ParentState } from '../team.type.ts';

interface Start {
  readonly bodyId: string;
  readonly at: Date;
  readonly parents: ReadonlyMap<string, string>;
}

/**
 * The line in which a body would stand above itself when what the file wants of it begins, if any. What the file does
 * not say is as it is known. A cycle on other dates only is left to the database, which refuses the whole file.
 */
export function findCycle(
  { bodyId, at, parents }: Start,
  wanted: ReadonlyMap<string, ReadonlyMap<string, string>>,
  known: ReadonlyMap<string, readonly DatedRow<ParentState>[]>,
): string | undefined {
  const above = (id: string, line: string) => {
    const said = wanted.get(id)?.get(line);
    if (said !== undefined) return said;
    const holds = (row: DatedRow<ParentState>) =>
      row.value.line === line && row.validFrom <= at.getTime() && at.getTime() < row.validTo;
    return known.get(id)?.find(holds)?.value.parentId;
  };
  for (const line of parents.keys()) {
    const seen = new Set<string>();
    for (let id = above(bodyId, line); id !== undefined && !seen.has(id); id = above(id, line)) {
      if (id === bodyId) return line;
      seen.add(id);
    }
  }
  return undefined;
}
