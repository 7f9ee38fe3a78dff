import { beforeAll, describe, expect, it } from 'vitest';
import type { Draft } from '../../src/changesets/changeset.type.ts';
import { DomainError } from '../../src/errors.ts';
import { IncidentsHouse } from '../consequences/incidentsHouse.ts';

/** The issue asks for 1,000: OPEN_INCIDENTS=1000. */
const OPEN_INCIDENTS = Number(process.env.OPEN_INCIDENTS ?? 60);
/** Reports that come while the boundary is published. */
const MEANWHILE = Math.ceil(OPEN_INCIDENTS / 10);
const SIDE = 4;
const AT_ONCE = 8;

let world: IncidentsHouse;
let draft: Draft;
let previewed: Draft;
let seed = 20_260_601;
/** Incident → the grids that owned it when it was reported. */
const frozen = new Map<string, readonly string[]>();

/** The same places in each run. */
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
}

async function reportSomewhere(): Promise<string> {
  const incident = await world.report(random() * SIDE, random() * SIDE);
  frozen.set(incident.id, world.owners(incident));
  return incident.id;
}

async function inGroups<T>(ids: readonly T[], work: (id: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < ids.length; i += AT_ONCE) await Promise.all(ids.slice(i, i + AT_ONCE).map(work));
}

const movedIds = async (by = world.by()) => (await world.listed(previewed, by)).changes.map(({ id }) => id).sort();

beforeAll(async () => {
  world = await IncidentsHouse.open();
  await inGroups([...Array(OPEN_INCIDENTS).keys()], reportSomewhere);
  draft = await world.house.drafted(world.house.as('editor'), ...world.ops());
  draft = await world.house.approve(world.house.as('editor'), draft);
  previewed = draft;
}, 300_000);

describe(`a boundary published over ${OPEN_INCIDENTS} open incidents`, () => {
  let foretold: string[];

  it('leaves each with its frozen owners, those too that are reported at that instant', async () => {
    foretold = await movedIds();
    expect(foretold.length).toBeGreaterThan(OPEN_INCIDENTS / 10);
    expect(foretold.length).toBeLessThan(OPEN_INCIDENTS);
    const reports = inGroups([...Array(MEANWHILE).keys()], reportSomewhere);
    await world.house.publishing.publish(world.house.as('editor'), draft.record.id);
    await reports;
    expect(frozen.size).toBe(OPEN_INCIDENTS + MEANWHILE);
    expect(await world.ownersOfAll()).toEqual(frozen);
  }, 300_000);

  it('foretold exactly those that then change when they are moved to whoever owns their place', async () => {
    const foretoldNow = await movedIds();
    const earlier = [...frozen.keys()].slice(0, OPEN_INCIDENTS);
    // Of what was open before, the list has not changed by the publication.
    expect(foretoldNow.filter((id) => earlier.includes(id))).toEqual(foretold);
    await inGroups([...frozen.keys()], async (id) => {
      try {
        await world.moves.adopt(world.by(), id, 'The boundary moved');
      } catch (error) {
        if (!(error instanceof DomainError && error.code === 'CONFLICT')) throw error;
      }
    });
    const after = await world.ownersOfAll();
    const changed = [...frozen].filter(([id, owners]) => after.get(id)!.join() !== owners.join()).map(([id]) => id);
    expect(changed.sort()).toEqual(foretoldNow);
    expect(await movedIds()).toEqual([]);
  }, 300_000);
});
