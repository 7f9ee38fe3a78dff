import fc from 'fast-check';
import type { HandlerPractice, PracticeSections } from '../../src/practice/practice.type.ts';

/** Tiers of the layer `gov`, the root first, and roles that random practice speaks of. */
export const TIERS = ['city', 'county', 'village'];
export const ROLES = ['officer', 'leader', 'team'];
export const WORDS = {
  rankOf: (layer: string, tier: string) => (layer === 'gov' ? TIERS.indexOf(tier) + 1 || undefined : undefined),
  hasRole: (code: string) => ROLES.includes(code),
};

const LETTERS = [...'abcxyz09_'];
const rest = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 6 });
const code = fc.tuple(fc.constantFrom(...'abc'), rest).map(([first, more]) => first + more);
const name = fc
  .string({ unit: fc.constantFrom(...'红黄a B纠纷'), minLength: 1, maxLength: 100 })
  .filter((text) => text.trim() === text);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const categories = fc.uniqueArray(code, { maxLength: 3 });
const purpose = fc.constantFrom<HandlerPractice['purpose']>('HANDLE', 'JOINT', 'MEDIATE', 'WARNING', 'NOTICE');
const hours = fc.integer({ min: 1, max: 876_000 }).map((n) => n / 100);
const days = fc.integer({ min: 1, max: 3_650 });

const seat = fc.constantFrom({ layer: null, tier: null }, ...TIERS.map((tier) => ({ layer: 'gov', tier })));
const holder = fc.constantFrom(
  { role: 'officer', bodyKind: null },
  { role: null, bodyKind: 'MEDIATION_TEAM' },
  { role: 'team', bodyKind: 'MEDIATION_TEAM' },
);
const handler = fc
  .tuple(fc.record({ purpose, hours: orNull(hours) }), seat, holder)
  .map(([first, where, who]): HandlerPractice => ({ ...first, ...where, ...who }));
const handlers = fc.array(handler, { minLength: 1, maxLength: 3 });

const route = fc.record({ categories, layer: fc.constant('gov'), tier: fc.constantFrom(...TIERS), handlers });
const ladder = fc
  .record({
    ...{ code, name, layer: fc.constant('gov') },
    tiers: fc.subarray([...TIERS].reverse(), { minLength: 1 }),
    supervisor: orNull(handler),
    climbsWhenLate: fc.boolean(),
    ...{ followUpDays: orNull(days), followUp: orNull(handler), hours: orNull(hours) },
  })
  .map(({ hours: each, ...rest }) => ({
    ...rest,
    categories: [rest.code],
    deadlines: each === null ? [] : rest.tiers.map((tier) => ({ tier, severity: null, hours: each })),
    followUp: rest.followUpDays === null ? null : rest.followUp,
  }));
const warning = fc
  .record({
    ...{ code, name, enabled: fc.boolean(), categories },
    same: fc.constantFrom<'ADDRESS' | 'GRID' | 'NEARBY'>('ADDRESS', 'GRID', 'NEARBY'),
    metres: fc.integer({ min: 1, max: 5_000 }),
    ...{ count: fc.integer({ min: 2, max: 1_000 }), withinDays: days },
    hours: orNull(fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 24 }))),
    instruct: handlers,
  })
  .map(({ hours: between, ...rest }) => {
    const some = between && between[0] !== between[1] ? between : [null, null];
    return { ...rest, metres: rest.same === 'NEARBY' ? rest.metres : null, fromHour: some[0], toHour: some[1] };
  });
const campaign = fc
  .record({ code, name, categories, from: fc.integer({ min: 0, max: 4e12 }), lasts: fc.integer({ min: 1, max: 1e11 }) })
  .map(({ from, lasts, ...rest }) => ({ ...rest, from: new Date(from), to: new Date(from + lasts) }));

const roles = fc.subarray(ROLES);
const once = <T extends { readonly code: string }>(entry: fc.Arbitrary<T>) =>
  fc.uniqueArray(entry, { selector: (each) => each.code, maxLength: 4 });
const named = once(fc.record({ code, name }));

// Every section, each of some entries that break no rule.
const SECTIONS = {
  categories: once(fc.record({ code, name, field: orNull(code) })),
  severities: named,
  routes: fc.array(route, { maxLength: 4 }),
  ladders: once(ladder),
  warnings: once(warning),
  responses: once(fc.record({ code, minutes: hours.filter((n) => n >= 0.1 && n <= 1_440), roles })),
  visits: once(fc.record({ code, name, siteKinds: categories, everyDays: orNull(days) })),
  contacts: named,
  campaigns: once(campaign),
  activities: named,
  quotas: fc.array(fc.record({ role: fc.constantFrom(...ROLES), purpose, categories, perMonth: days }), {
    maxLength: 3,
  }),
};

/** A document with any of its sections, some given back to the area above. */
export const practice: fc.Arbitrary<PracticeSections> = fc.record(
  Object.fromEntries(
    Object.entries<fc.Arbitrary<unknown>>(SECTIONS).map(([name, entries]) => [
      name,
      fc.option(entries, { nil: null, freq: 8 }),
    ]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<PracticeSections>;
