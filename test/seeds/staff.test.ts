import { describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';

const plan = buildCity('town');
const posts = new Map(plan.posts.map((post) => [post.id, post]));
const heldBy = (id: string) =>
  plan.appointments.filter(({ holder }) => Object.values(holder)[0] === id).map(({ postId }) => posts.get(postId)!);

describe('staff of the demo town', () => {
  it('has unique ids, and refers only to what exists', () => {
    const all = [plan.bodies, plan.people, plan.grids, plan.posts, plan.appointments].flatMap((list) =>
      list.map(({ id }) => id),
    );
    expect(new Set(all).size).toBe(all.length);
    const known = new Set(all);
    const later = plan.changes.flatMap((change) => [
      ...(change.appointments ?? []).flatMap(({ postId, holder }) => [postId, ...Object.values(holder)]),
      ...(change.endAppointments ?? []).map(({ id }) => id),
      ...change.grids.flatMap(({ gridId, set }) => [gridId, set.parentId, set.managerId]),
    ]);
    const used = [
      ...later,
      ...plan.grids.flatMap(({ parentId, managerId }) => [parentId, managerId]),
      ...plan.people.map(({ bodyId }) => bodyId),
      ...plan.bodies.map(({ parentId }) => parentId),
      ...plan.posts.map(({ gridId }) => gridId),
      ...plan.appointments.flatMap(({ postId, holder }) => [postId, ...Object.values(holder)]),
    ];
    expect(used.filter((id) => id && !known.has(id))).toEqual([]);
    expect(all.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
  });

  it('names parents before their children', () => {
    for (const list of [plan.bodies, plan.grids]) {
      const seen = new Set<string>();
      for (const { id, parentId } of list) {
        expect(!parentId || seen.has(parentId)).toBe(true);
        seen.add(id);
      }
    }
  });

  it('seats every post in a tier of its role, and every required place has a post', () => {
    const tierOf = new Map(plan.grids.map((grid) => [grid.id, `${grid.layer}.${grid.tier}`]));
    const seated = new Set(plan.posts.map(({ roleCode, gridId }) => `${roleCode} ${gridId}`));
    for (const role of plan.roles) {
      const tiers = role.tiers.map(({ layer, tier }) => `${layer}.${tier}`);
      for (const post of plan.posts.filter(({ roleCode }) => roleCode === role.code))
        expect(tiers).toContain(tierOf.get(post.gridId));
      for (const { layer, tier } of role.tiers.filter(({ required }) => required)) {
        const places = plan.grids.filter((grid) => grid.layer === layer && grid.tier === tier);
        expect(places.filter(({ id }) => !seated.has(`${role.code} ${id}`)).map(({ name }) => name)).toEqual([]);
      }
    }
  });

  it('leaves some posts of each kind vacant', () => {
    const filled = new Set(plan.appointments.map(({ postId }) => postId));
    const vacant = new Set(plan.posts.filter(({ id }) => !filled.has(id)).map(({ roleCode }) => roleCode));
    for (const role of [
      'community_officer',
      'grid_worker',
      'grid_head',
      'instructor',
      'police_aide',
      'village_officer',
    ]) {
      expect(vacant).toContain(role);
    }
  });

  it('has a worker with 8 grids, officers with several beats and an officer with 3 posts', () => {
    const { eightGridWorker, threePostOfficer } = plan.highlights;
    const eight = heldBy(eightGridWorker.expect.holders!.gridWorker!).map(({ gridId }) => gridId);
    expect(eight.sort()).toEqual([...(eightGridWorker.expect.facts!.gridIds as string[])].sort());
    expect(eight).toHaveLength(8);
    const roles = heldBy(threePostOfficer.expect.holders!.officer!).map(({ roleCode }) => roleCode);
    expect(new Set(roles)).toEqual(new Set(threePostOfficer.expect.facts!.roles as string[]));
    const beats = plan.people.map(
      ({ id }) => heldBy(id).filter(({ roleCode }) => roleCode === 'community_officer').length,
    );
    expect(Math.max(...beats)).toBeGreaterThan(1);
  });

  it('speaks Bouyei in one mediation team', () => {
    expect(plan.bodies.filter(({ languages }) => languages.includes('pcc')).map(({ name }) => name)).toEqual([
      '布依联调队',
    ]);
  });
});
