import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AreaTree } from '../../src/access/areaTree.ts';
import type { RequestContext } from '../../src/access/requestContext.ts';
import { RIGHTS, ROLES, type Role } from '../../src/access/rights.ts';
import type { Areas, Viewer } from '../../src/access/viewer.ts';
import { AuditReadingService } from '../../src/audit/auditReading.service.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { KeyRepository } from '../../src/keys/key.repository.ts';
import { KeyService } from '../../src/keys/key.service.ts';
import { KeyRing } from '../../src/keys/keyRing.ts';
import { StaffFileRepository } from '../../src/posts/staffFile/staffFile.repository.ts';
import { StaffFileService } from '../../src/posts/staffFile/staffFile.service.ts';
import { ManagingRepository } from '../../src/webhooks/managing/managing.repository.ts';
import { WebhookDesk } from '../../src/webhooks/managing/webhookDesk.ts';
import { WebhookLogRepository } from '../../src/webhooks/managing/webhookLog.repository.ts';
import { WebhookReadingService } from '../../src/webhooks/managing/webhookReading.service.ts';
import { NOW } from '../support/api.ts';
import { type Followed, Followings } from './feedActs.ts';
import { openTwoAreas, type TwoAreas } from './twoAreas.ts';

/** Foreign ids for each role; the figure of the issue is 10,000. */
const IDS = Number(process.env.FOREIGN_IDS ?? 400);
const clock = () => NOW;

let world: TwoAreas;
let webhook: Pick<Followed, 'webhookId'>;
beforeAll(async () => {
  world = await openTwoAreas();
  webhook = await new Followings(world).makeWebhook(world.foreign, await world.api.as('admin', world.foreign.gridId));
});
afterAll(() => world.api.close());

/** Ids that mean something elsewhere. */
function knownElsewhere(): string[] {
  const { foreign, town } = world;
  const heldThere = town.plan.posts.filter(({ gridId }) => foreign.gridIds.has(gridId)).map(({ id }) => id);
  const { clientId, keyId, gridId, people, gridIds } = foreign;
  const known = [clientId, keyId, webhook.webhookId, gridId, ...people, ...gridIds, ...heldThere];
  return [...new Set(known)].slice(0, IDS >> 1);
}

/** Those, and as many that mean nothing, in turn. */
function foreignIds(): string[] {
  const known = knownElsewhere();
  return Array.from({ length: IDS }, (_, i) => (i % 2 ? randomUUID() : known[(i >> 1) % known.length]));
}

const ASKED = [
  (id: string) => `staffFile(personId: "${id}") { person { name } posts { id } }`,
  (id: string) => `apiClient(id: "${id}") { id name keys { id } }`,
  (id: string) => `auditEntries(within: "${id}", first: 5) { edges { node { id } } }`,
  (id: string) => `webhook(id: "${id}") { id url }`,
  (id: string) => `incidentEvents(within: "${id}", first: 5) { events { id } cursor }`,
];
const ASKED_BY = ['staff.read', 'keys.read', 'audit.read', 'webhooks.read', 'incidents.read'] as const;
/** What an id of nothing gives; a feed of nothing is refused. */
const NOTHING = [null, null, { edges: [] }, null, 'NOT_FOUND'];

describe('ids of a foreign area', () => {
  it.each(ROLES)('give %s not a row, and the answer that ids of nothing give', async (role) => {
    const headers = await world.headersOf(role);
    for (const [kind, ask] of ASKED.entries()) {
      // Who lacks the right is refused whatever the ids are.
      const ids = foreignIds().slice(0, mayAsk(role, kind) ? IDS : 45);
      for (let at = 0; at < ids.length; at += 15) {
        const part = ids.slice(at, at + 15);
        const query = `{ ${part.map((id, i) => `a${i}: ${ask(id)}`).join('\n')} }`;
        const { data, errors, status } = await world.api.askRaw(query, {}, headers);
        if (mayAsk(role, kind) && typeof NOTHING[kind] === 'string') {
          expect([status, data ?? null]).toEqual([200, null]);
          expect(new Set(errors!.map(({ extensions }) => extensions.code))).toEqual(new Set([NOTHING[kind]]));
          expect(new Set(errors!.map(({ message }) => message)).size).toBe(1);
        } else if (mayAsk(role, kind)) {
          expect([role, errors]).toEqual([role, undefined]);
          for (const each of Object.values(data)) expect(each).toEqual(NOTHING[kind]);
        } else {
          expect([status, data ?? null, errors?.length]).toEqual([status, null, 1]);
          expect(['UNAUTHENTICATED', 'FORBIDDEN']).toContain(errors![0].extensions.code);
        }
      }
    }
  });

  const mayAsk = (role: Role, kind: number) => RIGHTS[ASKED_BY[kind]][role] !== undefined;
});

/** A tree that holds everything to be everybody's: the check in memory, switched off. */
const openTree = (roots: readonly string[]): AreaTree => ({ findGridId: (id) => id, chainOf: (id) => [id, ...roots] });

interface Services {
  readonly files: StaffFileService;
  readonly keys: KeyService;
  readonly audit: AuditReadingService;
  readonly webhooks: WebhookReadingService;
}

function servicesOn(tree: AreaTree, db = world.api.app.database.db): Services {
  const { app } = world.api;
  const repository = new KeyRepository(db, clock);
  const log = app.audit.log;
  const ring = new KeyRing(repository, clock, undefined);
  const managing = new ManagingRepository(db, clock);
  const desk = new WebhookDesk(managing, log, tree);
  return {
    webhooks: new WebhookReadingService(desk, managing, new WebhookLogRepository()),
    files: new StaffFileService({ db, repository: new StaffFileRepository(), audit: log }, app.directory, tree, clock),
    keys: new KeyService(repository, ring, log, tree),
    audit: new AuditReadingService({ db, repository: app.audit.repository, audit: log }, tree, clock),
  };
}

function contextOf(areas: Areas): RequestContext {
  const viewer: Viewer = {
    kind: 'person',
    subject: 'test|everything',
    grants: [
      { role: 'admin', areas },
      { role: 'auditor', areas },
    ],
  };
  return { viewer, requestId: 'test', log: pino({ level: 'silent' }) };
}

/** How many of the ids give anything at all, by what was asked for. */
async function shown({ files, keys, audit, webhooks }: Services, context: RequestContext, ids: readonly string[]) {
  const moment = { asOf: NOW.getTime(), edition: world.api.app.editions.latest };
  const rows = { files: 0, clients: 0, webhooks: 0, audit: 0 };
  for (const id of ids) {
    if (await files.find(id, moment, context)) rows.files += 1;
    if (await keys.findClient(context, id)) rows.clients += 1;
    if (await webhooks.find(context, id)) rows.webhooks += 1;
    const isGrid = world.api.app.atlas.findGrid(id) !== undefined;
    if (isGrid) rows.audit += (await audit.list({ within: id, action: 'keys.manage', limit: 5 }, context)).length;
  }
  return rows;
}

const NONE = { files: 0, clients: 0, webhooks: 0, audit: 0 };

describe('each lock alone', () => {
  it('row security holds when the checks in memory are switched off', async () => {
    const context = contextOf([world.own.gridId]);
    expect(await shown(servicesOn(openTree([world.own.gridId])), context, knownElsewhere())).toEqual(NONE);
  });

  it('the checks in memory hold when row security is switched off', async () => {
    const { atlas, finder, moments, database } = world.api.app;
    // The login of a test is a superuser, whom row security does not bind.
    const rows = await database.asOwner((db) =>
      shown(servicesOn(new GridAreas(atlas, finder, moments), db), contextOf([world.own.gridId]), knownElsewhere()),
    );
    expect(rows).toEqual(NONE);
  });

  it('without either, the same questions give rows of each kind: the test can see them', async () => {
    const some = knownElsewhere().slice(0, 60);
    const rows = await world.api.app.database.asOwner((db) =>
      shown(servicesOn(openTree([world.own.gridId]), db), contextOf([world.own.gridId]), some),
    );
    for (const count of Object.values(rows)) expect(count).toBeGreaterThan(0);
    expect(rows.files).toBeGreaterThan(30);
  });
});
