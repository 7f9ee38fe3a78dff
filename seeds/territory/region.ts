import type { GridPlan } from '../plan.type.ts';
import type { Mesh } from '../terrain/mesh.ts';
import { outline } from '../terrain/outline.ts';
import { idOf, type Random } from '../terrain/random.ts';
import type { Regions } from '../terrain/regions.ts';

/** What all layers are drawn with. */
export interface Land {
  readonly mesh: Mesh;
  readonly regions: Regions;
  readonly random: Random;
}

/** A grid while it is being planned. Only regions without children keep faces of their own. */
export interface Region {
  readonly id: string;
  readonly layer: string;
  readonly tier: string;
  readonly parent: Region | null;
  readonly children: Region[];
  faces: readonly number[];
  name: string;
  kind: string;
  managerId: string | null;
  codes: { scheme: string; code: string }[];
  readonly loads: { measure: string; value: number; date: string; source: string }[];
}

export interface RegionSpec {
  readonly tier: string;
  readonly name: string;
  readonly scheme: string;
  readonly code: string;
  readonly faces?: readonly number[];
}

export const BASE_DATE = new Date('2020-01-01T00:00:00+08:00');

export function rootRegion(layer: string, spec: RegionSpec): Region {
  return {
    id: idOf(`grid ${layer} ${spec.code}`),
    layer,
    tier: spec.tier,
    parent: null,
    children: [],
    faces: spec.faces ?? [],
    name: spec.name,
    kind: 'BASIC',
    managerId: null,
    codes: [{ scheme: spec.scheme, code: spec.code }],
    loads: [],
  };
}

export function childRegion(parent: Region, spec: RegionSpec): Region {
  const child = { ...rootRegion(parent.layer, spec), parent };
  parent.children.push(child);
  return child;
}

/** All faces of a region, its descendants' included. */
export function facesOf(region: Region): readonly number[] {
  return region.children.length > 0 ? region.children.flatMap(facesOf) : region.faces;
}

/** The regions of a tier in and below a region, in order. */
export function ofTier(region: Region, tier: string): Region[] {
  return region.tier === tier ? [region] : region.children.flatMap((child) => ofTier(child, tier));
}

/** From the region up to its root. */
export function chainOf(region: Region): Region[] {
  return region.parent ? [region, ...chainOf(region.parent)] : [region];
}

/** The ancestor (or self) of a tier. */
export function at(region: Region, tier: string): Region {
  return chainOf(region).find((grid) => grid.tier === tier)!;
}

/** The smallest region that holds each face, for trees whose grids do not overlap. */
export function byFace(root: Region, into = new Map<number, Region>()): Map<number, Region> {
  if (root.children.length === 0) for (const face of root.faces) into.set(face, root);
  for (const child of root.children) byFace(child, into);
  return into;
}

/** Grids of a tree, parents first. A parent has all faces of its children, so they tile it exactly. */
export function toGrids(root: Region, mesh: Mesh): GridPlan[] {
  const { id, layer, tier, name, kind, codes, managerId, loads } = root;
  const boundary = outline(mesh, facesOf(root));
  const parentId = root.parent?.id ?? null;
  const validity = { validFrom: BASE_DATE, validTo: null };
  const grid = { id, layer, tier, parentId, name, kind, codes, managerId, boundary, loads, ...validity };
  return [grid, ...root.children.flatMap((child) => toGrids(child, mesh))];
}
