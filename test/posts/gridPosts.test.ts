import { type GraphQLSchema, graphql, parse } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { Arg, buildSchema, Int, Query, Resolver } from 'type-graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { DateTimeScalar } from '../../src/api/scalars.ts';
import { Grid } from '../../src/grids/api/grid.type.ts';
import { versionAt } from '../../src/grids/atlas/rows.ts';
import { GridPostsResolver, GridVersionPostsResolver } from '../../src/posts/api/gridPosts.resolver.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { appoint, day, makeBody, makePerson, makePost, PostsWorld } from './postsFixture.ts';

let world: PostsWorld;
let schema: GraphQLSchema;
const posts: Record<string, string> = {};

@Resolver()
class AskGrid {
  @Query(() => Grid)
  village(
    @Arg('asOf', () => DateTimeScalar) asOf: Date,
    @Arg('edition', () => Int, { nullable: true }) edition?: number,
  ): Grid {
    const moment = { asOf: asOf.getTime(), edition: edition ?? world.editions.latest };
    return new Grid(versionAt(world.atlas.findGrid(world.gridId('V1'))!, moment)!, moment);
  }
}

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  const [town, zone] = ['Town hall', 'Zone office'].map((name) => makeBody(name));
  const officer = makePerson('Chen', { bodyId: town.id, officePhone: '0722', languages: ['zh'] });
  const post = makePost('officer', world.gridId('V1'));
  posts.officer = post.id;
  await world.staff({
    bodies: [town, zone],
    people: [officer],
    posts: [post],
    appointments: [appoint(post, officer), appoint(post, zone, { rank: 'SUPPORT' })],
  });
  await world.publish(async (trx, edition) => {
    const gridId = world.gridId('V1');
    await world.grids.reviseGrids(trx, edition, [{ gridId, from: day('2021-01-01'), set: { managerId: town.id } }]);
  });
  await world.publish(async (trx, edition) => {
    const gridId = world.gridId('V1');
    await world.grids.reviseGrids(trx, edition, [{ gridId, from: day('2024-01-01'), set: { managerId: zone.id } }]);
    await world.posts.insertRoleTiers(trx, edition, 'mediators', [{ layer: 'gov', tier: 'village', required: true }]);
  });
  const resolvers = [
    new AskGrid(),
    new GridPostsResolver(world.directory),
    new GridVersionPostsResolver(world.directory),
  ];
  schema = await buildSchema({
    resolvers: [AskGrid, GridPostsResolver, GridVersionPostsResolver],
    container: { get: (wanted) => resolvers.find((resolver) => resolver instanceof wanted) },
    validate: false,
  });
});

const FIELDS = `manager { name kind } history { manager { name } validFrom }
  holdings { rank onDuty reason grid { id } post { id vacant role { code name } grid { name } }
    holder { __typename ... on Person { id name officePhone languages body { name } } ... on Body { name kind officePhone languages } } }`;

async function ask(source: string): Promise<Record<string, unknown>> {
  const plain = await graphql({ schema, source });
  const compiled = compileQuery(schema, parse(source));
  if (!isCompiledQuery(compiled)) throw new Error('Not compiled.');
  expect(JSON.stringify(await compiled.query({}, {}, {}))).toBe(JSON.stringify(plain));
  expect(plain.errors).toBeUndefined();
  return JSON.parse(JSON.stringify(plain.data)).village;
}

describe('posts and managers on a grid through GraphQL, executed plainly and compiled', () => {
  it('lists its holders, and its vacant post that is required, each with its grid', async () => {
    const { holdings } = await ask(`{ village(asOf: "2024-06-01T00:00:00Z") { ${FIELDS} } }`);
    const grid = { id: world.gridId('V1') };
    const officer = {
      id: posts.officer,
      vacant: false,
      role: { code: 'officer', name: 'The officer' },
      grid: { name: 'Grid V1' },
    };
    expect(holdings).toMatchObject([
      {
        rank: 'PRIMARY',
        onDuty: true,
        reason: 'DIRECT',
        grid,
        post: officer,
        holder: {
          __typename: 'Person',
          name: 'Chen',
          officePhone: '0722',
          languages: ['zh'],
          body: { name: 'Town hall' },
        },
      },
      { rank: 'SUPPORT', post: officer, holder: { __typename: 'Body', name: 'Zone office', kind: 'STATION' } },
      { rank: 'PRIMARY', onDuty: false, holder: null, post: { id: `vacant~${grid.id}~mediators`, vacant: true } },
    ]);
  });

  it('names the manager of the day, and of each part of its history', async () => {
    const before = await ask(`{ village(asOf: "2023-06-01T00:00:00Z") { ${FIELDS} } }`);
    const after = await ask(`{ village(asOf: "2024-03-01T00:00:00Z") { ${FIELDS} } }`);
    expect([before.manager, after.manager]).toMatchObject([{ name: 'Town hall' }, { name: 'Zone office' }]);
    expect((after.history as { manager: unknown }[]).map(({ manager }) => manager)).toEqual([
      null,
      { name: 'Town hall' },
      { name: 'Zone office' },
    ]);
    expect(
      (await ask(`{ village(asOf: "2024-03-01T00:00:00Z", edition: 1) { manager { name } } }`)).manager,
    ).toBeNull();
  });

  it('narrows to one role and names the known roles when that one is unknown', async () => {
    const { holdings } = await ask(
      `{ village(asOf: "2024-06-01T00:00:00Z") { holdings(role: "mediators") { post { role { code } } } } }`,
    );
    expect(holdings).toEqual([{ post: { role: { code: 'mediators' } } }]);
    const source = '{ village(asOf: "2024-06-01T00:00:00Z") { holdings(role: "king") { rank } } }';
    const refused = await graphql({ schema, source });
    expect(refused.errors?.[0].message).toContain('no role king in edition 4; known are officer, instructor, worker');
  });
});
