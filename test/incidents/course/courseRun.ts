import { DomainError } from '../../../src/errors.ts';
import { applyChange } from '../../../src/incidents/course/change.ts';
import type { CommandName } from '../../../src/incidents/course/command.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState } from '../../../src/incidents/course/state.ts';
import { seededRandom } from '../../geometry/jitteredPartition.ts';
import { type CourseStep, rollStep } from './courseDice.ts';
import { brokenLaws } from './courseLaws.ts';
import { CourseModel, pictureOf } from './courseModel.ts';
import type { CourseHouse, CourseWorld } from './courseWorld.ts';

/** How often each command was allowed and refused, and how the incidents ended. */
export class Tally {
  steps = 0;
  readonly allowed = new Map<CommandName, number>();
  readonly refused = new Map<CommandName, number>();
  readonly codes = new Map<string, number>();
  readonly outcomes = new Map<string, number>();

  count<T>(numbers: Map<T, number>, what: T): void {
    numbers.set(what, (numbers.get(what) ?? 0) + 1);
  }
}

/** Incidents in memory. */
export function paperHouse(
  start: IncidentState,
  { layerIds }: Pick<CourseWorld, 'layerIds'>,
  judge: typeof decide = decide,
  apply: typeof applyChange = applyChange,
): CourseHouse {
  let incident = start;
  return {
    read: () => incident,
    act: (command, actor, at) => {
      incident = apply(incident, judge(incident, command, actor, at, { layerIds }));
      return incident;
    },
  };
}

const CODES = ['CONFLICT', 'FORBIDDEN', 'BAD_INPUT'];
/** Of a task or push that there is not. */
const UNKNOWN = 'NOT_FOUND';

/** What came of a step: the incident after it, or the code with which it was refused. */
async function tryStep(house: CourseHouse, { command, actor, at }: CourseStep): Promise<IncidentState | string> {
  try {
    return await house.act(command, actor, at);
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

function isKnown({ command }: CourseStep, { tasks, pushes }: IncidentState): boolean {
  if ('taskId' in command) return tasks.some(({ id }) => id === command.taskId);
  return !('pushId' in command) || pushes.some(({ id }) => id === command.pushId);
}

const fault = (i: number, step: CourseStep, words: string) => new Error(`step ${i}: ${JSON.stringify(step)}\n${words}`);

/** Undefined where both are the same. */
function difference(seen: unknown, expected: unknown): string | undefined {
  if (seen === expected) return undefined;
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  return a === b ? undefined : `seen:     ${a}\nexpected: ${b}`;
}

/**
 * Plays a random course, a step for each seed, and throws at the first step after which the incident is not what the
 * model says, breaks a law, or was refused though allowed, or the other way round.
 */
export async function playCourse(
  house: CourseHouse,
  world: CourseWorld,
  seeds: readonly number[],
  tally = new Tally(),
): Promise<Tally> {
  let incident = await house.read();
  const model = new CourseModel(incident);
  let at = incident.reportedAt;
  for (const [i, seed] of seeds.entries()) {
    const step = rollStep(world, incident, at, { random: seededRandom(seed), isEnding: i > seeds.length * 0.6 });
    at = step.at;
    const name = step.command.do;
    const isAllowed = model.play(step);
    const came = await tryStep(house, step);
    const after = typeof came === 'string' ? await house.read() : came;
    if (typeof came === 'string') {
      if (isAllowed) throw fault(i, step, `refused though it is allowed: ${came}`);
      const isCode = CODES.includes(came) || (came === UNKNOWN && !isKnown(step, incident));
      if (!isCode) throw fault(i, step, `refused with ${came}`);
      const changed = difference(after, incident);
      if (changed) throw fault(i, step, `refused, and changed all the same\n${changed}`);
      tally.count(tally.codes, came);
    } else if (!isAllowed) throw fault(i, step, 'done though it is not allowed');
    const faults = brokenLaws(incident, after);
    const wrong = faults.length > 0 ? faults.join('\n') : difference(pictureOf(after), model.picture());
    if (wrong) throw fault(i, step, wrong);
    incident = after;
    tally.steps += 1;
    tally.count(isAllowed ? tally.allowed : tally.refused, name);
  }
  if (incident.outcome) tally.count(tally.outcomes, incident.outcome);
  return tally;
}
