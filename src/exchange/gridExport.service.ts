import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { isKnown, type LayerEntry, mainCode, type VersionEntry, versionAt } from '../grids/atlas/rows.ts';
import type { EditionService } from '../grids/edition.service.ts';
import type { Moment } from '../grids/moment.ts';
import { type GridFeature, writeFeatures } from './file/gridFeatures.ts';
import { type ExportSystem, projectionOf } from './file/projection.ts';
import type { BoundaryRepository } from './importing/boundary.repository.ts';

/** Which grids to write out: a layer or one tier of it, on a date (now) as an edition (the newest) knew it. */
export interface GridExportInput extends ExportSystem {
  readonly layer: string;
  readonly tier?: string;
  readonly asOf?: Date;
  readonly edition?: number;
}

/** Writes grids out as GeoJSON that an import takes back unchanged. */
export class GridExportService {
  readonly #editions: EditionService;
  readonly #atlas: Atlas;
  readonly #clock: Clock;
  readonly #boundaries: BoundaryRepository;

  constructor(editions: EditionService, atlas: Atlas, clock: Clock, boundaries: BoundaryRepository) {
    this.#editions = editions;
    this.#atlas = atlas;
    this.#clock = clock;
    this.#boundaries = boundaries;
  }

  /**
   * One FeatureCollection in pieces of text, one feature a line, root tier first, then by main code. Throws NOT_FOUND
   * for a layer, tier or edition that is not there, and BAD_DATUM for a datum that boundaries are not written in, before
   * the first piece; BAD_DATUM with it for an EPSG number that PROJ does not know or may not convert to.
   */
  exportGrids(input: GridExportInput): AsyncIterable<string> {
    const edition = input.edition ?? this.#editions.latest;
    if (!Number.isInteger(edition) || edition < 1 || edition > this.#editions.latest) {
      const message = `--edition: there is no edition ${edition}; there are 1 to ${this.#editions.latest}.`;
      throw new DomainError('NOT_FOUND', message, { field: '--edition' });
    }
    const projection = projectionOf(input, this.#boundaries);
    const layer = this.#layer(input, edition);
    const moment = { asOf: (input.asOf ?? this.#clock()).getTime(), edition };
    const versions = [...this.#atlas.grids]
      .filter((grid) => grid.layer === layer && (!input.tier || grid.tier.code === input.tier))
      .map((grid) => versionAt(grid, moment))
      .filter((version) => version !== undefined)
      .sort((a, b) => a.grid.tier.rank - b.grid.tier.rank || (key(a, edition) < key(b, edition) ? -1 : 1));
    return writeFeatures(
      versions.map((version) => toFeature(version, moment)),
      projection,
    );
  }

  #layer({ layer: code, tier }: GridExportInput, edition: number): LayerEntry {
    const known = this.#atlas.layersAt(edition);
    const layer = known.find((each) => each.code === code);
    if (!layer) {
      const message = `--layer: there is no layer ${code}; there is ${known.map((each) => each.code).join(', ') || 'none'}.`;
      throw new DomainError('NOT_FOUND', message, { field: '--layer' });
    }
    if (tier && !layer.tiers.some((each) => each.code === tier && each.editionFrom <= edition)) {
      const message = `--tier: layer ${code} has no tier ${tier}; it has ${layer.tiers.map((each) => each.code).join(', ')}.`;
      throw new DomainError('NOT_FOUND', message, { field: '--tier' });
    }
    return layer;
  }
}

function key({ grid }: VersionEntry, edition: number): string {
  return `${mainCode(grid, edition)}/${grid.id}`;
}

function toFeature(version: VersionEntry, { edition }: Moment): GridFeature {
  const { grid, parent } = version;
  const codes = grid.codes.filter((use) => isKnown(use, edition));
  const properties = {
    id: grid.id,
    version: version.id,
    layer: grid.layer.code,
    tier: grid.tier.code,
    code: mainCode(grid, edition),
    codes: codes.map(({ scheme, code, main }) => ({ scheme: scheme.code, code, main })),
    name: version.name,
    kind: version.kind,
    parent: parent && mainCode(parent, edition),
    parentId: parent?.id ?? null,
    managerId: version.managerId,
    validFrom: new Date(version.validFrom).toISOString(),
    validTo: Number.isFinite(version.validTo) ? new Date(version.validTo).toISOString() : null,
    edition,
    loads: version.loads,
  };
  return { properties, shape: version.shape };
}
