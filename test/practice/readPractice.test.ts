import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import type { PracticeSections } from '../../src/practice/practice.type.ts';
import { readPractice } from '../../src/practice/reading/readPractice.ts';
import { practice, WORDS } from './randomPractice.ts';

const RUNS = Number(process.env.PRACTICE_RUNS ?? 150);

/** Faults as `path: reason`; empty where the document is taken. */
function faultsOf(document: unknown): string[] {
  try {
    readPractice(document, 'practice', WORDS);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'BAD_INPUT') throw error;
    const faults = error.details.faults as { path: string; reason: string }[];
    for (const { path, reason } of faults.slice(0, 20)) expect(error.message).toContain(`${path}: ${reason}`);
    return faults.map(({ path, reason }) => `${path}: ${reason}`);
  }
}
const pathsOf = (document: unknown) => faultsOf(document).map((fault) => fault.slice(0, fault.indexOf(': ')));

const HANDLER = { purpose: 'HANDLE', layer: null, tier: null, role: 'officer', bodyKind: null, hours: null };
const WARNING = { code: 'repeat', name: '再次', same: 'ADDRESS', count: 2, withinDays: 30, instruct: [HANDLER] };
const LADDER = { code: 'up', name: '上报', layer: 'gov', tiers: ['village', 'county'] };

/** Every place in a document that is an object, as a path of names and numbers. */
function objectsIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((each, i) => objectsIn(each, [...path, i]));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return [path, ...Object.entries(value).flatMap(([name, each]) => objectsIn(each, [...path, name]))];
}

function at(document: unknown, path: readonly (string | number)[]): Record<string, unknown> {
  return path.reduce((inner, part) => (inner as Record<string | number, unknown>)[part], document) as Record<
    string,
    unknown
  >;
}

const textOf = (path: readonly (string | number)[]) =>
  path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');

describe('a practice document', () => {
  it('is read back the same, from memory and from JSON', () => {
    fc.assert(
      fc.property(practice, (document) => {
        expect(readPractice(document, 'practice', WORDS)).toEqual(document);
        expect(readPractice(JSON.parse(JSON.stringify(document)), '', WORDS)).toEqual(document);
      }),
      { numRuns: RUNS },
    );
  });

  it('with one unknown member anywhere is refused, naming the place', () => {
    const intruder = fc.constantFrom('person', 'phone', 'vehicle', 'camera', 'sensor', 'idCard', 'constructor');
    fc.assert(
      fc.property(practice, intruder, fc.nat(), (document, key, choice) => {
        const broken = structuredClone(document) as PracticeSections;
        const places = objectsIn(broken);
        const place = places[choice % places.length];
        Object.defineProperty(at(broken, place), key, { value: 'x', enumerable: true });
        expect(pathsOf(broken)).toEqual([`practice${textOf([...place, key])}`]);
      }),
      { numRuns: RUNS },
    );
  });

  it('with one member of the wrong kind is refused, naming the place', () => {
    fc.assert(
      fc.property(practice, fc.nat(), fc.constantFrom(Symbol('s'), 1n), (document, choice, junk) => {
        const broken = structuredClone(document) as PracticeSections;
        const places = objectsIn(broken).filter((path) => path.length > 0);
        fc.pre(places.length > 0);
        const place = places[choice % places.length];
        const members = Object.keys(at(broken, place));
        const member = members[choice % members.length];
        at(broken, place)[member] = junk;
        expect(pathsOf(broken)).toContain(`practice${textOf([...place, member])}`);
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves out what is left out, and fills in what has no value', () => {
    const sections = readPractice({ warnings: [WARNING], ladders: [LADDER], routes: null }, 'practice', WORDS);
    expect(Object.keys(sections)).toEqual(['routes', 'ladders', 'warnings']);
    expect(sections.routes).toBeNull();
    expect(sections.warnings).toEqual([
      { ...WARNING, enabled: false, categories: [], metres: null, fromHour: null, toHour: null },
    ]);
    expect(sections.ladders?.[0]).toMatchObject({
      categories: [],
      deadlines: [],
      climbsWhenLate: false,
      followUp: null,
    });
  });

  it('is told all its faults at once', () => {
    expect(
      pathsOf({
        categories: [{ code: 'Red', name: '' }, { code: 'a', name: 'x'.repeat(101) }, 3],
        severities: [{ code: 'a'.repeat(33), name: 'a\u0000' }],
        routes: [{ layer: 'gov', tier: 'hamlet', handlers: [{ ...HANDLER, role: null }] }],
        watchlist: [],
      }),
    ).toEqual([
      ...['practice.watchlist', 'practice.categories[0].code', 'practice.categories[0].name'],
      ...['practice.categories[1].name', 'practice.categories[2]'],
      ...['practice.severities[0].code', 'practice.severities[0].name'],
      ...['practice.routes[0].handlers[0].role', 'practice.routes[0].tier'],
    ]);
  });
});

describe('the rules of each section', () => {
  const handled = (more: object) => ({
    routes: [{ layer: 'gov', tier: 'village', handlers: [{ ...HANDLER, ...more }] }],
  });
  const campaign = { code: 'c', name: 'c', from: '2026-02-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
  it.each<[string, object, string]>([
    ['a role that is not there', handled({ role: 'mayor' }), 'routes[0].handlers[0].role: there is no such role'],
    [
      'a tier without its layer',
      handled({ tier: 'village' }),
      'routes[0].handlers[0].layer: give layer and tier together',
    ],
    ['hours beyond a year', handled({ hours: 8_761 }), 'routes[0].handlers[0].hours: must be a number'],
    [
      'a route to nobody',
      { routes: [{ layer: 'gov', tier: 'village', handlers: [] }] },
      'routes[0].handlers: must not be empty',
    ],
    [
      'a code that is there twice',
      { contacts: [1, 2].map(() => ({ code: 'a', name: 'a' })) },
      'contacts[1].code: is there twice',
    ],
    [
      'a tier that is there twice',
      { ladders: [{ ...LADDER, tiers: ['village', 'village'] }] },
      'ladders[0].tiers[1]: is on the ladder already',
    ],
    [
      'a ladder downwards',
      { ladders: [{ ...LADDER, tiers: ['county', 'village'] }] },
      'ladders[0].tiers[1]: is not above',
    ],
    [
      'a deadline off the ladder',
      { ladders: [{ ...LADDER, deadlines: [{ tier: 'city', hours: 1 }] }] },
      'ladders[0].deadlines[0].tier: is no tier of this ladder',
    ],
    [
      'two deadlines for one',
      { ladders: [{ ...LADDER, deadlines: [1, 2].map((hours) => ({ tier: 'village', hours })) }] },
      'ladders[0].deadlines[1].severity: is there twice',
    ],
    [
      'two ladders for one matter',
      { ladders: [LADDER, { ...LADDER, code: 'other' }] },
      'ladders[1].categories: every matter that no other ladder names is served by the ladder up already',
    ],
    [
      'a follow-up at no time',
      { ladders: [{ ...LADDER, followUp: HANDLER }] },
      'ladders[0].followUp: stands without followUpDays',
    ],
    [
      'nearby without metres',
      { warnings: [{ ...WARNING, same: 'NEARBY' }] },
      'warnings[0].metres: NEARBY needs metres',
    ],
    [
      'metres of an address',
      { warnings: [{ ...WARNING, metres: 5 }] },
      'warnings[0].metres: stands only with same: NEARBY',
    ],
    [
      'too many metres',
      { warnings: [{ ...WARNING, same: 'NEARBY', metres: 5_001 }] },
      'warnings[0].metres: must be a number from 1 to 5000',
    ],
    [
      'the first of its kind',
      { warnings: [{ ...WARNING, count: 1 }] },
      'warnings[0].count: must be a whole number from 2',
    ],
    [
      'no days',
      { warnings: [{ ...WARNING, withinDays: 0 }] },
      'warnings[0].withinDays: must be a whole number from 1 to 3650',
    ],
    ['one hour of two', { warnings: [{ ...WARNING, toHour: 6 }] }, 'warnings[0].fromHour: give both hours'],
    ['a campaign of no time', { campaigns: [campaign] }, 'campaigns[0].to: is not after from'],
    [
      'a date without an offset',
      { campaigns: [{ ...campaign, to: '2026-03-01' }] },
      'campaigns[0].to: must be an instant with an offset',
    ],
    [
      'a name with a number of a person',
      { contacts: [{ code: 'a', name: '电话13800138000' }] },
      'contacts[0].name: looks like a number of a person',
    ],
    [
      'an invisible name',
      { contacts: [{ code: 'a', name: 'a\u200bb' }] },
      'contacts[0].name: must not hold control or invisible',
    ],
    [
      'half a character',
      { contacts: [{ code: 'a', name: 'a\ud800' }] },
      'contacts[0].name: must not hold control or invisible',
    ],
    ['a section that is no list', { visits: {} }, 'visits: must be a list'],
    [
      'too many entries',
      { contacts: Array.from({ length: 501 }, (_, i) => ({ code: `a${i}`, name: 'a' })) },
      'contacts: has 501 entries',
    ],
    ['no object', [], 'must be an object with any of'],
  ])('%s is refused', (_title, document, fault) => {
    const [only, ...others] = faultsOf(document);
    expect(only).toContain(fault);
    expect(others).toEqual([]);
  });

  it('a document that is too large for its row is refused in words', () => {
    const codes = Array.from({ length: 500 }, (_, i) => `a${i}`.padEnd(64, 'z'));
    const routes = Array.from({ length: 30 }, () => ({
      categories: codes,
      layer: 'gov',
      tier: 'village',
      handlers: [HANDLER],
    }));
    expect(() => readPractice({ routes }, 'practice', WORDS)).toThrow('set its sections one after the other');
  });
});

describe('warning rules', () => {
  const rules = Array.from({ length: 100 }, (_, i) => ({
    ...{ ...WARNING, code: `rule_${i}`, name: `规则${i}`, enabled: i % 2 === 0 },
    ...{
      categories: [`matter_${i % 7}`],
      same: ['ADDRESS', 'GRID', 'NEARBY'][i % 3],
      metres: i % 3 === 2 ? 50 * i : null,
    },
    ...{ count: 2 + (i % 9), withinDays: 1 + i, fromHour: i % 24, toHour: (i + 5) % 24 },
  }));

  it('a hundred over place, category and time are taken', () => {
    expect(readPractice({ warnings: rules }, 'practice', WORDS).warnings).toHaveLength(100);
  });

  it.each(['person', 'phone', 'vehicle', 'camera', 'sensor'])('one on a %s is refused, saying why', (target) => {
    const warnings = rules.with(57, { ...rules[57], [target]: 'x' } as (typeof rules)[number]);
    expect(faultsOf({ warnings })).toEqual([
      `practice.warnings[57].${target}: there is no such member: a warning is about places, times and kinds of matters, never about a person, phone, vehicle, camera or sensor`,
    ]);
    const same = { ...WARNING, same: target.toUpperCase() };
    expect(faultsOf({ warnings: [same] })).toEqual(['practice.warnings[0].same: must be one of ADDRESS, GRID, NEARBY']);
  });
});
