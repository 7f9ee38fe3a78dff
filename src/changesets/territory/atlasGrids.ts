import type { Atlas } from '../../grids/atlas/atlas.ts';
import { type CodeEntry, type GridEntry, isKnown, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import { FOREVER, type Moment } from '../../grids/moment.ts';
import type { DraftGrid } from './draftGrid.ts';
import type { MemberRow } from './ground.repository.ts';

/** The instants of [from, until) between two changes of what an edition says. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

interface Made {
  readonly codes: readonly CodeEntry[];
  readonly memberIds: readonly string[] | null;
  readonly grid: DraftGrid;
}

/**
 * Shows what the atlas holds as drafts see it. The same version with the same codes and members is the same object in
 * every territory, so that territories of two editions differ in what was changed between them and in nothing else.
 */
export class AtlasGrids {
  readonly #atlas: Atlas;
  readonly #made = new WeakMap<VersionEntry, Made>();

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
  }

  /** The grids of a moment, and the instants for which they are those. `isMade`: whether a tier is made of members. */
  at(
    moment: Moment,
    members: readonly MemberRow[],
    isMade: (tierId: number) => boolean,
  ): Span & { grids: DraftGrid[] } {
    let [from, until] = [-FOREVER, FOREVER];
    const narrow = (instant: number) => {
      if (instant <= moment.asOf) from = Math.max(from, instant);
      else until = Math.min(until, instant);
    };
    const memberIds = new Map<string, string[]>();
    for (const { gridId, memberId, validFrom, validTo } of members) {
      narrow(validFrom);
      narrow(validTo ?? FOREVER);
      if (validFrom > moment.asOf || (validTo ?? FOREVER) <= moment.asOf) continue;
      const known = memberIds.get(gridId);
      if (known) known.push(memberId);
      else memberIds.set(gridId, [memberId]);
    }
    const grids: DraftGrid[] = [];
    for (const grid of this.#atlas.grids) {
      for (const version of grid.versions) {
        if (!isKnown(version, moment.edition)) continue;
        narrow(version.validFrom);
        narrow(version.validTo);
      }
      const version = versionAt(grid, moment);
      if (!version) continue;
      grids.push(this.#show(version, memberIds.get(grid.id) ?? (isMade(grid.tier.id) ? [] : null), moment.edition));
    }
    return { from, until, grids };
  }

  #show(version: VersionEntry, memberIds: readonly string[] | null, edition: number): DraftGrid {
    const codes = version.grid.codes.filter((code) => isKnown(code, edition));
    const known = this.#made.get(version);
    if (known && isSame(known.codes, codes) && isSame(known.memberIds ?? [], memberIds ?? [])) {
      if ((known.memberIds === null) === (memberIds === null)) return known.grid;
    }
    const grid = draftOf(version, codes, memberIds);
    this.#made.set(version, { codes, memberIds, grid });
    return grid;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}

function draftOf(
  { grid, name, kind, parent, managerId, shape, loads, id: versionId }: VersionEntry,
  codes: readonly CodeEntry[],
  memberIds: readonly string[] | null,
): DraftGrid {
  return {
    id: grid.id,
    ...placeOf(grid),
    // The main one first, the others in the order in which they were given.
    codes: codes
      .toSorted((a, b) => Number(b.main) - Number(a.main))
      .map(({ scheme, code }) => ({ scheme: scheme.code, code })),
    name,
    kind,
    parentId: parent?.id ?? null,
    managerId,
    shape,
    loads,
    memberIds,
    versionId,
  };
}

function placeOf({ layer, tier }: GridEntry) {
  return { layer: layer.code, tier: tier.code };
}
