import type { RequestContext } from '../../src/access/requestContext.ts';
import type { Role } from '../../src/access/rights.ts';
import type { Areas, Viewer } from '../../src/access/viewer.ts';
import { ChangesetRepository } from '../../src/changesets/changeset.repository.ts';
import { ChangesetService } from '../../src/changesets/changeset.service.ts';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import { ChangesetDesk } from '../../src/changesets/drafting/changesetDesk.ts';
import { DraftChecks, type ListVacantRoles } from '../../src/changesets/drafting/draftChecks.ts';
import { DraftReader } from '../../src/changesets/drafting/draftReader.ts';
import { Drawing } from '../../src/changesets/drafting/drawing.ts';
import { StepRepository } from '../../src/changesets/drafting/step.repository.ts';
import { applyOps } from '../../src/changesets/ops/applyOps.ts';
import type { Op } from '../../src/changesets/ops/op.ts';
import { readsOf } from '../../src/changesets/ops/reads.ts';
import { PatchWriter } from '../../src/changesets/publishing/patchWriter.ts';
import { PublishingRepository } from '../../src/changesets/publishing/publishing.repository.ts';
import { PublishingService } from '../../src/changesets/publishing/publishing.service.ts';
import { RestoringRepository } from '../../src/changesets/rebasing/restoring.repository.ts';
import { Restoring } from '../../src/changesets/rebasing/restoring.ts';
import { ReviewService } from '../../src/changesets/review.service.ts';
import { GroundRepository } from '../../src/changesets/territory/ground.repository.ts';
import { TerritoryReader } from '../../src/changesets/territory/territoryReader.ts';
import { showAreas } from '../../src/db/areas.ts';
import { DomainError } from '../../src/errors.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { versionAt } from '../../src/grids/atlas/rows.ts';
import type { GridDraft } from '../../src/grids/territory.type.ts';
import { drawGrid, type Rectangle } from '../grids/squareGrids.ts';
import { type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';

export const START = new Date('2026-06-01T04:00:00Z');
export const day = (text: string): Date => new Date(`${text}T00:00:00Z`);

/** What the city is made of: squares of some 100 m; districts D1 and D2, villages A and B in D1, X and Y in D2. */
const SQUARES: readonly (readonly [tier: string, code: string, parent: string | null, on: Rectangle])[] = [
  ['city', 'C', null, [0, 0, 4, 4]],
  ['district', 'D1', 'C', [0, 0, 2, 4]],
  ['district', 'D2', 'C', [2, 0, 2, 4]],
  ['village', 'A', 'D1', [0, 0, 2, 2]],
  ['village', 'B', 'D1', [0, 2, 2, 2]],
  ['village', 'X', 'D2', [2, 0, 2, 2]],
  ['village', 'Y', 'D2', [2, 2, 2, 2]],
];

/** The services of changesets over a small city, with a clock to be set. */
export class ChangesetHouse {
  readonly api: Api;
  readonly ids = new Map<string, string>();
  readonly changesets: ChangesetService;
  readonly review: ReviewService;
  readonly publishing: PublishingService;
  readonly territories: TerritoryReader;
  now = START;
  vacant: ListVacantRoles = () => [];
  /** Nothing is checked, so that only the database judges. */
  isBlind = false;

  private constructor(api: Api) {
    this.api = api;
    const { atlas, editions, finder, moments, writers, audit, database } = api.app;
    const clock = () => this.now;
    const tree = new GridAreas(atlas, finder, moments);
    this.territories = new TerritoryReader(atlas, editions, new GroundRepository(database.db));
    const room = {
      ...{ db: database.db, changesets: new ChangesetRepository(), steps: new StepRepository() },
      ...{ audit: audit.log, editions },
      restoring: new Restoring(editions, this.territories, new RestoringRepository(database.db), clock),
    };
    const checking = new DraftChecks(tree, (grid) => this.vacant(grid));
    const checks: Pick<DraftChecks, 'near' | 'whole'> = {
      near: (state, areas) => (this.isBlind ? [] : checking.near(state, areas)),
      whole: (state, areas) => (this.isBlind ? [] : checking.whole(state, areas)),
    };
    const reader = new DraftReader(room, this.territories, checks, clock);
    const desk = new ChangesetDesk(room, reader, tree, clock);
    const ground = { editions, territories: this.territories, restoring: room.restoring };
    const drawing = new Drawing(room, ground, { applyOps, readsOf }, clock);
    this.changesets = new ChangesetService(desk, room, reader, drawing);
    this.review = new ReviewService(desk, room, reader);
    const writer = new PatchWriter(writers.grids, new PublishingRepository());
    this.publishing = new PublishingService(desk, room, reader, writer);
  }

  static async open(): Promise<ChangesetHouse> {
    await emptyTables((await openTestDatabase()).db);
    let house: ChangesetHouse | undefined;
    const api = await openApi({ clock: () => house?.now ?? START });
    house = new ChangesetHouse(api);
    await house.#settle();
    return house;
  }

  async #settle(): Promise<void> {
    const { editions, writers } = this.api.app;
    await editions.publish('City', async (trx, edition) => {
      for (const code of ['local', 'police']) await writers.grids.insertScheme(trx, edition, { code, name: code });
      await writers.grids.insertLayer(trx, edition, { code: 'land', name: 'Land', kind: 'PARTITION' });
      for (const [i, code] of ['city', 'district', 'village'].entries()) {
        await writers.grids.insertTier(trx, edition, { layer: 'land', code, name: code, rank: i + 1 });
      }
      const drafts = new Map<string, GridDraft>();
      for (const [tier, code, parent, on] of SQUARES) {
        const draft = drawGrid(`land/${tier}`, code, on, { parent: parent ? drafts.get(parent) : undefined });
        drafts.set(code, draft);
        this.ids.set(code, draft.id);
      }
      await writers.grids.insertGrids(trx, edition, [...drafts.values()]);
    });
  }

  /** The services over the same database, which remember nothing yet. */
  again(): ChangesetHouse {
    const other = new ChangesetHouse(this.api);
    for (const [code, id] of this.ids) other.ids.set(code, id);
    other.now = this.now;
    return other;
  }

  id(code: string): string {
    return this.ids.get(code)!;
  }

  /** Somebody with a role everywhere, or on the grids with these codes. */
  as(subject: string, role: Role = 'gis_editor', ...codes: readonly string[]): RequestContext {
    const areas: Areas = codes.length === 0 ? 'everywhere' : codes.map((code) => this.id(code));
    const viewer: Viewer = { kind: 'person', subject, grants: [{ role, areas }] };
    return { viewer, requestId: `of ${subject}`, log: { error() {} } };
  }

  /** A draft with these ops. */
  async drafted(by: RequestContext, ...ops: readonly Op[]): Promise<Draft> {
    const draft = await this.changesets.open(by, `Draft of ${by.viewer.subject}`);
    return this.changesets.apply(by, draft.record.id, draft.record.revision, ops);
  }

  /** The same, submitted and approved by somebody else. */
  async approved(by: RequestContext, ...ops: readonly Op[]): Promise<Draft> {
    return this.approve(by, await this.drafted(by, ...ops));
  }

  async approve(by: RequestContext, { record }: Draft): Promise<Draft> {
    await this.review.submit(by, record.id, record.revision);
    return this.review.approve(this.as('approver'), record.id);
  }

  async published(by: RequestContext, ops: readonly Op[], effectiveAt?: Date): Promise<Draft> {
    const { record } = await this.approved(by, ...ops);
    return this.publishing.publish(by, record.id, effectiveAt);
  }

  /** What the registry says of a grid in the newest edition. */
  version(code: string, asOf = this.now, edition = this.api.app.editions.latest) {
    const grid = this.api.app.atlas.findGrid(this.id(code));
    return grid && versionAt(grid, { asOf: asOf.getTime(), edition });
  }

  /** Every audit entry about changesets, oldest first. */
  async audited() {
    return this.api.app.database.db.transaction().execute(async (trx) => {
      await showAreas(trx, 'everywhere', this.now);
      return trx
        .selectFrom('audit_entry')
        .select(['subject', 'action', 'result', 'grid_id', 'object_id', 'details'])
        .where('object_kind', '=', 'changeset')
        .orderBy('seq')
        .execute();
    });
  }
}

/** The refusal that a promise ends with. */
export async function refusal(promise: Promise<unknown>): Promise<DomainError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}
