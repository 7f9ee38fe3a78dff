import { beforeAll, describe, expect, it } from 'vitest';
import { buildCity } from '../../seeds/city.ts';
import { planLocalPractice } from '../../seeds/localPractice.ts';
import type { CityPlan, GridPlan } from '../../seeds/plan.type.ts';
import type { HandlerPractice, Practice } from '../../src/practice/practice.type.ts';
import { PracticeBook } from '../../src/practice/practiceBook.ts';
import { readPractice, SECTIONS } from '../../src/practice/reading/readPractice.ts';

const plan: CityPlan = buildCity('town');
const grids = new Map(plan.grids.map((grid) => [grid.id, grid]));
const drafts = planLocalPractice(plan);
const NOW = { asOf: Date.parse('2026-07-01T00:00:00+08:00'), edition: 1 };

const words = {
  rankOf: (layer: string, tier: string) =>
    plan.layers.find(({ code }) => code === layer)?.tiers.find(({ code }) => code === tier)?.rank,
  hasRole: (code: string) => plan.roles.some((role) => role.code === code),
};

let book: PracticeBook;
beforeAll(async () => {
  const rows = drafts.map((draft, i) => ({
    ...{ id: i + 1, edition: 1, gridId: draft.gridId, validFrom: draft.validFrom.getTime() },
    sections: JSON.parse(JSON.stringify(draft.sections)),
  }));
  book = new PracticeBook({ readLog: async () => rows });
  (await book.read(0, 1))();
});

function chainOf(grid: GridPlan | undefined): GridPlan[] {
  return grid ? [grid, ...chainOf(grid.parentId === null ? undefined : grids.get(grid.parentId))] : [];
}
const practiceOf = (grid: GridPlan): Practice =>
  book.practiceAt(
    chainOf(grid).map(({ id }) => id),
    NOW,
  );
function routeOf(routes: Practice['routes'], category: string, tier: string) {
  const rung = routes.filter((route) => route.layer === 'governance' && route.tier === tier);
  return rung.find((each) => each.categories.includes(category)) ?? rung.find((each) => each.categories.length === 0);
}
const towns = plan.grids.filter(({ layer, tier }) => layer === 'governance' && tier === 'town');

describe('the local practice of the demo', () => {
  it('breaks no rule, and speaks only of tiers and roles that are there', () => {
    for (const { sections } of drafts) expect(readPractice(sections, 'practice', words)).toEqual(sections);
    expect(Object.keys(drafts[0].sections).sort()).toEqual([...SECTIONS].sort());
  });

  it('has colours, 1-3-5 minutes, eleven visits, nine ways to make contact, and a warning that is off', () => {
    const { categories, severities, responses, visits, contacts, warnings, quotas } = practiceOf(towns[0]);
    expect(categories).toHaveLength(24);
    expect(severities.map(({ code }) => code)).toEqual(['red', 'yellow', 'blue', 'green']);
    expect(responses.map(({ code, minutes }) => [code, minutes])).toEqual([
      ...[1, 3, 5].map((minutes) => [String(minutes), minutes]),
    ]);
    expect([visits.length, contacts.length, quotas[0].perMonth]).toEqual([11, 9, 5]);
    expect(warnings).toMatchObject([{ enabled: false, count: 2, withinDays: 30, instruct: [{}, {}] }]);
  });

  it('has two ladders side by side: one county climbs from the grid, the others from the village', () => {
    const ladders = new Map(
      towns.map((town) => [town.name, practiceOf(town).ladders.map(({ tiers }) => tiers.join(' '))]),
    );
    expect(ladders.get('李鹊镇')).toEqual(['grid village town county']);
    expect(ladders.get('花官镇')).toEqual(['grid village town county']);
    expect(ladders.get('龙广镇')).toEqual(['village town county']);
    expect(new Set([...ladders.values()].flat()).size).toBe(2);
  });

  it('every visit that has places in the demo names their kind', () => {
    const kinds = practiceOf(towns[0]).visits.flatMap(({ siteKinds }) => siteKinds);
    for (const kind of ['joint_centre', 'self_service_room', 'police_room', 'patrol_station', 'inn']) {
      expect(kinds).toContain(kind);
    }
  });

  it('every category on every rung of every town finds a route whose handlers have seats', () => {
    const seats = new Set(
      plan.roles.flatMap(({ code, tiers }) => tiers.map(({ layer, tier }) => `${code} ${layer}.${tier}`)),
    );
    for (const town of towns) {
      const { categories, routes, ladders } = practiceOf(town);
      for (const { code } of categories) {
        const [ladder] = ladders.filter((each) => each.categories.length === 0 || each.categories.includes(code));
        for (const tier of ladder.tiers) {
          const route = routeOf(routes, code, tier);
          const seat = (handler: HandlerPractice) =>
            `${handler.role} ${handler.layer ?? ladder.layer}.${handler.tier ?? tier}`;
          expect(route?.handlers.length, `${code} on ${tier} of ${town.name}`).toBeGreaterThan(0);
          for (const handler of route!.handlers) expect(seats, `${code} on ${tier}`).toContain(seat(handler));
        }
      }
    }
  });

  it('every category on every rung of every town has a post in the plan that handles it', () => {
    const seats = new Set<string>();
    for (const { roleCode, gridId } of plan.posts) {
      const grid = grids.get(gridId)!;
      const seat = `${roleCode} ${grid.layer}.${grid.tier}`;
      // Trees of other layers cross the towns; what stands in governance is of its own town or above it.
      const near = towns.filter((town) => chainOf(grid).includes(town) || chainOf(town).includes(grid));
      for (const town of grid.layer === 'governance' ? near : towns) seats.add(`${seat} ${town.id}`);
    }
    for (const town of towns) {
      const { categories, routes, ladders } = practiceOf(town);
      const [{ layer, tiers }] = ladders;
      for (const { code } of categories) {
        for (const rung of tiers) {
          const handled = routeOf(routes, code, rung)!.handlers.some(
            (each) =>
              each.purpose !== 'NOTICE' &&
              seats.has(`${each.role} ${each.layer ?? layer}.${each.tier ?? rung} ${town.id}`),
          );
          expect(handled, `${code} on ${rung} of ${town.name}`).toBe(true);
        }
      }
    }
  });
});
