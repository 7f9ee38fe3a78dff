import type { Shape } from '../../geometry/polygon.ts';

/** What editions after one number, up to another, opened and closed in the territory. */
export interface TerritoryLog {
  readonly schemes: readonly SchemeRow[];
  readonly layers: readonly LayerRow[];
  readonly tiers: readonly TierRow[];
  readonly grids: readonly GridRow[];
  readonly codes: readonly CodeRow[];
  readonly versions: readonly VersionRow[];
  readonly gaps: readonly GapRow[];
  readonly closed: {
    readonly codes: readonly Closing[];
    readonly versions: readonly Closing[];
    readonly gaps: readonly Closing[];
  };
}

/** An edition closed the row. */
export interface Closing {
  readonly id: number;
  readonly editionTo: number;
}
interface Opened {
  readonly id: number;
  readonly editionFrom: number;
  readonly editionTo: number | null;
}
/** Instants in milliseconds, half-open. */
export interface Valid {
  readonly validFrom: number;
  readonly validTo: number;
}
type SchemeRow = { id: number; code: string; name: string; family: string | null };
type LayerRow = {
  id: number;
  code: string;
  name: string;
  kind: 'PARTITION' | 'OVERLAY';
  position: number;
  editionFrom: number;
};
type TierRow = {
  id: number;
  layerId: number;
  code: string;
  name: string;
  rank: number;
  schemeId: number | null;
  editionFrom: number;
};
type GridRow = { id: string; tierId: number };
type CodeRow = Opened & { gridId: string; schemeId: number; code: string; main: boolean };
export type VersionRow = Opened &
  Valid & {
    gridId: string;
    parentId: string | null;
    name: string;
    kind: string;
    managerId: string | null;
    shape: Shape;
    areaSquareMetres: number;
    loads: { measure: string; value: number; date: string; source: string }[];
  };
export type GapRow = Opened & Valid & { layerId: number; name: string; status: 'GAP' | 'NOT_SERVED'; shape: Shape };
