import { describe, expect, it } from 'vitest';
import { CourseTale, HOUR } from './courseTale.ts';
import { newTask } from './courseWorld.ts';

const tale = () => new CourseTale();
const later = (at: Date, hours: number) => new Date(at.getTime() + hours * HOUR);

describe('a task', () => {
  it('goes from issued to acknowledged, handled, verified and closed, and each step is in the trail', () => {
    const told = tale().verified('HANDLE').on({ do: 'CLOSE_TASK' });
    const { subject, staffId, bodyId } = told.officer;
    expect(told.task()).toMatchObject({
      status: 'CLOSED',
      acknowledgedBy: subject,
      handledBy: subject,
      handlerId: staffId,
      handlerBodyId: bodyId,
      result: 'DONE',
      answer: 'seen to',
      verifiedBy: told.director.subject,
      closedBy: subject,
    });
    expect(told.incident.version).toBe(6);
    expect(told.acts()).toEqual(['CHANGED TASK_CLOSED']);
  });

  it('skips no step', () => {
    const early = { code: 'CONFLICT', message: expect.stringContaining('taskId: the task is ISSUED') };
    for (const step of [
      { do: 'HANDLE', result: 'DONE', answer: 'seen to' },
      { do: 'VERIFY', accepted: true, reason: null },
      { do: 'CLOSE_TASK' },
    ] as const)
      expect(() => tale().issue('HANDLE').on(step)).toThrow(expect.objectContaining(early));
    expect(() => tale().handled('HANDLE').on({ do: 'CLOSE_TASK' })).toThrow('it is to be verified next');
  });

  it('is acknowledged once: again by the same login is the same, by another it is refused', () => {
    const told = tale().acknowledged('HANDLE');
    const { version } = told.incident;
    expect(told.on({ do: 'ACKNOWLEDGE' }).incident.version).toBe(version);
    expect(() => told.on({ do: 'ACKNOWLEDGE' }, told.mediator)).toThrow('somebody else acknowledged it');
  });

  it("is nobody's turn before its day", () => {
    const told = tale();
    const startsAt = later(told.at, 5);
    told.issue('FOLLOW_UP', { startsAt });
    expect(() => told.on({ do: 'ACKNOWLEDGE' })).toThrow(`before ${startsAt.toISOString()}`);
    expect(() => told.on({ do: 'ARRIVE', at: told.at })).toThrow("nobody's turn");
    told.at = startsAt;
    expect(told.on({ do: 'ACKNOWLEDGE' }).task().status).toBe('ACKNOWLEDGED');
  });

  it('is taken on by arriving, once, and not in the future nor before it occurred', () => {
    const told = tale().issue('HANDLE');
    const { at } = told;
    expect(() => told.on({ do: 'ARRIVE', at: later(at, 9) })).toThrow('at: lies in the future');
    expect(() => told.on({ do: 'ARRIVE', at: later(told.incident.occurredAt, -1) })).toThrow('before it occurred');
    told.on({ do: 'ARRIVE', at });
    expect(told.acts()).toEqual(['CHANGED TASK_ACKNOWLEDGED', 'CHANGED TASK_ARRIVED']);
    expect(told.task()).toMatchObject({ status: 'ACKNOWLEDGED', arrivedAt: at });
    expect(told.on({ do: 'ARRIVE', at }).acts()).toEqual([]);
    expect(() => told.on({ do: 'ARRIVE', at: later(at, 0.5) })).toThrow('already');
  });

  it('needs words of 1 to 500 characters when it is handled', () => {
    const told = tale().acknowledged('HANDLE');
    const handle = (answer: string) => () => told.on({ do: 'HANDLE', result: 'FAILED', answer });
    expect(handle(' ')).toThrow('answer: say what was done');
    expect(handle('字'.repeat(501))).toThrow('at most 500 characters');
    // Outside the basic plane: two units of UTF-16 each, one character each in the database.
    expect(handle('𠮷'.repeat(500))).not.toThrow();
  });

  it('is never verified by the one who handled it, under no other login either', () => {
    const told = tale().acknowledged('HANDLE').on({ do: 'HANDLE', result: 'DONE', answer: 'seen to' }, tale().mediator);
    const verify = { do: 'VERIFY', accepted: true, reason: null } as const;
    for (const actor of [told.mediator, told.mediatorAgain])
      expect(() => told.on(verify, actor)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(told.on(verify, told.finder).task().status).toBe('VERIFIED');
  });

  it('goes back with a reason where it is not accepted, and the trail keeps what was answered', () => {
    const told = tale().handled('HANDLE');
    const verify = (reason: string | null) => told.on({ do: 'VERIFY', accepted: false, reason }, told.director);
    expect(() => verify(null)).toThrow('reason: say why it is not accepted');
    verify('nobody was there');
    expect(told.task()).toMatchObject({ status: 'ACKNOWLEDGED', result: null, answer: null, handledBy: null });
    const { details } = told.change.events[0];
    expect(details).toMatchObject({ reason: 'nobody was there', result: 'DONE', answer: 'seen to' });
    expect(details).toMatchObject({ handledBy: told.officer.subject, handlerId: told.officer.staffId });
  });

  it('is declined with a reason by whom it does not belong to, and says whose it is; a supervisor does not decline', () => {
    const told = tale().acknowledged('HANDLE');
    const belongsTo = told.world.owners[1][0].gridId;
    expect(() => told.on({ do: 'DECLINE', reason: '', belongsTo })).toThrow('reason: say why it is not yours');
    expect(() => told.on({ do: 'DECLINE', reason: 'not ours', belongsTo: told.task().gridId })).toThrow('belongsTo:');
    told.on({ do: 'DECLINE', reason: 'over the ridge', belongsTo });
    expect(told.task()).toMatchObject({ status: 'DECLINED', endedReason: 'over the ridge', belongsTo });
    expect(told.change.events[0].details).toMatchObject({ reason: 'over the ridge', belongsTo });
    const supervisor = tale().acknowledged('SUPERVISE');
    expect(() => supervisor.on({ do: 'DECLINE', reason: 'not ours', belongsTo: null })).toThrow('does not decline');
  });

  it('is withdrawn with a reason until it is verified', () => {
    const told = tale().handled('HANDLE');
    expect(() => told.on({ do: 'WITHDRAW', reason: ' ' })).toThrow('reason:');
    expect(told.on({ do: 'WITHDRAW', reason: 'a mistake' }).task()).toMatchObject({
      status: 'WITHDRAWN',
      endedReason: 'a mistake',
    });
    expect(() => tale().verified('HANDLE').on({ do: 'WITHDRAW', reason: 'a mistake' })).toThrow('VERIFIED');
  });

  it('is issued once for a purpose to a post while it is open, and its grid is a party from then on', () => {
    const told = tale().issue('HANDLE');
    expect(told.acts()).toEqual(['ASSIGNED TASKS_ISSUED']);
    const { gridId } = told.task();
    expect(told.change.partiesAdded).toEqual([{ gridId, reason: 'TASK', layerId: 1, share: 1 }]);
    expect(() => told.issue('HANDLE')).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(told.issue('JOINT').change.partiesAdded).toEqual([]);
    told.on({ do: 'WITHDRAW', reason: 'a mistake', taskId: told.incident.tasks[0].id });
    expect(told.issue('HANDLE').incident.tasks).toHaveLength(3);
  });

  it('is issued to 1 to 50 posts at once, of layers that there are, under ids of their own', () => {
    const told = tale();
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => newTask(told.world, 'NOTICE', { role: `role${i}` }));
    const issue = (tasks: ReturnType<typeof many>) => () => told.act({ do: 'ISSUE', tasks });
    expect(issue([])).toThrow('tasks: name whom');
    expect(issue(many(51))).toThrow('at most 50');
    expect(issue([newTask(told.world, 'NOTICE', { layer: 'moon' })])).toThrow('no layer moon');
    const [first, second] = many(2);
    expect(issue([first, { ...second, id: first.id }])).toThrow('of this id');
    expect(issue(many(50))).not.toThrow();
  });

  it('is told of once when it is late, to the supervisor, and not while it is on time or handled', () => {
    const told = tale();
    const dueAt = later(told.at, 3);
    const overdue = (taskId: string) => {
      const supervisor = newTask(told.world, 'SUPERVISE', { cause: 'OVERDUE', aboutId: taskId, role: 'chief' });
      return told.act({ do: 'OVERDUE', taskId, tasks: [supervisor] });
    };
    const { id } = told.acknowledged('HANDLE', { dueAt }).task();
    expect(() => overdue(id)).toThrow('not late');
    told.at = dueAt;
    overdue(id);
    expect(told.acts()).toEqual(['CHANGED TASK_OVERDUE', 'ASSIGNED TASKS_ISSUED']);
    expect(told.task(id).overdueAt).toEqual(told.at);
    expect(told.task()).toMatchObject({ purpose: 'SUPERVISE', aboutId: id, status: 'ISSUED' });
    expect(overdue(id).acts()).toEqual([]);
    const other = tale().handled('HANDLE', 'DONE', { dueAt });
    other.at = later(dueAt, 9);
    expect(() => other.on({ do: 'OVERDUE', tasks: [] })).toThrow('not late');
  });

  it('is not found under an id that there is not', () => {
    expect(() => tale().act({ do: 'CLOSE_TASK', taskId: 'x' })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
