import { type AreaTree, narrowTo } from '../../access/areaTree.ts';
import { type Areas, areasOf, type Viewer } from '../../access/viewer.ts';

/** Where somebody looks. */
export interface SeenArea {
  /** Row security is told of it, so that one walk down the tree serves the whole statement. */
  readonly areas: Areas;
  /** Whether it was narrowed: then what the login reported elsewhere is left out. */
  readonly isNarrowed: boolean;
}

/** The area of the right, or of it the grid that `within` names; a foreign or unknown grid shows nothing. */
export function areaOf(viewer: Viewer, tree: AreaTree, within?: string | null): SeenArea {
  const own = areasOf(viewer, 'incidents.read');
  if (within == null) return { areas: own, isNarrowed: false };
  return { areas: narrowTo(tree, own, within), isNarrowed: true };
}
