import type { Shape } from '../../geometry/polygon.ts';
import type { Lineage, Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';

/** A place on the lattice of 1e-7 degree: x, y. */
export type Point = readonly [x: number, y: number];

/**
 * One step of an edit, as a client names it. Positions are lattice numbers, grids are ids. Ids of grids that an op makes
 * are part of it, so that applying it again, as a rebase does, gives the same grids.
 */
export type Op =
  | {
      readonly create: {
        readonly id: string;
        readonly layer: string;
        readonly tier: string;
        readonly code: string;
        readonly name: string;
        readonly kind?: string;
        /** Left out: the grid of the next higher tier that holds it. */
        readonly parent?: string;
        readonly boundary: Shape;
      };
    }
  | { readonly reshape: { readonly grid: string; readonly boundary: Shape } }
  | { readonly moveVertex: { readonly layer: string; readonly from: Point; readonly to: Point } }
  | { readonly insertVertex: { readonly layer: string; readonly edge: readonly [Point, Point]; readonly at: Point } }
  | { readonly removeVertex: { readonly layer: string; readonly at: Point } }
  | {
      readonly split: {
        readonly grid: string;
        readonly line: readonly Point[];
        readonly codes: readonly string[];
        readonly names: readonly string[];
        /** One for each code. */
        readonly ids: readonly string[];
      };
    }
  | { readonly merge: { readonly grids: readonly string[]; readonly into: string } }
  | { readonly reparent: { readonly grid: string; readonly parent: string } }
  | { readonly rename: { readonly grid: string; readonly name: string } }
  | { readonly recode: { readonly grid: string; readonly code: string; readonly scheme?: string } }
  | { readonly changeKind: { readonly grid: string; readonly kind: string } }
  | { readonly transfer: { readonly grid: string; readonly manager: string | null } }
  | { readonly retire: { readonly grid: string; readonly heir?: string } }
  | { readonly carve: { readonly area: Shape; readonly tier: string; readonly to: string } }
  | { readonly assign: { readonly members: readonly string[]; readonly to: string } }
  | { readonly fixGap: { readonly layer: string; readonly tier: string; readonly at: Point; readonly to?: string } }
  | { readonly fixOverlap: { readonly grids: readonly [string, string]; readonly keep: string } }
  /** Boundaries as a file drew them, all at once, without neighbours giving way: checks tell what does not fit. */
  | { readonly redraw: { readonly boundaries: readonly { readonly grid: string; readonly boundary: Shape }[] } };

export type OpKind = Op extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** What an op did. The inverse is `invert(patch)`. */
export interface Applied {
  readonly territory: Territory;
  readonly patch: Patch;
  readonly lineage: readonly Lineage[];
}
