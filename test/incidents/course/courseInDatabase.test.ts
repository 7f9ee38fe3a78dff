import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../../src/db/areas.ts';
import { applyChange, type IncidentChange } from '../../../src/incidents/course/change.ts';
import { IncidentRepository } from '../../../src/incidents/incident.repository.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { playCourse, Tally } from './courseRun.ts';
import { MISCHIEF, type MischiefTally, mischiefIn } from './mischief.ts';
import { deskWriter, repositoryWriter, StoredHouse, type Writer } from './storedHouse.ts';
import { StoredWorld } from './storedWorld.ts';

/** In all; a course is somewhat shorter than half of the longest. */
const STEPS = Number(process.env.COURSE_STEPS ?? 100);
const LONGEST = 200;
/** Many steps are played without row security, under which each takes three times as long. */
const AS_OWNER = process.env.COURSE_AS_OWNER !== undefined;
const LIMIT_MS = Number(process.env.COURSE_SECONDS ?? 500) * 1_000;
const isBig = STEPS >= 10_000;

let stored: StoredWorld;
beforeAll(async () => {
  stored = await StoredWorld.open();
});

interface Course {
  readonly steps: readonly number[];
  readonly isFound: boolean;
}
const anyCourse = (longest: number): fc.Arbitrary<Course> =>
  fc.record({
    steps: fc.array(fc.nat(), { minLength: Math.ceil(longest / 4), maxLength: longest, size: 'max' }),
    isFound: fc.boolean(),
  });

/** Plays courses until that many steps are done; what is found is made as short as it can be. */
async function playMany(write: Writer, steps: number, share: number) {
  const [tally, mischief]: [Tally, MischiefTally] = [new Tally(), new Map()];
  let incidents = 0;
  const until = performance.now() + LIMIT_MS;
  const longest = Math.min(LONGEST, Math.ceil(steps / 2));
  const courses = fc.asyncProperty(anyCourse(longest), async (course) => {
    if (tally.steps >= steps || performance.now() > until) return;
    incidents += 1;
    const wrong = mischiefIn(stored, share, mischief, course.steps[0]);
    const house = await StoredHouse.open(stored, course.isFound, write, wrong);
    await playCourse(house, stored.course, course.steps, tally);
    await house.assertKept();
  });
  await fc.assert(courses, { numRuns: Math.ceil(steps / (longest / 4)) });
  if (isBig) console.info(incidents, tally, mischief);
  return { tally, mischief };
}

/** Rows of audit and trail against the versions of all incidents. */
async function readSums() {
  const read = sql<{ events: number; versions: number; audited: number }>`
    select (select count(*) from incident_event) as events, (select sum(version) from incident) as versions,
      (select count(*) from audit_entry) as audited`;
  return (await inAreas(stored.desk.db, 'everywhere', stored.desk.now, (trx) => read.execute(trx))).rows[0];
}

describe('any course of an incident in the database, legal and illegal steps mixed', () => {
  it('goes as the model says, is read back as it was written, and changes no row for what is refused', {
    timeout: 540_000,
  }, async () => {
    const writer = repositoryWriter(stored, stored.desk.repository, AS_OWNER);
    const { tally, mischief } = await playMany(writer, STEPS, 0.2);
    expect(tally.steps).toBeGreaterThanOrEqual(STEPS);
    expect(mischief.size).toBeGreaterThan(5);
    if (isBig) expect([...mischief.keys()].sort()).toEqual(MISCHIEF.toSorted());
    const { events, versions } = await readSums();
    expect(Number(events)).toBe(Number(versions));
  });

  it('goes so at the desk too, with viewers, rights and audit, and every act and refusal is recorded', {
    timeout: 540_000,
  }, async () => {
    const before = await readSums();
    const [writes, asked] = [deskWriter(stored), { same: 0 }];
    const writer: Writer = async (...step) => {
      const written = await writes(...step);
      if (written.change.events.length === 0) asked.same += 1;
      return written;
    };
    const { tally } = await playMany(writer, Math.ceil(STEPS / 4), 0);
    const after = await readSums();
    expect(Number(after.audited) - Number(before.audited)).toBe(tally.steps - asked.same);
    expect(Number(after.events)).toBe(Number(after.versions));
  });
});

/** Forgets some of what it is to write. */
class Forgetful extends IncidentRepository {
  readonly #forget: (change: IncidentChange) => IncidentChange;

  constructor(forget: (change: IncidentChange) => IncidentChange) {
    super();
    this.#forget = forget;
  }

  override async write(
    ...[trx, before, change, ...rest]: Parameters<IncidentRepository['write']>
  ): Promise<IncidentFile> {
    await super.write(trx, before, this.#forget(change), ...rest);
    // It does not know, so it tells what should be there.
    return { ...before, ...applyChange(before, change) };
  }
}

const TWINS: readonly [string, (change: IncidentChange) => IncidentChange][] = [
  ['to end a party', (change) => ({ ...change, partiesEnded: [] })],
  ['the tasks that its events tell of', (change) => ({ ...change, tasks: [] })],
  ['the events of what it writes', (change) => ({ ...change, events: change.events.slice(0, 1) })],
  ['what was told', ({ shell, ...change }) => ({ ...change, shell: shell && { ...shell, notices: undefined } })],
  ['who answered a push', (change) => ({ ...change, pushes: change.pushes?.filter(({ answer }) => answer === null) })],
];

describe('a repository that forgets', () => {
  it.each(TWINS)('%s is found out', async (_what, forget) => {
    const writer = repositoryWriter(stored, new Forgetful(forget));
    const twin = fc.asyncProperty(anyCourse(LONGEST), async ({ steps, isFound }) => {
      const house = await StoredHouse.open(stored, isFound, writer);
      await playCourse(house, stored.course, steps);
      await house.assertKept();
    });
    const { failed, errorInstance } = await fc.check(twin, { numRuns: 20, endOnFailure: true });
    if (isBig) console.info(String(errorInstance).slice(0, 2_000));
    expect(failed).toBe(true);
  });
});
