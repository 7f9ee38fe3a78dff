import { beforeAll, describe, expect, it } from 'vitest';
import { Grid } from '../../src/grids/api/grid.type.ts';
import type { Moment } from '../../src/grids/moment.ts';
import { type Holding, HoldingReason, holdingsOf } from '../../src/posts/api/holding.type.ts';
import { Body, Person } from '../../src/posts/api/staff.type.ts';
import { appoint, makePerson, makePost } from '../posts/postsFixture.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { ALWAYS, at, day, TeamsWorld } from './teamsWorld.ts';

let world: TeamsWorld;

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await TeamsWorld.make(db);
  const [body] = world.bodies;
  const person = makePerson('An', { bodyId: body.id });
  const tiers = [{ layer: 'gov', tier: 'town', required: false }];
  const post = makePost('squad', world.gridId('T1'));
  const team = { bodyId: body.id, standing: 'civil', members: [], ...ALWAYS };
  await world.publish(async (trx, e) => {
    await world.posts.insertRoles(trx, e, [
      { code: 'squad', name: 'Squad', answersAs: null, position: 1, categories: [], tiers },
    ]);
    await world.posts.insertPosts(trx, e, [post]);
    await world.posts.insertPeople(trx, e, [person]);
    await world.posts.insertAppointments(trx, e, [appoint(post, body), appoint(post, person)]);
    await world.teams.insertTeams(trx, e, [{ ...team, validTo: day('2024-01-01') }]);
    await world.teams.insertTeams(trx, e, [{ ...team, standing: 'official', validFrom: day('2024-01-01') }]);
  });
});

function holdings(moment: Moment): Holding[] {
  const version = world.version('T1', moment)!;
  const posts = world.directory.holdingsOnGrid({ id: version.grid.id, tierId: version.grid.tier.id }, moment);
  return posts.flatMap((entry) => holdingsOf(entry, new Grid(version, moment), HoldingReason.DIRECT));
}

/** What is said of the body that holds the post, and of the body of the person who holds it. */
function standings(said: readonly Holding[]): (string | null)[] {
  return said.map((holding) => {
    const holder = holding.holderNow();
    const body = holder instanceof Person ? holder.body! : holder;
    expect(body).toBeInstanceOf(Body);
    return world.book.teamOf(body!.id, body!.moment).standing;
  });
}

describe('bodies that hold posts, and those of people who do', () => {
  it('are read as of the moment of each answer, though who holds the post is looked up once for many', () => {
    const { latest } = world.editions;
    const [before, after] = [holdings(at('2023-06-01', latest)), holdings(at('2024-06-01', latest))];
    expect(standings(before)).toEqual(['civil', 'civil']);
    expect(standings(after)).toEqual(['official', 'official']);
    expect(standings(before)).toEqual(['civil', 'civil']);
    // The very objects are shared: without the moment of the answer both would say the same.
    expect(before.map(({ holder }) => holder)).toEqual(after.map(({ holder }) => holder));
    expect(before[0].holder).toBe(after[0].holder);
  });

  it('are so too where they answer for a language', () => {
    const said = holdings(at('2024-06-01', world.editions.latest)).map((each) => each.because(HoldingReason.LANGUAGE));
    expect(said.map(({ reason }) => reason)).toEqual(['LANGUAGE', 'LANGUAGE']);
    expect(standings(said)).toEqual(['official', 'official']);
  });
});
