import { describe, expect, it } from 'vitest';
import { CourseTale, HOUR } from './courseTale.ts';
import { newTask, rung } from './courseWorld.ts';

const tale = (start = {}) => new CourseTale(start);
const code = (expected: string) => expect.objectContaining({ code: expected });
const attempt = (result: 'FAILED' | 'SETTLED', agreement: string | null = null) =>
  ({ do: 'ATTEMPT', result, agreement, note: null }) as const;

describe('mediation', () => {
  it('counts attempts from 1, ten that failed and the one that settled it, which is the handling of its task', () => {
    const told = tale().acknowledged('MEDIATE');
    for (let i = 0; i < 10; i++) told.on(attempt('FAILED'), told.mediator);
    expect(told.task().status).toBe('ACKNOWLEDGED');
    told.on(attempt('SETTLED', 'no. 12'), told.mediator);
    expect(told.incident.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(told.incident.attempts.at(-1)).toMatchObject({ result: 'SETTLED', agreement: 'no. 12' });
    expect(told.task()).toMatchObject({ status: 'HANDLED', result: 'DONE', handlerId: told.mediator.staffId });
  });

  it('has no attempt after the one that settled it, and an agreement only there', () => {
    const told = tale().acknowledged('MEDIATE');
    expect(() => told.on(attempt('FAILED', 'no. 12'))).toThrow('agreement: only an attempt that settled');
    told.on(attempt('SETTLED')).on({ do: 'VERIFY', accepted: false, reason: 'broken' }, told.director);
    expect(() => told.on(attempt('FAILED'))).toThrow('attempt 1 settled the matter');
    const again = told.on({ do: 'HANDLE', result: 'FAILED', answer: 'it did not hold' });
    expect(again.task().result).toBe('FAILED');
  });

  it('is never done by whoever found the matter: not by the member of staff nor by the login that reported it', () => {
    const told = tale().acknowledged('MEDIATE');
    const refused = 'whoever found a matter never mediates it';
    expect(() => told.on(attempt('FAILED'), told.finder)).toThrow(refused);
    expect(() => told.on(attempt('FAILED'), { ...told.finder, subject: 'another' })).toThrow(refused);
    expect(() => told.on(attempt('FAILED'), { ...told.finder, staffId: null })).toThrow(code('FORBIDDEN'));
    expect(() => told.on({ do: 'HANDLE', result: 'FAILED', answer: 'no' }, told.finder)).toThrow(refused);
    const reported = tale({ origin: 'REPORTED', finderId: null }).acknowledged('MEDIATE');
    expect(() => reported.on(attempt('FAILED'), reported.finder)).not.toThrow();
  });

  it('is not handled without an attempt that settled it, and attempts belong to a task for it', () => {
    const told = tale().acknowledged('MEDIATE').on(attempt('FAILED'));
    expect(() => told.on({ do: 'HANDLE', result: 'DONE', answer: 'seen to' })).toThrow('record that');
    expect(() => told.acknowledged('HANDLE').on(attempt('FAILED'))).toThrow('the task is for HANDLE');
    expect(() => tale().issue('MEDIATE').on(attempt('FAILED'))).toThrow('while it is ACKNOWLEDGED');
  });
});

describe('the ladder', () => {
  it('goes up one rung for a failure, takes over what is open there and leaves what failed to be verified', () => {
    const told = tale().handled('HANDLE', 'FAILED').acknowledged('ATTEND').issue('NOTICE');
    const [failed, attend, notice] = told.incident.tasks;
    const above = newTask(told.world, 'HANDLE', { ...told.world.posts[3], cause: 'LADDER' });
    told.climb('town', { cause: 'FAILED', reason: null, tasks: [above] });
    expect(told.acts()).toEqual(['CHANGED TASKS_WITHDRAWN', 'ESCALATED CLIMBED', 'ASSIGNED TASKS_ISSUED']);
    expect(told.incident.rung).toEqual(rung('town'));
    expect(told.task(failed.id).status).toBe('HANDLED');
    expect(told.task(attend.id)).toMatchObject({ status: 'WITHDRAWN', endedReason: 'climbed to town/town' });
    expect(told.task(notice.id).status).toBe('ISSUED');
    expect(told.task()).toMatchObject({ id: above.id, tier: 'town', status: 'ISSUED' });
  });

  it('tells once of rungs that are missing and were passed', () => {
    const told = tale().climb('town');
    expect(told.change.events[0].details).toMatchObject({ passed: [rung('sector')], skipped: [] });
    expect(told.incident.notices).toEqual([
      {
        code: 'MISSING_TIER',
        message: 'rung: no grid of town/sector holds the place; the climb to town/town went past it.',
      },
    ]);
    expect(told.move().climb('town').incident.notices).toHaveLength(1);
  });

  it('leaves out a rung only with a reason, and never goes down, nowhere or to a rung without a grid', () => {
    const told = tale().handled('HANDLE', 'FAILED');
    expect(() => told.climb('district', { cause: 'FAILED', reason: null })).toThrow('why town/town is left out');
    expect(() => told.climb('sector')).toThrow('no grid of town/sector holds the place');
    expect(() => told.climb('moon')).toThrow(code('BAD_INPUT'));
    told.climb('district', { cause: 'FAILED', reason: 'the town is a party' });
    expect(told.change.events[0].details).toMatchObject({ skipped: [rung('town')], reason: 'the town is a party' });
    for (const tier of ['district', 'town', 'village']) expect(() => told.climb(tier)).toThrow('goes up only');
  });

  it('needs a failure or a late task of the rung that it has reached, or else a reason', () => {
    const told = tale();
    for (const cause of ['FAILED', 'DEADLINE'] as const)
      expect(() => told.climb('town', { cause, reason: null })).toThrow('give a reason instead');
    expect(() => told.climb('town', { reason: null })).toThrow('reason: say why it climbs');
    told.acknowledged('HANDLE', { dueAt: new Date(told.at.getTime() + 2 * HOUR) });
    told.climb('town', { cause: 'DEADLINE', reason: null });
    expect(() => told.climb('district', { cause: 'DEADLINE', reason: null })).toThrow('nothing is late');
  });

  it('takes the last failed attempt for a failure, but none of a rung or an owner before', () => {
    const told = tale().acknowledged('MEDIATE', { cause: 'ROUTE' }).on(attempt('FAILED'));
    told.climb('town', { cause: 'FAILED', reason: null });
    expect(() => told.climb('district', { cause: 'FAILED', reason: null })).toThrow('nothing failed');
    const again = newTask(told.world, 'MEDIATE', { cause: 'ROUTE' });
    told.move({ tasks: [again] });
    expect(() => told.climb('town', { cause: 'FAILED', reason: null })).toThrow('nothing failed');
  });

  it('asks for a reason where the matter is on no rung of the ladder', () => {
    const told = tale({ rung: null, ladder: null });
    expect(() => told.climb('village', { cause: 'DEADLINE', reason: null })).toThrow('reason:');
    expect(told.climb('village').incident.rung).toEqual(rung('village'));
  });
});

describe('a move', () => {
  it('leaves the old owners and enters the new ones, with a reason, and takes back what was open', () => {
    const told = tale().verified('HANDLE').acknowledged('MEDIATE', tale().world.posts[3]).issue('SUPERVISE');
    const before = told.incident;
    const task = newTask(told.world, 'HANDLE', { ...told.world.posts[6], cause: 'ROUTE' });
    told.move({ tasks: [task] });
    expect(told.acts()).toEqual(['CHANGED TASKS_WITHDRAWN', 'LEFT MOVED', 'ENTERED MOVED', 'ASSIGNED TASKS_ISSUED']);
    const [old, other] = [told.world.owners[0][0].gridId, told.world.owners[1][0].gridId];
    expect(told.change.events.map(({ gridIds }) => gridIds)).toEqual([[old], [old], undefined, undefined]);
    const [verified, mediate, supervise] = before.tasks.map(({ id }) => told.task(id));
    expect([verified.status, mediate.status, supervise.status]).toEqual(['VERIFIED', 'WITHDRAWN', 'ISSUED']);
    expect(mediate.endedReason).toBe('moved: over the ridge');
    expect(told.incident).toMatchObject({ edition: before.edition + 1, ladder: 'other' });
    const parties = told.incident.parties.map(({ reason, gridId }) => `${reason} ${gridId}`);
    expect(parties).toEqual([`TASK ${old}`, `OWNER ${other}`, `TASK ${task.gridId}`]);
  });

  it('ends the part of who declined, and keeps within the column for the end of a task', () => {
    const told = tale().acknowledged('HANDLE', tale().world.posts[3]);
    const { gridId } = told.task();
    told.on({ do: 'DECLINE', reason: 'not ours', belongsTo: null }).acknowledged('HANDLE');
    told.move({ reason: '字'.repeat(500) });
    expect(told.incident.parties.map((party) => party.gridId)).not.toContain(gridId);
    expect([...told.task().endedReason!]).toHaveLength(500);
  });

  it('needs a reason and other owners, at least one, each once', () => {
    const { owners } = tale().world;
    expect(() => tale().move({ reason: '' })).toThrow('reason: say why it moves');
    expect(() => tale().move({ owners: [] })).toThrow('never without');
    expect(() => tale().move({ owners: [...owners[1], ...owners[1]] })).toThrow(code('BAD_INPUT'));
    expect(() => tale().move({ owners: owners[0] })).toThrow(code('CONFLICT'));
    const shared = tale().move({ owners: owners[2] }).incident.parties;
    expect(shared.map(({ share }) => share)).toEqual([0.6, 0.4]);
  });
});

describe('grades, pushes and links', () => {
  it('grades from one colour to another, with both in the trail', () => {
    const told = tale({ severity: 'red' }).act({ do: 'GRADE', severity: 'green', reason: null });
    expect(told.change.events[0].details).toEqual({ from: 'red', to: 'green', reason: null });
    expect(() => told.act({ do: 'GRADE', severity: 'green', reason: null })).toThrow(code('CONFLICT'));
  });

  it('pushes once while nobody answered, acknowledges and answers once, after the end too', () => {
    const told = tale();
    const [to, other] = [told.world.posts.at(-1)!, told.world.posts[0]];
    const push = (id: string, toGridId = to.gridId) => {
      const from = { fromLayer: 'town', fromGridId: other.gridId };
      return told.act({ do: 'PUSH', id, ...from, toLayer: 'police', toGridId, toLayerId: 2, message: null });
    };
    const answer = (pushId: string) => told.act({ do: 'ANSWER_PUSH', pushId, answer: 'seen to' });
    push('p1');
    expect(told.incident.parties.at(-1)).toMatchObject({ gridId: to.gridId, reason: 'PUSH', layerId: 2 });
    expect(push('p2').acts()).toEqual([]);
    expect(() => push('p2', other.gridId)).toThrow('has not answered yet');
    told.act({ do: 'ACKNOWLEDGE_PUSH', pushId: 'p1' });
    expect(told.act({ do: 'ACKNOWLEDGE_PUSH', pushId: 'p1' }).acts()).toEqual([]);
    expect(() => told.act({ do: 'ACKNOWLEDGE_PUSH', pushId: 'p1' }, told.mediator)).toThrow(code('CONFLICT'));
    answer('p1');
    expect(() => answer('p1')).toThrow('answered already');
    push('p3').close('DUPLICATE');
    expect(answer('p3').incident.pushes.at(-1)).toMatchObject({
      answer: 'seen to',
      acknowledgedBy: told.officer.subject,
    });
    expect(() => push('p4')).toThrow(code('CONFLICT'));
  });

  it('links another matter once, in one way, and warns on closing where related ones are open', () => {
    const told = tale();
    const link = (otherId: string, kind: 'ROOT' | 'RELATED') =>
      told.act({ do: 'LINK', otherId, kind, otherOpen: true });
    link('other', 'RELATED');
    expect(link('other', 'RELATED').acts()).toEqual([]);
    expect(() => link('other', 'ROOT')).toThrow('they are related');
    expect(() => link(told.incident.id, 'ROOT')).toThrow('is this incident');
    expect(told.close('DUPLICATE').incident.notices.map(({ code }) => code)).toEqual(['OPEN_RELATED']);
    expect(link('third', 'ROOT').incident.links).toHaveLength(2);
  });

  it('keeps what is told within the column for it', () => {
    const notices = (n: number) =>
      Array.from({ length: 60 }, (_, i) => ({ code: 'VACANT', message: `${n}-${i} ${'x'.repeat(200)}` }));
    const told = tale()
      .climb('town', { notices: notices(1) })
      .climb('district', { notices: notices(2) });
    expect(JSON.stringify(told.incident.notices).length).toBeLessThan(15_001);
    expect(told.incident.notices.at(-1)?.message).toContain('2-59');
  });
});

describe('the end', () => {
  it('is settled when all is verified: that is closed, follow-ups are issued, and nothing else changes any more', () => {
    const told = tale().verified('HANDLE').climb('town');
    const followUp = newTask(told.world, 'FOLLOW_UP', { cause: 'FOLLOW_UP', role: 'mediator' });
    told.close('SETTLED', [followUp]);
    expect(told.acts()).toEqual(['CHANGED TASKS_CLOSED', 'ASSIGNED TASKS_ISSUED', 'CLOSED CLOSED']);
    expect(told.incident).toMatchObject({
      status: 'CLOSED',
      outcome: 'SETTLED',
      result: 'shook hands',
      closedAt: told.at,
      closedBy: told.director.subject,
      closedTier: 'town',
    });
    expect(told.incident.tasks.map(({ status }) => status)).toEqual(['CLOSED', 'ISSUED']);
    for (const again of [
      () => told.close('SETTLED'),
      () => told.issue('HANDLE'),
      () => told.move(),
      () => told.climb('district'),
      () => told.act({ do: 'GRADE', severity: 'red', reason: null }),
      () => told.on({ do: 'WITHDRAW', reason: 'a mistake', taskId: told.incident.tasks[0].id }),
    ])
      expect(again).toThrow('this incident is closed');
  });

  it('looks again after the end, step by step, and the supervisor is told when that is late', () => {
    const told = tale().verified('HANDLE');
    const dueAt = new Date(told.at.getTime() + 2 * HOUR);
    told.close('SETTLED', [newTask(told.world, 'FOLLOW_UP', { cause: 'FOLLOW_UP', dueAt, role: 'mediator' })]);
    const { id } = told.task();
    told.at = dueAt;
    const watch = newTask(told.world, 'SUPERVISE', { cause: 'OVERDUE', aboutId: id, role: 'chief' });
    told.act({ do: 'OVERDUE', taskId: id, tasks: [watch] }).on({ do: 'ACKNOWLEDGE' });
    told.on({ do: 'ACKNOWLEDGE', taskId: id }).on({ do: 'HANDLE', result: 'DONE', answer: 'all well', taskId: id });
    told.on({ do: 'VERIFY', accepted: true, reason: null, taskId: id }, told.director);
    expect(told.on({ do: 'CLOSE_TASK', taskId: id }).task(id).status).toBe('CLOSED');
  });

  it('leaves a follow-up that was declined or withdrawn to be issued to somebody else, with who watches it', () => {
    const told = tale().verified('HANDLE');
    const dueAt = new Date(told.at.getTime() + 2 * HOUR);
    const followUp = (role: string) => newTask(told.world, 'FOLLOW_UP', { cause: 'FOLLOW_UP', role, dueAt });
    told.close('SETTLED', [followUp('mediator')]);
    const { id } = told.task();
    told.at = dueAt;
    const watch = newTask(told.world, 'SUPERVISE', { cause: 'OVERDUE', aboutId: id, role: 'chief' });
    told.act({ do: 'OVERDUE', taskId: id, tasks: [watch] });
    told.on({ do: 'DECLINE', taskId: id, reason: 'not ours', belongsTo: null });
    told.on({ do: 'WITHDRAW', taskId: watch.id, reason: 'another looks again' });
    told.act({ do: 'ISSUE', tasks: [followUp('worker'), newTask(told.world, 'RECHECK')] }, told.director);
    expect(told.incident).toMatchObject({ status: 'CLOSED', closedAt: told.incident.closedAt });
    expect(told.incident.tasks.map(({ purpose, status }) => `${purpose} ${status}`)).toEqual([
      'HANDLE CLOSED',
      'FOLLOW_UP DECLINED',
      'SUPERVISE WITHDRAWN',
      'FOLLOW_UP ISSUED',
      'RECHECK ISSUED',
    ]);
    told.on({ do: 'WITHDRAW', reason: 'a mistake' });
    for (const purpose of ['HANDLE', 'SUPERVISE', 'NOTICE'] as const) {
      const tasks = [newTask(told.world, 'RECHECK'), newTask(told.world, purpose)];
      expect(() => told.act({ do: 'ISSUE', tasks })).toThrow('this incident is closed');
    }
  });

  it.each(['HANDLE', 'NOTICE', 'WARNING', 'SUPERVISE'] as const)(
    'is not settled while a task for %s waits',
    (purpose) => {
      const told = tale().verified('HANDLE').issue(purpose, { role: 'worker' });
      const waits = { code: 'CONFLICT', details: expect.objectContaining({ waiting: [told.task().id] }) };
      expect(() => told.close('SETTLED')).toThrow(expect.objectContaining(waits));
      expect(() => told.on({ do: 'ACKNOWLEDGE' }).close('SETTLED')).toThrow(`${purpose} of worker (ACKNOWLEDGED)`);
      told.on({ do: 'HANDLE', result: 'DONE', answer: 'seen to' });
      expect(() => told.close('SETTLED')).toThrow(`${purpose} of worker (HANDLED)`);
    },
  );

  it('is not settled where nothing was done, and needs a result', () => {
    expect(() => tale().close('SETTLED')).toThrow('no task was done and verified');
    expect(() => tale().verified('HANDLE', 'FAILED').close('SETTLED')).toThrow('no task was done and verified');
    const close = { do: 'CLOSE', outcome: 'SETTLED', result: '', followUps: [] } as const;
    expect(() => tale().verified('HANDLE').act(close)).toThrow('result: say what came of it');
    const late = [newTask(tale().world, 'HANDLE', { role: 'chief' })];
    expect(() => tale().verified('HANDLE').close('SETTLED', late)).toThrow('followUps:');
  });

  it('takes supervision back whose task has ended', () => {
    const told = tale().verified('HANDLE');
    told.issue('SUPERVISE', { aboutId: told.task().id, role: 'chief' });
    told.issue('SUPERVISE', { aboutId: told.task().id, role: 'mayor' });
    expect(told.close('SETTLED').incident.tasks.map(({ status }) => status)).toEqual([
      'CLOSED',
      'WITHDRAWN',
      'WITHDRAWN',
    ]);
  });

  it('takes back all that is open where it ends otherwise, and tells the result to whom it was asked', () => {
    const told = tale().verified('HANDLE').acknowledged('MEDIATE').handled('ATTEND').close('DUPLICATE');
    expect(told.incident.tasks.map(({ status }) => status)).toEqual(['CLOSED', 'WITHDRAWN', 'WITHDRAWN']);
    expect(told.task().endedReason).toBe('shook hands');
    expect(told.acts().at(-1)).toBe('CLOSED CLOSED');
  });
});
