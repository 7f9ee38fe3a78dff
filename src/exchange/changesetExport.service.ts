import type { RequestContext } from '../access/requestContext.ts';
import type { ChangesetService } from '../changesets/changeset.service.ts';
import type { Draft } from '../changesets/changeset.type.ts';
import { type DraftGrid, mainCodeOf } from '../changesets/territory/draftGrid.ts';
import { afterwards } from '../changesets/territory/patch.ts';
import { DomainError } from '../errors.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { EXTENTS } from './edited/editedRows.ts';
import { type GridFeature, writeFeatures } from './file/gridFeatures.ts';
import { type ExportSystem, projectionOf } from './file/projection.ts';
import type { BoundaryRepository } from './importing/boundary.repository.ts';

/** Which grids of a changeset to write out. */
export interface ChangesetExportInput extends ExportSystem {
  readonly changeset: string;
  /** Only this layer. */
  readonly layer?: string;
  /** Only this tier of it. */
  readonly tier?: string;
  /** All grids of the touched layers (or of `layer`) as they would be, not only the touched ones. */
  readonly all?: boolean;
}

/** Writes drafts out as GeoJSON that an import takes back, with the properties of an export of the registry. */
export class ChangesetExportService {
  readonly #drafts: Pick<ChangesetService, 'find'>;
  readonly #atlas: Atlas;
  readonly #boundaries: BoundaryRepository;

  constructor(drafts: Pick<ChangesetService, 'find'>, atlas: Atlas, boundaries: BoundaryRepository) {
    this.#drafts = drafts;
    this.#atlas = atlas;
    this.#boundaries = boundaries;
  }

  /**
   * One FeatureCollection in pieces, root tier first, then by main code; grids that the draft ends are left out. A grid
   * that the draft makes has `version: null`; `changeset` and `revision` say which draft it is. Throws NOT_FOUND, and
   * BAD_DATUM as an export of the registry does.
   */
  async exportChangeset(by: RequestContext, input: ChangesetExportInput): Promise<AsyncIterable<string>> {
    const projection = projectionOf(input, this.#boundaries);
    const draft = await this.#drafts.find(by, input.changeset);
    if (!draft) {
      const message = `--changeset: there is no changeset ${input.changeset}.`;
      throw new DomainError('NOT_FOUND', message, { field: '--changeset' });
    }
    const grids = chosen(draft, input);
    return writeFeatures(
      grids.map((grid) => this.#toFeature(grid, draft, input.all ?? false)),
      projection,
    );
  }

  #toFeature(grid: DraftGrid, { record, base, territory }: Draft, isWhole: boolean): GridFeature {
    const parent = grid.parentId === null ? undefined : territory.find(grid.parentId);
    const version = this.#atlas.findGrid(grid.id)?.versions.find(({ id }) => id === grid.versionId);
    // What the draft changes begins when it is published.
    const valid = base.find(grid.id) === grid ? version : undefined;
    const properties = {
      id: grid.id,
      version: grid.versionId,
      layer: grid.layer,
      tier: grid.tier,
      code: mainCodeOf(grid),
      codes: grid.codes.map(({ scheme, code }, i) => ({ scheme, code, main: i === 0 })),
      name: grid.name,
      kind: grid.kind,
      parent: parent ? mainCodeOf(parent) : null,
      parentId: grid.parentId,
      managerId: grid.managerId,
      validFrom: valid ? new Date(valid.validFrom).toISOString() : null,
      validTo: valid && Number.isFinite(valid.validTo) ? new Date(valid.validTo).toISOString() : null,
      edition: record.baseEdition,
      loads: grid.loads,
      changeset: record.id,
      revision: record.revision,
      extent: isWhole ? EXTENTS.whole : EXTENTS.part,
    };
    return { properties, shape: grid.shape };
  }
}

function chosen({ territory, patch }: Draft, { layer, tier, all }: ChangesetExportInput): DraftGrid[] {
  const touched = afterwards(patch);
  const layers = layer === undefined ? new Set(touched.map((grid) => grid.layer)) : new Set([layer]);
  if (layer !== undefined) territory.getLayer(layer, '--layer');
  if (layer !== undefined && tier !== undefined) territory.getTier(layer, tier, '--tier');
  const grids = all ? [...layers].flatMap((code) => [...territory.grids(code)]) : touched;
  const key = (grid: DraftGrid) => `${mainCodeOf(grid)}/${grid.id}`;
  const rank = (grid: DraftGrid) => territory.getTier(grid.layer, grid.tier).rank;
  return grids
    .filter((grid) => layers.has(grid.layer) && (tier === undefined || grid.tier === tier))
    .sort((a, b) => a.layer.localeCompare(b.layer) || rank(a) - rank(b) || (key(a) < key(b) ? -1 : 1));
}
