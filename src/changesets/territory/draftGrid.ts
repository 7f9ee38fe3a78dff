import type { Shape } from '../../geometry/polygon.ts';
import type { CodeDraft, LoadFigure } from '../../grids/territory.type.ts';

/** A grid as a draft sees it: what it is from one instant on. Never changed: an op makes another. */
export interface DraftGrid {
  readonly id: string;
  /** Codes of its layer and tier. */
  readonly layer: string;
  readonly tier: string;
  /** The main one first. */
  readonly codes: readonly CodeDraft[];
  readonly name: string;
  readonly kind: string;
  readonly parentId: string | null;
  readonly managerId: string | null;
  readonly shape: Shape;
  readonly loads: readonly LoadFigure[];
  /** Grids of another layer that make it up, sorted; null where its tier is not made of such. */
  readonly memberIds: readonly string[] | null;
  /** The row that the registry holds it in; null for a grid that the draft makes. Ops carry it along unchanged. */
  readonly versionId: number | null;
}

/** What the grids of a tier are made of: drawn by hand, or the union of their children or of grids of another layer. */
export type TierSource = 'DRAWN' | 'CHILDREN' | { readonly layer: string; readonly tier: string };

/** A tier with what is asked of its grids: local data. */
export interface TierRules {
  readonly code: string;
  readonly name: string;
  /** 1 is the root. */
  readonly rank: number;
  /** The scheme in which every grid of the tier is expected to have a code. */
  readonly scheme: string | null;
  readonly source: TierSource;
  /** A regular expression (RE2 style, whole text) for main codes. */
  readonly codePattern: string | null;
  readonly leastSquareMetres: number;
  /** Mean width, twice the area by the length of the border. */
  readonly leastWidthMetres: number;
  /** The band in which a load figure, such as households, should lie. */
  readonly load: { readonly measure: string; readonly least: number; readonly most: number } | null;
}

export interface LayerRules {
  readonly code: string;
  readonly kind: 'PARTITION' | 'OVERLAY';
  /** Root tier first. */
  readonly tiers: readonly TierRules[];
}

export function mainCodeOf(grid: DraftGrid): string {
  return grid.codes[0]?.code ?? grid.id;
}
