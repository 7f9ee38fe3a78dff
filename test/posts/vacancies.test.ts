import { beforeAll, describe, expect, it } from 'vitest';
import { mainCode } from '../../src/grids/atlas/rows.ts';
import { GridFinder } from '../../src/grids/gridFinder.ts';
import { VacancyFinder } from '../../src/posts/vacancyFinder.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { appoint, at, day, makePerson, makePost, PostsWorld } from './postsFixture.ts';

let world: PostsWorld;
let finder: VacancyFinder;
const [chen, li] = ['Chen', 'Li'].map((name) => makePerson(name));
const posts: Record<string, string> = {};

beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  world = await PostsWorld.make(db);
  finder = new VacancyFinder(new GridFinder(world.atlas), world.directory);
  const officer = makePost('officer', world.gridId('V1'));
  const [worker, idle] = ['V1', 'V2'].map((code) => makePost('worker', world.gridId(code)));
  const townOfficer = makePost('officer', world.gridId('T1'));
  Object.assign(posts, { officer: officer.id, worker: worker.id, townOfficer: townOfficer.id });
  await world.staff({
    people: [chen, li],
    posts: [officer, worker, idle, townOfficer],
    appointments: [
      appoint(officer, chen, { validTo: day('2024-01-01') }),
      appoint(worker, chen),
      appoint(townOfficer, li),
      appoint(worker, li, { rank: 'DEPUTY', validFrom: day('2023-01-01') }),
    ],
  });
});

/** Codes of local grids where the role is vacant. */
function vacant(role: string, date: string, edition = world.editions.latest, within: string | null = null): string[] {
  const found = finder.list(role, within, at(date, edition)).map(({ grid }) => mainCode(grid, edition));
  return [...new Set(found)];
}

describe('the grids that lack a role', () => {
  it('are all of a tier that requires it but where nobody holds it, with or without a post', () => {
    const others = ['V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9'];
    // The fixture has another V1, of the police scheme, which never got a post.
    expect(finder.list('officer', null, at('2023-06-01', 2))).toHaveLength(others.length + 1);
    expect(vacant('officer', '2023-06-01')).toEqual(['V1', ...others]);
    const own = finder.list('officer', null, at('2024-06-01', 2)).map(({ grid }) => grid.id);
    expect(own).toHaveLength(others.length + 2);
    expect(own).toContain(world.gridId('V1'));
  });

  it('are only those with an empty post where the role may sit but need not', () => {
    expect(vacant('worker', '2023-06-01')).toEqual(['V2']);
    expect(vacant('instructor', '2023-06-01')).toEqual([]);
    expect(vacant('officer', '2023-06-01')).not.toContain('T1');
  });

  it('are as the edition knew them, and only within the grid named', () => {
    expect(vacant('worker', '2023-06-01', 1)).toEqual([]);
    expect(finder.list('officer', null, at('2023-06-01', 1))).toHaveLength(10);
    expect(vacant('officer', '2023-06-01', 2, world.gridId('T1'))).toEqual([]);
    expect(() => vacant('officer', '2023-06-01', 2, 'nowhere')).toThrow(/within: there is no grid nowhere/);
    expect(() => vacant('king', '2023-06-01')).toThrow(/no role king in edition 2; known are officer/);
  });
});

describe('the posts of one person', () => {
  const held = (id: string, date: string, edition = world.editions.latest) =>
    world.directory.postsHeldBy(id, at(date, edition)).map(({ entry, gridId }) => [entry.post.id, gridId]);

  it('are found wherever they are, by role, on the date asked for', () => {
    const [v1, t1] = ['V1', 'T1'].map((code) => world.gridId(code));
    expect(held(chen.id, '2023-06-01')).toEqual([
      [posts.officer, v1],
      [posts.worker, v1],
    ]);
    expect(held(chen.id, '2024-06-01')).toEqual([[posts.worker, v1]]);
    expect(held(li.id, '2022-06-01')).toEqual([[posts.townOfficer, t1]]);
    expect(held(li.id, '2024-06-01')).toEqual([
      [posts.townOfficer, t1],
      [posts.worker, v1],
    ]);
    expect(held(li.id, '2024-06-01', 1)).toEqual([]);
    expect(held('nobody', '2024-06-01')).toEqual([]);
  });
});
