import { DomainError } from '../errors.ts';
import type { Atlas } from './atlas/atlas.ts';
import {
  type CodeEntry,
  chainOf,
  type GridEntry,
  isKnown,
  mainCode,
  type VersionEntry,
  versionAt,
} from './atlas/rows.ts';
import type { Moment } from './moment.ts';

/** Which grids are wanted; every field given narrows. */
export interface GridCriteria {
  readonly layer?: string | null;
  readonly tier?: string | null;
  readonly within?: string | null;
  readonly search?: string | null;
  readonly kind?: string | null;
  /** Id of the body that manages the grid. */
  readonly managedBy?: string | null;
}

/** A disagreement between naming schemes. */
export interface CodeConflict {
  readonly kind: 'ONE_CODE_SEVERAL_GRIDS' | 'ONE_GRID_SEVERAL_CODES';
  readonly codes: readonly CodeEntry[];
  readonly grids: readonly GridEntry[];
}

/** The order in which grids are listed: layer, tier from the root down, main code, id. */
export function listingKey(grid: GridEntry, edition: number): string {
  const pad = (n: number) => String(n).padStart(5, '0');
  return `${pad(grid.layer.position)}/${pad(grid.tier.rank)}/${mainCode(grid, edition)}/${grid.id}`;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Finds grids by id, code, name and place in the tree, at a moment. */
export class GridFinder {
  readonly #atlas: Atlas;
  #listing: { edition: number; grids: GridEntry[] } = { edition: 0, grids: [] };

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
  }

  findById(id: string, moment: Moment): VersionEntry | undefined {
    const grid = this.#atlas.findGrid(id);
    return grid && versionAt(grid, moment);
  }

  /** By id, or by a code of any scheme. Throws AMBIGUOUS_CODE. */
  findNamed(idOrCode: string, moment: Moment): VersionEntry | undefined {
    return this.findById(idOrCode, moment) ?? this.findByCode(idOrCode, undefined, moment);
  }

  /** By code in a scheme, or in any. Throws AMBIGUOUS_CODE where schemes use one text for different grids. */
  findByCode(code: string, scheme: string | null | undefined, moment: Moment): VersionEntry | undefined {
    const uses = this.#atlas.listCodes(code, moment.edition).filter((use) => !scheme || use.scheme.code === scheme);
    const grids = new Set(uses.map((use) => use.grid));
    if (grids.size > 1) {
      const schemes = uses.map((use) => use.scheme.code);
      throw new DomainError(
        'AMBIGUOUS_CODE',
        `code: ${code} names different grids in the schemes ${schemes.join(', ')}; give the scheme too.`,
        { field: 'scheme', schemes },
      );
    }
    const [grid] = grids;
    return grid && versionAt(grid, moment);
  }

  /** Every grid that existed at the moment and meets the criteria, in listing order. */
  list(criteria: GridCriteria, moment: Moment): VersionEntry[] {
    this.#assertKnown(criteria);
    const search = criteria.search ? fold(criteria.search) : undefined;
    const found: VersionEntry[] = [];
    for (const grid of this.#inOrder(moment.edition)) {
      if (criteria.layer && grid.layer.code !== criteria.layer) continue;
      if (criteria.tier && grid.tier.code !== criteria.tier) continue;
      const version = versionAt(grid, moment);
      if (!version || (criteria.kind && version.kind !== criteria.kind)) continue;
      if (criteria.managedBy && version.managerId !== criteria.managedBy) continue;
      if (search && !answersTo(grid, search, moment.edition)) continue;
      if (criteria.within && !isBelow(version, criteria.within, moment)) continue;
      found.push(version);
    }
    return found;
  }

  /** Where schemes disagree: one text for several grids, or several codes of one family for one grid. */
  listConflicts(edition: number): CodeConflict[] {
    const byText = new Map<string, CodeEntry[]>();
    const byGrid = new Map<string, CodeEntry[]>();
    for (const entry of this.#atlas.codesAt(edition)) {
      byText.set(entry.code, [...(byText.get(entry.code) ?? []), entry]);
      if (!entry.scheme.family) continue;
      const key = `${entry.grid.id}/${entry.scheme.family}`;
      byGrid.set(key, [...(byGrid.get(key) ?? []), entry]);
    }
    const conflict = (kind: CodeConflict['kind'], codes: CodeEntry[]): CodeConflict => ({
      kind,
      codes,
      grids: [...new Set(codes.map((code) => code.grid))],
    });
    const shared = [...byText.values()].filter((codes) => new Set(codes.map((code) => code.grid)).size > 1);
    const several = [...byGrid.values()].filter((codes) => new Set(codes.map((code) => code.code)).size > 1);
    return [
      ...shared.map((codes) => conflict('ONE_CODE_SEVERAL_GRIDS', codes)),
      ...several.map((codes) => conflict('ONE_GRID_SEVERAL_CODES', codes)),
    ].sort((a, b) => (a.codes[0].code < b.codes[0].code ? -1 : 1));
  }

  #assertKnown({ layer, tier, within }: GridCriteria): void {
    if (layer && !this.#atlas.findLayer(layer)) {
      throw new DomainError('NOT_FOUND', `layer: there is no layer ${layer}; \`layers\` lists them.`, {
        field: 'layer',
      });
    }
    if (layer && tier && !this.#atlas.findTier(layer, tier)) {
      throw new DomainError('NOT_FOUND', `tier: layer ${layer} has no tier ${tier}.`, { field: 'tier' });
    }
    if (within && !this.#atlas.findGrid(within)) {
      throw new DomainError('NOT_FOUND', `within: there is no grid ${within}.`, { field: 'within' });
    }
  }

  // The newest edition is what nearly everyone lists, so its order is kept.
  #inOrder(edition: number): GridEntry[] {
    if (this.#listing.edition !== edition) {
      const keyed = [...this.#atlas.grids].map((grid) => ({ grid, key: listingKey(grid, edition) }));
      keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
      this.#listing = { edition, grids: keyed.map((entry) => entry.grid) };
    }
    return this.#listing.grids;
  }
}

// A grid answers to every name and code it ever had, so that an old name still finds it.
function answersTo(grid: GridEntry, search: string, edition: number): boolean {
  return (
    grid.versions.some((version) => isKnown(version, edition) && fold(version.name).includes(search)) ||
    grid.codes.some((code) => isKnown(code, edition) && fold(code.code).includes(search))
  );
}

function isBelow(version: VersionEntry, ancestorId: string, moment: Moment): boolean {
  return chainOf(version, moment).some((above, depth) => depth > 0 && above.grid.id === ancestorId);
}
