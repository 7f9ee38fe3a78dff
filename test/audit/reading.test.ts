import 'reflect-metadata';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { sql } from 'kysely';
import { buildSchemaSync } from 'type-graphql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRights } from '../../src/access/declareRight.ts';
import type { Areas, Viewer } from '../../src/access/viewer.ts';
import { PUBLIC } from '../../src/access/viewer.ts';
import { AuditResolver } from '../../src/audit/api/audit.resolver.ts';
import { AuditReadingService } from '../../src/audit/auditReading.service.ts';
import { GridAreas } from '../../src/grids/areas.ts';
import { GridFinder } from '../../src/grids/gridFinder.ts';
import { MomentReader } from '../../src/grids/momentReader.ts';
import { PostsWorld } from '../posts/postsFixture.ts';
import { asSuperuser } from '../support/database.ts';
import { AuditWorld, person, system } from './auditFixture.ts';
import { HAMLET, hamletBelow } from './hamlet.ts';

let world: AuditWorld;
let schema: GraphQLSchema;
let town: PostsWorld;

beforeAll(async () => {
  world = await AuditWorld.open();
  town = await PostsWorld.make(world.db);
  const now = () => world.now;
  await town.publish((trx, edition) => town.grids.insertGrids(trx, edition, [hamletBelow(town.gridId('T1'))]));
  const moments = new MomentReader(town.editions, now);
  const tree = new GridAreas(town.atlas, new GridFinder(town.atlas), moments);
  const reading = new AuditReadingService({ db: world.db, repository: world.repository, audit: world.log }, tree, now);
  const container = { get: () => new AuditResolver(reading) };
  schema = buildSchemaSync({ resolvers: [AuditResolver], container, validate: false });
});

beforeEach(async () => {
  await asSuperuser(world.db, async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx);
    await sql`truncate audit_entry`.execute(trx);
  });
  for (const [index, code] of [null, 'V1', 'V2', 'V1', 'V3', null].entries()) {
    const gridId = code && town.gridId(code);
    const action = index % 2 ? 'staff.read' : 'keys.manage';
    await world.act(person(`user${index}`), { gridId, action, object: { kind: 'person', id: `${code}` } });
  }
});

const auditor = (areas: Areas): Viewer => ({
  kind: 'person',
  subject: 'auditor',
  grants: [{ role: 'auditor', areas }],
});

async function ask(viewer: Viewer, args = '', fields = 'node { id objectId }') {
  const document = parse(
    `{ auditEntries${args && `(${args})`} { edges { cursor ${fields} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  );
  const contextValue = { viewer, requestId: 'r-9', purpose: 'Yearly check', log: { error: () => {} } };
  const { data, errors } = await execute({ schema, document, contextValue });
  if (errors) throw errors[0].originalError ?? errors[0];
  return JSON.parse(JSON.stringify(data!.auditEntries));
}

const ids = (page: { edges: { node: { id: string } }[] }) => page.edges.map(({ node }) => Number(node.id));
const NOTHING = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

describe('who reads the audit', () => {
  it('sees all of it everywhere, newest first, and what concerns the own area there', async () => {
    expect(ids(await ask(auditor('everywhere')))).toEqual([6, 5, 4, 3, 2, 1]);
    expect(ids(await ask(auditor([town.gridId('V1')])))).toEqual([4, 2]);
    expect(ids(await ask(auditor([town.gridId('V2'), town.gridId('V3')])))).toEqual([5, 3]);
    expect(ids(await ask(auditor([town.gridId('T1')])))).toEqual([]);
  });

  it('sees there, in an own area of one grid, who read it before', async () => {
    const viewer = auditor([town.gridId('V1')]);
    await ask(viewer, 'subject: "user1"');
    const fields =
      'node { subject role action objectKind gridId result purpose requestId details { name value } at hash }';
    expect((await ask(viewer, 'first: 1', fields)).edges[0].node).toEqual({
      subject: 'auditor',
      role: 'auditor',
      action: 'audit.read',
      objectKind: 'audit',
      gridId: town.gridId('V1'),
      result: 'READ',
      purpose: 'Yearly check',
      requestId: 'r-9',
      // As jsonb orders them.
      details: expect.arrayContaining([
        { name: 'subject', value: 'user1' },
        { name: 'entries', value: '1' },
      ]),
      at: '2026-06-01T04:00:00.123Z',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('sees what concerns a grid below the own area, and above it nothing', async () => {
    await world.act(person('user7'), { gridId: HAMLET });
    expect(ids(await ask(auditor([town.gridId('T1')])))).toEqual([7]);
    expect(ids(await ask(auditor([town.gridId('T1')]), 'within: "H1"'))).toEqual([7]);
    await world.act(person('user8'), { gridId: town.gridId('T1') });
    expect(ids(await ask(auditor([HAMLET])))).toEqual([9, 7]);
  });

  it('narrows it to a grid by id or code, an action, somebody, and an interval', async () => {
    expect(ids(await ask(auditor('everywhere'), `within: "${town.gridId('V2')}"`))).toEqual([3]);
    expect(ids(await ask(auditor('everywhere'), 'within: "V2", subject: "user2"'))).toEqual([3]);
    expect(ids(await ask(auditor('everywhere'), 'subject: "user4", action: "keys.manage"'))).toEqual([5]);
    expect(ids(await ask(auditor('everywhere'), 'action: "keys.manage"'))).toEqual([5, 3, 1]);
    expect(ids(await ask(auditor('everywhere'), 'to: "2026-06-01T04:00:00.123Z"'))).toEqual([]);
    const now = 'from: "2026-06-01T12:00:00.123+08:00", to: "2026-06-01T12:00:00.124+08:00", action: "staff.read"';
    expect(ids(await ask(auditor('everywhere'), now))).toEqual([6, 4, 2]);
    expect(ids(await ask(auditor('everywhere'), 'subject: "a\\u0000b"'))).toEqual([]);
  });

  it('gets the same for a foreign grid as for one that does not exist', async () => {
    const viewer = auditor([town.gridId('V1')]);
    for (const within of [
      town.gridId('V2'),
      'V2',
      town.gridId('T1'),
      '99999999-9999-4999-8999-999999999999',
      'none',
      '',
    ]) {
      expect(await ask(viewer, `within: "${within}"`)).toEqual(NOTHING);
    }
    expect(ids(await ask(auditor('everywhere'), 'action: "audit.read", first: 1'))).toEqual([12]);
  });

  it('goes through it page by page, while the reading itself is recorded', async () => {
    const viewer = auditor('everywhere');
    const first = await ask(viewer, 'first: 4');
    const second = await ask(viewer, `first: 4, after: "${first.pageInfo.endCursor}"`);
    expect([ids(first), ids(second)]).toEqual([
      [6, 5, 4, 3],
      [2, 1],
    ]);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(second.pageInfo.startCursor).toBe(second.edges[0].cursor);
    expect(ids(await ask(viewer, 'first: 200'))).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect((await ask(viewer, 'first: 0')).edges).toEqual([]);
  });
});

describe('who may not read it', () => {
  it.each([
    ['the public', PUBLIC, 'UNAUTHENTICATED'],
    ['an administrator', { ...auditor('everywhere'), grants: [{ role: 'admin', areas: 'everywhere' }] }, 'FORBIDDEN'],
    ['an auditor of nothing', auditor([]), 'FORBIDDEN'],
  ] as [string, Viewer, string][])('%s is refused, and nothing is recorded as read', async (_name, viewer, code) => {
    await expect(ask(viewer)).rejects.toMatchObject({ code });
    expect(await world.entries()).toHaveLength(6);
  });

  it('row security refuses too, when a resolver forgets', async () => {
    const { inAreas } = await import('../../src/db/areas.ts');
    const seen = (areas: Areas) =>
      inAreas(world.db, areas, world.now, (trx) => world.repository.list(trx, { limit: 50 }));
    expect(await seen([])).toEqual([]);
    expect((await seen([town.gridId('V3')])).map(({ seq }) => seq)).toEqual([5]);
    expect(await seen(["') or true --", '*,', ' *'])).toEqual([]);
  });
});

describe('a bad question', () => {
  it.each([
    ['first: 201', 'first'],
    ['first: -1', 'first'],
    ['after: "x"', 'after'],
    [`after: "${Buffer.from('audit:0').toString('base64url')}"`, 'after'],
    [`after: "${Buffer.from('audit:99999999999999999999').toString('base64url')}"`, 'after'],
    [`after: "${Buffer.from('grid:1').toString('base64url')}"`, 'after'],
  ])('%s is refused by the name of its field', async (args, field) => {
    await expect(ask(auditor('everywhere'), args)).rejects.toMatchObject({ code: 'BAD_INPUT', details: { field } });
  });

  it('is asked of a schema in which every field declares its right', () => {
    const rights = [...listRights(schema)].filter(([field]) => /Audit|auditEntries/.test(field));
    expect(rights.length).toBeGreaterThan(18);
    expect(new Set(rights.map(([, right]) => right))).toEqual(new Set(['audit.read']));
  });
});

it('system viewers read everything', async () => {
  expect(ids(await ask(system.viewer))).toHaveLength(6);
});
