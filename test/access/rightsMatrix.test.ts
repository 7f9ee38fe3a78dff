import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRights } from '../../src/access/declareRight.ts';
import { type Action, RIGHTS, ROLES, type Role } from '../../src/access/rights.ts';
import { addPlaces, nowhere, PLACE_ACTS, placesIn } from '../sites/managing/managedPlaces.ts';
import type { RawAnswer } from '../support/api.ts';
import { FieldQueries } from '../support/fieldQuery.ts';
import { BEGINNINGS, DRAWN_FIELDS, Drawings, type Drawn, undrawn } from './boundaryActs.ts';
import { documentOf, FOLLOWED_FIELDS, type Followed, Followings, PUBLIC_FEEDS, unfollowed } from './feedActs.ts';
import { MATTER_ACTS, MATTERS_READ, type Matter, Matters, noMatter, stateFor } from './incidentActs.ts';
import { type Area, openTwoAreas, partsOf, type TwoAreas } from './twoAreas.ts';

let world: TwoAreas;
let ways: FieldQueries;
let rights: ReturnType<typeof listRights>;
let origin: string;
let drawings: Drawings;
let matters: Matters;
/** Of the own area, which is read only. */
let readMatter: Matter;
let followings: Followings;
const followed = new Map<Area, Followed>();

beforeAll(async () => {
  world = await openTwoAreas();
  ways = new FieldQueries(world.api.app.schema);
  rights = listRights(world.api.app.schema);
  origin = await world.api.listen();
  await addPlaces(world);
  for (const { appointmentId } of [world.own, world.foreign]) await addRoster(appointmentId);
  drawings = new Drawings(world);
  for (const field of Object.keys(DRAWN_FIELDS)) drawnOf.set(field, await drawings.make(field, world.foreign));
  matters = new Matters(world);
  for (const area of [world.own, world.foreign]) await matters.prepare(area);
  for (const field of Object.keys(MATTER_FIELDS)) {
    const alike = [...matterOf].find(([other]) => stateFor(other) === stateFor(field));
    matterOf.set(field, alike?.[1] ?? (await matters.make(field, world.foreign)));
  }
  readMatter = await matters.make('Query.incident', world.own);
  followings = new Followings(world);
  await followings.sequence();
  for (const area of [world.own, world.foreign]) followed.set(area, await followings.make(area));
});
afterAll(() => world.api.close());

const NO_RIGHT = ['UNAUTHENTICATED', 'FORBIDDEN'];
const codesOf = ({ errors }: RawAnswer) => (errors ?? []).map(({ extensions }) => extensions.code);

/** What a field that cannot do without arguments is asked with; `area` is where it is asked about. */
function samples(area: Area): Record<string, string> {
  const text = JSON.stringify;
  return {
    'Query.ownership': 'at: { point: { lon: 105.2, lat: 25.1 } }',
    'Query.ownerships': 'at: [{ point: { lon: 105.2, lat: 25.1 } }]',
    'Query.grid': `id: ${text(area.gridId)}`,
    'Query.grids': 'first: 3',
    'Query.body': `id: ${text(randomUUID())}`,
    'Query.person': `id: ${text(area.people[0])}`,
    'Query.vacancies': 'role: "officer", first: 2',
    'Query.crosswalk': `from: { layer: "water", tier: "water" }, to: { layer: "police", tier: "station" }`,
    'Query.addresses': 'search: "人民路1号"',
    'Query.address': `id: ${text(randomUUID())}`,
    'Query.addressesOutside': 'layer: "police", first: 2',
    'Query.staffFile': `personId: ${text(area.people[0])}`,
    'Query.site': `id: ${text(randomUUID())}`,
    'Query.uncoveredHours': 'role: "officer", from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z"',
    'Holding.shifts': 'from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z"',
    'Query.postAudit': 'kind: VACANT, first: 2',
    'Query.staffAudit': `kind: NO_POST, within: ${text(area.gridId)}`,
    'Query.duty': 'role: "matrix_role", category: "dispute", at: { point: { lon: 105.2, lat: 25.1 } }',
    // About nothing, so that an act which is allowed leaves no trace for the tests below.
    ...Object.fromEntries(Object.keys(STAFF_ACTS).map((name) => [`Mutation.${name}`, STAFF_ACTS[name](nobodys())])),
    ...Object.fromEntries(Object.keys(PLACE_ACTS).map((name) => [`Mutation.${name}`, PLACE_ACTS[name](nowhere())])),
    ...Object.fromEntries(Object.entries(CALENDAR_ACTS).map(([field, { args }]) => [field, args])),
    ...Object.fromEntries(Object.entries(DRAWN_FIELDS).map(([field, args]) => [field, args(undrawn())])),
    ...Object.fromEntries(Object.entries(MATTER_FIELDS).map(([field, { args }]) => [field, args(noMatter())])),
    ...Object.fromEntries(Object.entries(FOLLOWED_FIELDS).map(([field, { args }]) => [field, args(noFollowed(field))])),
    ...Object.fromEntries(Object.entries(PUBLIC_FEEDS).map(([field, args]) => [field, args(followed.get(area)!)])),
    'Mutation.reportIncident': 'input: { category: "nothing_such", at: { point: { lon: 105.2, lat: 25.1 } } }',
    'Query.routeTable': `area: ${text(area.staff.villageId)}, category: "matrix_matter"`,
    'Query.responseGaps': 'responseClass: "3", layer: "governance", tier: "village"',
    ...BEGINNINGS,
    'Mutation.reportDiscrepancy': 'input: { kind: GAP, at: { lon: 105.2, lat: 25.1 } }',
    'Query.discrepancy': `id: ${text(randomUUID())}`,
    'Query.apiClient': `id: ${text(area.clientId)}`,
    'Query.auditEntries': `within: ${text(area.gridId)}`,
    'Mutation.createApiClient': `input: { name: "Matrix", areas: [${text(area.gridId)}], actions: ["registry.read"] }`,
    'Mutation.rotateApiKey': `clientId: ${text(area.clientId)}`,
    'Mutation.revokeApiKey': `keyId: ${text(randomUUID())}`,
  };
}

/** Feeds are opened where there is something to be told, webhooks are asked for where there are none. */
function noFollowed(field: string): Followed {
  const own = followed.get(world.own)!;
  return field.startsWith('Subscription.') ? own : unfollowed(own);
}

type Staffed = Pick<Area, 'gridId' | 'postId' | 'otherPostId' | 'appointmentId' | 'bodyId' | 'people'>;

/** Staff that is nowhere. */
const nobodys = (): Staffed => ({
  ...{ gridId: randomUUID(), postId: randomUUID(), otherPostId: randomUUID() },
  ...{ appointmentId: randomUUID(), bodyId: randomUUID(), people: [randomUUID()] },
});

const FROM = '"2026-02-01T00:00:00Z"';
const ROSTER = 'timeZone: "Asia/Shanghai", rule: "FREQ=DAILY", startsLocal: "2026-02-01T08:00"';
/** A roster of each appointment that was given one. */
const rosterOf = new Map<string, string>();

async function addRoster(appointmentId: string): Promise<void> {
  const input = `{ appointmentId: "${appointmentId}", rosters: [{ ${ROSTER}, minutes: 60, from: ${FROM} }] }`;
  const admin = await world.api.as('admin', '*');
  const { addRosters } = await world.api.ask(`mutation { addRosters(input: ${input}) { rosterIds } }`, {}, admin);
  rosterOf.set(appointmentId, addRosters.rosterIds[0]);
}

/** Arguments of acts on what concerns every area: for those whose right is everywhere, whatever it is elsewhere. */
const CALENDAR_ACTS: Readonly<Record<string, { readonly args: string; readonly shown: string }>> = {
  'Mutation.addHolidays': {
    args: 'calendar: "matrix", days: [{ day: "2026-02-01", name: "Matrix" }]',
    shown: 'edition',
  },
  'Mutation.endHolidays': { args: 'calendar: "matrix", days: ["2026-02-01"]', shown: 'edition' },
  'Mutation.setTierRules': { args: 'layer: "watch", tier: "watch_zone", rules: {}', shown: 'madeOf' },
};

/** Root fields about matters, visits and practice, as `Type.field`. */
const MATTER_FIELDS: Readonly<Record<string, (typeof MATTER_ACTS)[string]>> = {
  ...Object.fromEntries(Object.entries(MATTERS_READ).map(([name, asked]) => [`Query.${name}`, asked])),
  ...Object.fromEntries(Object.entries(MATTER_ACTS).map(([name, asked]) => [`Mutation.${name}`, asked])),
};
/** A matter of the foreign area for each of them; in the own area it is made anew for each act of each role. */
const matterOf = new Map<string, Matter>();

/** What each field about one changeset or report is asked about; in the own area made anew for each role. */
const drawnOf = new Map<string, Drawn>();
const SELECTED: Readonly<Record<string, string>> = {
  'Mutation.answerDiscrepancy': '{ id status }',
  'Mutation.importIntoChangeset': '{ changeset { id title } applied }',
};

/** Arguments of each act on staff, as GraphQL text; what uses up a post is last. */
const STAFF_ACTS: Readonly<Record<string, (area: Staffed) => string>> = {
  appoint: ({ postId }) => `input: { postId: "${postId}", person: { name: "Mei" }, from: ${FROM} }`,
  reinforce: ({ postId }) =>
    `input: { postId: "${postId}", person: { name: "Lin" }, from: ${FROM}, to: "2026-03-01T00:00:00Z" }`,
  revisePerson: ({ people }) => `personId: "${people[0]}", from: ${FROM}, set: { languages: ["zh"] }`,
  reviseBody: ({ bodyId }) => `bodyId: "${bodyId}", from: ${FROM}, set: { languages: ["zh"] }`,
  makePost: ({ gridId }) => `roleCode: "matrix_role", gridId: "${gridId}", from: ${FROM}`,
  transferAppointment: ({ appointmentId, otherPostId }) =>
    `appointmentId: "${appointmentId}", toPostId: "${otherPostId}", at: ${FROM}`,
  addRosters: ({ appointmentId }) =>
    `input: { appointmentId: "${appointmentId}", rosters: [{ ${ROSTER}, minutes: 480, from: ${FROM} }] }`,
  endRosters: ({ appointmentId }) => `ids: ["${rosterOf.get(appointmentId) ?? randomUUID()}"], at: ${FROM}`,
  endAppointment: ({ appointmentId }) => `appointmentId: "${appointmentId}", at: ${FROM}`,
  endPost: ({ postId }) => `postId: "${postId}", at: ${FROM}`,
};

interface RightsQuestion {
  readonly fields: readonly string[];
  readonly allowed: boolean;
}

/**
 * Every field, in as few documents as tell the same as one for each would. Fields of one root are asked together where
 * all of them are allowed, and where the root is refused, by the right that each takes itself. Alone is asked what is
 * refused behind a root that is not.
 */
function questionsOf(role: Role): RightsQuestion[] {
  const questions = new Map<string, { fields: string[]; allowed: boolean }>();
  const has = (right: Action) => RIGHTS[right][role] !== undefined;
  for (const field of ways.fields) {
    const root = ways.rootOf(field);
    if (root.startsWith('Subscription.')) continue;
    // A field is reached through others, and each on the way takes its own right.
    const [own, ofRoot] = [rights.get(field)!, rights.get(root)!];
    // Everybody here has one area only.
    const allowed = has(own) && has(ofRoot) && !(root in CALENDAR_ACTS);
    const together = allowed ? 'allowed' : has(ofRoot) && !has(own) ? field : own;
    const key = `${root} ${together}`;
    const question = questions.get(key) ?? { fields: [], allowed };
    question.fields.push(field);
    questions.set(key, question);
  }
  return [...questions.values()];
}

/** Whether all that was asked for was looked at: nothing failed, or the root itself did when it was executed. */
const isClean = ({ errors = [] }: RawAnswer) => errors.every(({ path }) => path?.length === 1);

describe('the table of rights', () => {
  it('knows every field: each declares a right, each can be asked, and each right is of some use', () => {
    expect([...rights.keys()].toSorted()).toEqual(ways.fields.toSorted());
    expect([...new Set(rights.values())].toSorted()).toEqual(Object.keys(RIGHTS).toSorted());
  });

  it.each(ROLES)('lets %s ask each field just as the table says', async (role) => {
    const headers = await world.headersOf(role);
    const given = samples(world.own);
    const wrong: string[] = [];
    const questions = questionsOf(role);
    for (let question = questions.pop(); question; question = questions.pop()) {
      const { fields, allowed } = question;
      const query = ways.documentFor(fields, (name) => given[name]);
      const answer = await world.api.askRaw(query, {}, headers);
      const codes = codesOf(answer);
      // What hides behind another fault is asked for by itself.
      if (allowed && fields.length > 1 && !isClean(answer)) {
        const half = fields.length >> 1;
        questions.push({ fields: fields.slice(0, half), allowed }, { fields: fields.slice(half), allowed });
        continue;
      }
      const refused = codes.some((code) => NO_RIGHT.includes(code));
      if (refused === allowed || codes.includes('INTERNAL')) wrong.push(`${fields}: ${JSON.stringify(codes)}`);
      if (!allowed && (answer.data != null || codes[0] !== (role === 'public' ? 'UNAUTHENTICATED' : 'FORBIDDEN'))) {
        wrong.push(`${fields} tells more than that: ${JSON.stringify(answer)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each(ROLES)('lets %s open each feed just as the table says', async (role) => {
    const feeds = ways.fields.filter((field) => field.startsWith('Subscription.'));
    expect(feeds.length).toBeGreaterThan(3);
    const headers = await world.headersOf(role);
    const given: Record<string, string> = { ...samples(world.own), 'Subscription.editionFeed': 'after: 0' };
    for (const field of feeds) {
      const query = ways.documentFor([field], (name) => given[name]);
      const first = await firstOfFeed(query, headers);
      const allowed = RIGHTS[rights.get(field)!][role] !== undefined;
      const refused = role === 'public' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      expect([field, first.errors?.[0].extensions.code]).toEqual([field, allowed ? undefined : refused]);
      expect(first.data != null).toBe(allowed);
    }
  });
});

/** The first event of a feed, or the answer that refuses it. */
async function firstOfFeed(query: string, headers: Record<string, string>): Promise<RawAnswer> {
  const response = await fetch(`${origin}/graphql/stream`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  });
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    if (text.includes('data: {')) break;
  }
  return { status: response.status, headers: {}, ...JSON.parse(/\{.*\}/.exec(text)![0]) };
}

const askFirst = (question: string, headers: Record<string, string>): Promise<RawAnswer> =>
  question.startsWith('subscription') ? firstOfFeed(question, headers) : world.api.askRaw(question, {}, headers);

/** Root fields about one thing: a document for it in an area, and what an answer about a thing that is not there is. */
const ABOUT_ONE: Readonly<Record<string, { ask(area: Area): string; nobody(): string }>> = {
  'Query.staffFile': {
    ask: ({ people }) => `{ staffFile(personId: "${people[0]}") { person { name } posts { id } } }`,
    nobody: () => `{ staffFile(personId: "${randomUUID()}") { person { name } posts { id } } }`,
  },
  'Query.apiClient': {
    ask: ({ clientId }) => `{ apiClient(id: "${clientId}") { id name } }`,
    nobody: () => `{ apiClient(id: "${randomUUID()}") { id name } }`,
  },
  'Query.apiClients': {
    ask: () => '{ apiClients { edges { node { id } } } }',
    nobody: () => '{ apiClients { edges { node { id } } } }',
  },
  'Query.auditEntries': {
    ask: ({ gridId }) => `{ auditEntries(within: "${gridId}", action: "keys.manage") { edges { node { id } } } }`,
    nobody: () => `{ auditEntries(within: "${randomUUID()}", action: "keys.manage") { edges { node { id } } } }`,
  },
  'Query.staffAudit': {
    ask: ({ gridId }) => staffAudit(gridId),
    nobody: () => staffAudit(randomUUID()),
  },
  ...Object.fromEntries(
    Object.entries(STAFF_ACTS).map(([name, args]) => {
      const ask = (area: Staffed) => `mutation { ${name}(${args(area)}) { edition post { id } } }`;
      return [`Mutation.${name}`, { ask, nobody: () => ask(nobodys()) }];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(PLACE_ACTS).map(([name, args]) => {
      const ask = (values: string) => `mutation { ${name}(${values}) { edition } }`;
      const act = { ask: (area: Area) => ask(args(placesIn(area))), nobody: () => ask(args(nowhere())) };
      return [`Mutation.${name}`, act];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(DRAWN_FIELDS).map(([field, args]) => {
      const [kind, name] = field.split('.');
      const ask = (drawn: Drawn) =>
        `${kind.toLowerCase()} { ${name}(${args(drawn)}) ${SELECTED[field] ?? '{ id title }'} }`;
      const about = ({ drawn }: Area & { readonly drawn?: Drawn }) => ask(drawn ?? drawnOf.get(field)!);
      return [field, { ask: about, nobody: () => ask(undrawn()) }];
    }),
  ),
  ...Object.fromEntries(
    Object.entries(MATTER_FIELDS).map(([field, { args, shown }]) => {
      const [kind, name] = field.split('.');
      const ask = (matter: Matter) => `${kind.toLowerCase()} { ${name}(${args(matter)}) ${shown} }`;
      const about = ({ matter }: Area & { readonly matter?: Matter }) => ask(matter ?? matterOf.get(field)!);
      return [field, { ask: about, nobody: () => ask(noMatter()) }];
    }),
  ),
  ...Object.fromEntries(
    Object.keys(FOLLOWED_FIELDS).map((field) => {
      const about = (area: Area & { readonly hook?: Followed }) =>
        documentOf(field, area.hook ?? followed.get(area) ?? followed.get(world.own)!);
      return [field, { ask: about, nobody: () => documentOf(field, unfollowed(followed.get(world.own)!)) }];
    }),
  ),
  'Query.changesets': {
    ask: () => '{ changesets { edges { node { id title } } } }',
    nobody: () => '{ changesets { edges { node { id title } } } }',
  },
  'Query.discrepancies': {
    ask: ({ gridId }) => `{ discrepancies(within: "${gridId}") { edges { node { id } } } }`,
    nobody: () => `{ discrepancies(within: "${randomUUID()}") { edges { node { id } } } }`,
  },
  'Mutation.createApiClient': {
    ask: ({ gridId }) =>
      `mutation { createApiClient(input: { name: "Beside", areas: ["${gridId}"], actions: ["registry.read"] }) { client { id } } }`,
    nobody: () =>
      `mutation { createApiClient(input: { name: "Beside", areas: ["${randomUUID()}"], actions: ["registry.read"] }) { client { id } } }`,
  },
  'Mutation.rotateApiKey': {
    ask: ({ clientId }) => `mutation { rotateApiKey(clientId: "${clientId}") { key { id } } }`,
    nobody: () => `mutation { rotateApiKey(clientId: "${randomUUID()}") { key { id } } }`,
  },
  'Mutation.revokeApiKey': {
    ask: ({ keyId }) => `mutation { revokeApiKey(keyId: "${keyId}") { id } }`,
    nobody: () => `mutation { revokeApiKey(keyId: "${randomUUID().replaceAll('-', '')}") { id } }`,
  },
};

function staffAudit(within: string): string {
  return `{ staffAudit(kind: MANY_POSTS, moreThan: 0, within: "${within}") { edges { node { person { id name } } } } }`;
}

/** An answer without the ids that the question itself held. */
const told = ({ status, data, errors }: RawAnswer, question: string) => {
  const asked = question.match(/"[0-9a-z-]{8,}"/g) ?? [];
  return asked.reduce((text, id) => text.replaceAll(id.slice(1, -1), 'ID'), JSON.stringify({ status, data, errors }));
};

describe('a right that reaches as far as the own area', () => {
  const rolesWith = (field: string) => ROLES.filter((role) => RIGHTS[rights.get(field)!][role] === 'OWN_AREA');

  it('is tried on every root field that takes one', () => {
    const limited = [...rights].filter(
      ([field, right]) =>
        /^(Query|Mutation|Subscription)\./.test(field) && Object.values(RIGHTS[right]).includes('OWN_AREA'),
    );
    const tried = [...Object.keys(ABOUT_ONE), ...Object.keys(CALENDAR_ACTS), ...Object.keys(BEGINNINGS)];
    expect(limited.map(([field]) => field).toSorted()).toEqual(tried.toSorted());
  });

  it('is of no use for what concerns every area, which takes the right everywhere', async () => {
    for (const [field, { args, shown }] of Object.entries(CALENDAR_ACTS)) {
      const act = `mutation { ${field.slice('Mutation.'.length)}(${args}) { ${shown} } }`;
      for (const role of rolesWith(field)) {
        expect(codesOf(await world.api.askRaw(act, {}, await world.headersOf(role)))).toEqual(['FORBIDDEN']);
        const everywhere = await world.api.as(role, '*');
        expect([field, role, codesOf(await world.api.askRaw(act, {}, everywhere))]).toEqual([field, role, []]);
      }
    }
  });

  it.each(Object.keys(ABOUT_ONE))('%s: what lies in a foreign area is answered as what is not there', async (field) => {
    const { ask, nobody } = ABOUT_ONE[field];
    expect(rolesWith(field).length).toBeGreaterThan(0);
    for (const role of rolesWith(field)) {
      const headers = await world.headersOf(role);
      const missing = nobody();
      const foreign = told(await askFirst(ask(world.foreign), headers), ask(world.foreign));
      const unknown = told(await askFirst(missing, headers), missing);
      if (field === 'Query.apiClients') expect(foreign).not.toContain(world.foreign.clientId);
      else if (field === 'Query.changesets') for (const { id } of drawnOf.values()) expect(foreign).not.toContain(id);
      else expect([role, foreign]).toEqual([role, unknown]);
    }
  });

  it.each(Object.keys(ABOUT_ONE))('%s: what lies in the own area is there', async (field) => {
    for (const role of rolesWith(field)) {
      const fresh = await askedOf(field, role);
      const { data, errors } = await askFirst(ABOUT_ONE[field].ask(fresh), await world.headersOf(role));
      expect([role, errors]).toEqual([role, undefined]);
      const found = JSON.stringify(data);
      expect([role, found]).toEqual([role, expect.stringMatching(/"(id|name)":"|"edition":\d/)]);
    }
  });

  /** What is asked about is made anew for each mutation, since they use it up. */
  async function askedOf(
    field: string,
    role: Role,
  ): Promise<Area & { readonly drawn?: Drawn; readonly matter?: Matter; readonly hook?: Followed }> {
    if (field in FOLLOWED_FIELDS) return { ...world.own, hook: await freshHook(field) };
    if (field in MATTER_FIELDS && field.startsWith('Query.')) return { ...world.own, matter: readMatter };
    if (field in MATTER_FIELDS)
      return {
        ...world.own,
        matter: await matters.make(field, world.own, partsOf(noMatter(), MATTER_FIELDS[field].args)),
      };
    const isDrawn = field in DRAWN_FIELDS || field === 'Query.changesets' || field === 'Query.discrepancies';
    if (isDrawn) return { ...world.own, drawn: await drawings.make(field, world.own, role) };
    return field.startsWith('Mutation.') ? freshFor(field, role) : world.own;
  }

  async function freshHook(field: string): Promise<Followed> {
    const own = followed.get(world.own)!;
    if (!field.startsWith('Mutation.')) return own;
    return { ...own, ...(await followings.makeWebhook(own, await world.api.as('admin', own.gridId))) };
  }

  /** With a client, and a member of staff with a roster, of its own, where it is asked about them. */
  async function freshFor(field: string, role: Role): Promise<Area> {
    const needed = partsOf(world.own, ABOUT_ONE[field].ask);
    const client = needed.has('clientId') || needed.has('keyId') ? await freshClient(role) : {};
    const staff = needed.has('appointmentId') || needed.has('people') ? await freshStaff() : {};
    return { ...world.own, ...client, ...staff };
  }

  async function freshClient(role: Role): Promise<Pick<Area, 'clientId' | 'keyId'>> {
    const { ask } = ABOUT_ONE['Mutation.createApiClient'];
    const text = ask(world.own).replace('client { id }', 'client { id } key { id }');
    const { createApiClient } = await world.api.ask(text, {}, await world.headersOf(role));
    return { clientId: createApiClient.client.id, keyId: createApiClient.key.id };
  }

  async function freshStaff(): Promise<Partial<Area>> {
    const appoint = `mutation { appoint(${STAFF_ACTS.appoint(world.own)}) { appointmentId person { id } } }`;
    const named = appoint.replace('"Mei"', `"Mei ${randomUUID()}"`);
    const staff = (await world.api.askRaw(named, {}, await world.headersOf('admin'))).data?.appoint;
    if (!staff) return {};
    await addRoster(staff.appointmentId);
    return { appointmentId: staff.appointmentId, people: [staff.person.id] };
  }
});
