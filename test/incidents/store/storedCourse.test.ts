import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { inAreas } from '../../../src/db/areas.ts';
import { decide } from '../../../src/incidents/course/decide.ts';
import type { IncidentFile } from '../../../src/incidents/incident.type.ts';
import { playCourse } from '../course/courseRun.ts';
import type { CourseHouse, CourseWorld } from '../course/courseWorld.ts';
import { DeskWorld } from '../desk/deskWorld.ts';

const STEPS = Number(process.env.STORED_STEPS ?? 100);
const STEPS_OF_ONE = 50;

let world: DeskWorld;
beforeAll(async () => {
  world = await DeskWorld.open();
});

const everywhere = <T>(work: Parameters<typeof inAreas<T>>[3]) => inAreas(world.db, 'everywhere', world.now, work);

async function courseWorld(): Promise<CourseWorld> {
  const other = async () => ({ id: (await world.file(world.report(['D']))).id, open: true });
  const rung = (tier: string) => ({ layer: 'gov', tier });
  const posts = ['A', 'B', 'T1', 'P1'].flatMap((code) =>
    ['officer', 'mediators'].map((role) => {
      const { layer, tier, gridId, postId } = world.task(role, code);
      return { layer, tier, role, gridId, postId };
    }),
  );
  return {
    layerIds: new Map(world.atlas.layersAt(world.editions.latest).map(({ code, id }) => [code, id])),
    rungs: [rung('village'), rung('town')],
    missing: [],
    posts,
    owners: [[world.owner('A')], [world.owner('C')], [world.owner('A', 0.5), world.owner('B', 0.5)]],
    actors: ['wang', 'li', 'zhao', ''].map((name) => ({
      ...{ subject: `login-${name}`, staffId: world.people[name] ?? null },
      bodyId: name === 'zhao' ? world.team.id : null,
    })),
    others: [await other(), await other()],
    severities: ['red', 'yellow'],
    edition: world.editions.latest,
    newId: randomUUID,
  };
}

/** Keys and lists in one order, and shares as exact as the database keeps them. */
const plain = ({ parties, tasks, links, ...rest }: IncidentFile) => {
  const byKey = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  const sorted = <T extends object>(list: readonly T[]) =>
    list.map((each) => Object.fromEntries(Object.entries(each).sort())).sort(byKey);
  return { ...rest, parties: sorted(parties), tasks: sorted(tasks), links: sorted(links) };
};

function storedHouse(id: string, { layerIds }: CourseWorld): CourseHouse {
  const read = () => everywhere(async (trx) => (await world.repository.lock(trx, id))!);
  return {
    read,
    async act(command, actor, at) {
      const after = await everywhere(async (trx) => {
        const before = (await world.repository.lock(trx, id))!;
        return world.repository.write(trx, before, decide(before, command, actor, at, { layerIds }), actor.subject, at);
      });
      const kept = await read();
      expect(plain(kept)).toEqual(plain(after));
      return kept;
    },
  };
}

describe(`${STEPS} random steps`, () => {
  it('that the course allows are stored as it says, and none is refused by the laws of the database', async () => {
    const course = await courseWorld();
    for (let first = 0; first < STEPS; first += STEPS_OF_ONE) {
      const finder = { origin: 'FOUND', reportedBy: 'login-wang', finderId: world.people.wang } as const;
      const { id } = await world.file({ ...world.report(['A'], [], finder), severity: null });
      const seeds = Array.from({ length: STEPS_OF_ONE }, (_, i) => 20261122 + first + i);
      const tally = await playCourse(storedHouse(id, course), course, seeds);
      expect(tally.steps).toBe(STEPS_OF_ONE);
      const trail = await everywhere((trx) => world.repository.readTrail(trx, id));
      expect(trail.map(({ version }) => version)).toEqual(trail.map((_, i) => i + 1));
    }
  });
});
