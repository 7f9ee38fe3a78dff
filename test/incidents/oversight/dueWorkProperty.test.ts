import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inEveryArea } from '../../../src/db/areas.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentDesk } from '../../../src/incidents/desk/incidentDesk.ts';
import { OversightWorld, STAYING } from './oversightWorld.ts';

/** DUE_RUNS=100 for a long run. */
const RUNS = Number(process.env.DUE_RUNS ?? 3);
const LONGEST = 20;

let world: OversightWorld;
beforeAll(async () => {
  world = await OversightWorld.open();
});

type Acting = Pick<IncidentDesk, 'act'>;

interface Course {
  /** Each incident: hours until each of its tasks is due. */
  readonly incidents: readonly (readonly number[])[];
  /** How far the clock goes before each round. */
  readonly rounds: readonly number[];
  /** In a round, the other server does everything before so-maniest act of the first, counted from 0. */
  readonly cutsIn: number;
}

const courses: fc.Arbitrary<Course> = fc.record({
  incidents: fc.array(fc.array(fc.integer({ min: 1, max: LONGEST }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 5,
  }),
  rounds: fc.array(fc.integer({ min: 1, max: LONGEST }), { minLength: 1, maxLength: 2 }),
  cutsIn: fc.nat(6),
});

/** How often each task was told, and how many supervisors were sent after it. */
async function told() {
  const { rows } = await inEveryArea(world.desk.db, (trx) =>
    sql<{ dueAt: Date; told: number; sent: number }>`
      select t.due_at as "dueAt",
        (select count(*)::int from incident_event e where e.act = 'TASK_OVERDUE' and e.details->>'task' = t.id::text) as told,
        (select count(*)::int from task s where s.about_id = t.id and s.purpose = 'SUPERVISE') as sent
      from task t where t.purpose = 'HANDLE'`.execute(trx),
  );
  return rows;
}

type MakeDesk = (cutIn: () => Promise<unknown>) => Acting;

/** Two servers at the same time after each step of the clock; gives what is wrong. */
async function faultsOf({ incidents, rounds, cutsIn }: Course, makeDesk: MakeDesk) {
  await world.emptied();
  world.practice = STAYING;
  for (const hours of incidents) {
    const tasks = hours.map((each) => world.desk.task('officer', 'A', { dueAt: world.in(each) }));
    await world.desk.file(world.desk.report(['A'], tasks));
  }
  const faults: string[] = [];
  let acts = 0;
  const other = world.dueWork();
  const first = world.dueWork(makeDesk(async () => (acts++ === cutsIn ? other.run() : undefined)));
  for (const hours of rounds) {
    world.later(hours);
    acts = 0;
    await (cutsIn > 3 ? Promise.all([first.run(), other.run()]) : first.run());
    // What one left to the other because it was just being written.
    await other.run();
    for (const task of await told()) {
      const wanted = task.dueAt < world.desk.now ? 1 : 0;
      if (task.told !== wanted) faults.push(`told ${task.told} times, not ${wanted}`);
      if (task.sent !== wanted) faults.push(`${task.sent} supervisors, not ${wanted}`);
    }
  }
  return faults;
}

const careful: MakeDesk = (cutIn) => ({
  async act(by, deed, choose) {
    await cutIn();
    return world.desk.desk.act(by, deed, choose);
  },
});

/** Judges by what it read before it had the lock. */
const hasty: MakeDesk = (cutIn) => ({
  async act(by, { id }, choose) {
    const read = await world.read(id);
    await cutIn();
    const actor = { subject: by.viewer.subject, staffId: null, bodyId: null };
    const command = await choose(read, actor, world.desk.now);
    const layerIds = new Map(
      world.desk.atlas.layersAt(world.desk.editions.latest).map((layer) => [layer.code, layer.id]),
    );
    return inEveryArea(world.desk.db, async (trx) => {
      const { version } = (await world.desk.repository.lock(trx, id))!;
      const before = { ...read, version };
      const change = decide(before, command, actor, world.desk.now, { layerIds });
      return { ...before, ...(await world.desk.repository.write(trx, before, change, actor.subject, world.desk.now)) };
    });
  },
});

describe('two servers that do what is due', () => {
  it('tell each late task once, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        expect(await faultsOf(course, careful)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('are found out when they judge by what they read before they had the lock', async () => {
    const faults = await faultsOf({ incidents: [[1], [2, 3], [1]], rounds: [5], cutsIn: 0 }, hasty);
    expect(faults).toContain('told 2 times, not 1');
    expect(faults).toContain('2 supervisors, not 1');
  });
});
