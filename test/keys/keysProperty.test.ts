import fc from 'fast-check';
import { sql, type Transaction } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type AreaTree, isWithin } from '../../src/access/areaTree.ts';
import type { Areas } from '../../src/access/viewer.ts';
import { AuditRepository } from '../../src/audit/audit.repository.ts';
import { AuditLog } from '../../src/audit/auditLog.ts';
import { showAreas } from '../../src/db/areas.ts';
import type { Database } from '../../src/db/tables.ts';
import { commonGrid, isClientWithin, readScope } from '../../src/keys/clientScope.ts';
import { KeyRepository } from '../../src/keys/key.repository.ts';
import { KeyService } from '../../src/keys/key.service.ts';
import { asSuperuser } from '../support/database.ts';
import { contextOf, type DrawnTree, KeysWorld, NOW, viewerOf } from './keysWorld.ts';

const MOST_GRIDS = 16;

/** G0, G1 …: each below an earlier one or below none. */
const trees = fc.array(fc.nat({ max: 1_000 }), { minLength: 2, maxLength: MOST_GRIDS }).map((numbers): DrawnTree => {
  const parentOf = (number: number, i: number) => (i === 0 || number % 4 === 0 ? null : `G${number % i}`);
  return Object.fromEntries(numbers.map((number, i) => [`G${i}`, parentOf(number, i)]));
});

/** Some grids of the tree, none among them; taken from it once the tree is known. */
const picks = fc.array(fc.nat({ max: 1_000 }), { maxLength: 3 });
const pick = (tree: DrawnTree, numbers: readonly number[]): string[] => {
  const codes = Object.keys(tree);
  return [...new Set(numbers.map((number) => codes[number % codes.length]))];
};

/** The oracle floods the tree downwards from the roots; the house walks upwards from each grid. */
function flooded(tree: DrawnTree, roots: readonly string[]): Set<string> {
  const reached = new Set(roots);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const [code, parent] of Object.entries(tree)) if (parent !== null && reached.has(parent)) reached.add(code);
  }
  return reached;
}

function mayBeSeen(tree: DrawnTree, roots: readonly string[] | 'everywhere', client: readonly string[] | 'everywhere') {
  if (roots === 'everywhere') return true;
  if (client === 'everywhere') return false;
  const reached = flooded(tree, roots);
  return client.every((code) => reached.has(code));
}

const inMemory = (tree: DrawnTree): AreaTree => ({
  findGridId: (code) => (code in tree ? code : undefined),
  chainOf(code) {
    const parent = tree[code];
    return parent === null ? [code] : [code, ...this.chainOf(parent)];
  },
});

type Judge = typeof isClientWithin;

const judgedRightly = (judge: Judge) =>
  fc.property(trees, picks, picks, (tree, some, others) => {
    const [roots, areas] = [pick(tree, some), pick(tree, others)];
    fc.pre(areas.length > 0);
    return judge(inMemory(tree), roots, { areas }) === mayBeSeen(tree, roots, areas);
  });

describe('whether a client lies within areas', () => {
  it('is as the tree says', () => {
    fc.assert(judgedRightly(isClientWithin), { numRuns: 2_000, seed: 1 });
  });

  const within = (tree: AreaTree, areas: Areas) => (area: string) => isWithin(tree, areas, area);
  const broken: Record<string, Judge> = {
    'one of its areas is enough': (tree, areas, client) => (client.areas as string[]).some(within(tree, areas)),
    'only roots count': (_tree, areas, client) => (client.areas as string[]).every((area) => areas.includes(area)),
    'only the first area counts': (tree, areas, client) => within(tree, areas)(client.areas[0]),
  };
  it.each(Object.entries(broken))('is found to be wrong where %s', (_name, judge) => {
    expect(fc.check(judgedRightly(judge), { numRuns: 2_000, seed: 1 }).failed).toBe(true);
  });

  it('is for the audit the lowest grid that holds all of it', () => {
    const holds = fc.property(trees, picks, (tree, numbers) => {
      const areas = pick(tree, numbers);
      const holders = Object.keys(tree).filter((code) => mayBeSeen(tree, [code], areas));
      const lowest = holders.find((code) => holders.every((other) => flooded(tree, [other]).has(code)));
      expect(commonGrid(inMemory(tree), areas)).toBe(areas.length === 0 ? null : (lowest ?? null));
    });
    fc.assert(holds, { numRuns: 1_000, seed: 2 });
  });
});

/** Row security off: the transaction has the rights of a superuser. */
class UnlockedRepository extends KeyRepository {
  override seeing<T>(_areas: Areas, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
    return asSuperuser(this.unlocked, work);
  }
  unlocked!: KeysWorld['db'];
}

/** The service as it is, and with one of its two locks open. */
function servicesOf(world: KeysWorld): Record<string, KeyService> {
  const audit = new AuditLog(new AuditRepository(), world.clock);
  const unlocked = new UnlockedRepository(world.db, world.clock);
  unlocked.unlocked = world.db;
  const trusting: AreaTree = {
    findGridId: (code) => world.tree.findGridId(code),
    chainOf: () => [...world.ids.values()],
  };
  return {
    both: world.service,
    'tree in memory only': new KeyService(unlocked, world.ring, audit, world.tree),
    'row security only': new KeyService(world.repository, world.ring, audit, trusting),
  };
}

const scenes = fc.record({
  tree: trees,
  clients: fc.array(fc.oneof({ weight: 6, arbitrary: picks }, fc.constant('everywhere' as const)), {
    minLength: 6,
    maxLength: 10,
  }),
  admins: fc.array(picks, { minLength: 6, maxLength: 8 }),
});

describe('what an administrator is shown, may rotate and may make', () => {
  it('is as the tree says, by either lock alone, and a database that asks for one area only is found out', async () => {
    let twinsCaught = 0;
    const asTheTreeSays = fc.asyncProperty(scenes, async ({ tree, clients, admins }) => {
      const world = await KeysWorld.open(tree);
      const issued: { id: string; areas: readonly string[] | 'everywhere' }[] = [];
      for (const numbers of clients) {
        const areas = numbers === 'everywhere' ? numbers : pick(tree, numbers);
        if (areas.length > 0) issued.push({ id: (await world.issue(areas)).client.id, areas });
      }
      for (const numbers of admins) {
        const roots = pick(tree, numbers);
        const expected = issued.filter(({ areas }) => mayBeSeen(tree, roots, areas)).map(({ id }) => id);
        if (roots.length > 0) await expectShown(world, tree, roots, issued, expected);
        const wrong = await seenBySome(world, roots);
        if (wrong.join() !== [...expected].sort().join()) twinsCaught += 1;
      }
    });
    await fc.assert(asTheTreeSays, { numRuns: 6, seed: 3, endOnFailure: true });
    expect(twinsCaught).toBeGreaterThan(0);
  });
});

async function expectShown(
  world: KeysWorld,
  tree: DrawnTree,
  roots: readonly string[],
  issued: readonly { id: string }[],
  expected: readonly string[],
): Promise<void> {
  const ids = roots.map((code) => world.id(code));
  const context = contextOf(viewerOf('admin', ids));
  for (const [lock, service] of Object.entries(servicesOf(world))) {
    const shown = (await service.listClients(context, {})).edges.map(({ node }) => node.id);
    expect([...shown].sort(), lock).toEqual([...expected].sort());
  }
  for (const { id } of issued.slice(0, 3)) {
    const found = await world.service.findClient(context, id);
    const rotated = await world.service.rotateKey(context, id).catch((error) => error.code);
    expect(found?.id).toBe(expected.includes(id) ? id : undefined);
    if (expected.includes(id)) expect(rotated === 'CONFLICT' || rotated.client.id === id).toBe(true);
    else expect(rotated).toBe('NOT_FOUND');
  }
  const reached = flooded(tree, roots);
  for (const code of Object.keys(tree)) {
    const wish = { areas: [code], everywhere: false, actions: ['registry.read'], eventTypes: [] };
    const made = () => readScope(wish, ids, world.tree).areas;
    if (reached.has(code)) expect(made()).toEqual([world.id(code)]);
    else expect(made).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  }
}

/** What the database would show if its policy asked for one of the areas in place of each. Rolled back. */
async function seenBySome(world: KeysWorld, roots: readonly string[]): Promise<string[]> {
  const rolledBack = new Error('rolled back');
  let seen: string[] = [];
  const work = async (trx: Transaction<Database>) => {
    await sql`create or replace function client_in_areas(area_ids uuid[]) returns boolean language sql stable
      return coalesce((select bool_or(public.grid_in_areas(area)) from unnest(area_ids) as area), false)`.execute(trx);
    await sql`set local role wangge_server`.execute(trx);
    const ids = roots.map((code) => world.id(code));
    await showAreas(trx, ids, NOW);
    seen = (await trx.selectFrom('api_client').select('id').execute()).map(({ id }) => id).sort();
    throw rolledBack;
  };
  await asSuperuser(world.db, work).catch((error) => {
    if (error !== rolledBack) throw error;
  });
  return seen;
}
