import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day, StaffingWorld } from './staffingWorld.ts';

let world: StaffingWorld;
let admin: Record<string, string>;
beforeEach(async () => {
  world = await StaffingWorld.open();
  admin = await world.as('admin', 'D1');
});
afterEach(() => world.api.close());

const seat = (grid: string, role = 'officer') => ({ roleCode: role, gridId: grid });
const wang = { name: '王磊', officePhone: '0859-3223344', languages: ['zh', 'pcc'] };
const appoint = (input: object, more: object = {}) => world.do(admin, 'appoint', { input, ...more });

describe('appointing', () => {
  it('gives a post to somebody new, whom the next request shows with the office contact, from the first day on', async () => {
    const input = { ...seat('V1'), person: { ...wang, bodyId: world.station }, from: day('2026-07-01') };
    const done = await appoint(input);
    const person = { id: done.person.id, ...wang, body: { id: world.station } };
    expect(done).toMatchObject({ edition: 2, asOf: '2026-07-01T00:00:00.000Z', person, body: null });
    expect(done.post).toMatchObject({ vacant: false, role: { code: 'officer' }, grid: { id: world.id('V1') } });
    expect(done.holding).toMatchObject({ appointmentId: done.appointmentId, rank: 'PRIMARY', homeUnit: null });
    expect(await world.who('V1', 'officer', day('2026-06-30'))).toBe('vacant');
    expect(await world.who('V1', 'officer', day('2026-07-01'))).toBe('王磊 PRIMARY');
    expect(await world.who('V1', 'officer', day('2026-07-01'), 1)).toBe('vacant');
  });

  it('takes a post by the id under which it is shown vacant, by the code of its grid, or by its own id', async () => {
    const from = day('2026-01-01');
    const first = await appoint({ postId: `vacant~${world.id('V1')}~officer`, person: wang, from });
    const { id } = first.person;
    const deputy = await appoint({ postId: first.post.id, person: { name: '李敏' }, rank: 'DEPUTY', from });
    expect(deputy.post.id).toBe(first.post.id);
    await appoint({ ...seat('V2', 'worker'), person: { id }, from, to: day('2026-08-01') });
    expect(await world.who('V1', 'officer', from)).toBe('王磊 PRIMARY, 李敏 DEPUTY');
    expect(await world.who('V2', 'worker', day('2026-08-01'))).toBe('vacant');
    await appoint({ ...seat('V3'), bodyId: world.hall, rank: 'SUPPORT', from });
    expect(await world.who('V3', 'officer', from)).toBe('Hall SUPPORT');
  });

  it('is refused in plain words, naming the field, and nothing is written', async () => {
    const from = day('2026-01-01');
    const first = await appoint({ ...seat('V1'), person: wang, from });
    const wrong: [object, RegExp][] = [
      [
        { ...seat('V1'), postId: first.post.id, person: wang, from },
        /^BAD_INPUT postId: name the post by its id, or by/,
      ],
      [{ roleCode: 'officer', person: wang, from }, /^BAD_INPUT postId:/],
      [{ ...seat('V1'), from }, /^BAD_INPUT person: give either/],
      [{ ...seat('V1'), person: wang, bodyId: world.hall, from }, /^BAD_INPUT person: give either/],
      [
        { ...seat('V1'), person: { id: first.person.id, name: 'x' }, from },
        /^BAD_INPUT person: with an id nothing else/,
      ],
      [{ ...seat('V1'), person: { name: ' ' }, from }, /^BAD_INPUT person.name: give the name/],
      [{ ...seat('V1'), person: { name: 'a\u202eb' }, from }, /^BAD_INPUT person.name: leave out/],
      [
        { ...seat('V1'), person: { name: '张三 52232119900101123X' }, from },
        /^BAD_INPUT person.name: this looks like an identity card number;/,
      ],
      [
        { ...seat('V1'), person: { name: '张三', officePhone: '138 0013 8000' }, from },
        /^BAD_INPUT person.officePhone: this looks like a mobile phone number;/,
      ],
      [
        { ...seat('V1'), person: { name: '张三', officePhone: 'ring me' }, from },
        /^BAD_INPUT person.officePhone: this is not a phone/,
      ],
      [{ ...seat('V1'), person: { name: '张三', languages: ['中文'] }, from }, /^BAD_INPUT person.languages:/],
      [{ ...seat('V1'), person: { name: '张三', bodyId: world.id('V1') }, from }, /^NOT_FOUND person.bodyId:/],
      [{ ...seat('V1'), person: { id: world.hall }, from }, /^NOT_FOUND person.id: no person of this id/],
      [{ ...seat('V1'), bodyId: 'nobody', from }, /^NOT_FOUND bodyId:/],
      [{ ...seat('V1', 'leader'), person: wang, from }, /^BAD_INPUT Role leader does not sit/],
      [{ ...seat('V1'), person: { id: first.person.id }, rank: 'REINFORCEMENT', from }, /^BAD_INPUT rank:.*reinforce/],
      [{ ...seat('V1'), person: { id: first.person.id }, from, to: from }, /^BAD_INPUT to:/],
      [
        { ...seat('V1'), person: { id: first.person.id }, from: day('2019-01-01') },
        /^BAD_INPUT from: the grid does not exist/,
      ],
      [{ ...seat('V1'), person: { id: first.person.id }, from: day('1812-01-01') }, /^BAD_INPUT from: give an instant/],
      [
        { ...seat('V1'), person: { id: first.person.id }, from: day('2026-03-01') },
        /^CONFLICT from: the holder has this post/,
      ],
      [{ ...seat('V2'), person: wang, from }, /^CONFLICT person: somebody of this name/],
    ];
    for (const [input, words] of wrong) expect(await world.refusal(admin, 'appoint', { input })).toMatch(words);
    const again = { ...seat('V2'), person: { ...wang, anotherOfSameName: true }, from };
    expect((await appoint(again)).person.id).not.toBe(first.person.id);
  });
});

describe('ending and transferring', () => {
  const from = day('2026-01-01');

  it('ends an appointment at an instant, and the history keeps what was', async () => {
    const { appointmentId: id, edition } = await appoint({ ...seat('V1'), person: wang, from });
    const ended = await world.do(admin, 'endAppointment', { id, at: day('2026-05-01') });
    expect(ended).toMatchObject({ appointmentId: id, holding: null, post: { vacant: true }, person: { name: '王磊' } });
    expect(await world.who('V1', 'officer', day('2026-04-30'))).toBe('王磊 PRIMARY');
    expect(await world.who('V1', 'officer', day('2026-05-01'))).toBe('vacant');
    expect(await world.who('V1', 'officer', day('2026-05-01'), edition)).toBe('王磊 PRIMARY');
    expect(await world.refusal(admin, 'endAppointment', { id, at: day('2026-05-01') })).toMatch(
      /^CONFLICT at: the app/,
    );
    expect(await world.refusal(admin, 'endAppointment', { id: 'x', at: from })).toMatch(/^NOT_FOUND appointmentId: /);
  });

  it('files nobody any more whose only appointment never began', async () => {
    const { appointmentId: id, person } = await appoint({ ...seat('V1'), person: wang, from: day('2026-09-01') });
    const taken = await world.do(admin, 'endAppointment', { id, at: from });
    expect(taken.person).toBeNull();
    const { person: found } = await world.api.ask(
      `{ person(id: "${person.id}", asOf: "2026-10-01T00:00:00Z") { id } }`,
    );
    expect(found).toBeNull();
  });

  it('ending the only appointment that one area sees takes nobody out of the other', async () => {
    const other = await world.as('admin', 'D2');
    const { person } = await world.do(other, 'appoint', { input: { ...seat('W1'), person: wang, from } });
    const planned = { ...seat('V1'), person: { id: person.id }, from: day('2026-09-01') };
    const { appointmentId: id } = await appoint(planned);
    await world.do(admin, 'endAppointment', { id, at: day('2026-08-01') });
    expect(await world.who('W1', 'officer', day('2026-10-01'))).toBe('王磊 PRIMARY');
    expect(await world.who('V1', 'officer', day('2026-10-01'))).toBe('vacant');
  });

  it('moves a holder to another post for the dates that were left, in the same rank', async () => {
    const made = await appoint({ ...seat('V1'), person: wang, rank: 'DEPUTY', from, to: day('2026-12-01') });
    const to = `vacant~${world.id('V2')}~officer`;
    const moved = await world.do(admin, 'transferAppointment', { id: made.appointmentId, to, at: day('2026-06-01') });
    expect(moved.appointmentId).not.toBe(made.appointmentId);
    expect(moved.holding.rank).toBe('DEPUTY');
    const seen = async (at: string) => [
      await world.who('V1', 'officer', day(at)),
      await world.who('V2', 'officer', day(at)),
    ];
    expect(await seen('2026-05-31')).toEqual(['王磊 DEPUTY', 'vacant']);
    expect(await seen('2026-06-01')).toEqual(['vacant', '王磊 DEPUTY']);
    expect(await seen('2026-12-01')).toEqual(['vacant', 'vacant']);
    const refused = (variables: object) => world.refusal(admin, 'transferAppointment', { at: from, to, ...variables });
    expect(await refused({ id: made.appointmentId, at: day('2026-06-01') })).toMatch(/^CONFLICT at: /);
    expect(await refused({ id: moved.appointmentId, to: moved.post.id })).toMatch(/^BAD_INPUT toPostId: /);
    expect(await refused({ id: moved.appointmentId, to: made.post.id })).toMatch(/^BAD_INPUT at: .*begins on/);
  });

  it('a person moved before the first day is filed all the same', async () => {
    const made = await appoint({ ...seat('V1'), person: wang, from });
    const to = `vacant~${world.id('V2')}~officer`;
    await world.do(admin, 'transferAppointment', { id: made.appointmentId, to, at: from });
    expect([await world.who('V1', 'officer', from), await world.who('V2', 'officer', from)]).toEqual([
      'vacant',
      '王磊 PRIMARY',
    ]);
  });

  it('of twenty transfers that race, exactly one wins', async () => {
    const { appointmentId: id } = await appoint({ ...seat('V1'), person: wang, from });
    const to = ['V2', 'V3', 'V4'].map((code) => `vacant~${world.id(code)}~officer`);
    const at = day('2026-07-01');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.raw(admin, 'transferAppointment', { id, to: to[i % 3], at })),
    );
    const won = answers.filter(({ errors }) => !errors);
    expect(won).toHaveLength(1);
    for (const { errors } of answers) if (errors) expect(errors[0].extensions.code).toBe('CONFLICT');
    const held = await Promise.all(['V1', 'V2', 'V3', 'V4'].map((code) => world.who(code, 'officer', at)));
    expect(held.filter((said) => said === '王磊 PRIMARY')).toHaveLength(1);
  });
});

describe('posts', () => {
  it('are made vacant, and ended with every appointment to them', async () => {
    const made = await world.do(admin, 'makePost', { role: 'worker', grid: 'V1', from: day('2026-01-01') });
    expect(made.post).toMatchObject({ vacant: true, role: { code: 'worker' } });
    expect(await world.refusal(admin, 'makePost', { role: 'worker', grid: 'V1', from: day('2026-03-01') })).toMatch(
      /^CONFLICT/,
    );
    const from = day('2026-02-01');
    await appoint({ postId: made.post.id, person: wang, from });
    await appoint({ postId: made.post.id, person: { name: '李敏' }, from: day('2026-09-01') });
    const ended = await world.do(admin, 'endPost', { id: made.post.id, at: day('2026-08-01') });
    expect(ended.post).toBeNull();
    expect(await world.who('V1', 'worker', day('2026-07-31'))).toBe('王磊 PRIMARY');
    expect(await world.who('V1', 'worker', day('2026-10-01'))).toBe('none');
    expect(await world.refusal(admin, 'endPost', { id: made.post.id, at: day('2026-09-01') })).toMatch(/^CONFLICT/);
    const late = { postId: made.post.id, person: { name: '赵静' }, from: day('2026-07-01') };
    expect(await world.refusal(admin, 'appoint', { input: late })).toMatch(/^BAD_INPUT to: the post exists until/);
    const again = await world.do(admin, 'makePost', { role: 'worker', grid: 'V1', from: day('2026-10-01') });
    expect(again.post.id).toBe(made.post.id);
    expect(await world.who('V1', 'worker', day('2026-10-01'))).toBe('vacant');
  });
});
