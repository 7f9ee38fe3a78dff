import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { appoint, makeBody, makePerson, makePost } from '../../posts/postsFixture.ts';
import { cover } from '../../teams/teamsWorld.ts';
import { day, EditionsWorld, SINCE } from './editionsWorld.ts';

const AHEAD = day('2027-01-01');
let world: EditionsWorld;
beforeEach(async () => {
  world = await EditionsWorld.open();
});

/** Topic, kind and areas of what was told since. */
const told = async () => (await world.told()).map(({ topic, kind, areas }) => `${topic} ${kind}: ${areas.join(' ')}`);

describe('what an edition does to the territory', () => {
  it('is told once to the grids it touches and to all above them, and to nobody else', async () => {
    const edition = await world.revise('D1a1', { name: 'Renamed' });
    const [event, ...others] = await world.told();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      topic: 'BOUNDARY',
      kind: 'PUBLISHED',
      edition,
      at: world.now,
      effectiveAt: world.now,
    });
    expect(event).toMatchObject({ areas: ['D1', 'D1a', 'D1a1'], grids: ['D1a1'] });
    expect(event.payload).toMatchObject({ title: 'Test', gridCount: 1, publishedAt: expect.any(String) });
    expect(event.payload).not.toHaveProperty('posts');
  });

  it('1.1 is told to the district that loses a town as to the one that gets it: when it is planned, and on its day', async () => {
    const edition = await world.revise('D1b', { parentId: world.id('D2') }, AHEAD);
    const both = ['D1', 'D1b', 'D2'];
    const [planned, ...others] = await world.told();
    expect(planned).toMatchObject({
      kind: 'PLANNED',
      edition,
      effectiveAt: AHEAD,
      at: world.now,
      areas: both,
      grids: ['D1b'],
    });
    expect(others).toEqual([]);
    await world.until(new Date(AHEAD.getTime() - 1));
    expect(await world.told()).toEqual([]);
    await world.until(AHEAD);
    const [effective, ...later] = await world.told();
    expect(effective).toMatchObject({
      kind: 'EFFECTIVE',
      edition,
      effectiveAt: AHEAD,
      at: AHEAD,
      areas: both,
      grids: ['D1b'],
    });
    expect(later).toEqual([]);
    await world.until(day('2030-01-01'));
    expect(await world.told()).toEqual([]);
    await world.revise('D1b', { parentId: world.id('D1') });
    expect(await told()).toEqual(['BOUNDARY PUBLISHED: D1 D1b D2']);
  });

  it('is not told on its day where another edition took it back before, and under the new day where it was put off', async () => {
    await world.revise('D2a1', { parentId: world.id('D1a') }, AHEAD);
    await world.revise('D2a1', { parentId: world.id('D2a') }, AHEAD);
    await world.revise('D2a2', { name: 'Late' }, day('2027-03-01'));
    const put = await world.revise('D2a2', { name: 'Later still' }, day('2027-02-01'));
    await world.told();
    await world.until(AHEAD);
    // What was planned and is planned otherwise begins on that day none the less, as the later edition says it.
    expect((await world.told()).every(({ edition }) => edition < put - 1)).toBe(true);
    await world.until(day('2027-02-15'));
    expect((await world.told()).map(({ edition, at }) => [edition, at])).toEqual([[put, day('2027-02-01')]]);
    await world.publish(async (trx, edition) => {
      await world.grids.retireGrids(trx, edition, [world.id('D2a2')], day('2028-01-01'));
    }, day('2028-01-01'));
    await world.revise('D2b1', { name: 'Kept' });
    expect(await told()).toEqual(['BOUNDARY PLANNED: D2 D2a D2a2', 'BOUNDARY PUBLISHED: D2 D2b D2b1']);
  });

  it('is told of codes, of grids that go on in others, and of gaps by the grids that hold their ground', async () => {
    await world.publish((trx, edition) =>
      world.grids.setCodes(
        trx,
        edition,
        [{ gridId: world.id('D2b1'), codes: [{ scheme: 'other', code: 'X' }] }],
        world.now,
      ),
    );
    expect(await told()).toEqual(['BOUNDARY PUBLISHED: D2 D2b D2b1']);
    await world.publish(async (trx, edition) => {
      const [from, to] = [world.id('D1a2'), world.id('D2b1')];
      await world.grids.retireGrids(trx, edition, [from], world.now);
      await world.grids.insertLineage(trx, edition, [{ from, to, how: 'MERGED' }], world.now);
    });
    expect(await told()).toEqual(['BOUNDARY PUBLISHED: D1 D1a D1a2 D2 D2b D2b1']);
    const hole = [[new Int32Array([20000, 0, 20100, 0, 20100, 100, 20000, 100])]];
    await world.revise('D1', { boundary: [[new Int32Array([0, 0, 30000, 0, 30000, 30000, 0, 30000])]] });
    await world.publish((trx, edition) =>
      world.grids.insertGaps(trx, edition, [
        { layer: 'gov', name: 'Hole', status: 'GAP', boundary: hole, validFrom: world.now },
      ]),
    );
    const [, gap] = await world.told();
    expect(gap).toMatchObject({ areas: ['D1'], grids: ['D1'] });
    const far = hole.map(([ring]) => [ring.map((value) => value + 1_000_000)]);
    await world.publish((trx, edition) =>
      world.grids.insertGaps(trx, edition, [
        { layer: 'gov', name: 'Far', status: 'GAP', boundary: far, validFrom: world.now },
      ]),
    );
    expect(await world.told()).toEqual([]);
  });

  it('is not told where the publication was rolled back, by its writer or by a law', async () => {
    const broken = world.publish(async (trx, edition) => {
      await world.grids.reviseGrids(trx, edition, [
        { gridId: world.id('D1a1'), from: world.now, set: { name: 'Thrown' } },
      ]);
      throw new Error('given up');
    });
    await expect(broken).rejects.toThrow('given up');
    await expect(world.revise('D1a', { parentId: world.id('D2b2') }, AHEAD)).rejects.toMatchObject({
      code: 'MISSING_PARENT',
    });
    await world.until(day('2028-01-01'));
    expect((await world.told()).filter(({ grids }) => grids.includes('D1a') || grids.includes('D1a1'))).toEqual([]);
  });

  it('names at most a thousand grids, says how many there are, and tells each of them', async () => {
    const many = Number(process.env.EDITION_GRIDS ?? 1100);
    const started = performance.now();
    const before = { ...world.grid('D2b9'), codes: [] };
    await world.publish((trx, edition) =>
      world.grids.insertGrids(
        trx,
        edition,
        Array.from({ length: many }, () => ({ ...before, id: randomUUID() })),
      ),
    );
    if (many > 1100) console.log(`${many} grids in one edition took ${Math.round(performance.now() - started)} ms`);
    const [event, ...others] = await world.told();
    expect(others).toEqual([]);
    expect(event.grids).toHaveLength(1000);
    expect(event.payload.gridCount).toBe(many);
    expect(event.areas).toHaveLength(many + 2);
  });
});

describe('what an edition does to those who answer', () => {
  const post = () => makePost('officer', world.id('D2a1'));
  const shift = { timeZone: 'Asia/Shanghai', rule: 'FREQ=DAILY', startsLocal: '2026-06-01T08:00', minutes: 480 };

  it('is told to the grids of the posts, by their ids and without a name', async () => {
    const [made, ann] = [post(), makePerson('Ann Nobody', { officePhone: '0719-1234567' })];
    const edition = await world.publish(async (trx, ed) => {
      await world.posts.insertPosts(trx, ed, [made]);
      await world.posts.insertPeople(trx, ed, [ann]);
      await world.posts.insertAppointments(trx, ed, [appoint(made, ann)]);
    });
    const [event, ...others] = await world.told();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ topic: 'OWNERSHIP', kind: 'PUBLISHED', edition, areas: ['D2', 'D2a', 'D2a1'] });
    expect(event).toMatchObject({ grids: ['D2a1'], posts: [made.id], payload: { postCount: 1, gridCount: 1 } });
    const said = JSON.stringify(event.payload);
    for (const secret of ['Ann', '0719', ann.id]) expect(said).not.toContain(secret);
  });

  it('is told of each thing that decides it: name and phone, body, shifts, holidays, teams, required roles', async () => {
    const [made, ann, team] = [makePost('worker', world.id('D1b1')), makePerson('Bo'), makeBody('Team')];
    const [byTeam, held] = [makePost('officer', world.id('D1b2')), appoint(made, ann)];
    await world.publish(async (trx, ed) => {
      await world.posts.insertBodies(trx, ed, [team]);
      await world.posts.insertPosts(trx, ed, [made, byTeam]);
      await world.posts.insertPeople(trx, ed, [ann]);
      await world.posts.insertAppointments(trx, ed, [held, appoint(byTeam, team)]);
    });
    const [village, other] = ['D1 D1b D1b1', 'D1 D1b D1b2'].map((areas) => `OWNERSHIP PUBLISHED: ${areas}`);
    expect(await told()).toEqual(['OWNERSHIP PUBLISHED: D1 D1b D1b1 D1b2']);
    const from = world.now;
    await world.publish((trx, ed) =>
      world.posts.revisePeople(trx, ed, [{ id: ann.id, from, set: { officePhone: '1' } }]),
    );
    expect(await told()).toEqual([village]);
    await world.publish((trx, ed) =>
      world.posts.reviseBodies(trx, ed, [{ id: team.id, from, set: { name: 'Team B' } }]),
    );
    expect(await told()).toEqual([other]);
    const roster = { ...shift, ...SINCE, id: randomUUID(), appointmentId: held.id, datesIn: [], datesOut: [] };
    const off = { ...roster, holidayCalendar: 'CN', onHolidays: 'OFF' as const };
    const newYear = { calendar: 'CN', day: '2026-01-01', name: 'x' };
    await world.publish((trx, ed) => world.rosters.insertHolidays(trx, ed, [newYear]));
    expect(await told()).toEqual([]);
    await world.publish((trx, ed) => world.rosters.insertRosters(trx, ed, [off]));
    expect(await told()).toEqual([village]);
    await world.publish((trx, ed) =>
      world.rosters.insertHolidays(trx, ed, [{ calendar: 'CN', day: '2026-10-01', name: 'x' }]),
    );
    await world.publish((trx, ed) =>
      world.rosters.insertHolidays(trx, ed, [{ calendar: 'DE', day: '2026-10-03', name: 'x' }]),
    );
    expect(await told()).toEqual([village]);
    await world.publish((trx, ed) => world.teams.insertCoverage(trx, ed, [cover(team.id, world.id('D2b'))]));
    expect(await told()).toEqual(['OWNERSHIP PUBLISHED: D2 D2b']);
    await world.publish((trx, ed) =>
      world.posts.reviseBodies(trx, ed, [{ id: team.id, from, set: { categories: ['a'] } }]),
    );
    expect(await told()).toEqual(['OWNERSHIP PUBLISHED: D1 D1b D1b2 D2 D2b']);
    const required = [{ layer: 'gov', tier: 'district', required: true }];
    const role = { code: 'chief', name: 'Chief', answersAs: null, position: 3, categories: [], tiers: required };
    await world.publish((trx, ed) => world.posts.insertRoles(trx, ed, [role]));
    expect(await told()).toEqual(['OWNERSHIP PUBLISHED: D1 D2']);
    await world.publish(async () => {});
    expect(await told()).toEqual([]);
  });

  it('is told again when a planned holder begins, and when a term of office ends', async () => {
    const [made, ann] = [makePost('worker', world.id('D2b2')), makePerson('Cy')];
    const term = { validFrom: AHEAD, validTo: day('2027-07-01') };
    const edition = await world.publish(async (trx, ed) => {
      await world.posts.insertPosts(trx, ed, [made]);
      await world.posts.insertPeople(trx, ed, [ann]);
      await world.posts.insertAppointments(trx, ed, [appoint(made, ann, term)]);
    });
    await world.until(day('2028-01-01'));
    const events = (await world.told()).filter((event) => event.edition === edition);
    expect(events.map(({ kind, at, areas }) => [kind, at, areas.join(' ')])).toEqual([
      ['PUBLISHED', day('2026-06-01'), 'D2 D2b D2b2'],
      ['EFFECTIVE', term.validFrom, 'D2 D2b D2b2'],
      ['EFFECTIVE', term.validTo, 'D2 D2b D2b2'],
    ]);
  });

  it('is told to the area that the grid of a post comes to on the day of its appointment', async () => {
    const made = makePost('worker', world.id('D1a1'));
    await world.revise('D1a1', { parentId: world.id('D2a') }, day('2026-12-01'));
    await world.told();
    await world.publish((trx, ed) => world.posts.insertPosts(trx, ed, [{ ...made, validFrom: AHEAD }]), AHEAD);
    expect(await told()).toEqual(['OWNERSHIP PLANNED: D1 D1a D1a1 D2 D2a']);
  });
});

describe('servers', () => {
  it('tell each day once, however many ask at the same time', async () => {
    for (let i = 0; i < 60; i++)
      await world.revise('D1b2', { name: `Name ${i}` }, new Date(AHEAD.getTime() + i * 1000));
    await world.told();
    world.now = day('2027-01-02');
    let left = 400;
    while (left-- > 0 && (await Promise.all([1, 2, 3, 4].map(() => world.due.runOnce()))).some((told) => told > 0));
    const events = await world.told();
    // Each day is told by the edition that planned it, and by the next, which wrote anew what begins then.
    const days = events.map(({ edition, at }) => `${edition - 1}: ${(at.getTime() - AHEAD.getTime()) / 1000}`);
    const planned = Array.from({ length: 60 }, (_, i) => [`${i + 1}: ${i}`, `${i + 2}: ${i}`]).flat();
    expect(days).toEqual(planned.slice(0, -1));
    expect(new Set(events.map(({ id }) => id)).size).toBe(119);
  });

  it('may neither read nor write what is planned, and do not see more after it was told', async () => {
    for (const statement of [
      'select from planned_edition',
      'delete from planned_edition',
      'select edition_rows(1, null)',
    ])
      await expect(sql.raw(statement).execute(world.db)).rejects.toThrow(/42501/);
    const seen = await world.db.transaction().execute(async (trx) => {
      await sql`select set_config('wangge.areas', ${world.id('D1')}, true)`.execute(trx);
      await sql`select tell_due_editions(${day('2035-01-01')}::timestamptz)`.execute(trx);
      return (await sql<{ areas: string }>`select current_setting('wangge.areas') as areas`.execute(trx)).rows[0].areas;
    });
    expect(seen).toBe(world.id('D1'));
  });
});
