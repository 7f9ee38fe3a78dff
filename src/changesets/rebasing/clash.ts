import type { Aspect, Reads } from '../ops/reads.ts';
import { codesOf, isSameDrawing, membersOf } from '../territory/codec.ts';
import { type DraftGrid, mainCodeOf } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';

/** Whether one aspect of a grid is what it was. */
const SAME: Readonly<Record<Aspect, (a: DraftGrid, b: DraftGrid) => boolean>> = {
  existence: () => true,
  boundary: (a, b) => isSameDrawing(a.shape, b.shape),
  name: (a, b) => a.name === b.name,
  kind: (a, b) => a.kind === b.kind,
  parent: (a, b) => a.parentId === b.parentId,
  manager: (a, b) => a.managerId === b.managerId,
  codes: (a, b) => codesOf(a) === codesOf(b),
  members: (a, b) => membersOf(a) === membersOf(b),
};

/** Says what has been changed between two bases that an op depends on; undefined: nothing. */
export function clashOf(reads: Reads, from: Territory, to: Territory): string | undefined {
  for (const [id, aspects] of reads) {
    const [before, after] = [from.find(id), to.find(id)];
    // A grid that the draft made itself.
    if (!before && !after) continue;
    if (!before) return `Grid ${mainCodeOf(after!)} has been made since.`;
    if (!after) return `Grid ${mainCodeOf(before)} has ended since.`;
    for (const aspect of aspects) {
      if (!SAME[aspect](before, after)) return `The ${aspect} of grid ${mainCodeOf(before)} has been changed since.`;
    }
  }
  return undefined;
}
