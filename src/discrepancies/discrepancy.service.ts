import { createHash, randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { RequestContext } from '../access/requestContext.ts';
import { areasOf, assertMay, may, PUBLIC } from '../access/viewer.ts';
import { readClientKey } from '../api/input/clientKey.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { inAreas } from '../db/areas.ts';
import type { Database } from '../db/tables.ts';
import { DomainError } from '../errors.ts';
import { type Datum, toWgs84 } from '../geometry/datum.ts';
import { boxAround } from '../geometry/distance.ts';
import { assertPosition, toLattice } from '../geometry/lattice.ts';
import type { Atlas } from '../grids/atlas/atlas.ts';
import type { LayerEntry } from '../grids/atlas/rows.ts';
import type { Moment } from '../grids/moment.ts';
import type { MomentReader } from '../grids/momentReader.ts';
import { isUuid } from '../ids.ts';
import type { DiscrepancyRecord, DiscrepancyRepository, ReportDraft } from './discrepancy.repository.ts';
import { type DiscrepancyKind, groundAt, type LayerGround, managerOf } from './groundAt.ts';
import { readPlaceNote } from './placeNote.ts';

const REPORT = 'discrepancies.report';
const READ = 'discrepancies.read';

/** Reports this near each other, of one kind and layer, are about the same place. */
const SAME_PLACE_METRES = 15;

export interface DiscrepancyReportRequest {
  readonly kind: DiscrepancyKind;
  readonly at: { readonly lon: number; readonly lat: number; readonly datum?: Datum | null };
  readonly layer?: string | null;
  readonly note?: string | null;
  readonly clientKey?: string | null;
}

/** Where reports are kept, and where it is recorded that they came and were answered. */
export interface DiscrepancyRoom {
  readonly db: Kysely<Database>;
  readonly repository: DiscrepancyRepository;
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * Takes reports that the registry is wrong at a place, from anybody, and shows each to whoever has its id. Nothing is
 * kept or recorded of who reported, signed in or not.
 */
export class DiscrepancyService {
  readonly #room: DiscrepancyRoom;
  readonly #atlas: Atlas;
  readonly #moments: MomentReader;

  constructor(room: DiscrepancyRoom, atlas: Atlas, moments: MomentReader) {
    this.#room = room;
    this.#atlas = atlas;
    this.#moments = moments;
  }

  /** Files a report, or counts it on one of the last day that still waits. Throws BAD_INPUT, NOT_FOUND. */
  async report({ viewer }: RequestContext, request: DiscrepancyReportRequest): Promise<DiscrepancyRecord> {
    assertMay(viewer, REPORT, 'Mutation.reportDiscrepancy');
    const moment = this.#moments.read();
    const draft = this.#draft(request, moment);
    const keyHash = readKey(request);
    const { minX, maxY } = boxAround(draft.x, draft.y, SAME_PLACE_METRES);
    const reach = { x: draft.x - minX, y: maxY - draft.y };
    return this.#seeingNothing(moment, async (trx) => {
      const { id, filed } = await this.#room.repository.file(trx, draft, reach, keyHash);
      const record = (await this.#room.repository.findAnywhere(trx, id))!;
      // As of the public, whoever it was; and once for each report, so that a flood does not bury the audit either.
      if (filed) {
        await this.#room.audit.record(
          trx,
          { viewer: PUBLIC },
          {
            action: REPORT,
            object: { kind: 'discrepancy', id },
            gridId: draft.gridId,
            result: 'DONE',
            details: { kind: draft.kind, confirmed: draft.confirmed, edition: draft.edition },
          },
        );
      }
      return record;
    });
  }

  /** The report of an id, for whoever has it; with its note where it lies in the area of one who may read reports. */
  async find({ viewer }: RequestContext, id: string): Promise<DiscrepancyRecord | undefined> {
    assertMay(viewer, REPORT, 'Query.discrepancy');
    if (!isUuid(id)) return undefined;
    const { db, repository } = this.#room;
    const moment = this.#moments.read();
    if (may(viewer, READ)) {
      const now = new Date(moment.asOf);
      const own = await inAreas(db, areasOf(viewer, READ), now, (trx) => repository.find(trx, id));
      if (own) return own;
    }
    return this.#seeingNothing(moment, (trx) => repository.findAnywhere(trx, id));
  }

  #seeingNothing<T>({ asOf }: Moment, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return inAreas(this.#room.db, [], new Date(asOf), work);
  }

  #draft({ kind, at, layer: code, note }: DiscrepancyReportRequest, moment: Moment): ReportDraft {
    assertPosition(at, 'input.at');
    const { lon, lat } = toWgs84({ lon: at.lon, lat: at.lat }, at.datum ?? 'WGS84');
    const [x, y] = [toLattice(lon), toLattice(lat)];
    const layer = code == null ? undefined : this.#getLayer(code, moment);
    const { layers, main, confirmed } = groundAt(this.#atlas, { kind, layer, x, y }, moment);
    return {
      id: randomUUID(),
      kind,
      layerId: layer?.id ?? null,
      x,
      y,
      note: readPlaceNote('input.note', note),
      edition: moment.edition,
      gridId: main?.grid.id ?? null,
      managerId: managerOf(main, moment),
      found: layers.map((each) => foundOf(each, moment)),
      confirmed,
      reportedAt: new Date(moment.asOf),
    };
  }

  #getLayer(code: string, { edition }: Moment): LayerEntry {
    const layer = this.#atlas.layersAt(edition).find((each) => each.code === code);
    if (layer) return layer;
    const message = `input.layer: there is no layer ${code}; \`layers\` lists them.`;
    throw new DomainError('NOT_FOUND', message, { field: 'input.layer' });
  }
}

function foundOf({ layer, status, nearest, distanceMetres }: LayerGround, moment: Moment) {
  return {
    layer: layer.code,
    status,
    gridId: nearest?.grid.id ?? null,
    distanceMetres: nearest ? Math.round(distanceMetres * 10) / 10 : null,
    managerId: managerOf(nearest, moment),
  };
}

/**
 * The hash under which a retry is known. What was reported is part of it: strangers who choose the same key report two
 * things, and neither is shown the other's.
 */
function readKey({ clientKey: given, kind, at, layer, note }: DiscrepancyReportRequest): Buffer | null {
  const clientKey = readClientKey('input.clientKey', given);
  if (clientKey === undefined) return null;
  const { lon, lat, datum } = at;
  const parts = [clientKey, kind, lon, lat, datum ?? 'WGS84', layer ?? null, note ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
