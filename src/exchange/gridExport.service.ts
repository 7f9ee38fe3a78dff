import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import { shapeToGeoJson } from '../geometry/geojson.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import { isKnown, type LayerEntry, mainCode, type VersionEntry, versionAt } from '../grids/atlas/rows.ts';
import type { EditionService } from '../grids/edition.service.ts';
import type { Moment } from '../grids/moment.ts';

/** Which grids to write out: a layer or one tier of it, on a date (now) as an edition (the newest) knew it. */
export interface GridExportInput {
  readonly layer: string;
  readonly tier?: string;
  readonly asOf?: Date;
  readonly edition?: number;
}

const CHUNK_CHARACTERS = 1 << 18;

/** Writes grids out as GeoJSON that an import takes back unchanged. */
export class GridExportService {
  readonly #editions: EditionService;
  readonly #atlas: Atlas;
  readonly #clock: Clock;

  constructor(editions: EditionService, atlas: Atlas, clock: Clock) {
    this.#editions = editions;
    this.#atlas = atlas;
    this.#clock = clock;
  }

  /**
   * One FeatureCollection in pieces of text, one feature a line, root tier first, then by main code. Throws NOT_FOUND
   * for a layer, tier or edition that is not there, before the first piece.
   */
  exportGrids(input: GridExportInput): AsyncIterable<string> {
    const edition = input.edition ?? this.#editions.latest;
    if (!Number.isInteger(edition) || edition < 1 || edition > this.#editions.latest) {
      const message = `--edition: there is no edition ${edition}; there are 1 to ${this.#editions.latest}.`;
      throw new DomainError('NOT_FOUND', message, { field: '--edition' });
    }
    const layer = this.#layer(input, edition);
    const moment = { asOf: (input.asOf ?? this.#clock()).getTime(), edition };
    const versions = [...this.#atlas.grids]
      .filter((grid) => grid.layer === layer && (!input.tier || grid.tier.code === input.tier))
      .map((grid) => versionAt(grid, moment))
      .filter((version) => version !== undefined)
      .sort((a, b) => a.grid.tier.rank - b.grid.tier.rank || (key(a, edition) < key(b, edition) ? -1 : 1));
    return pieces(versions, moment);
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

async function* pieces(versions: readonly VersionEntry[], moment: Moment): AsyncGenerator<string> {
  let text = '{"type":"FeatureCollection","features":[';
  for (const [i, version] of versions.entries()) {
    text += `${i === 0 ? '' : ','}\n${JSON.stringify(toFeature(version, moment))}`;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield `${text}\n]}\n`;
}

function toFeature(version: VersionEntry, { edition }: Moment) {
  const { grid, parent } = version;
  const codes = grid.codes.filter((use) => isKnown(use, edition));
  return {
    type: 'Feature',
    id: grid.id,
    properties: {
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
    },
    geometry: shapeToGeoJson(version.shape),
  };
}
