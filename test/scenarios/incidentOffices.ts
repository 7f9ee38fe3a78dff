import { randomUUID } from 'node:crypto';
import type { GridPlan } from '../../seeds/plan.type.ts';
import { toLattice } from '../../src/geometry/lattice.ts';
import { containsPoint } from '../../src/geometry/polygon.ts';
import { gridsOf, midnight, placeIn, type Town } from './demoTown.ts';
import { setPractice } from './incidentWay.ts';

const DATES = { validFrom: midnight('2020-01-01'), validTo: null };

/** A post to be made on a grid, and the body that holds it. */
interface Office {
  readonly role: string;
  readonly grid: GridPlan;
  /** Who holds it: a body of a kind, or a member of staff. */
  readonly body?: string;
  readonly person?: string;
}

/** Publishes posts of new roles, each held by a new body or person; ids of posts and holders by role. */
export async function openOffices({ api, publish }: Town, offices: readonly Office[]) {
  const { posts } = api.app.writers;
  const opened = offices.map((office) => ({ ...office, postId: randomUUID(), holderId: randomUUID() }));
  await publish('Offices for incidents', async (trx, edition) => {
    const common = { officePhone: null, languages: [], ...DATES };
    const bodies = opened.flatMap(({ body, holderId, role }) =>
      body ? [{ id: holderId, name: `${role} office`, kind: body, categories: [], ...common }] : [],
    );
    const people = opened.flatMap(({ person, holderId }) =>
      person ? [{ id: holderId, name: person, bodyId: null, ...common }] : [],
    );
    const known = new Set((await trx.selectFrom('role').select('code').execute()).map(({ code }) => code));
    const roles = new Map(opened.filter(({ role }) => !known.has(role)).map((office) => [office.role, office]));
    await posts.insertBodies(trx, edition, bodies);
    await posts.insertRoles(
      trx,
      edition,
      [...roles.values()].map(({ role, grid }) => ({
        ...{ code: role, name: role, answersAs: null, position: 60, categories: [] },
        tiers: [{ layer: grid.layer, tier: grid.tier, required: false }],
      })),
    );
    const seats = opened.map(({ postId, role, grid }) => ({ id: postId, roleCode: role, gridId: grid.id, ...DATES }));
    await posts.insertPosts(trx, edition, seats);
    await posts.insertPeople(trx, edition, people);
    const appointments = opened.map(({ postId, holderId, body }) => ({
      ...{ id: randomUUID(), postId, rank: 'PRIMARY' as const, ...DATES },
      holder: body ? { bodyId: holderId } : { personId: holderId },
    }));
    await posts.insertAppointments(trx, edition, appointments);
  });
  return new Map(opened.map((office) => [office.role, office]));
}

/** The chain of plans in a layer that holds a place, from the smallest grid up. */
export function chainAt({ plan }: Town, layer: string, { point }: { point: { lon: number; lat: number } }): GridPlan[] {
  const [x, y] = [toLattice(point.lon), toLattice(point.lat)];
  return plan.grids
    .filter((grid) => grid.layer === layer && containsPoint(grid.boundary, x, y))
    .sort((a, b) => tierRank(plan, b) - tierRank(plan, a));
}

function tierRank(plan: Town['plan'], { layer, tier }: GridPlan): number {
  return plan.layers.find(({ code }) => code === layer)!.tiers.find(({ code }) => code === tier)!.rank;
}

/** A handler of a route. */
export const to = (purpose: string, more: object) => ({ purpose, ...more });

/** A ladder of governance, and routes for its rungs. */
export function ladderOf(code: string, categories: readonly string[], tiers: readonly string[], more: object = {}) {
  const plain = { deadlines: [], supervisor: null, climbsWhenLate: false, followUpDays: null, followUp: null };
  return { code, name: code, categories, layer: 'governance', tiers, ...plain, ...more };
}

export function routeOf(
  categories: readonly string[],
  tier: string,
  handlers: readonly object[],
  layer = 'governance',
) {
  return { categories, layer, tier, handlers };
}

/** Villages of the town of many grids, each for one test, so that tests do not meet. */
export function villagesOf(town: Town): readonly GridPlan[] {
  const lique = town.highlight('manyGridsTown').expect.gridId;
  return gridsOf(town.plan, 'governance', 'village').filter(({ parentId }) => parentId === lique);
}

/** One village with its town and county, its practice, and a place in it. */
export async function openVillage(town: Town, index: number, practice: object) {
  const village = villagesOf(town)[index];
  if (Object.keys(practice).length > 0) await setPractice(town, village.id, practice);
  const at = placeIn(village.boundary);
  const [county] = chainAt(town, 'governance', at).filter(({ tier }) => tier === 'county');
  const [upper] = chainAt(town, 'governance', at).filter(({ tier }) => tier === 'town');
  return { village, town: upper, county, at };
}
