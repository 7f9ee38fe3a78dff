import type { Command, CommandName, CourseActor } from '../../../src/incidents/course/command.ts';
import {
  AFTER_THE_END,
  type IncidentState,
  type NewTask,
  type Purpose,
  type TaskState,
  type TaskStatus,
} from '../../../src/incidents/course/state.ts';
import { type CourseWorld, newTask } from './courseWorld.ts';

/** A step of a random course: what, by whom, when. */
export interface CourseStep {
  readonly command: Command;
  readonly actor: CourseActor;
  readonly at: Date;
}

interface Roll {
  readonly world: CourseWorld;
  readonly incident: IncidentState;
  readonly at: Date;
  /** In [0, 1). */
  readonly random: () => number;
}

const HOUR = 3_600_000;
const PURPOSES: readonly Purpose[] = [
  'HANDLE',
  'JOINT',
  'MEDIATE',
  'MEDIATE',
  'ATTEND',
  'SUPERVISE',
  'FOLLOW_UP',
  'RECHECK',
  'WARNING',
  'NOTICE',
];
/** Where a step on a task is likely to be allowed. */
const LIKELY: Partial<Record<CommandName, readonly TaskStatus[]>> = {
  ACKNOWLEDGE: ['ISSUED'],
  ARRIVE: ['ISSUED', 'ACKNOWLEDGED'],
  HANDLE: ['ACKNOWLEDGED'],
  VERIFY: ['HANDLED'],
  CLOSE_TASK: ['VERIFIED'],
  DECLINE: ['ISSUED', 'ACKNOWLEDGED'],
  WITHDRAW: ['ISSUED', 'ACKNOWLEDGED', 'HANDLED'],
  OVERDUE: ['ISSUED', 'ACKNOWLEDGED'],
  ATTEMPT: ['ACKNOWLEDGED'],
};

const pick = <T>({ random }: Roll, list: readonly T[]): T => list[Math.floor(random() * list.length)];
const chance = ({ random }: Roll, share: number) => random() < share;
const some = <T>(roll: Roll, list: readonly T[], fallback: T): T => (list.length > 0 ? pick(roll, list) : fallback);

/** Now and then one that is empty or too long. */
function text(roll: Roll, words: string): string {
  if (chance(roll, 0.95)) return words;
  return chance(roll, 0.5) ? '  ' : 'x'.repeat(501);
}
const perhaps = (roll: Roll, words: string) => (chance(roll, 0.5) ? text(roll, words) : null);

/** Tasks on which the step may well be allowed. */
function likelyTasks({ incident }: Roll, name: CommandName): readonly TaskState[] {
  const isOver = incident.status === 'CLOSED';
  return incident.tasks.filter(
    ({ status, purpose }) =>
      LIKELY[name]?.includes(status) &&
      (name !== 'ATTEMPT' || purpose === 'MEDIATE') &&
      (!isOver || AFTER_THE_END.has(purpose) || purpose === 'SUPERVISE'),
  );
}

/** A task that the step may well be about, now and then any other or one that there is not. */
function taskFor(roll: Roll, name: CommandName): string {
  const likely = likelyTasks(roll, name);
  const nobody = roll.world.newId();
  if (chance(roll, 0.03)) return nobody;
  const from = likely.length > 0 && chance(roll, 0.85) ? likely : roll.incident.tasks;
  return some(
    roll,
    from.map(({ id }) => id),
    nobody,
  );
}

function issue(roll: Roll, change: Partial<NewTask> = {}): NewTask {
  const { world, at, random } = roll;
  const after = (hours: number) => new Date(at.getTime() + Math.ceil(random() * hours) * HOUR);
  return newTask(world, pick(roll, PURPOSES), {
    ...pick(roll, world.posts),
    dueAt: chance(roll, 0.7) ? after(24) : null,
    startsAt: chance(roll, 0.1) ? after(24) : null,
    ...change,
  });
}

const several = (roll: Roll, most: number, change: () => Partial<NewTask>) =>
  Array.from({ length: Math.floor(roll.random() * (most + 1)) }, () => issue(roll, change()));

function climb(roll: Roll): Command {
  const { incident, world } = roll;
  const { rungs, missing } = world;
  const present = rungs.findIndex(({ tier }) => tier === incident.rung?.tier);
  const next = rungs.slice(present + 1).find((each) => !missing.includes(each));
  const to = next && chance(roll, 0.5) ? next : pick(roll, rungs);
  const posts = world.posts.filter(({ tier }) => tier === to.tier);
  const tasks = several(roll, 2, () => ({
    ...some(roll, posts, world.posts[0]),
    purpose: pick(roll, ['HANDLE', 'MEDIATE']),
    cause: 'LADDER',
  }));
  const cause = pick(roll, ['FAILED', 'DEADLINE', 'REASON'] as const);
  const notices = chance(roll, 0.2) ? [{ code: 'VACANT', message: `head of ${to.tier} is vacant` }] : [];
  return {
    do: 'CLIMB',
    to,
    rungs,
    missing,
    cause,
    reason: chance(roll, 0.45) ? null : text(roll, 'too big for here'),
    tasks,
    notices,
  };
}

function move(roll: Roll): Command {
  const { world, at } = roll;
  const owners = chance(roll, 0.05) ? [] : pick(roll, world.owners);
  const rung = chance(roll, 0.1) ? null : world.rungs[0];
  const tasks = several(roll, 2, () => ({ cause: 'ROUTE', purpose: pick(roll, ['HANDLE', 'MEDIATE']) }));
  const { edition } = world;
  const reason = text(roll, 'over the ridge');
  return { do: 'MOVE', owners, ownedAt: at, edition, reason, ladder: 'other', rung, tasks, notices: [] };
}

function push(roll: Roll): Command {
  const places = roll.world.posts.filter(({ role }) => role === roll.world.posts[0].role);
  const [from, to] = [pick(roll, places), pick(roll, places)];
  return {
    do: 'PUSH',
    id: roll.world.newId(),
    fromLayer: from.layer,
    fromGridId: from.gridId,
    toLayer: to.layer,
    toGridId: to.gridId,
    toLayerId: roll.world.layerIds.get(to.layer)!,
    message: perhaps(roll, 'please look'),
  };
}

function close(roll: Roll): Command {
  const outcome = chance(roll, 0.85) ? 'SETTLED' : pick(roll, ['UNFOUNDED', 'DUPLICATE', 'HANDED_OVER'] as const);
  const followUps = several(roll, 2, () => ({
    purpose: pick(roll, ['FOLLOW_UP', 'FOLLOW_UP', 'FOLLOW_UP', 'RECHECK', 'RECHECK', 'HANDLE']),
    cause: 'FOLLOW_UP',
  }));
  return { do: 'CLOSE', outcome, result: text(roll, 'shook hands'), followUps };
}

function link(roll: Roll): Command {
  const { others } = roll.world;
  const { id, open } = chance(roll, 0.1) ? { id: roll.incident.id, open: true } : pick(roll, others);
  return { do: 'LINK', otherId: id, kind: pick(roll, ['ROOT', 'RELATED'] as const), otherOpen: open };
}

const DRAW: { readonly [Name in CommandName]: (roll: Roll) => Command } = {
  ACKNOWLEDGE: (roll) => ({ do: 'ACKNOWLEDGE', taskId: taskFor(roll, 'ACKNOWLEDGE') }),
  ARRIVE: (roll) => {
    const hours = chance(roll, 0.1) ? 24 : roll.random() * 2.2 - 2;
    return {
      do: 'ARRIVE',
      taskId: taskFor(roll, 'ARRIVE'),
      at: new Date(roll.at.getTime() + Math.round(hours * HOUR)),
    };
  },
  HANDLE: (roll) => ({
    do: 'HANDLE',
    taskId: taskFor(roll, 'HANDLE'),
    result: chance(roll, 0.7) ? 'DONE' : 'FAILED',
    answer: text(roll, 'looked after'),
  }),
  VERIFY: (roll) => ({
    do: 'VERIFY',
    taskId: taskFor(roll, 'VERIFY'),
    accepted: chance(roll, 0.75),
    reason: perhaps(roll, 'not yet'),
  }),
  CLOSE_TASK: (roll) => ({ do: 'CLOSE_TASK', taskId: taskFor(roll, 'CLOSE_TASK') }),
  DECLINE: (roll) => {
    const belongsTo = chance(roll, 0.5) ? pick(roll, roll.world.posts).gridId : null;
    return { do: 'DECLINE', taskId: taskFor(roll, 'DECLINE'), reason: text(roll, 'not ours'), belongsTo };
  },
  WITHDRAW: (roll) => ({ do: 'WITHDRAW', taskId: taskFor(roll, 'WITHDRAW'), reason: text(roll, 'a mistake') }),
  ISSUE: (roll) => {
    // After the end somebody may still be asked to look again.
    const isAfterwards = roll.incident.status === 'CLOSED' && chance(roll, 0.8);
    const change = () => (isAfterwards ? { purpose: pick(roll, [...AFTER_THE_END]) } : {});
    return { do: 'ISSUE', tasks: several(roll, 3, change) };
  },
  OVERDUE: (roll) => {
    const taskId = taskFor(roll, 'OVERDUE');
    const supervise = () => ({ purpose: 'SUPERVISE', cause: 'OVERDUE', aboutId: taskId }) as const;
    const isKnown = roll.incident.tasks.some(({ id }) => id === taskId);
    return { do: 'OVERDUE', taskId, tasks: isKnown ? several(roll, 1, supervise) : [] };
  },
  CLIMB: climb,
  ATTEMPT: (roll) => ({
    do: 'ATTEMPT',
    taskId: taskFor(roll, 'ATTEMPT'),
    result: chance(roll, 0.8) ? 'FAILED' : 'SETTLED',
    agreement: chance(roll, 0.1) ? 'no. 12' : null,
    note: perhaps(roll, 'talked'),
  }),
  GRADE: (roll) => ({ do: 'GRADE', severity: pick(roll, roll.world.severities), reason: perhaps(roll, 'calmer') }),
  MOVE: move,
  PUSH: push,
  ACKNOWLEDGE_PUSH: (roll) => ({ do: 'ACKNOWLEDGE_PUSH', pushId: pushFor(roll) }),
  ANSWER_PUSH: (roll) => ({ do: 'ANSWER_PUSH', pushId: pushFor(roll), answer: text(roll, 'seen to') }),
  LINK: link,
  CLOSE: close,
};

const pushFor = (roll: Roll) => {
  const ids = roll.incident.pushes.map(({ id }) => id);
  return chance(roll, 0.05) ? roll.world.newId() : some(roll, ids, roll.world.newId());
};

/** How often each is drawn while the matter grows, and while it comes to its end. */
const WEIGHTS: Readonly<Record<CommandName, readonly [number, number]>> = {
  ACKNOWLEDGE: [14, 16],
  ARRIVE: [5, 3],
  HANDLE: [12, 16],
  VERIFY: [12, 22],
  CLOSE_TASK: [5, 6],
  DECLINE: [3, 6],
  WITHDRAW: [2, 10],
  ISSUE: [9, 1],
  OVERDUE: [6, 2],
  CLIMB: [9, 1],
  ATTEMPT: [12, 10],
  GRADE: [2, 1],
  MOVE: [2, 0.5],
  PUSH: [3, 1],
  ACKNOWLEDGE_PUSH: [3, 1],
  ANSWER_PUSH: [2, 1],
  LINK: [2, 1],
  CLOSE: [0.7, 9],
};
const NAMES = Object.keys(WEIGHTS) as CommandName[];

/** Whether it may come to something in the state in which the incident is. */
function isLikely(roll: Roll, name: CommandName): boolean {
  const { incident, world } = roll;
  if (LIKELY[name]) return likelyTasks(roll, name).length > 0;
  if (name === 'ANSWER_PUSH' || name === 'ACKNOWLEDGE_PUSH') return incident.pushes.length > 0;
  if (name === 'CLIMB' && incident.rung?.tier === world.rungs[world.rungs.length - 1].tier) return false;
  return incident.status === 'OPEN' || name === 'LINK' || name === 'ISSUE';
}

function rollName(roll: Roll, isEnding: boolean): CommandName {
  const sums = NAMES.map((_, i) =>
    NAMES.slice(0, i + 1).reduce((sum, name) => sum + WEIGHTS[name][isEnding ? 1 : 0], 0),
  );
  const draw = () => {
    const drawn = roll.random() * sums[sums.length - 1];
    return NAMES[sums.findIndex((sum) => drawn < sum)];
  };
  let name = draw();
  for (let again = 0; again < 20 && !isLikely(roll, name) && chance(roll, 0.93); again++) name = draw();
  return name;
}

/** What is done next, allowed or not. `isEnding`: rather what brings the matter to its end. */
export function rollStep(
  world: CourseWorld,
  incident: IncidentState,
  before: Date,
  { random, isEnding }: { random: () => number; isEnding: boolean },
): CourseStep {
  const minutes = random() < 0.05 ? random() * 2_880 : random() * 90;
  const at = new Date(before.getTime() + Math.floor(minutes * 60_000));
  const roll = { world, incident, at, random };
  return { command: DRAW[rollName(roll, isEnding)](roll), actor: pick(roll, world.actors), at };
}
