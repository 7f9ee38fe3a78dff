import Flatbush from 'flatbush';
import { boxOf, type Shape } from '../../geometry/polygon.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { isKnown, mainCode, type VersionEntry, versionAt } from '../../grids/atlas/rows.ts';
import type { ImportProgress, RowFault } from '../exchange.type.ts';
import type { BoundaryRepository, NestingPair } from './boundary.repository.ts';
import type { PlannedGrid } from './plannedGrid.ts';
import type { ImportTarget } from './target.ts';

/** A child may be outside its parent by 0.1 % of its own area: real layers nest by code, not by the last bit. */
const LEAST_SHARE = 0.999;
const BATCH = 500;

/** A boundary that must hold others, or lie in one. */
interface Bounded {
  readonly shape: Shape;
}
interface Share<P> {
  readonly parent: P;
  readonly share: number;
}

/** Judges by area, through PostGIS, which grids hold which. */
export class Nesting {
  readonly #boundaries: BoundaryRepository;
  readonly #target: ImportTarget;
  readonly #onProgress: ImportProgress | undefined;

  constructor(boundaries: BoundaryRepository, target: ImportTarget, onProgress?: ImportProgress) {
    this.#boundaries = boundaries;
    this.#target = target;
    this.#onProgress = onProgress;
  }

  /**
   * Gives each grid the parent that holds the largest share of it, in the nearest tier where one holds it to 0.1 %; of
   * equal shares the lowest code. A grid that none holds gets a fault that names the best.
   */
  async findParentsByPlace(planned: readonly PlannedGrid[], atlas: Atlas): Promise<void> {
    const { moment, layer, rank } = this.#target;
    const above = [...atlas.grids]
      .filter((grid) => grid.layer === layer && grid.tier.rank < rank)
      .map((grid) => versionAt(grid, moment))
      .filter((version) => version !== undefined);
    const shares = await this.#shares('find parents', planned, above);
    planned.forEach((grid, i) => {
      const ranked = shares[i].sort((a, b) => b.share - a.share || (this.#code(a) < this.#code(b) ? -1 : 1));
      const holding = ranked.filter(({ share }) => share >= LEAST_SHARE);
      const nearest = Math.max(...holding.map(({ parent }) => parent.grid.tier.rank));
      const found = holding.find(({ parent }) => parent.grid.tier.rank === nearest);
      if (found) grid.parent = found.parent.grid;
      else grid.faults.push(this.#strayFault(grid, ranked[0]));
    });
  }

  #code({ parent }: Share<VersionEntry>): string {
    return mainCode(parent.grid, this.#target.moment.edition);
  }

  #strayFault({ code }: PlannedGrid, best: Share<VersionEntry> | undefined): RowFault {
    const message = best
      ? `Grid ${code} lies in no grid of a higher tier: ${this.#code(best)} holds most of it, but ${percent(1 - best.share)} of its area is outside (0.1 % is allowed). Redraw one of them, or name its parent with --parent-field.`
      : `Grid ${code} touches no grid of a higher tier. Leave it out, or import its parent first.`;
    return { code: best ? 'NOT_NESTED' : 'MISSING_PARENT', field: '--parent-by', message };
  }

  /** Each grid must lie in its parent as that is from `effectiveAt` on. */
  async checkInsideParents(planned: readonly PlannedGrid[]): Promise<void> {
    const { moment } = this.#target;
    const wanted = planned.filter((grid) => grid.parent !== null && grid.faults.length === 0);
    const parents = new Set(wanted.map((grid) => grid.parent!));
    const versions = [...parents].flatMap((parent) => versionsFrom(parent.versions, moment));
    const shares = await this.#shares(
      'check nesting',
      wanted,
      versions,
      (grid, { grid: parent }) => grid.parent === parent,
    );
    wanted.forEach((grid, i) => {
      const own = versionsFrom(grid.parent!.versions, moment);
      for (const version of own) {
        const share = shares[i].find(({ parent }) => parent === version)?.share ?? 0;
        if (share >= LEAST_SHARE) continue;
        const message = `Grid ${grid.code} leaves its parent ${mainCode(version.grid, moment.edition)} by ${percent(1 - share)} of its area (0.1 % is allowed). Redraw one of them, or name the parent that holds it.`;
        grid.faults.push({ code: 'NOT_NESTED', field: 'geometry', message });
        break;
      }
    });
  }

  /** Known children must still lie in the grids that are redrawn. */
  async checkHoldsChildren(redrawn: readonly PlannedGrid[]): Promise<void> {
    const { moment } = this.#target;
    const children = redrawn.flatMap(({ known }) => versionsFrom(known?.childVersions ?? [], moment));
    const shares = await this.#shares(
      'check children',
      children,
      redrawn,
      (child, grid) => child.parent === grid.known,
    );
    const byGrid = new Map(redrawn.map((grid) => [grid.known, grid]));
    children.forEach((child, i) => {
      const parent = byGrid.get(child.parent)!;
      const share = shares[i][0]?.share ?? 0;
      if (share >= LEAST_SHARE) return;
      const message = `Its child ${mainCode(child.grid, moment.edition)} (${child.grid.tier.code}) would leave it by ${percent(1 - share)} of the child's area (0.1 % is allowed). Redraw the child too: import its tier first with the parent that holds it.`;
      parent.faults.push({ code: 'NOT_NESTED', field: 'geometry', message });
    });
  }

  async #shares<C extends Bounded, P extends Bounded>(
    step: string,
    children: readonly C[],
    parents: readonly P[],
    wanted: (child: C, parent: P) => boolean = () => true,
  ): Promise<Share<P>[][]> {
    const shares: Share<P>[][] = children.map(() => []);
    const candidates = boxSearch(parents.map((parent) => parent.shape));
    for (let from = 0; from < children.length; from += BATCH) {
      const batch = children.slice(from, from + BATCH);
      const pairs: NestingPair[] = batch.flatMap((child, i) =>
        candidates(child.shape)
          .filter((parent) => wanted(child, parents[parent]))
          .map((parent) => ({ child: i, parent })),
      );
      // PostGIS prepares a boundary once for a run of pairs that share it.
      pairs.sort((a, b) => a.parent - b.parent);
      const used = [...new Set(pairs.map((pair) => pair.parent))];
      const place = new Map(used.map((parent, i) => [parent, i]));
      const found = await this.#boundaries.shareInside(
        batch.map((child) => child.shape),
        used.map((parent) => parents[parent].shape),
        pairs.map(({ child, parent }) => ({ child, parent: place.get(parent)! })),
      );
      pairs.forEach(({ child, parent }, i) => {
        shares[from + child].push({ parent: parents[parent], share: found[i] });
      });
      this.#onProgress?.(step, Math.min(from + BATCH, children.length), children.length);
    }
    return shares;
  }
}

function versionsFrom(versions: readonly VersionEntry[], { asOf, edition }: ImportTarget['moment']): VersionEntry[] {
  return versions.filter((version) => isKnown(version, edition) && version.validTo > asOf);
}

function boxSearch(shapes: readonly Shape[]): (shape: Shape) => number[] {
  if (shapes.length === 0) return () => [];
  const tree = new Flatbush(shapes.length, 16, Int32Array);
  for (const shape of shapes) {
    const { minX, minY, maxX, maxY } = boxOf(shape);
    tree.add(minX, minY, maxX, maxY);
  }
  tree.finish();
  return (shape) => {
    const { minX, minY, maxX, maxY } = boxOf(shape);
    return tree.search(minX, minY, maxX, maxY);
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
}
