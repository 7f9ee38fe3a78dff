import { beforeEach, describe, expect, it } from 'vitest';
import { FOREVER } from '../../src/grids/moment.ts';
import { Body, Person } from '../../src/posts/api/staff.type.ts';
import { DirectoryRepository } from '../../src/posts/directory.repository.ts';
import { Directory } from '../../src/posts/directory.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { appoint, at, day, makeBody, makePerson, makePost, PostsWorld } from './postsFixture.ts';

let world: PostsWorld;

beforeEach(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
});

describe('who holds the posts of a grid', () => {
  it('lists posts by role and holders by rank, then name, however they were written', async () => {
    const station = makeBody('Station', { officePhone: '110', languages: ['zh'] });
    const people = ['Wu', 'An', 'Bo', 'Ce'].map((name) => makePerson(name, { bodyId: station.id }));
    const [wu, an, bo, ce] = people;
    const [secretary, worker, instructor, officer] = ['secretary', 'worker', 'instructor', 'officer'].map((role) =>
      makePost(role, world.gridId('V1')),
    );
    const edition = await world.staff({
      bodies: [station],
      people,
      posts: [secretary, worker, instructor, officer],
      appointments: [
        appoint(officer, station, { rank: 'SUPPORT' }),
        appoint(officer, wu),
        appoint(officer, ce, { rank: 'REINFORCEMENT' }),
        appoint(officer, bo, { rank: 'DEPUTY' }),
        appoint(officer, an, { rank: 'DEPUTY' }),
        appoint(worker, an),
      ],
    });
    const moment = at('2024-01-01', edition);
    expect(world.say('V1', moment)).toEqual([
      'officer: Wu PRIMARY, An DEPUTY, Bo DEPUTY, Ce REINFORCEMENT, Station SUPPORT',
      'instructor: vacant',
      'worker: An PRIMARY',
      'secretary: vacant',
    ]);
    const holders = world.directory.holdersOf(officer.id, moment);
    expect(holders[0].holder).toBeInstanceOf(Person);
    expect((holders[0].holder as Person).body).toMatchObject({ id: station.id, officePhone: '110', languages: ['zh'] });
    expect(holders[4].holder).toBeInstanceOf(Body);
    expect(world.directory.findPerson(wu.id, moment)?.name).toBe('Wu');
    expect(world.directory.findPost('no-such-post', moment)).toBeUndefined();
    expect(world.directory.holdersOf(officer.id, at('2019-12-31', edition))).toEqual([]);
  });

  it('shows a required post that was never made as vacant, from the edition on that requires it', async () => {
    const one = world.editions.latest;
    expect(world.say('T1', at('2024-01-01', one))).toEqual(['mediators: vacant']);
    const [missing] = world.directory.holdingsOnGrid(world.grid('V2'), at('2024-01-01', one));
    expect(missing.post).toEqual({ id: `vacant~${world.gridId('V2')}~officer`, vacant: true });
    expect(world.directory.postsOn(world.gridId('V2'), at('2024-01-01', one))).toEqual([]);

    const two = await world.publish(async (trx, edition) => {
      await world.posts.insertRoleTiers(trx, edition, 'secretary', [{ layer: 'gov', tier: 'town', required: true }]);
    });
    expect(world.say('T1', at('2024-01-01', two))).toEqual(['secretary: vacant', 'mediators: vacant']);
    expect(world.say('T1', at('2024-01-01', one))).toEqual(['mediators: vacant']);
    expect(world.directory.tierRoles(world.grid('T1').tierId, one).map(({ role }) => role.code)).toEqual([
      'officer',
      'mediators',
    ]);
    expect(world.directory.findRole('officer', one)?.answersAs).toBe('officer');
    expect(world.directory.rolesAt(0)).toEqual([]);
  });

  it('2.4: one worker of eight grids is one person, returned for each', async () => {
    const worker = makePerson('Li');
    const codes = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8'];
    const posts = codes.map((code) => makePost('worker', world.gridId(code)));
    const edition = await world.staff({
      people: [worker],
      posts,
      appointments: posts.map((post) => appoint(post, worker)),
    });
    const found = codes.map(
      (code) => world.directory.postsOn(world.gridId(code), at('2024-01-01', edition))[0].holders[0],
    );
    expect(new Set(found.map(({ holder }) => holder.id))).toEqual(new Set([worker.id]));
    expect(world.say('V9', at('2024-01-01', edition))).toEqual(['officer: vacant']);
  });

  it('2.5: one officer is also secretary and instructor; ending one post keeps the others', async () => {
    const officer = makePerson('Chen');
    const posts = ['officer', 'secretary', 'instructor'].map((role) => makePost(role, world.gridId('V1')));
    const appointments = posts.map((post) => appoint(post, officer));
    const before = await world.staff({ people: [officer], posts, appointments });
    const after = await world.publish(async (trx, edition) => {
      await world.posts.endAppointments(trx, edition, [appointments[1].id], day('2024-01-01'));
    });
    const all = ['officer: Chen PRIMARY', 'instructor: Chen PRIMARY', 'secretary: Chen PRIMARY'];
    expect(world.say('V1', at('2023-12-31', after))).toEqual(all);
    expect(world.say('V1', at('2024-01-01', after))).toEqual([...all.slice(0, 2), 'secretary: vacant']);
    expect(world.say('V1', at('2024-01-01', before))).toEqual(all);
  });
});

describe('two times: when it holds, and when the registry knew', () => {
  it('ends an appointment in the past, and in a later edition plans a successor and the end of that one', async () => {
    const [old, young] = [makePerson('Old'), makePerson('Young')];
    const post = makePost('officer', world.gridId('V1'));
    const first = appoint(post, old, { validTo: day('2030-01-01') });
    const one = await world.staff({ people: [old], posts: [post], appointments: [first] });
    const two = await world.publish(async (trx, edition) => {
      await world.posts.endAppointments(trx, edition, [first.id], day('2024-01-01'));
    });
    const next = appoint(post, young, { validFrom: day('2025-01-01') });
    const three = await world.staff({ people: [young], appointments: [next] });
    const four = await world.publish(async (trx, edition) => {
      await world.posts.endAppointments(trx, edition, [next.id], day('2026-01-01'));
    });
    const said = (date: string) => [one, two, three, four].map((edition) => world.say('V1', at(date, edition))[0]);
    const [o, y, v] = ['officer: Old PRIMARY', 'officer: Young PRIMARY', 'officer: vacant'];
    expect(said('2023-12-31')).toEqual([o, o, o, o]);
    expect(said('2024-01-01')).toEqual([o, v, v, v]);
    expect(said('2025-06-01')).toEqual([o, v, y, y]);
    expect(said('2026-01-01')).toEqual([o, v, y, v]);
    expect(said('2030-01-01')).toEqual([v, v, y, v]);
    expect(said('2019-12-31')).toEqual([v, v, v, v]);
  });

  it('undoes an appointment that has not begun, without touching what earlier editions said', async () => {
    const person = makePerson('Planned');
    const post = makePost('officer', world.gridId('V1'));
    const planned = appoint(post, person, { validFrom: day('2025-01-01') });
    const one = await world.staff({ people: [person], posts: [post], appointments: [planned] });
    const two = await world.publish(async (trx, edition) => {
      await world.posts.endAppointments(trx, edition, [planned.id], day('2024-01-01'));
    });
    expect(world.say('V1', at('2025-01-01', one))).toEqual(['officer: Planned PRIMARY']);
    expect(world.say('V1', at('2025-01-01', two))).toEqual(['officer: vacant']);
  });

  it('renames a body and moves a person from an instant on, keeping planned changes behind it', async () => {
    const [here, there] = [makeBody('Here'), makeBody('There')];
    const person = makePerson('Zhou', { bodyId: here.id });
    const post = makePost('officer', world.gridId('V1'));
    const one = await world.staff({
      bodies: [here, there],
      people: [person],
      posts: [post],
      appointments: [appoint(post, person)],
    });
    const two = await world.publish(async (trx, edition) => {
      await world.posts.reviseBodies(trx, edition, [
        { id: here.id, from: day('2025-01-01'), set: { name: 'Renamed' } },
      ]);
      await world.posts.revisePeople(trx, edition, [
        { id: person.id, from: day('2026-01-01'), set: { bodyId: there.id } },
      ]);
    });
    const three = await world.publish(async (trx, edition) => {
      const set = { officePhone: '12345' };
      await world.posts.reviseBodies(trx, edition, [{ id: here.id, from: day('2024-06-01'), set }]);
    });
    const said = (date: string, edition: number) => {
      const { body } = world.directory.holdersOf(post.id, at(date, edition))[0].holder as Person;
      return `${body?.name} ${body?.officePhone}`;
    };
    expect(said('2025-06-01', one)).toBe('Here null');
    expect(said('2025-06-01', two)).toBe('Renamed null');
    expect(said('2024-05-31', three)).toBe('Here null');
    expect(said('2024-06-01', three)).toBe('Here 12345');
    expect(said('2025-06-01', three)).toBe('Renamed 12345');
    expect(said('2026-06-01', three)).toBe('There null');
    expect(world.directory.findBody(here.id, at('2026-06-01', three))?.name).toBe('Renamed');
  });

  it('tells the earliest known instant at which an answer may change', async () => {
    const body = makeBody('Station', { validTo: day('2027-01-01') });
    const person = makePerson('Tang', { bodyId: body.id });
    const post = makePost('officer', world.gridId('V1'), { validTo: day('2029-01-01') });
    const draft = appoint(post, person, { validFrom: day('2021-01-01'), validTo: day('2028-01-01') });
    const edition = await world.staff({ bodies: [body], people: [person], posts: [post], appointments: [draft] });
    const next = (date: string, in_ = edition) =>
      world.directory.nextChange([world.gridId('V1'), world.gridId('V2')], at(date, in_));
    expect(next('2019-01-01')).toBe(day('2020-01-01').getTime());
    expect(next('2020-01-01')).toBe(day('2021-01-01').getTime());
    expect(next('2021-01-01')).toBe(day('2027-01-01').getTime());
    expect(next('2027-01-01')).toBe(day('2028-01-01').getTime());
    expect(next('2028-01-01')).toBe(day('2029-01-01').getTime());
    expect(next('2029-01-01')).toBe(FOREVER);
    expect(next('2024-01-01', edition - 1)).toBe(FOREVER);
    expect(world.directory.nextBodyChange(body.id, at('2024-01-01', edition))).toBe(day('2027-01-01').getTime());
  });

  it('does not keep an answer about an edition that is still to come', async () => {
    const coming = world.editions.latest + 1;
    expect(world.say('V1', at('2024-01-01', coming))).toEqual(['officer: vacant']);
    const person = makePerson('Late');
    const post = makePost('officer', world.gridId('V1'));
    await world.staff({ people: [person], posts: [post], appointments: [appoint(post, person)] });
    expect(world.say('V1', at('2024-01-01', coming))).toEqual(['officer: Late PRIMARY']);
  });
});

describe('what the writers refuse', () => {
  const refusal = async (run: () => Promise<unknown>) => {
    const before = world.editions.latest;
    await expect(run()).rejects.toMatchObject({ name: 'DomainError' });
    await world.editions.catchUp();
    expect(world.editions.latest).toBe(before);
    return await run().catch((error: Error & { code: string }) => `${error.code} ${error.message}`);
  };

  it('refuses a role at a tier where it does not sit, by name', async () => {
    const said = await refusal(() => world.staff({ posts: [makePost('worker', world.gridId('T1'))] }));
    expect(said).toMatch(/^BAD_INPUT Role worker does not sit/);
    expect(await refusal(() => world.staff({ posts: [makePost('nobody', world.gridId('V1'))] }))).toMatch(/^BAD_INPUT/);
  });

  it('refuses a second post of one role on one grid, and two versions of a person on one day', async () => {
    const person = makePerson('Twice');
    const post = makePost('officer', world.gridId('V1'));
    await world.staff({ people: [person], posts: [post], appointments: [appoint(post, person)] });
    await refusal(() => world.staff({ posts: [makePost('officer', world.gridId('V1'))] }));
    await refusal(() => world.staff({ people: [{ ...person, name: 'Other' }] }));
  });

  it('refuses a person without a post and an end behind the end', async () => {
    await refusal(() => world.staff({ people: [makePerson('Nobody')] }));
    const person = makePerson('Gone');
    const post = makePost('officer', world.gridId('V1'));
    const past = appoint(post, person, { validTo: day('2021-01-01') });
    await world.staff({ people: [person], posts: [post], appointments: [past] });
    const end = () =>
      world.publish(
        async (trx, edition) => await world.posts.endAppointments(trx, edition, [past.id], day('2021-01-01')),
      );
    expect(await refusal(end)).toMatch(/^NOT_FOUND No appointment .* exists on or after 2021-01-01/);
  });

  it('refuses dates that end before they begin', async () => {
    const backwards = makeBody('Backwards', { validTo: day('2019-01-01') });
    expect(await refusal(() => world.staff({ bodies: [backwards] }))).toMatch(/^BAD_INPUT validTo: .* ends before/);
  });

  it('refuses an unknown tier of a role and two changes of one body at once', async () => {
    const seat = () =>
      world.publish(async (trx, edition) => {
        await world.posts.insertRoleTiers(trx, edition, 'officer', [{ layer: 'gov', tier: 'moon', required: false }]);
      });
    expect(await refusal(seat)).toMatch(/^NOT_FOUND Role officer cannot sit at tier moon/);
    const body = makeBody('Body');
    await world.staff({ bodies: [body] });
    const twice = ['2024-01-01', '2025-01-01'].map((date) => ({ id: body.id, from: day(date), set: { name: date } }));
    const revise = () => world.publish(async (trx, edition) => await world.posts.reviseBodies(trx, edition, twice));
    expect(await refusal(revise)).toMatch(/^BAD_INPUT/);
  });
});

describe('a restart', () => {
  it('gives what was shown edition by edition', async () => {
    const person = makePerson('Wei');
    const post = makePost('officer', world.gridId('V1'));
    const held = appoint(post, person);
    await world.staff({ people: [person], posts: [post], appointments: [held] });
    await world.publish(
      async (trx, edition) => await world.posts.endAppointments(trx, edition, [held.id], day('2024-01-01')),
    );
    const restarted = new Directory(new DirectoryRepository(world.db));
    (await restarted.read(0, world.editions.latest))();
    for (let edition = 0; edition <= world.editions.latest; edition += 1) {
      for (const date of ['2019-01-01', '2023-01-01', '2024-01-01']) {
        const answer = (directory: Directory) => directory.holdingsOnGrid(world.grid('V1'), at(date, edition));
        expect(answer(restarted)).toEqual(answer(world.directory));
      }
    }
  });
});
