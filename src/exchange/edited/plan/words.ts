import type { Op } from '../../../changesets/ops/op.ts';
import type { Territory } from '../../../changesets/territory/territory.ts';
import type { Values } from '../rows/compareFields.ts';
import type { Wishes } from '../wishes.ts';

/** The ops for what is said of a grid beside its code, parent and boundary. */
export function wordsOf(grid: string, { name, kind, manager }: Partial<Values>): Op[] {
  const ops: Op[] = [];
  if (name !== undefined) ops.push({ rename: { grid, name } });
  if (kind !== undefined) ops.push({ changeKind: { grid, kind } });
  if (manager !== undefined) ops.push({ transfer: { grid, manager } });
  return ops;
}

/** New codes in the order in which each is free once whoever has it has got another; in a circle somebody is first. */
export function recodesOf(changes: Wishes['changes'], draft: Territory): Op[] {
  const open = new Map([...changes].flatMap(([grid, { code }]) => (code === undefined ? [] : [[grid, code] as const])));
  const holders = new Map([...open.keys()].map((grid) => [draft.get(grid, 'grid').codes[0]?.code, grid] as const));
  const ops: Op[] = [];
  while (open.size > 0) {
    const way = new Set<string>();
    let grid: string | undefined = open.keys().next().value;
    while (grid !== undefined && open.has(grid) && !way.has(grid)) {
      way.add(grid);
      grid = holders.get(open.get(grid)!);
    }
    for (const each of [...way].reverse()) {
      ops.push({ recode: { grid: each, code: open.get(each)! } });
      open.delete(each);
    }
  }
  return ops;
}
