import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../../src/access/rights.ts';
import { asSuperuser } from '../../support/database.ts';
import { ACTS, day, StaffingWorld } from './staffingWorld.ts';

let world: StaffingWorld;
let admin: Record<string, string>;
let neighbour: Record<string, string>;
/** One appointment in each district. */
let own: { post: string; appointment: string; person: string };
let foreign: typeof own;

const from = day('2026-01-01');
const seat = (grid: string, role = 'officer') => ({ roleCode: role, gridId: grid });

beforeAll(async () => {
  world = await StaffingWorld.open();
  admin = await world.as('admin', 'D1');
  neighbour = await world.as('admin', 'D2');
  own = await staffed(admin, 'V1', '王磊');
  foreign = await staffed(neighbour, 'W1', '李敏');
});
afterAll(() => world.api.close());

async function staffed(headers: Record<string, string>, grid: string, name: string): Promise<typeof own> {
  const done = await world.do(headers, 'appoint', { input: { ...seat(grid), person: { name }, from } });
  return { post: done.post.id, appointment: done.appointmentId, person: done.person.id };
}

/** Variables of every act about one thing; `there` is a grid that has a role to make a post of. */
const about = (thing: typeof own, grid: string): Record<string, object> => ({
  appoint: { input: { postId: thing.post, person: { name: '赵静' }, from } },
  reinforce: { input: { postId: thing.post, person: { name: '赵静' }, from, to: day('2026-02-01') } },
  endAppointment: { id: thing.appointment, at: day('2026-05-01') },
  transferAppointment: { id: thing.appointment, to: `vacant~${grid}~worker`, at: day('2026-05-01') },
  revisePerson: { id: thing.person, from, set: { officePhone: '0859-3220000' } },
  reviseBody: { id: randomUUID(), from, set: { officePhone: '0859-3220000' } },
  makePost: { role: 'worker', grid, from },
  endPost: { id: thing.post, at: day('2026-05-01') },
});
const unknown = () => ({ post: randomUUID(), appointment: randomUUID(), person: randomUUID() });

describe('whoever does not manage staff', () => {
  it.each(ROLES.filter((role) => role !== 'admin'))('is refused every act: %s', async (role) => {
    const headers = role === 'public' || role === 'integrator' ? {} : await world.as(role, 'C');
    const wanted = headers.authorization ? /^FORBIDDEN/ : /^UNAUTHENTICATED/;
    for (const [name, variables] of Object.entries(about(own, world.id('V1')))) {
      expect([name, await world.refusal(headers, name, variables)]).toEqual([name, expect.stringMatching(wanted)]);
    }
  });

  it('tries every mutation on staff', () => {
    const fields = Object.keys(world.api.app.schema.getMutationType()!.getFields());
    expect(fields).toEqual(expect.arrayContaining(Object.keys(ACTS)));
    expect(Object.keys(about(own, ''))).toEqual(Object.keys(ACTS));
  });
});

describe('an administrator', () => {
  it('is told of what lies outside just what is told of what does not exist', async () => {
    for (const name of Object.keys(ACTS)) {
      const outside = await world.raw(admin, name, about(foreign, world.id('W1'))[name]);
      const nothing = await world.raw(admin, name, about(unknown(), randomUUID())[name]);
      expect([name, outside.errors?.[0].extensions.code]).toEqual([name, 'NOT_FOUND']);
      expect([name, outside.errors]).toEqual([name, nothing.errors]);
    }
  });

  it('moves nobody out of the area, nor into it from outside', async () => {
    const at = day('2026-05-01');
    const to = (grid: string) => `vacant~${world.id(grid)}~worker`;
    const move = (id: string, post: string) => world.refusal(admin, 'transferAppointment', { id, to: post, at });
    expect(await move(own.appointment, to('W1'))).toMatch(/^NOT_FOUND toPostId/);
    expect(await move(own.appointment, foreign.post)).toMatch(/^NOT_FOUND toPostId/);
    expect(await move(foreign.appointment, to('V1'))).toMatch(/^NOT_FOUND appointmentId/);
  });

  it('acts on the levels above only with a right there', async () => {
    const input = { ...seat('D1', 'leader'), person: { name: '周雪' }, from };
    const village = await world.as('admin', 'V1');
    expect(await world.refusal(village, 'appoint', { input })).toMatch(/^NOT_FOUND gridId/);
    expect((await world.do(admin, 'appoint', { input })).post.role.code).toBe('leader');
  });

  it('is bound by row security even where the tree in memory is not asked', async () => {
    const { db } = world.api.app.database;
    const write = world.api.app.editions.publish(
      'Foreign',
      (trx, edition) => world.api.app.writers.posts.endAppointments(trx, edition, [foreign.appointment], from),
      { areas: [world.id('D1')] },
    );
    await expect(write).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const draft = {
      id: randomUUID(),
      postId: foreign.post,
      holder: { personId: own.person },
      rank: 'PRIMARY' as const,
    };
    const insert = world.api.app.editions.publish(
      'Foreign',
      (trx, edition) =>
        world.api.app.writers.posts.insertAppointments(trx, edition, [{ ...draft, validFrom: from, validTo: null }]),
      { areas: [world.id('D1')] },
    );
    await expect(insert).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    const held = await asSuperuser(db, (trx) => sql`select 1 from appointment where edition_to is null`.execute(trx));
    expect(held.rows.length).toBeGreaterThanOrEqual(2);
  });

  it('changes what is known only of those all of whose standing posts are in the area', async () => {
    const set = { officePhone: '0859-3221111', name: '王磊磊' };
    const revise = { id: own.person, from: day('2026-03-01'), set };
    const done = await world.do(admin, 'revisePerson', revise);
    expect(done.person).toMatchObject(set);
    expect(await world.who('V1', 'officer', day('2026-02-28'))).toContain('王磊 PRIMARY');
    expect(await world.who('V1', 'officer', day('2026-03-01'))).toContain('王磊磊 PRIMARY');
    await world.do(neighbour, 'appoint', {
      input: { ...seat('W2'), person: { id: own.person }, rank: 'DEPUTY', from },
    });
    expect(await world.refusal(admin, 'revisePerson', revise)).toMatch(/^NOT_FOUND personId/);
    expect(await world.refusal(neighbour, 'revisePerson', revise)).toMatch(/^NOT_FOUND personId/);
    const above = await world.as('admin', 'C');
    const cleared = { ...revise, from: day('2026-04-01'), set: { officePhone: null } };
    expect((await world.do(above, 'revisePerson', cleared)).person).toMatchObject({
      officePhone: null,
      name: '王磊磊',
    });
    expect(await world.refusal(above, 'revisePerson', { ...revise, set: {} })).toMatch(/^BAD_INPUT set/);
    const mobile = { ...revise, set: { officePhone: '+86 13912345678' } };
    expect(await world.refusal(above, 'revisePerson', mobile)).toMatch(/^BAD_INPUT set.officePhone: .*mobile/);
  });

  it('changes a body only where all that it answers for is in the area', async () => {
    const revise = { id: world.court, from, set: { officePhone: '0859-3229999' } };
    expect(await world.refusal(admin, 'reviseBody', revise)).toMatch(/^NOT_FOUND bodyId/);
    await world.do(admin, 'appoint', { input: { ...seat('V4', 'worker'), bodyId: world.court, from } });
    expect((await world.do(admin, 'reviseBody', revise)).body.officePhone).toBe('0859-3229999');
    await world.do(neighbour, 'appoint', { input: { ...seat('W4', 'worker'), bodyId: world.court, from } });
    expect(await world.refusal(admin, 'reviseBody', revise)).toMatch(/^NOT_FOUND bodyId/);
  });
});

describe('an act that is sent again', () => {
  const input = () => ({ ...seat('V3'), person: { name: '陈晨', officePhone: '0859-3225566' }, from });

  it('under its key is answered as before and done once, also when ten are sent at the same moment', async () => {
    const clientKey = randomUUID();
    const sent = { input: input(), clientKey };
    const before = world.api.app.editions.latest;
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.do(admin, 'appoint', sent)));
    const later = await world.do(admin, 'appoint', sent);
    for (const answer of answers) expect(answer).toEqual(later);
    expect(world.api.app.editions.latest).toBe(before + 1);
    await world.do(admin, 'endAppointment', { id: later.appointmentId, at: from });
    expect(await world.do(admin, 'appoint', sent)).toEqual(later);
    expect(await world.refusal(admin, 'appoint', { ...sent, input: { ...input(), rank: 'DEPUTY' } })).toMatch(
      /^CONFLICT clientKey: it was used for something else/,
    );
    expect(await world.refusal(admin, 'makePost', { role: 'worker', grid: 'V3', from, clientKey })).toMatch(
      /^CONFLICT/,
    );
    expect(await world.refusal(admin, 'appoint', { ...sent, clientKey: 'short' })).toMatch(/^BAD_INPUT clientKey/);
  });

  it('under the same key by somebody else is another act', async () => {
    const clientKey = randomUUID();
    const mine = await world.do(admin, 'makePost', { role: 'worker', grid: 'V2', from, clientKey });
    const token = { role: 'admin' as const, within: [world.id('D2')], subject: 'another-admin', hours: 1 };
    const authorization = `Bearer ${await world.api.app.localIssuer!.issue(token, world.now)}`;
    const theirs = await world.do({ authorization }, 'makePost', { role: 'worker', grid: 'W2', from, clientKey });
    expect(theirs.post.id).not.toBe(mine.post.id);
    const keep = async (statement: string) =>
      asSuperuser(world.api.app.database.db, (trx) => sql.raw(statement).execute(trx));
    for (const statement of ['delete from staff_act', 'update staff_act set published_in = 1', 'truncate staff_act'])
      await expect(keep(statement)).rejects.toMatchObject({ code: 'APPEND_ONLY' });
  });

  it('is refused when another edition came in between, where it says which it read', async () => {
    const { latest } = world.api.app.editions;
    const plan = (expectedEdition: number) => ({ role: 'worker', grid: 'V1', from, expectedEdition });
    expect(await world.refusal(admin, 'makePost', plan(latest - 1))).toMatch(/^CONFLICT expectedEdition: /);
    expect((await world.do(admin, 'makePost', plan(latest))).edition).toBe(latest + 1);
  });
});

describe('the audit', () => {
  it('has every act, done or refused, with who did it, its grid, and nothing of a phone or a name', async () => {
    const entries = await world.audited();
    const done = entries.filter(({ result }) => result === 'DONE');
    expect(done[0]).toEqual({
      subject: expect.stringContaining('test-admin'),
      action: 'staff.manage',
      object_kind: 'post',
      object_id: own.post,
      grid_id: world.id('V1'),
      result: 'DONE',
      details: { did: 'appointed', role: 'officer', postId: own.post },
    });
    const refused = entries.filter(({ result }) => result === 'REFUSED');
    expect(refused.map(({ details }) => details)).toContainEqual({ field: 'Mutation.endPost', code: 'NOT_FOUND' });
    const text = JSON.stringify(entries);
    // Whole numbers: four digits alone may stand in any id.
    for (const secret of ['王磊', '陈晨', '0859-322', '13912345678']) expect(text).not.toContain(secret);
    expect(entries.some(({ subject }) => subject === 'public')).toBe(false);
  });
});
