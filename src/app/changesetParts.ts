import type { Kysely } from 'kysely';
import type { AreaTree } from '../access/areaTree.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { ChangesetRepository } from '../changesets/changeset.repository.ts';
import { ChangesetService } from '../changesets/changeset.service.ts';
import { ChangesetDesk } from '../changesets/drafting/changesetDesk.ts';
import { DraftChecks } from '../changesets/drafting/draftChecks.ts';
import { DraftReader } from '../changesets/drafting/draftReader.ts';
import { Drawing } from '../changesets/drafting/drawing.ts';
import { StepRepository } from '../changesets/drafting/step.repository.ts';
import { applyOps } from '../changesets/ops/applyOps.ts';
import { readsOf } from '../changesets/ops/reads.ts';
import { PatchWriter } from '../changesets/publishing/patchWriter.ts';
import { PublishingRepository } from '../changesets/publishing/publishing.repository.ts';
import { PublishingService } from '../changesets/publishing/publishing.service.ts';
import { RestoringRepository } from '../changesets/rebasing/restoring.repository.ts';
import { Restoring } from '../changesets/rebasing/restoring.ts';
import { ReviewService } from '../changesets/review.service.ts';
import type { DraftGrid } from '../changesets/territory/draftGrid.ts';
import { GroundRepository } from '../changesets/territory/ground.repository.ts';
import { TerritoryReader } from '../changesets/territory/territoryReader.ts';
import { TierRuleService } from '../changesets/tiers/tierRule.service.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/tables.ts';
import { ChangesetExportService } from '../exchange/changesetExport.service.ts';
import { EditedFileService } from '../exchange/edited/editedFile.service.ts';
import { BoundaryRepository } from '../exchange/importing/boundary.repository.ts';
import type { RegistryParts } from './registryParts.ts';

/** What changesets need besides the registry. */
export interface ChangesetNeeds {
  readonly tree: AreaTree;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: Clock;
}

/** Drafts of boundaries: drawn, reviewed, published, and carried in files. */
export type ChangesetParts = ReturnType<typeof buildChangesets>;

export function buildChangesets(db: Kysely<Database>, registry: RegistryParts, { tree, audit, clock }: ChangesetNeeds) {
  const { atlas, editions, writers } = registry;
  const rules = new GroundRepository(db);
  const territories = new TerritoryReader(atlas, editions, rules);
  const restoring = new Restoring(editions, territories, new RestoringRepository(db), clock);
  const store = { db, changesets: new ChangesetRepository(), steps: new StepRepository() };
  const room = { ...store, audit, editions, restoring };
  const reader = new DraftReader(room, territories, new DraftChecks(tree, vacantRoles(registry)), clock);
  const desk = new ChangesetDesk(room, reader, tree, clock);
  const drawing = new Drawing(room, { editions, territories, restoring }, { applyOps, readsOf }, clock);
  const drafts = new ChangesetService(desk, room, reader, drawing);
  const boundaries = new BoundaryRepository(db);
  return {
    drafts,
    territories,
    review: new ReviewService(desk, room, reader),
    publishing: new PublishingService(desk, room, reader, new PatchWriter(writers.grids, new PublishingRepository())),
    files: new EditedFileService(drafts, atlas, boundaries),
    exporter: new ChangesetExportService(drafts, atlas, boundaries),
    tierRules: new TierRuleService({ db, repository: rules, audit, clock }, atlas),
  };
}

/** Names of the roles that must be held on a grid and are not, now. */
function vacantRoles({ atlas, directory, moments }: RegistryParts): (grid: DraftGrid) => readonly string[] {
  return ({ id, layer, tier }) => {
    const moment = moments.read();
    const tierId = atlas.findTier(layer, tier)?.id;
    if (tierId === undefined) return [];
    const holdings = directory.holdingsOnGrid({ id, tierId }, moment);
    return directory
      .tierRoles(tierId, moment.edition)
      .filter(({ role, required }) => required && !holdings.some((each) => each.role === role && !each.post.vacant))
      .map(({ role }) => role.name);
  };
}
