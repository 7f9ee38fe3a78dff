import { sql, type Transaction } from 'kysely';
import { allowLongStatements } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import { DomainError } from '../../errors.ts';
import type { EditionService } from '../../grids/edition.service.ts';
import type {
  GapDraft,
  GridDraft,
  GridRevision,
  LayerDraft,
  SchemeDraft,
  TierDraft,
} from '../../grids/territory.type.ts';
import { listChanges } from '../borders/difference.ts';
import type { ImportProgress } from '../exchange.type.ts';
import { LONGEST_MS } from './boundary.repository.ts';
import type { PlannedGrid } from './plannedGrid.ts';
import type { ImportTarget } from './target.ts';

/** Everything that one import writes. */
export interface ImportPlan {
  readonly target: ImportTarget;
  readonly title: string;
  readonly added: readonly PlannedGrid[];
  /** Known grids that exist again. */
  readonly revived: readonly PlannedGrid[];
  readonly changed: readonly PlannedGrid[];
  readonly retired: readonly PlannedGrid[];
  readonly newGaps: readonly GapDraft[];
  readonly endedGaps: readonly number[];
  readonly onProgress?: ImportProgress;
}

type Trx = Transaction<Database>;

/** What writes territory inside an edition being published: the repository of grids/, as an import needs it. */
export interface TerritoryWriter {
  hasScheme(trx: Trx, code: string): Promise<boolean>;
  insertScheme(trx: Trx, edition: number, scheme: SchemeDraft): Promise<void>;
  insertLayer(trx: Trx, edition: number, layer: LayerDraft): Promise<void>;
  insertTier(trx: Trx, edition: number, tier: TierDraft): Promise<void>;
  insertGrids(
    trx: Trx,
    edition: number,
    drafts: readonly GridDraft[],
    onProgress?: (done: number) => void,
  ): Promise<void>;
  insertVersions(trx: Trx, edition: number, drafts: readonly GridDraft[]): Promise<void>;
  reviseGrids(trx: Trx, edition: number, revisions: readonly GridRevision[]): Promise<void>;
  retireGrids(trx: Trx, edition: number, gridIds: readonly string[], from: Date): Promise<void>;
  insertGaps(trx: Trx, edition: number, gaps: readonly GapDraft[]): Promise<void>;
  endGaps(trx: Trx, edition: number, ids: readonly number[], from: Date): Promise<void>;
}

/** Ends a rehearsal: thrown when all is judged, so that the transaction is rolled back. */
class Rehearsed extends Error {
  override readonly name = 'Rehearsed';
}

/** Whether the plan has anything to publish. */
export function isEmptyPlan({ target, added, revived, changed, retired, newGaps, endedGaps }: ImportPlan): boolean {
  const lists = [added, revived, changed, retired, newGaps, endedGaps];
  return target.tier !== undefined && lists.every((list) => list.length === 0);
}

/** Writes import plans as editions. */
export class ImportWriter {
  readonly #editions: EditionService;
  readonly #grids: TerritoryWriter;

  constructor(editions: EditionService, grids: TerritoryWriter) {
    this.#editions = editions;
    this.#grids = grids;
  }

  /** Publishes the plan and returns its edition. Throws the law that it breaks; then nothing is written. */
  async publish(plan: ImportPlan): Promise<number> {
    const write = (trx: Trx, edition: number) => this.#write(trx, edition, plan);
    return (await this.#editions.publish(plan.title, write, { effectiveAt: plan.target.effectiveAt })).edition;
  }

  /** Does all that `publish` does, has the database judge it, and rolls it back. Throws as `publish` does. */
  async rehearse(plan: ImportPlan): Promise<void> {
    try {
      await this.#editions.publish(plan.title, async (trx, edition) => {
        await this.#write(trx, edition, plan);
        await sql`set constraints all immediate`.execute(trx);
        throw new Rehearsed();
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
    }
  }

  async #write(trx: Trx, edition: number, plan: ImportPlan): Promise<void> {
    const { target, onProgress } = plan;
    if (edition !== target.moment.edition + 1) {
      const message = `Edition ${edition - 1} was published while the file was being read. Run the import again.`;
      throw new DomainError('CONFLICT', message, { edition: edition - 1 });
    }
    await allowLongStatements(trx, LONGEST_MS);
    await this.#makePlace(trx, edition, target);
    const total = plan.added.length + plan.revived.length + plan.changed.length;
    const step = (before: number) => (done: number) => onProgress?.('write', before + done, total);
    const from = target.effectiveAt;
    const retired = plan.retired.map((grid) => grid.id);
    if (retired.length > 0) await this.#grids.retireGrids(trx, edition, retired, from);
    await this.#grids.reviseGrids(
      trx,
      edition,
      plan.changed.map((grid) => toRevision(grid, from)),
    );
    step(plan.changed.length)(0);
    await this.#grids.insertVersions(
      trx,
      edition,
      plan.revived.map((grid) => toDraft(grid, target)),
    );
    await this.#grids.insertGrids(
      trx,
      edition,
      plan.added.map((grid) => toDraft(grid, target)),
      step(plan.changed.length + plan.revived.length),
    );
    if (plan.endedGaps.length > 0) await this.#grids.endGaps(trx, edition, plan.endedGaps, from);
    await this.#grids.insertGaps(trx, edition, plan.newGaps);
  }

  async #makePlace(trx: Trx, edition: number, target: ImportTarget): Promise<void> {
    const { layerCode, tierCode, scheme, rank, kind } = target;
    if (!(await this.#grids.hasScheme(trx, scheme))) {
      await this.#grids.insertScheme(trx, edition, { code: scheme, name: scheme });
    }
    if (!target.layer) await this.#grids.insertLayer(trx, edition, { code: layerCode, name: layerCode, kind });
    if (target.tier) return;
    await this.#grids.insertTier(trx, edition, { layer: layerCode, code: tierCode, name: tierCode, rank, scheme });
  }
}

function toDraft(grid: PlannedGrid, target: ImportTarget): GridDraft {
  return {
    id: grid.id,
    layer: target.layerCode,
    tier: target.tierCode,
    codes: [{ scheme: target.scheme, code: grid.code }],
    name: grid.name,
    kind: grid.kind,
    parentId: grid.parent?.id ?? null,
    managerId: null,
    boundary: grid.shape,
    loads: [],
    validFrom: target.effectiveAt,
    validTo: null,
  };
}

/** Only what changes is set, so that other changes planned for later stay. */
function toRevision(grid: PlannedGrid, from: Date): GridRevision {
  const changes = listChanges(grid);
  return {
    gridId: grid.id,
    from,
    set: {
      ...(changes.includes('name') && { name: grid.name }),
      ...(changes.includes('kind') && { kind: grid.kind }),
      ...(changes.includes('parent') && { parentId: grid.parent?.id ?? null }),
      ...(changes.includes('boundary') && { boundary: grid.shape }),
    },
  };
}
