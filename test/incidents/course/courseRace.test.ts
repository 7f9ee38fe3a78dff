import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../../src/db/areas.ts';
import { DomainError } from '../../../src/errors.ts';
import { applyChange } from '../../../src/incidents/course/change.ts';
import type { Command, CourseActor } from '../../../src/incidents/course/command.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentState } from '../../../src/incidents/course/state.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { seededRandom } from '../../geometry/jitteredPartition.ts';
import { rollStep } from './courseDice.ts';
import { brokenLaws } from './courseLaws.ts';
import type { CourseWorld } from './courseWorld.ts';
import { isOfDatabase, stateOf, textOf } from './storedHouse.ts';
import { StoredWorld } from './storedWorld.ts';

const STEPS = Number(process.env.RACE_STEPS ?? 48);
const WRITERS = 8;
const INCIDENTS = 3;

/** What one writer did, and what it found as it did it. */
interface Act {
  readonly id: string;
  readonly command: Command;
  readonly actor: CourseActor;
  readonly at: Date;
  readonly found: IncidentState;
  /** How often it was judged: more than once where a deadlock had to be undone. */
  readonly tries: number;
  /** The incident after it, or why not. */
  readonly came: IncidentState | DomainError;
}

type Choose = (incident: IncidentFile, actor: CourseActor, at: Date) => Command;
type Perform = (login: string, id: string, choose: Choose) => Promise<IncidentFile>;

let stored: StoredWorld;
beforeAll(async () => {
  stored = await StoredWorld.open();
});

const everywhere = <T>(work: Parameters<typeof inAreas<T>>[3]) =>
  inAreas(stored.desk.db, 'everywhere', stored.desk.now, work);

const atTheDesk: Perform = (login, id, choose) =>
  stored.desk.desk.act(stored.viewers.get(login)!, { field: 'Mutation.test', right: 'incidents.direct', id }, choose);

interface Race {
  readonly world: CourseWorld;
  readonly ids: readonly string[];
  readonly steps: number;
  readonly perform: Perform;
}

/** One writer: half of the time by what it saw last, as somebody does who looks at an old page. */
async function write({ world, ids, steps, perform }: Race, n: number, acts: Act[]): Promise<void> {
  const random = seededRandom(n + 1);
  const seen = new Map<string, IncidentState>();
  for (let i = 0; i < steps; i++) {
    const id = ids[Math.floor(random() * ids.length)];
    const [seed, isOld] = [Math.floor(random() * 1e9), random() < 0.5];
    const { subject } = world.actors[Math.floor(random() * world.actors.length)];
    let act: Omit<Act, 'came'> | undefined;
    const choose: Choose = (found, actor, at) => {
      const known = (isOld && seen.get(id)) || found;
      const { command } = rollStep(world, known, at, { random: seededRandom(seed), isEnding: i > steps * 0.7 });
      act = { id, command, actor, at, found: stateOf(found), tries: (act?.tries ?? 0) + 1 };
      return command;
    };
    // A minute passes before each.
    stored.desk.now = new Date(stored.desk.now.getTime() + 60_000);
    const came = await perform(subject, id, choose).then(stateOf, (error) => error);
    if (!act || (came instanceof Error && !(came instanceof DomainError))) throw came;
    if (!(came instanceof DomainError)) seen.set(id, came);
    acts.push({ ...act, came });
  }
}

/** Others link to it without asking it. */
const withoutLinks = (state: IncidentState) => textOf({ ...stateOf(state), links: [] });

/** What of the acts on one incident cannot have been done one after the other, and is not what stands there now. */
function faultsOf(start: IncidentState, acts: readonly Act[], end: IncidentState, world: CourseWorld): string[] {
  const states = new Map([[start.version, start]]);
  const faults: string[] = [];
  const changing = acts.filter(({ came, found }) => !(came instanceof Error) && came.version > found.version);
  let now = start;
  for (const { found, command, actor, at } of changing.toSorted((a, b) => a.found.version - b.found.version)) {
    if (withoutLinks(found) !== withoutLinks(now)) faults.push(`lost before version ${found.version}`);
    const after = applyChange(now, decide({ ...now, links: found.links }, command, actor, at, world));
    faults.push(...brokenLaws(now, after));
    now = after;
    states.set(now.version, now);
  }
  if (withoutLinks(now) !== withoutLinks(end)) faults.push(`ends otherwise: ${textOf(end)}`);
  for (const { found, command, actor, at, came } of acts) {
    if (isOfDatabase(came)) faults.push(`refused by the database: ${came}`);
    const then = states.get(found.version);
    if (!then || withoutLinks(found) !== withoutLinks(then)) faults.push(`found what never was: ${found.version}`);
    const judged = judge(found, command, actor, at, world);
    const told = came instanceof DomainError ? came.code : came.version - found.version;
    if (judged !== told) faults.push(`${command.do} came to ${told}, not ${judged}`);
  }
  return faults;
}

/** So many events, or the code of the refusal. */
function judge(found: IncidentState, command: Command, actor: CourseActor, at: Date, world: CourseWorld) {
  try {
    return decide(found, command, actor, at, world).events.length;
  } catch (error) {
    return (error as DomainError).code;
  }
}

async function race(perform: Perform, steps: number) {
  const starts = await Promise.all(Array.from({ length: INCIDENTS }, (_, i) => stored.file(i % 2 === 0)));
  const others = starts.map(({ id }) => ({ id, open: true }));
  const world: CourseWorld = { ...stored.course, others };
  const acts: Act[] = [];
  const ids = starts.map(({ id }) => id);
  const perWriter = Math.ceil(steps / WRITERS);
  await Promise.all(
    Array.from({ length: WRITERS }, (_, n) => write({ world, ids, steps: perWriter, perform }, n, acts)),
  );
  const faults: string[] = [];
  for (const start of starts) {
    const { end, trail } = await everywhere(async (trx) => ({
      end: stateOf((await stored.desk.repository.lock(trx, start.id))!),
      trail: await stored.desk.repository.readTrail(trx, start.id),
    }));
    const own = acts.filter(({ id }) => id === start.id);
    faults.push(...faultsOf(stateOf(start), own, end, world));
    const isDense = trail.every(({ version }, i) => version === i + 1) && trail.length === Math.min(1000, end.version);
    if (!isDense) faults.push(`the trail of ${start.id} has a hole`);
  }
  return { acts, faults };
}

describe('eight writers at once on three incidents', () => {
  it('are one after the other on each: nothing is lost, and each is judged by what stands when it writes', async () => {
    const sums = { acts: 0, done: 0, same: 0, refused: new Map<string, number>(), undone: 0, races: 0 };
    // A matter ends after some time, and little is done to it then.
    while (sums.acts < STEPS) {
      const { acts, faults } = await race(atTheDesk, Math.min(STEPS, 400));
      expect(faults).toEqual([]);
      sums.acts += acts.length;
      sums.races += 1;
      for (const { came, found, tries } of acts) {
        if (came instanceof DomainError) sums.refused.set(came.code, (sums.refused.get(came.code) ?? 0) + 1);
        else if (came.version > found.version) sums.done += 1;
        else sums.same += 1;
        sums.undone += tries - 1;
      }
    }
    if (STEPS > 1_000) console.info(sums);
    expect(sums.done).toBeGreaterThan(STEPS / 10);
    expect([...sums.refused.keys()]).not.toContain('DATABASE_FAILED');
  }, 540_000);

  it('are found out where they read first and write later', async () => {
    const later: Perform = async (login, id, choose) => {
      const { repository } = stored.desk;
      const by = stored.viewers.get(login)!;
      const at = stored.desk.now;
      const before = (await everywhere((trx) => repository.lock(trx, id)))!;
      const actor = stored.desk.hands.actorOf(by.viewer);
      const change = decide(before, choose(before, actor, at), actor, at, stored.course);
      return everywhere((trx) => repository.write(trx, before, change, actor.subject, at));
    };
    const { faults } = await race(later, 64);
    expect(faults.join('\n')).toContain('refused by the database: DomainError: Somebody else changed this incident');
  });
});
