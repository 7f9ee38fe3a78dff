import { areaSquareMetres, DEFAULT_TOLERANCE } from '../../geometry/coverage.ts';
import { MAX_VERTICES } from '../../geometry/geojson.ts';
import { countVertices } from '../../geometry/polygon.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';
import type { Atlas } from '../../grids/atlas/atlas.ts';
import { isKnown, mainCode } from '../../grids/atlas/rows.ts';
import { makeExactCoverage } from '../borders/exactCoverage.ts';
import type { CoverageChange, GridImportInput } from '../exchange.type.ts';
import type { FileRow } from '../file/fileRows.ts';
import type { BoundaryRepository } from './boundary.repository.ts';
import { type GapPlan, planGaps } from './gapPlan.ts';
import { Nesting } from './nesting.ts';
import { checkParentDates, findParentsByCode } from './parentCodes.ts';
import { type PlannedGrid, planRows, planUnnamed } from './plannedGrid.ts';
import { type ImportTarget, resolveTarget } from './target.ts';

const LEAST_SQUARE_METRES = 10;

/** The tier as it will be, with every fault told at its row. */
export interface TierPlan {
  /** From rows of the file that could be matched, in its order. */
  readonly named: readonly PlannedGrid[];
  /** Known grids that the file does not name, by code. */
  readonly unnamed: readonly PlannedGrid[];
  readonly changes: readonly CoverageChange[];
  readonly gaps: GapPlan;
}

/** Plans a tier from the rows of a file and what the registry knows: borders, sizes, parents, nesting. */
export class TierPlanner {
  readonly #atlas: Atlas;
  readonly #boundaries: BoundaryRepository;

  constructor(atlas: Atlas, boundaries: BoundaryRepository) {
    this.#atlas = atlas;
    this.#boundaries = boundaries;
  }

  /** Where the rows will go; see {@link resolveTarget}. */
  resolve(edition: number, input: GridImportInput, now: Date): ImportTarget {
    return resolveTarget(this.#atlas, edition, input, now);
  }

  /** Positions of an EPSG system as degrees; see {@link BoundaryRepository.transformToWgs84}. */
  toWgs84(epsg: number, xy: Float64Array): Promise<Float64Array> {
    return this.#boundaries.transformToWgs84(epsg, xy);
  }

  async plan(rows: readonly FileRow[], target: ImportTarget, input: GridImportInput): Promise<TierPlan> {
    const named = planRows(rows, this.#atlas, target).filter((grid) => grid.faults.length === 0);
    const unnamed = planUnnamed(rows, target);
    const kept = input.retireMissing ? [] : unnamed;
    const isWhole = named.length === rows.length;
    const { changes, gaps } = await this.#makeExact(named, kept, target, input, isWhole);
    for (const grid of named) checkSize(grid);
    await this.#checkTree(named, kept, target, input);
    if (input.retireMissing) for (const grid of unnamed) checkChildless(grid, target);
    return { named, unnamed, changes, gaps };
  }

  async #makeExact(
    named: readonly PlannedGrid[],
    kept: readonly PlannedGrid[],
    target: ImportTarget,
    { sliverMetres, sliverSquareMetres, onProgress }: GridImportInput,
    isWhole: boolean,
  ): Promise<Pick<TierPlan, 'changes' | 'gaps'>> {
    const noGaps: GapPlan = { report: [], added: [], ended: [] };
    if (target.kind === 'OVERLAY') return { changes: [], gaps: noGaps };
    const members = [...named, ...kept];
    onProgress?.('share borders', 0, members.length);
    const tolerance = {
      widthMetres: sliverMetres ?? DEFAULT_TOLERANCE.widthMetres,
      areaSquareMetres: sliverSquareMetres ?? DEFAULT_TOLERANCE.areaSquareMetres,
    };
    const node = this.#boundaries.nodeIntoFaces.bind(this.#boundaries);
    const { shapes, changes, overlaps, gaps } = await makeExactCoverage(members, node, tolerance);
    for (const overlap of overlaps)
      refuseOverlap(
        overlap.members.map((number) => members[number]),
        overlap,
      );
    members.forEach((grid, i) => {
      if (isSameShape(grid.shape, shapes[i])) return;
      grid.notes.push(alignment(grid, shapes[i]));
      grid.shape = shapes[i];
    });
    onProgress?.('share borders', members.length, members.length);
    // Where rows were refused there are holes that will not be there.
    if (!isWhole || overlaps.length > 0) return { changes, gaps: noGaps };
    const all = members.map((grid) => grid.shape);
    return { changes, gaps: planGaps(gaps, all, this.#atlas, target) };
  }

  async #checkTree(
    named: readonly PlannedGrid[],
    kept: readonly PlannedGrid[],
    target: ImportTarget,
    { parentField, parentBy, onProgress }: GridImportInput,
  ): Promise<void> {
    const nesting = new Nesting(this.#boundaries, target, onProgress);
    const sound = named.filter((grid) => grid.faults.length === 0);
    if (parentField !== undefined) findParentsByCode(sound, this.#atlas, target, parentField);
    else if (parentBy !== undefined) await nesting.findParentsByPlace(sound, this.#atlas);
    checkParentDates(sound, target);
    const isRedrawn = (grid: PlannedGrid) => grid.before !== null && !isSameShape(grid.before.shape, grid.shape);
    await nesting.checkInsideParents([...sound, ...kept.filter(isRedrawn)]);
    await nesting.checkHoldsChildren([...sound, ...kept].filter(isRedrawn));
  }
}

function refuseOverlap(
  grids: readonly PlannedGrid[],
  overlap: { areaSquareMetres: number; widthMetres: number; place: { lon: number; lat: number } },
): void {
  const { areaSquareMetres: area, widthMetres, place } = overlap;
  for (const grid of grids) {
    if (grid.row === null) continue;
    const others = grids.filter((other) => other !== grid).map((other) => other.code);
    const message = `Grid ${grid.code} overlaps ${others.join(' and ')} by ${area.toFixed(1)} m² (${widthMetres.toFixed(1)} m wide) at ${place.lon}, ${place.lat}, more than a sliver. Redraw one of them; if they may overlap, the layer is an OVERLAY.`;
    grid.faults.push({ code: 'OVERLAP', field: 'geometry', message });
  }
}

function alignment(grid: PlannedGrid, shape: PlannedGrid['shape']): string {
  const vertices = countVertices(shape) - countVertices(grid.shape);
  const area = shape.length === 0 ? 0 : areaSquareMetres(shape);
  const gained = area - areaSquareMetres(grid.shape);
  const sign = (value: number, digits: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
  return `Borders shared with its neighbours: ${sign(vertices, 0)} vertices, ${sign(gained, 2)} m².`;
}

function checkSize(grid: PlannedGrid): void {
  const refuse = (message: string) => grid.faults.push({ code: 'BAD_BOUNDARY', field: 'geometry', message });
  const area = grid.shape.length === 0 ? 0 : areaSquareMetres(grid.shape);
  if (area < LEAST_SQUARE_METRES) {
    refuse(
      `Grid ${grid.code} has ${area.toFixed(2)} m², at least ${LEAST_SQUARE_METRES} are needed. Check the coordinates, or leave it out.`,
    );
  }
  const vertices = countVertices(grid.shape) + grid.shape.reduce((rings, polygon) => rings + polygon.length, 0);
  if (vertices > MAX_VERTICES) {
    refuse(
      `Grid ${grid.code} has ${vertices} vertices with those of its neighbours, ${MAX_VERTICES} are allowed. Simplify or split it.`,
    );
  }
}

function checkChildless(grid: PlannedGrid, { moment }: ImportTarget): void {
  const child = grid.known?.childVersions.find(
    (version) => isKnown(version, moment.edition) && version.validTo > moment.asOf,
  );
  if (!child) return;
  const message = `Grid ${grid.code} cannot end: ${mainCode(child.grid, moment.edition)} is its child. Give the children another parent or end them first.`;
  grid.faults.push({ code: 'MISSING_PARENT', field: '--retire-missing', message });
}
