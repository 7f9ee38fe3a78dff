import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { RequestContext } from '../../../src/access/requestContext.ts';
import { systemViewer } from '../../../src/access/viewer.ts';
import type { Draft } from '../../../src/changesets/changeset.type.ts';
import { applyOps } from '../../../src/changesets/ops/applyOps.ts';
import type { Op } from '../../../src/changesets/ops/op.ts';
import { GroundRepository } from '../../../src/changesets/territory/ground.repository.ts';
import { compose } from '../../../src/changesets/territory/patch.ts';
import { TerritoryReader } from '../../../src/changesets/territory/territoryReader.ts';
import type { Database } from '../../../src/db/tables.ts';
import { ChangesetExportService } from '../../../src/exchange/changesetExport.service.ts';
import { EditedFileService } from '../../../src/exchange/edited/editedFile.service.ts';
import { GridExportService } from '../../../src/exchange/gridExport.service.ts';
import { BoundaryRepository } from '../../../src/exchange/importing/boundary.repository.ts';
import { emptyTables } from '../../support/database.ts';
import { importOrFail, openExchange } from '../openExchange.ts';
import { drawTown, exported, fileOf } from './drawnTown.ts';

export const OPERATOR: RequestContext = {
  viewer: systemViewer('test'),
  requestId: 'test',
  log: { error: () => {} },
};
const NOW = () => new Date('2024-05-01T00:00:00Z');

/** Drafts kept in memory over a real registry: what they hold is what the ops make of it. */
export class DraftBook {
  readonly #drafts = new Map<string, Draft>();
  readonly #read: () => Promise<Pick<Draft, 'base'> & { edition: number }>;

  constructor(read: () => Promise<Pick<Draft, 'base'> & { edition: number }>) {
    this.#read = read;
  }

  async open(title: string): Promise<Draft> {
    const { base, edition } = await this.#read();
    const record = {
      id: randomUUID(),
      title,
      status: 'DRAFT',
      revision: 0,
      author: OPERATOR.viewer.subject,
      baseEdition: edition,
      baseAsOf: NOW(),
      reverts: null,
      openedAt: NOW(),
      submittedAt: null,
      approvedBy: null,
      approvedAt: null,
      edition: null,
      effectiveAt: null,
      waivers: [],
    } as const;
    const draft = { record, base, territory: base, patch: new Map(), lineage: [], steps: [], issues: () => [] };
    this.#drafts.set(record.id, draft);
    return draft;
  }

  async find(_by: RequestContext, id: string): Promise<Draft | undefined> {
    return this.#drafts.get(id);
  }

  async apply(_by: RequestContext, id: string, _revision: number, ops: readonly Op[]): Promise<Draft> {
    const draft = this.#drafts.get(id)!;
    const { territory, patch, lineage } = applyOps(draft.territory, ops);
    const after = {
      ...draft,
      record: { ...draft.record, revision: draft.record.revision + 1 },
      territory,
      patch: compose([draft.patch, patch]),
      lineage: [...draft.lineage, ...lineage],
    };
    this.#drafts.set(id, after);
    return after;
  }
}

/** The chequered town in a registry, with what exports it and takes it back. */
export async function openTown(db: Kysely<Database>) {
  await emptyTables(db);
  const exchange = openExchange(db, NOW);
  const { atlas, editions } = exchange;
  const fields = { layer: 'gov', codeField: 'code', nameField: 'name', create: 'partition' } as const;
  const file = async (tier: string) => fileOf(await exported(drawTown(), tier));
  await importOrFail(exchange, { ...fields, tier: 'town', text: await file('town') });
  await importOrFail(exchange, { ...fields, tier: 'village', parentField: 'parent', text: await file('village') });
  const reader = new TerritoryReader(atlas, editions, new GroundRepository(db));
  const read = () => reader.read({ asOf: NOW().getTime(), edition: editions.latest });
  const drafts = new DraftBook(async () => ({ base: await read(), edition: editions.latest }));
  const boundaries = new BoundaryRepository(db);
  return {
    ...exchange,
    drafts,
    exporter: new GridExportService(editions, atlas, NOW, boundaries),
    drafted: new ChangesetExportService(drafts, atlas, boundaries),
    files: new EditedFileService(drafts, atlas, boundaries),
  };
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
