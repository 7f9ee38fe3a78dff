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
import { NOW } from '../support/api.ts';
import { openTwoAreas, type TwoAreas } from './twoAreas.ts';

/** Foreign ids for each role; the figure of the issue is 10,000. */
const IDS = Number(process.env.FOREIGN_IDS ?? 600);
const clock = () => NOW;

let world: TwoAreas;
beforeAll(async () => {
  world = await openTwoAreas();
});
afterAll(() => world.api.close());

/** Ids that mean something elsewhere, and as many that mean nothing, in turn. */
function foreignIds(): string[] {
  const { foreign, town } = world;
  const known = [...foreign.people, foreign.clientId, foreign.keyId, ...foreign.gridIds];
  const heldThere = new Set(town.plan.posts.filter(({ gridId }) => foreign.gridIds.has(gridId)).map(({ id }) => id));
  known.push(...heldThere);
  return Array.from({ length: IDS }, (_, i) => (i % 2 ? randomUUID() : known[(i >> 1) % known.length]));
}

const ASKED = [
  (id: string) => `staffFile(personId: "${id}") { person { name } posts { id } }`,
  (id: string) => `apiClient(id: "${id}") { id name keys { id } }`,
  (id: string) => `auditEntries(within: "${id}", first: 5) { edges { node { id } } }`,
];
const NOTHING = [null, null, { edges: [] }];

describe('ids of a foreign area', () => {
  it.each(ROLES)('give %s not a row, and the answer that ids of nothing give', async (role) => {
    const headers = await world.headersOf(role);
    for (const [kind, ask] of ASKED.entries()) {
      const ids = foreignIds();
      for (let at = 0; at < ids.length; at += 15) {
        const part = ids.slice(at, at + 15);
        const query = `{ ${part.map((id, i) => `a${i}: ${ask(id)}`).join('\n')} }`;
        const { data, errors, status } = await world.api.askRaw(query, {}, headers);
        if (mayAsk(role, kind)) {
          expect([role, errors]).toEqual([role, undefined]);
          for (const each of Object.values(data)) expect(each).toEqual(NOTHING[kind]);
        } else {
          expect([status, data ?? null, errors?.length]).toEqual([status, null, 1]);
          expect(['UNAUTHENTICATED', 'FORBIDDEN']).toContain(errors![0].extensions.code);
        }
      }
    }
  });

  const mayAsk = (role: Role, kind: number) =>
    RIGHTS[(['staff.read', 'keys.read', 'audit.read'] as const)[kind]][role] !== undefined;
});

/** A tree that holds everything to be everybody's: the check in memory, switched off. */
const openTree = (roots: readonly string[]): AreaTree => ({ findGridId: (id) => id, chainOf: (id) => [id, ...roots] });

interface Services {
  readonly files: StaffFileService;
  readonly keys: KeyService;
  readonly audit: AuditReadingService;
}

function servicesOn(tree: AreaTree, db = world.api.app.database.db): Services {
  const { app } = world.api;
  const repository = new KeyRepository(db, clock);
  const log = app.audit.log;
  const ring = new KeyRing(repository, clock, undefined);
  return {
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

/** How many of the ids give anything at all. */
async function shown({ files, keys, audit }: Services, context: RequestContext, ids: readonly string[]) {
  const moment = { asOf: NOW.getTime(), edition: world.api.app.editions.latest };
  let rows = 0;
  for (const id of ids) {
    if (await files.find(id, moment, context)) rows += 1;
    if (await keys.findClient(context, id)) rows += 1;
    const isGrid = world.api.app.atlas.findGrid(id) !== undefined;
    if (isGrid) rows += (await audit.list({ within: id, action: 'keys.manage', limit: 5 }, context)).length;
  }
  return rows;
}

describe('each lock alone', () => {
  it('row security holds when the checks in memory are switched off', async () => {
    const context = contextOf([world.own.gridId]);
    expect(await shown(servicesOn(openTree([world.own.gridId])), context, foreignIds())).toBe(0);
  });

  it('the checks in memory hold when row security is switched off', async () => {
    const { atlas, finder, moments, database } = world.api.app;
    // The login of a test is a superuser, whom row security does not bind.
    const rows = await database.asOwner((db) =>
      shown(servicesOn(new GridAreas(atlas, finder, moments), db), contextOf([world.own.gridId]), foreignIds()),
    );
    expect(rows).toBe(0);
  });

  it('without either, the same questions give rows: the test can see them', async () => {
    const rows = await world.api.app.database.asOwner((db) =>
      shown(servicesOn(openTree([world.own.gridId]), db), contextOf([world.own.gridId]), foreignIds()),
    );
    expect(rows).toBeGreaterThan(50);
  });
});
