import { randomUUID } from 'node:crypto';
import { graphql } from 'graphql';
import { buildSchemaSync, Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Right } from '../../src/access/declareRight.ts';
import { Changeset } from '../../src/changesets/api/changeset.type.ts';
import { DraftView } from '../../src/changesets/api/draftView.ts';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import type { Op, Point } from '../../src/changesets/ops/op.ts';
import { GroundRepository } from '../../src/changesets/territory/ground.repository.ts';
import type { Territory } from '../../src/changesets/territory/territory.ts';
import { TerritoryReader } from '../../src/changesets/territory/territoryReader.ts';
import { AddressPointRepository } from '../../src/consequences/addressPoint.repository.ts';
import {
  AddressConsequencesResolver,
  ChangesetConsequencesResolver,
} from '../../src/consequences/api/consequence.resolver.ts';
import { ConsequenceService } from '../../src/consequences/consequence.service.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { GridPostsResolver, GridVersionPostsResolver } from '../../src/posts/api/gridPosts.resolver.ts';
import { at, box, openReportWorld, type ReportWorld } from '../discrepancies/reportWorld.ts';
import { appoint, makePerson, makePost } from '../posts/postsFixture.ts';
import { NOW } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import { draftOf } from './draftDice.ts';

let world: ReportWorld;
let base: Territory;
let service: ConsequenceService;
let shown: Draft;
const addressIds: Record<string, string> = {};
const DATES = { validFrom: new Date('2020-01-01T00:00:00Z'), validTo: null };
const PLACES = { inA: at(5, 5), gap: at(9.5, 5), west: at(12, 5), east: at(17, 5), inC: at(25, 5), inD: at(35, 5) };

@Resolver(() => Changeset)
class DraftResolver {
  @Right('boundaries.read')
  @Query(() => Changeset)
  draft(): Changeset {
    return new Changeset(shown, new DraftView(shown, world.api.app));
  }
}

beforeAll(async () => {
  world = await openReportWorld();
  const { app } = world.api;
  const { writers, editions } = app;
  await editions.publish('Staff and addresses', async (trx, edition) => {
    const tiers = [{ layer: 'land', tier: 'village', required: true }];
    const role = {
      code: 'officer',
      name: 'Officer',
      answersAs: 'officer' as const,
      position: 1,
      categories: [],
      tiers,
    };
    await writers.posts.insertRoles(trx, edition, [role]);
    const people = ['An', 'Ding'].map((name) => makePerson(name));
    const posts = ['A', 'B', 'D'].map((code) => makePost('officer', world.ids[code]));
    await writers.posts.insertPosts(trx, edition, posts);
    await writers.posts.insertPeople(trx, edition, people);
    await writers.posts.insertAppointments(trx, edition, [appoint(posts[0], people[0]), appoint(posts[2], people[1])]);
    const drafts = Object.entries(PLACES).map(([name, point]) => {
      addressIds[name] = randomUUID();
      return { id: addressIds[name], text: `人民路${name}号`, aliases: [], point, buildingId: null, ...DATES };
    });
    await writers.addresses.insertAddresses(trx, edition, drafts);
  });
  const { db } = await openTestDatabase();
  base = await new TerritoryReader(app.atlas, editions, new GroundRepository(db)).read({
    asOf: NOW.getTime(),
    edition: 2,
  });
  service = new ConsequenceService(app, new AddressPointRepository(db), app.addresses.finder);
});
afterAll(() => world.api.close());

const place = ({ lon, lat }: { lon: number; lat: number }): Point => [toLattice(lon), toLattice(lat)];
const drafted = (...ops: Op[]) => draftOf(base, ops, { baseEdition: 2, baseAsOf: NOW });

/** A takes the gap and gets another manager, B is split, D is merged into C. */
function redrawn(): Draft {
  const { ids, bodies } = world;
  const draft = drafted(
    { reshape: { grid: ids.A, boundary: box(0, 0, 10, 10) } },
    { transfer: { grid: ids.A, manager: bodies['First hall'] } },
    {
      split: {
        grid: ids.B,
        line: [place(at(15, -1)), place(at(15, 11))],
        ...{ codes: ['B1', 'B2'], names: ['West', 'East'], ids: [randomUUID(), randomUUID()] },
      },
    },
    { merge: { grids: [ids.C, ids.D], into: ids.C } },
  );
  expect(draft.patch.size).toBeGreaterThanOrEqual(5);
  return draft;
}

const QUERY = `{ draft { consequences {
  gridsMade gridsEnded gridsRedrawn gridsReparented gridsTransferred postCount vacancyCount truncated
  posts { holding { post { role { code } vacant } holder { ... on Person { name } } rank } reasons
    before { code } after { code } heirs { code } gainedSquareMetres lostSquareMetres gainedShare lostShare }
  vacancies { grid { code name } role { code } }
  crosswalk { from { code } shares { to { code } share } lost }
  addresses(first: 3) { totalCount truncated pageInfo { hasNextPage endCursor }
    edges { node { address { id text } layers { layer { code } before { code } after { code } } } } }
} } }`;

async function ask(query: string) {
  const { app } = world.api;
  const instances = [
    ...[new DraftResolver(), new ChangesetConsequencesResolver(service, app.atlas)],
    ...[new AddressConsequencesResolver(service), new GridPostsResolver(app.directory)],
    new GridVersionPostsResolver(app.directory),
  ];
  const byClass = new Map(instances.map((each) => [each.constructor, each]));
  const schema = buildSchemaSync({
    resolvers: [
      DraftResolver,
      ChangesetConsequencesResolver,
      AddressConsequencesResolver,
      GridPostsResolver,
      GridVersionPostsResolver,
    ],
    container: { get: (wanted) => byClass.get(wanted as never) },
    validate: false,
  });
  const { data, errors } = await graphql({ schema, source: query, contextValue: {} });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data)).draft.consequences;
}

describe('what a draft would change', () => {
  it('is told with before and after: addresses, posts, vacancies and where ground goes', async () => {
    shown = redrawn();
    const told = await ask(QUERY);
    expect(told).toMatchObject({ gridsTransferred: 1, vacancyCount: told.vacancies.length, truncated: [] });
    expect(told.gridsEnded).toBe([...shown.patch.values()].filter(({ after }) => !after).length);
    const post = (code: string) => told.posts.find((each: { before: { code: string } }) => each.before.code === code);
    expect(post('A')).toMatchObject({
      holding: { post: { role: { code: 'officer' }, vacant: false }, holder: { name: 'An' }, rank: 'PRIMARY' },
      ...{ after: { code: 'A' }, heirs: [], lostSquareMetres: 0, lostShare: 0 },
    });
    expect(new Set(post('A').reasons)).toEqual(new Set(['BOUNDARY', 'MANAGER']));
    expect(post('A').gainedShare).toBeCloseTo(0.1, 9);
    // A step is 0.001 degree: 100.9 m by 110.8 m here.
    expect(post('A').gainedSquareMetres / (10 * 100.9 * 110.8)).toBeCloseTo(1, 2);
    expect(post('D')).toMatchObject({ holding: { holder: { name: 'Ding' } }, reasons: ['ENDED'], after: null });
    expect(post('D').heirs).toEqual([{ code: 'C' }]);
    expect(post('B').holding).toMatchObject({ holder: null, post: { vacant: true } });
    const row = (code: string) => told.crosswalk.find((each: { from: { code: string } }) => each.from.code === code);
    expect(row('D')).toEqual({ from: { code: 'D' }, shares: [{ to: { code: 'C' }, share: 1 }], lost: 0 });
    expect(row('A').shares).toEqual([{ to: { code: 'A' }, share: 1 }]);
    expect(row('B').shares.map(({ share }: { share: number }) => share)).toEqual([0.5, 0.5]);
    expect(told.vacancies.length).toBeGreaterThan(0);
    for (const { role } of told.vacancies) expect(role.code).toBe('officer');
  });

  it('addresses come page by page, each with who owns it before and after', async () => {
    shown = redrawn();
    const { addresses } = await ask(QUERY);
    const rest = await ask(`{ draft { consequences { addresses(first: 3, after: "${addresses.pageInfo.endCursor}") {
      totalCount pageInfo { hasNextPage } edges { node { address { id } layers { before { code } after { code } } } } } } } }`);
    const nodes = [...addresses.edges, ...rest.addresses.edges].map(({ node }: { node: never }) => node) as {
      address: { id: string };
      layers: { before: { code: string }[]; after: { code: string }[] }[];
    }[];
    const codes = (name: string) => {
      const found = nodes.find(({ address }) => address.id === addressIds[name]);
      return found?.layers.map(({ before, after }) => `${before.map((g) => g.code)}→${after.map((g) => g.code)}`);
    };
    expect([codes('gap'), codes('inD'), codes('inA'), codes('inC')]).toEqual([['→A'], ['D→C'], undefined, undefined]);
    const split = [codes('west')?.[0], codes('east')?.[0]].filter((each) => each !== undefined);
    expect(split.length).toBeGreaterThan(0);
    for (const each of split) expect(each).toMatch(/^B→B\d$/);
    expect([addresses.totalCount, nodes.length, rest.addresses.pageInfo.hasNextPage]).toEqual([
      nodes.length,
      2 + split.length,
      false,
    ]);
  });

  it('is nothing where a draft only renames, and nothing at all where it is empty', async () => {
    for (const draft of [drafted(), drafted({ rename: { grid: world.ids.A, name: 'Another' } })]) {
      const consequences = await service.preview(draft);
      expect([consequences.grounds, consequences.posts, consequences.crosswalk.rows]).toEqual([[], [], []]);
      expect(await service.listAddresses(consequences)).toEqual({ changes: [], truncated: false });
    }
  });

  it('counts what loses its owner because its parent is divided for the first time', async () => {
    const { ids } = world;
    const retired = drafted({ retire: { grid: ids.C } }, { retire: { grid: ids.D } });
    const { changes } = await service.listAddresses(await service.preview(retired));
    const told = (name: string) => changes.find(({ id }) => id === addressIds[name])?.layers[0];
    // T2 is divided no longer, so it owns what its villages owned.
    for (const name of ['inC', 'inD']) expect(told(name)?.after.map(({ id }) => id)).toEqual([ids.T2]);
    const id = randomUUID();
    const create = {
      id,
      layer: 'land',
      tier: 'village',
      code: 'E',
      name: 'E',
      parent: ids.T2,
      boundary: box(20, 0, 5, 5),
    };
    const divided = draftOf(retired.territory, [{ create }], { baseEdition: 2, baseAsOf: NOW });
    expect(divided.patch.has(id)).toBe(true);
    const again = await service.listAddresses(await service.preview(divided));
    expect(again.changes.map((each) => [each.id, each.layers[0].after.length])).toEqual(
      [
        [addressIds.inD, 0],
        [addressIds.inC, 0],
      ].sort(),
    );
  });

  it('is told at the door of a draft that somebody makes there, to those who may see the draft', async () => {
    const { api, ids } = world;
    const editor = await api.as('gis_editor', 'T2');
    const { openChangeset } = await api.ask('mutation { openChangeset(title: "Merge") { id revision } }', {}, editor);
    const { id, revision } = openChangeset;
    const apply = `mutation ($ops: [BoundaryOp!]!) { applyToChangeset(id: "${id}", expectedRevision: ${revision}, ops: $ops) { id } }`;
    await api.ask(apply, { ops: [{ merge: { grids: [ids.C, ids.D], into: ids.C } }] }, editor);
    const question = QUERY.replace('draft {', `changeset(id: "${id}") {`);
    const { consequences } = (await api.ask(question, {}, editor)).changeset;
    expect(consequences).toMatchObject({ gridsEnded: 1, gridsMade: 0, postCount: 1, vacancyCount: 0, truncated: [] });
    expect(
      consequences.addresses.edges.map(({ node }: { node: { address: { id: string } } }) => node.address.id),
    ).toEqual([addressIds.inD]);
    expect((await api.askRaw(question)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await api.askRaw(question, {}, await api.as('officer', 'T2'))).errors?.[0].extensions.code).toBe(
      'FORBIDDEN',
    );
    expect((await api.ask(question, {}, await api.as('auditor', 'T1'))).changeset).toBeNull();
  });

  it('of a closed changeset is told as of the edition that it starts from', async () => {
    const closed = { ...redrawn() };
    const record = { ...closed.record, status: 'PUBLISHED' as const, edition: 2, baseEdition: 1 };
    expect((await service.preview({ ...closed, record })).moment.edition).toBe(1);
    expect((await service.preview(closed)).moment.edition).toBe(2);
  });
});
