import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange } from '../../../src/incidents/course/change.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState, PartyState, TaskState } from '../../../src/incidents/course/state.ts';
import { paperHouse, playCourse, Tally } from './courseRun.ts';
import { freshIncident, paperWorld } from './courseWorld.ts';

const STEPS = Number(process.env.STEPS ?? 4_000);
const LONGEST = 200;
/** A course is somewhat shorter than half of the longest. */
const RUNS = Math.ceil(STEPS / 90);
type Judge = typeof decide;

const seeds = fc.array(fc.nat(), { minLength: 1, maxLength: LONGEST, size: 'max' });

const nameOf = ({ gridId, reason }: PartyState) => `${reason} ${gridId}`;

/** Decides, and looks whether the database can hold what comes of it. */
const inForm: Judge = (incident, ...asked) => {
  const change = decide(incident, ...asked);
  for (const { act, details } of change.events) {
    expect(act).toMatch(/^[A-Z][A-Z_]{1,40}$/);
    expect(Object.keys(details).length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(details).length).toBeLessThan(7_000);
  }
  const [ended, added] = [change.partiesEnded ?? [], change.partiesAdded ?? []].map((parties) => parties.map(nameOf));
  const known = incident.parties.map(nameOf);
  const left = [...known.filter((name) => !ended.includes(name)), ...added];
  expect(ended.filter((name) => !known.includes(name))).toEqual([]);
  expect(new Set(left).size).toBe(left.length);
  return change;
};

/** Courses of any length against the model; what is found is made as short as it can be. */
function courses(tally: Tally, judge?: Judge, apply?: typeof applyChange) {
  return fc.asyncProperty(seeds, fc.boolean(), async (steps, isFound) => {
    const world = paperWorld();
    const start = freshIncident(world, isFound ? {} : { origin: 'REPORTED', finderId: null });
    await playCourse(paperHouse(start, world, judge, apply), world, steps, tally);
  });
}

describe('any course of an incident, legal and illegal steps mixed', () => {
  it('goes as the model says, breaks no law, and refuses with a code what is not allowed', async () => {
    const tally = new Tally();
    const limits = { interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true };
    await fc.assert(courses(tally, inForm), { numRuns: RUNS, ...limits });
    if (STEPS > 4_000) console.info(tally);
    expect(tally.steps).toBeGreaterThan(STEPS * 0.7);
    expect(tally.outcomes.get('SETTLED')).toBeGreaterThan(0);
    expect(tally.outcomes.size).toBeGreaterThan(1);
    expect(tally.allowed.size).toBe(18);
    expect(tally.refused.size).toBe(18);
  });
});

const asHandled = (tasks: readonly TaskState[], change: (task: TaskState) => TaskState) =>
  tasks.map((task) => (task.status === 'HANDLED' ? change(task) : task));

/** What each twin takes for granted before it decides as the right one does. */
const TWINS: readonly [string, Judge][] = [
  [
    'who handled a task may verify it',
    (incident, command, actor, ...rest) =>
      decide(
        incident,
        command,
        command.do === 'VERIFY' ? { ...actor, subject: `${actor.subject}'`, staffId: null } : actor,
        ...rest,
      ),
  ],
  [
    'another login of the one who handled it may verify it',
    (incident, command, actor, ...rest) =>
      decide(incident, command, command.do === 'VERIFY' ? { ...actor, staffId: null } : actor, ...rest),
  ],
  [
    'an incident is settled with what nobody verified',
    (incident, command, ...rest) => {
      const tasks = asHandled(incident.tasks, (task) => ({ ...task, status: 'VERIFIED', verifiedBy: 'nobody' }));
      return decide(command.do === 'CLOSE' ? { ...incident, tasks } : incident, command, ...rest);
    },
  ],
  [
    'the finder mediates',
    (incident, command, ...rest) =>
      decide(
        command.do === 'ATTEMPT' ? { ...incident, origin: 'REPORTED', finderId: null } : incident,
        command,
        ...rest,
      ),
  ],
  [
    'a climb leaves out rungs without a reason',
    (incident, command, ...rest) => {
      const isSilent = command.do === 'CLIMB' && command.reason === null && command.cause !== 'REASON';
      return decide(incident, isSilent ? { ...command, reason: '-' } : command, ...rest);
    },
  ],
  [
    'a climb needs no cause',
    (incident, command, ...rest) =>
      decide(incident, command.do === 'CLIMB' && command.reason ? { ...command, cause: 'REASON' } : command, ...rest),
  ],
  [
    'attempts go on after the one that settled',
    (incident, command, ...rest) => {
      const attempts = incident.attempts.map((each) => ({ ...each, result: 'FAILED' }) as const);
      return decide(command.do === 'ATTEMPT' ? { ...incident, attempts } : incident, command, ...rest);
    },
  ],
  [
    'a post that lost its task stays a party after a move',
    (incident, command, ...rest) => {
      const change = decide(incident, command, ...rest);
      return { ...change, partiesEnded: change.partiesEnded?.filter(({ reason }) => reason === 'OWNER') };
    },
  ],
  [
    'the old owner stays beside the new one',
    (incident, command, ...rest) => ({ ...decide(incident, command, ...rest), partiesEnded: [] }),
  ],
  [
    'a late task is told of again and again',
    (incident, command, ...rest) => {
      const tasks = incident.tasks.map((task) => ({ ...task, overdueAt: null }));
      return decide(command.do === 'OVERDUE' ? { ...incident, tasks } : incident, command, ...rest);
    },
  ],
];

describe('a twin by whom', () => {
  it.each(TWINS)('%s is found out', async (_title, twin) => {
    const { failed } = await fc.check(courses(new Tally(), twin), { numRuns: 500, endOnFailure: true });
    expect(failed).toBe(true);
  });

  it('tasks are lost on a move is found out', async () => {
    const forgetful: typeof applyChange = (incident, change) => {
      const after = applyChange(incident, change);
      const isMove = change.events.some(({ kind }) => kind === 'ENTERED');
      const tasks = after.tasks.filter(({ status }) => !isMove || status !== 'WITHDRAWN');
      return { ...after, tasks } satisfies IncidentState;
    };
    const { failed } = await fc.check(courses(new Tally(), undefined, forgetful), { numRuns: 500, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
