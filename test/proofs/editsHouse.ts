import { type Kysely, sql, type Transaction } from 'kysely';
import { type App, buildApp } from '../../src/app.ts';
import { ChangesetRepository } from '../../src/changesets/changeset.repository.ts';
import { ChangesetService } from '../../src/changesets/changeset.service.ts';
import { ChangesetDesk } from '../../src/changesets/drafting/changesetDesk.ts';
import { DraftChecks } from '../../src/changesets/drafting/draftChecks.ts';
import { DraftReader } from '../../src/changesets/drafting/draftReader.ts';
import { Drawing } from '../../src/changesets/drafting/drawing.ts';
import { StepRepository } from '../../src/changesets/drafting/step.repository.ts';
import { applyOps } from '../../src/changesets/ops/applyOps.ts';
import { readsOf } from '../../src/changesets/ops/reads.ts';
import { PatchWriter } from '../../src/changesets/publishing/patchWriter.ts';
import { PublishingRepository } from '../../src/changesets/publishing/publishing.repository.ts';
import { PublishingService } from '../../src/changesets/publishing/publishing.service.ts';
import { RestoringRepository } from '../../src/changesets/rebasing/restoring.repository.ts';
import { Restoring } from '../../src/changesets/rebasing/restoring.ts';
import { ReviewService } from '../../src/changesets/review.service.ts';
import { GroundRepository } from '../../src/changesets/territory/ground.repository.ts';
import type { Patch } from '../../src/changesets/territory/patch.ts';
import { TerritoryReader } from '../../src/changesets/territory/territoryReader.ts';
import type { OpenDatabase } from '../../src/db/database.ts';
import { inTransaction } from '../../src/db/pgErrors.ts';
import type { Database } from '../../src/db/tables.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import type { EditionService, WriteEdition } from '../../src/grids/edition.service.ts';
import { testConfig } from '../support/testConfig.ts';

/** What editors do, and what approvers do. */
export type Editing = Pick<ChangesetService, 'open' | 'find' | 'apply' | 'rebase'> &
  Pick<ReviewService, 'submit' | 'approve' | 'discard'> &
  Pick<PublishingService, 'publish'>;

export interface EditsHouse {
  readonly app: App;
  readonly editing: Editing;
}

interface Locks {
  readonly editions: EditionService;
  readonly writer: Pick<PatchWriter, 'write'>;
}

/** The house as it is, over a database; a twin may put other editions and another writer in their places. */
export async function openEditsHouse(database: OpenDatabase, twin?: (app: App) => Locks): Promise<EditsHouse> {
  const app = await buildApp(database, testConfig());
  const { db } = database;
  const clock = () => new Date();
  const tree = new GridAreas(app.atlas, app.finder, app.moments);
  const plain = new PatchWriter(app.writers.grids, new PublishingRepository());
  const { editions, writer } = twin?.(app) ?? { editions: app.editions, writer: plain };
  const room = { db, changesets: new ChangesetRepository(), steps: new StepRepository(), audit: app.audit.log };
  const territories = new TerritoryReader(app.atlas, app.editions, new GroundRepository(db));
  const reader = new DraftReader(room, territories, new DraftChecks(tree, () => []), clock);
  const restoring = new Restoring(app.editions, territories, new RestoringRepository(db), clock);
  const drawing = new Drawing(room, { editions: app.editions, territories, restoring }, { applyOps, readsOf }, clock);
  const desk = new ChangesetDesk(room, reader, tree, clock);
  const changesets = new ChangesetService(desk, room, reader, drawing);
  const review = new ReviewService(desk, room, reader);
  const publishing = new PublishingService(desk, { ...room, editions, restoring }, reader, writer as PatchWriter);
  const editing: Editing = {
    open: (...asked) => changesets.open(...asked),
    find: (...asked) => changesets.find(...asked),
    apply: (...asked) => changesets.apply(...asked),
    submit: (...asked) => review.submit(...asked),
    approve: (...asked) => review.approve(...asked),
    rebase: (...asked) => changesets.rebase(...asked),
    discard: (...asked) => review.discard(...asked),
    publish: (...asked) => publishing.publish(...asked),
  };
  return { app, editing };
}

/** Takes the queue of publications out of the database: each takes a number without waiting for the one before it. */
export async function takeLockOut(database: OpenDatabase): Promise<void> {
  await database.asOwner(async (owner) => {
    await sql`create sequence unlocked`.execute(owner);
    await sql`grant all on sequence unlocked to wangge_server`.execute(owner);
    await sql`select setval('unlocked', (select max(number) from edition))`.execute(owner);
    await sql`create or replace function begin_edition() returns trigger language plpgsql as $$
      begin
        new.transaction := pg_current_xact_id();
        return new;
      end $$`.execute(owner);
  });
}

/** EditionService and PatchWriter without the lock and without the check of what a draft starts from. */
export function unlocked(app: App): Locks {
  const { db } = app.database;
  // Publishing asks its editions for nothing else.
  const editions = {
    publish: (title: string, write: WriteEdition<unknown>) => publishUnlocked(app, db, title, write),
  } as unknown as EditionService;
  return {
    editions,
    writer: {
      write: (trx, edition, draft, at) => {
        const repository = new PublishingRepository();
        repository.readStanding = async () => standingOf(draft.patch);
        return new PatchWriter(app.writers.grids, repository).write(trx, edition, draft, at);
      },
    },
  };
}

async function publishUnlocked(app: App, db: Kysely<Database>, title: string, write: WriteEdition<unknown>) {
  const published = await inTransaction(db, async (trx: Transaction<Database>) => {
    await sql`select set_config('wangge.areas', '*', true)`.execute(trx);
    const { rows } = await sql<{ number: number }>`insert into edition (number, published_at, effective_at, title)
      values (nextval('unlocked'), now(), now(), ${title}) returning number`.execute(trx);
    const edition = rows[0].number;
    const result = await write(trx, edition);
    await sql`set constraints all immediate`.execute(trx);
    return { edition, result };
  });
  await app.editions.catchUp();
  return published;
}

/** What stands, as a draft believes that it does. */
function standingOf(patch: Patch) {
  const before = [...patch].flatMap(([grid, change]) => (change.before ? [[grid, change.before] as const] : []));
  return {
    versions: new Map(
      before.map(([gridId, { versionId }]) => {
        const version = { gridId, id: versionId!, validFrom: 0, validTo: null, editionFrom: 1 };
        return [gridId, [version]];
      }),
    ),
    codes: new Map(before.map(([grid, { codes }]) => [grid, codes])),
    members: new Map(before.map(([grid, { memberIds }]) => [grid, memberIds ?? []])),
  };
}
