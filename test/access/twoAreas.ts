import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { ACTIONS, RIGHTS, type Role } from '../../src/access/rights.ts';
import type { App } from '../../src/app.ts';
import type { Database } from '../../src/db/tables.ts';
import { chainOf, versionAt } from '../../src/grids/atlas/rows.ts';
import { openTown, placeIn, type Town } from '../scenarios/demoTown.ts';
import { type Api, NOW } from '../support/api.ts';

type Headers = Record<string, string>;

/** A member of staff who holds a post of the role `matrix_worker` in a village, and a place there. */
export interface Worker {
  readonly personId: string;
  readonly postId: string;
  readonly villageId: string;
  readonly point: { readonly lon: number; readonly lat: number };
}

/** One part of the tree, and who and what belongs to nobody else. */
export interface Area {
  readonly gridId: string;
  /** The grid and all below it. */
  readonly gridIds: ReadonlySet<string>;
  /** People who hold posts there and nowhere else. */
  readonly people: readonly string[];
  /** An integrator that sees just this area. */
  readonly clientId: string;
  readonly keyId: string;
  readonly keyHeader: Headers;
  /** Two posts of a role of its own, `matrix_role`, which may sit on the area's own grid too but has no post there. */
  readonly postId: string;
  readonly otherPostId: string;
  /** How a body backs up the first of them, and nothing else. */
  readonly appointmentId: string;
  readonly bodyId: string;
  /** Two members of staff, in two villages. */
  readonly staff: Worker;
  readonly partner: Worker;
}

/** The demo town, and two neighbouring areas in it whose staff have nothing to do with each other. */
export interface TwoAreas {
  readonly town: Town;
  readonly api: Api;
  readonly own: Area;
  readonly foreign: Area;
  /** How somebody of the role signs in whose area is `own`; who works on the ground, as its `staff`. The public does not. */
  headersOf(role: Role): Promise<Headers>;
}

const STAFF: readonly Role[] = ['grid_worker', 'officer', 'mediator'];
const CREATE = `mutation ($input: ApiClientInput!) {
  createApiClient(input: $input) { secret client { id } key { id } } }`;

export async function openTwoAreas(): Promise<TwoAreas> {
  const town = await openTown();
  const { api } = town;
  const [own, foreign] = await Promise.all(
    (await withStaff(town, findAreas(town))).map((area, index) => withClient(api, area, index)),
  );
  return {
    town,
    api,
    own,
    foreign,
    async headersOf(role) {
      if (role === 'public') return {};
      if (STAFF.includes(role)) return api.asStaff(own.staff.personId, role, own.gridId);
      return role === 'integrator' ? own.keyHeader : api.as(role, own.gridId);
    },
  };
}

/** Which parts of a thing a question about it is made of, so that only those need to be made. */
export function partsOf<T extends object>(thing: T, ask: (thing: T) => string): ReadonlySet<keyof T> {
  const parts = new Set<keyof T>();
  const get = (target: T, part: string | symbol): unknown => {
    parts.add(part as keyof T);
    return Reflect.get(target, part);
  };
  ask(new Proxy(thing, { get }));
  return parts;
}

type Ground = Pick<Area, 'gridId' | 'gridIds' | 'people'>;
type Staffed = Omit<Area, 'clientId' | 'keyId' | 'keyHeader'>;

const DATES = { validFrom: new Date('2026-01-01T00:00:00Z'), validTo: null };

/** Publishes a role with two posts in each area, and a body that supports one of them; and two who work there. */
async function withStaff({ api: { app }, plan, publish }: Town, areas: readonly Ground[]): Promise<Staffed[]> {
  const moment = { asOf: NOW.getTime(), edition: app.editions.latest };
  const { posts } = app.writers;
  const staffed = areas.map((area) => {
    const villages = [...area.gridIds].filter((id) => app.finder.findById(id, moment)?.grid.tier.code === 'village');
    const [postId, otherPostId, appointmentId, bodyId] = Array.from({ length: 4 }, () => randomUUID());
    const [staff, partner] = villages.slice(0, 2).map((villageId): Worker => {
      const { point } = placeIn(plan.grids.find(({ id }) => id === villageId)!.boundary);
      return { personId: randomUUID(), postId: randomUUID(), villageId, point };
    });
    return { ...area, villages, postId, otherPostId, appointmentId, bodyId, staff, partner };
  });
  await publish('Staff of two areas', async (trx, edition) => {
    const seat = (tier: string) => ({ layer: 'governance', tier, required: false });
    const role = { code: 'matrix_role', name: 'Matrix', answersAs: null, position: 90, categories: [] };
    await posts.insertRoles(trx, edition, [
      { ...role, tiers: [seat('town'), seat('village')] },
      { ...role, code: 'matrix_worker', position: 91, tiers: [seat('village')] },
    ]);
    for (const { villages, postId, otherPostId, appointmentId, bodyId } of staffed) {
      const body = { name: `Body ${bodyId}`, kind: 'TEAM', officePhone: null, languages: [], categories: [] };
      await posts.insertBodies(trx, edition, [{ id: bodyId, ...body, ...DATES }]);
      const made = [postId, otherPostId].map((id, i) => ({ id, roleCode: role.code, gridId: villages[i], ...DATES }));
      await posts.insertPosts(trx, edition, made);
      const held = { id: appointmentId, postId, holder: { bodyId }, rank: 'SUPPORT' as const };
      await posts.insertAppointments(trx, edition, [{ ...held, ...DATES }]);
    }
    const workers = staffed.flatMap(({ staff, partner }) => [staff, partner]);
    await insertWorkers(app.writers, trx, edition, workers);
  });
  return staffed;
}

async function insertWorkers(
  { posts }: App['writers'],
  trx: Transaction<Database>,
  edition: number,
  workers: readonly Worker[],
): Promise<void> {
  for (const { personId, postId, villageId } of workers) {
    const person = { name: `Worker ${personId}`, officePhone: null, bodyId: null, languages: [] };
    await posts.insertPeople(trx, edition, [{ id: personId, ...person, ...DATES }]);
    await posts.insertPosts(trx, edition, [{ id: postId, roleCode: 'matrix_worker', gridId: villageId, ...DATES }]);
    const held = { id: randomUUID(), postId, holder: { personId }, rank: 'PRIMARY' as const };
    await posts.insertAppointments(trx, edition, [{ ...held, ...DATES }]);
  }
}

async function withClient(api: Api, area: Staffed, index: number): Promise<Area> {
  const admin = await api.as('admin', area.gridId);
  const input = {
    name: `Integrator ${index}`,
    areas: [area.gridId],
    actions: [...ACTIONS].filter((action) => 'integrator' in RIGHTS[action]),
  };
  const { createApiClient } = await api.ask(CREATE, { input }, admin);
  const { secret, client, key } = createApiClient;
  return { ...area, clientId: client.id, keyId: key.id, keyHeader: { authorization: `Bearer ${secret}` } };
}

/** The two town-sized grids of the governance tree with the most staff of their own. */
function findAreas({ api: { app }, plan }: Town): readonly [Ground, Ground] {
  const moment = { asOf: NOW.getTime(), edition: app.editions.latest };
  const areaOf = (gridId: string) => {
    const grid = app.atlas.findGrid(gridId);
    const version = grid && versionAt(grid, moment);
    return version && chainOf(version, moment).find(({ grid: above }) => above.tier.code === 'town')?.grid.id;
  };
  const grids = new Map<string, Set<string>>();
  for (const { id } of app.atlas.grids) {
    const area = areaOf(id);
    if (area) grids.set(area, (grids.get(area) ?? new Set()).add(id));
  }
  const people = new Map<string, string[]>();
  for (const { id } of plan.people) {
    const held = new Set(app.directory.postsHeldBy(id, moment).map(({ gridId }) => areaOf(gridId)));
    const [area] = held;
    if (held.size === 1 && area) people.set(area, [...(people.get(area) ?? []), id]);
  }
  const [first, second] = [...people].sort((a, b) => b[1].length - a[1].length);
  const ground = ([gridId, staff]: [string, string[]]): Ground => ({
    gridId,
    gridIds: grids.get(gridId)!,
    people: staff,
  });
  return [ground(first), ground(second)];
}
