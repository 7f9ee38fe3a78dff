import type { DraftGrid } from './draftGrid.ts';

/** What became of one grid: null before is a new one, null after one that ends. */
export interface Change {
  readonly before: DraftGrid | null;
  readonly after: DraftGrid | null;
}

/** What an op touched, by grid id. */
export type Patch = ReadonlyMap<string, Change>;

/** How a grid goes on in another: law 3, identity outlives shape. */
export interface Lineage {
  readonly from: string;
  readonly to: string;
  readonly how: 'MERGED' | 'SPLIT' | 'RETIRED';
}

/** The patch that takes another back. Before and after are the same objects, so what it restores is equal to the byte. */
export function invert(patch: Patch): Patch {
  return new Map([...patch].map(([id, { before, after }]) => [id, { before: after, after: before }]));
}

/** One patch for several in a row; grids that end up as they began are left out. */
export function compose(patches: Iterable<Patch>): Patch {
  const whole = new Map<string, Change>();
  for (const patch of patches) {
    for (const [id, { before, after }] of patch) {
      const known = whole.get(id);
      whole.set(id, { before: known ? known.before : before, after });
    }
  }
  for (const [id, { before, after }] of whole) if (before === after) whole.delete(id);
  return whole;
}

/** The grids of a patch as they are after it. */
export function afterwards(patch: Patch): DraftGrid[] {
  return [...patch.values()].map(({ after }) => after).filter((grid) => grid !== null);
}
