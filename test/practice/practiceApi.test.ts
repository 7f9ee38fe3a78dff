import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { listRights } from '../../src/access/declareRight.ts';
import { PUBLIC, type Viewer } from '../../src/access/viewer.ts';
import { NO_TOPICS } from '../../src/api/feedsByMethod.ts';
import { PracticeResolver } from '../../src/practice/api/practice.resolver.ts';
import { day, PracticeWorld } from './practiceWorld.ts';

let world: PracticeWorld;
let schema: GraphQLSchema;
beforeAll(async () => {
  world = await PracticeWorld.open();
  const resolver = new PracticeResolver(world.service, world.finder);
  const container = { get: () => resolver };
  schema = buildSchemaSync({ resolvers: [PracticeResolver], container, pubSub: NO_TOPICS, validate: false });
});

// biome-ignore lint/suspicious/noExplicitAny: an answer has the form of its query, which TypeScript cannot read.
async function run(source: string, variableValues: object, viewer: Viewer): Promise<ExecutionResult<any>> {
  const contextValue = { viewer, requestId: 'test', log: { error: () => {} } };
  return graphql({ schema, source, variableValues: { ...variableValues }, contextValue });
}

async function ask(source: string, variables: object, viewer = world.viewer('admin', '*')) {
  const { data, errors } = await run(source, variables, viewer);
  if (errors) throw errors[0].originalError ?? errors[0];
  // As it goes over the wire.
  return JSON.parse(JSON.stringify(data));
}

const HANDLER = 'purpose layer tier role bodyKind hours';
const SECTIONS = `categories { code name field } severities { code name }
  routes { categories layer tier handlers { ${HANDLER} } }
  ladders { code name categories layer tiers deadlines { tier severity hours } supervisor { ${HANDLER} } climbsWhenLate
    followUpDays followUp { ${HANDLER} } }
  warnings { code name enabled categories same metres count withinDays fromHour toHour instruct { ${HANDLER} } }
  responses { code minutes roles } visits { code name siteKinds everyDays } contacts { code name }
  campaigns { code name from to categories } activities { code name } quotas { role purpose categories perMonth }`;
const READ = `query ($area: ID, $asOf: DateTime, $edition: Int) { practice(area: $area, asOf: $asOf, edition: $edition) {
  area { code } asOf edition nextChangeAt sources { section isSet setBy { code name } } ${SECTIONS} } }`;
const SET = `mutation ($area: ID, $from: DateTime, $practice: PracticeInput!, $expected: Int) {
  setPractice(area: $area, from: $from, practice: $practice, expectedEdition: $expected) {
    edition changed practice { area { code } asOf edition ${SECTIONS} } } }`;

const handler = { purpose: 'MEDIATE', layer: 'gov', tier: 'village', role: 'team', bodyKind: null, hours: 1.5 };
/** Every section, with every member. */
const WHOLE = {
  categories: [{ code: 'noise', name: '噪音', field: 'environment' }],
  severities: ['red', 'yellow', 'blue', 'green'].map((code) => ({ code, name: code })),
  routes: [{ categories: ['noise'], layer: 'gov', tier: 'village', handlers: [handler] }],
  ladders: [
    {
      ...{ code: 'up', name: '逐级', categories: [], layer: 'gov', tiers: ['village', 'county'], climbsWhenLate: true },
      ...{ deadlines: [{ tier: 'village', severity: 'red', hours: 24 }], supervisor: handler, followUpDays: 14 },
      followUp: { ...handler, layer: null, tier: null, hours: null },
    },
  ],
  warnings: [
    {
      ...{ code: 'again', name: '再次', enabled: true, categories: ['noise'], same: 'NEARBY', metres: 50, count: 2 },
      ...{ withinDays: 30, fromHour: 22, toHour: 6, instruct: [handler] },
    },
  ],
  responses: [{ code: '5', minutes: 5, roles: ['officer'] }],
  visits: [{ code: 'enter_inn', name: '旅馆', siteKinds: ['inn'], everyDays: 30 }],
  contacts: [{ code: 'call', name: '电话' }],
  campaigns: [
    { code: 'summer', name: '夏季', from: '2026-06-25T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z', categories: [] },
  ],
  activities: [{ code: 'fair', name: '赶场' }],
  quotas: [{ role: 'officer', purpose: 'ATTEND', categories: [], perMonth: 5 }],
};

describe('practice over GraphQL', () => {
  it('declares a right on every field', () => {
    expect(listRights(schema).get('Mutation.setPractice')).toBe('practice.manage');
  });

  it('is read as it was set, every section, and can be sent back as it was read', async () => {
    const { setPractice } = await ask(SET, { area: 'D1', practice: WHOLE });
    expect(setPractice).toMatchObject({
      edition: world.editions.latest,
      changed: true,
      practice: { area: { code: 'D1' } },
    });
    expect(setPractice.practice).toMatchObject(WHOLE);
    const { practice } = await ask(READ, { area: 'V1' }, world.viewer('grid_worker', 'V2'));
    expect(practice).toMatchObject({ ...WHOLE, area: { code: 'V1' }, nextChangeAt: null });
    expect(practice.sources).toHaveLength(11);
    for (const source of practice.sources) expect(source).toMatchObject({ isSet: true, setBy: { code: 'D1' } });
    const read = Object.fromEntries(Object.keys(WHOLE).map((name) => [name, practice[name]]));
    const again = await ask(SET, { area: 'D1', practice: read });
    expect(again.setPractice).toMatchObject({ edition: setPractice.edition, changed: false });
  });

  it('a section left out stays, an empty one means none here, null gives it back', async () => {
    const contacts = async (area: string) =>
      (await ask(READ, { area })).practice.contacts.map(({ code }: { code: string }) => code);
    await ask(SET, { practice: { contacts: [{ code: 'visit', name: '走访' }] } });
    expect(await contacts('D2')).toEqual(['visit']);
    await ask(SET, { area: 'D2', practice: { contacts: [] } });
    expect(await contacts('W1')).toEqual([]);
    await ask(SET, { area: 'D2', practice: { severities: WHOLE.severities } });
    expect(await contacts('W1')).toEqual([]);
    await ask(SET, { area: 'D2', practice: { contacts: null } });
    expect(await contacts('W1')).toEqual(['visit']);
    expect(await contacts('D1')).toEqual(['call']);
    const { practice } = await ask(READ, {});
    expect(practice).toMatchObject({ area: null, contacts: [{ code: 'visit' }] });
    expect(practice.sources.find(({ section }: { section: string }) => section === 'contacts')).toEqual({
      ...{ section: 'contacts', isSet: true, setBy: null },
    });
  });

  it('a scheme of colours is swapped from a day on; before it, and in older editions, it is the old one', async () => {
    const grades = async (asOf: Date, edition?: number) => {
      const { practice } = await ask(READ, { area: 'V1', asOf, edition });
      return practice.severities.map(({ code }: { code: string }) => code);
    };
    const before = world.editions.latest;
    const severities = ['purple', 'white'].map((code) => ({ code, name: code }));
    await ask(SET, { area: 'D1', from: day('2026-07-01'), practice: { severities }, expected: before });
    expect(await grades(day('2026-06-30'))).toEqual(['red', 'yellow', 'blue', 'green']);
    expect(await grades(day('2026-07-01'))).toEqual(['purple', 'white']);
    expect(await grades(day('2026-07-01'), before)).toEqual(['red', 'yellow', 'blue', 'green']);
    expect((await ask(READ, { area: 'V1' })).practice.nextChangeAt).toBe('2026-07-01T00:00:00.000Z');
    await expect(ask(SET, { area: 'D1', practice: { severities }, expected: before })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it.each(['person', 'phone', 'vehicle', 'camera', 'sensor'])(
    'a warning on a %s is no input at all',
    async (target) => {
      const { latest } = world.editions;
      const warnings = [{ ...WHOLE.warnings[0], [target]: 'x' }];
      const { errors } = await run(SET, { practice: { warnings } }, world.viewer('admin', '*'));
      expect(errors?.[0].message).toContain(`Field "${target}" is not defined by type "PracticeWarningInput"`);
      expect(world.editions.latest).toBe(latest);
    },
  );

  it('a hundred warning rules are set at once', async () => {
    const warnings = Array.from({ length: 100 }, (_, i) => ({
      ...WHOLE.warnings[0],
      code: `rule_${i}`,
      count: 2 + (i % 5),
    }));
    const { setPractice } = await ask(SET, { area: 'D2', practice: { warnings } });
    expect(setPractice.practice.warnings).toEqual(warnings);
  });

  it('refuses the public, a foreign administrator and a bad document, with the place of each fault', async () => {
    const practice = { severities: [{ code: 'Red', name: '' }] };
    await expect(ask(READ, {}, PUBLIC)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(ask(SET, { practice }, PUBLIC)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(ask(SET, { area: 'D2', practice }, world.viewer('admin', 'D1'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(ask(READ, { area: 'nowhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask(SET, { area: 'D1', practice })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { faults: [{ path: 'practice.severities[0].code' }, { path: 'practice.severities[0].name' }] },
    });
  });
});
