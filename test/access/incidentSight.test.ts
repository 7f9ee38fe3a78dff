import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRights } from '../../src/access/declareRight.ts';
import { RIGHTS } from '../../src/access/rights.ts';
import { MATTER_ACTS, type Matter, Matters, pointText } from './incidentActs.ts';
import { openTwoAreas, type TwoAreas } from './twoAreas.ts';

let world: TwoAreas;
let matters: Matters;
let own: Matter;
let foreign: Matter;

beforeAll(async () => {
  world = await openTwoAreas();
  matters = new Matters(world);
  for (const area of [world.own, world.foreign]) await matters.prepare(area);
  own = await matters.make('Query.incident', world.own);
  foreign = await matters.make('Query.incident', world.foreign);
});
afterAll(() => world.api.close());

/** Lists that are asked without a place, and what of the own and the foreign area would be in them. */
const LISTS: Readonly<Record<string, (matter: Matter) => string>> = {
  'incidents { edges { node { id } } }': ({ id }) => id,
  'tasks { edges { node { id } } }': ({ taskId }) => taskId,
  'pushes { edges { node { id } } }': ({ pushId }) => pushId,
  'visits { edges { node { id } } }': ({ visitId }) => visitId,
  'activities { edges { node { id } } }': ({ activityId }) => activityId,
};

describe('whose matters somebody sees', () => {
  it.each(Object.entries(LISTS))('%s: those of the own area and no others', async (list, idOf) => {
    for (const role of ['grid_worker', 'officer', 'dispatcher', 'admin', 'auditor'] as const) {
      const shown = JSON.stringify(await world.api.ask(`{ ${list} }`, {}, await world.headersOf(role)));
      expect(shown).toContain(idOf(own));
      expect(shown).not.toContain(idOf(foreign));
    }
  });

  it('another system sees those of the area of its key, if the key was issued for that, and nothing of visits', async () => {
    const { edges } = (await world.api.ask('{ incidents { edges { node { id } } } }', {}, world.own.keyHeader))
      .incidents;
    const ids = edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(ids).toContain(own.id);
    expect(ids).not.toContain(foreign.id);
    const narrow = 'areas: ["*"], name: "Narrow", actions: ["registry.read"]'.replace('*', world.own.gridId);
    const admin = await world.api.as('admin', world.own.gridId);
    const made = await world.api.ask(`mutation { createApiClient(input: { ${narrow} }) { secret } }`, {}, admin);
    const key = { authorization: `Bearer ${made.createApiClient.secret}` };
    expect(await codeOf('{ incidents { totalCount } }', key)).toBe('FORBIDDEN');
    expect(await codeOf('{ visits { totalCount } }', world.own.keyHeader)).toBe('FORBIDDEN');
  });

  it('whoever reported a matter elsewhere follows it, and neither directs it nor reads what is sealed', async () => {
    const reporter = await world.api.as('officer', world.own.gridId);
    const input = `input: { category: "matrix_matter", at: ${pointText(world.foreign.staff.point)} }`;
    const { id } = await matters.act('reportIncident', input, reporter);
    const { incident } = await world.api.ask(`{ incident(id: "${id}") { id status } }`, {}, reporter);
    expect(incident).toEqual({ id, status: 'OPEN' });
    const close = `mutation { closeIncident(${MATTER_ACTS.closeIncident.args({ ...foreign, id })}) { id } }`;
    expect(await codeOf(close, reporter)).toBe('NOT_FOUND');
    expect(await codeOf(`{ incident(id: "${id}") { sealed { narrative } } }`, reporter)).toBe('FORBIDDEN');
    const another = await world.api.asStaff(world.own.partner.personId, 'officer', world.own.gridId);
    expect((await world.api.ask(`{ incident(id: "${id}") { id } }`, {}, another)).incident).toBeNull();
  });

  it('a matter of the own area is linked to none of a foreign one, nor told whether there is one', async () => {
    const officer = await world.headersOf('officer');
    const link = (otherId: string) =>
      `mutation { linkIncidents(id: "${own.id}", otherId: "${otherId}", kind: ROOT) { id } }`;
    const answers = await Promise.all(
      [foreign.id, own.taskId].map((id) => world.api.askRaw(link(id), {}, officer).then(({ errors }) => errors)),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]![0].extensions.code).toBe('NOT_FOUND');
  });

  it('a push is answered by those whom it went to, not by those who sent it', async () => {
    const police = await world.api.ask(
      `{ incident(id: "${own.id}") { pushes { id from { id } } } }`,
      {},
      await world.headersOf('dispatcher'),
    );
    const [{ id, from }] = police.incident.pushes;
    const sender = await world.api.as('dispatcher', from.id);
    for (const name of ['acknowledgePush', 'answerPush']) {
      const act = `mutation { ${name}(${MATTER_ACTS[name].args({ ...own, pushId: id })}) { id } }`;
      expect([name, await codeOf(act, sender)]).toEqual([name, 'FORBIDDEN']);
    }
  });
});

async function codeOf(query: string, headers: Record<string, string>) {
  const { errors } = await world.api.askRaw(query, {}, headers);
  return errors?.[0].extensions.code;
}

/** Types that tell where something is. */
const PLACES = ['Position', 'GeoJSON', 'Address', 'Place', 'AddressMatch'];
const ARGS: Readonly<Record<string, string>> = {
  'Holding.shifts': '(from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z")',
};

interface Sight {
  /** As `Type.field`; `Type.*`: all that are no objects. */
  readonly field: string;
  readonly type: string;
  readonly query: string;
}

type Field = GraphQLField<unknown, unknown>;

const tellsPlace = (typeName: string) => PLACES.includes(typeName);

/**
 * Questions for every field of an incident and of its parts, and for every field that tells a place however far below,
 * each with the texts and places in it; none through `hidden`.
 */
function sightsOf(id: string, hidden?: string): Sight[] {
  const { schema } = world.api.app;
  const rights = listRights(schema);
  const nameOf = (type: GraphQLObjectType, field: Field) => `${type.name}.${field.name}`;
  const fieldsOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields()).filter((field) => {
      const name = nameOf(type, field);
      const isAsked = name in ARGS || !field.args.some(isRequiredArgument);
      return name !== hidden && isAsked && RIGHTS[rights.get(name)!].officer !== undefined;
    });
  const asked = (type: GraphQLObjectType, field: Field) => `${field.name}${ARGS[nameOf(type, field)] ?? ''}`;
  const targetsOf = (field: Field): readonly GraphQLObjectType[] => {
    const target = getNamedType(field.type);
    if (isUnionType(target)) return schema.getPossibleTypes(target);
    return isObjectType(target) ? [target] : [];
  };
  const below = (field: Field, steps: number): string => {
    const targets = targetsOf(field);
    const texts = targets.map((type) => {
      const inner = fieldsOf(type)
        .filter(
          ({ type: inner }) => isLeafType(getNamedType(inner)) || (steps > 0 && tellsPlace(getNamedType(inner).name)),
        )
        .map((each) => {
          // What several types of a union call by one name may be of different forms.
          const isShared = targets.some((other) => other !== type && each.name in other.getFields());
          return `${isShared ? `${type.name}_${each.name}: ` : ''}${asked(type, each)}${below(each, steps - 1)}`;
        });
      return `... on ${type.name} { __typename ${inner.join(' ')} }`;
    });
    return texts.length > 0 ? ` { ${texts.join(' ')} }` : '';
  };
  const root = schema.getType('Incident') as GraphQLObjectType;
  const sights: Sight[] = [];
  const reached = new Set([root.name]);
  const front = [{ type: root, depth: 0, way: (text: string) => `{ incident(id: "${id}") ${text} }` }];
  while (front.length > 0) {
    const { type, depth, way } = front.shift()!;
    const texts = fieldsOf(type).filter((field) => isLeafType(getNamedType(field.type)));
    if (depth < 2 && texts.length > 0) {
      const all = texts.map((field) => asked(type, field)).join(' ');
      sights.push({ field: `${type.name}.*`, type: type.name, query: way(`{ ... on ${type.name} { ${all} } }`) });
    }
    for (const field of fieldsOf(type)) {
      const step = (text: string) => way(`{ ... on ${type.name} { ${asked(type, field)} ${text} } }`);
      const named = getNamedType(field.type);
      const query = step(below(field, 2));
      if (tellsPlace(named.name) || (depth < 2 && !isLeafType(named))) {
        sights.push({ field: nameOf(type, field), type: named.name, query });
      }
      for (const target of targetsOf(field).filter(({ name }) => !reached.has(name))) {
        reached.add(target.name);
        front.push({ type: target, depth: depth + 1, way: step });
      }
    }
  }
  return sights;
}

/** The fields that show one of the texts. */
async function showing(sights: readonly Sight[], texts: readonly string[], headers: Record<string, string>) {
  const found: string[] = [];
  for (const { field, query } of sights) {
    const { data, errors } = await world.api.askRaw(query, {}, headers);
    if (errors) throw new Error(`${field}: ${JSON.stringify(errors)}`);
    const shown = JSON.stringify(data);
    if (texts.some((text) => shown.includes(text))) found.push(field);
  }
  return found;
}

describe('where a matter is exactly, and what is told of it', () => {
  /** A point, a polygon, an address: each is looked for in every field, which takes seconds. */
  const PLACE_KINDS = Number(process.env.PLACE_KINDS ?? 1);
  const NARRATIVE = 'Smoke behind the third door';
  const shift = (degrees: number, by: number) => Number((degrees + by).toFixed(7));

  /** Places of each sort in the own area, with the texts that would give them away. */
  async function kindsOfPlaces(): Promise<readonly { at: string; secrets: string[] }[]> {
    const { lon, lat } = world.own.staff.point;
    const point = { lon: shift(lon, 0.0000137), lat: shift(lat, 0.0000219) };
    const [x, y] = [shift(lon, 0.0000311), shift(lat, 0.0000173)];
    const ring = [
      [x, y],
      [shift(x, 0.0001013), y],
      [x, shift(y, 0.0001037)],
      [x, y],
    ];
    const area = `{ type: "Polygon", coordinates: ${JSON.stringify([ring])} }`;
    const address = await addressThere();
    return [
      { at: pointText(point), secrets: [`${point.lon}`, `${point.lat}`] },
      { at: `{ area: ${area} }`, secrets: ring.flat().map(String) },
      { at: `{ addressId: "${address.id}" }`, secrets: [address.id, `${address.point.lon}`, `${address.point.lat}`] },
    ];
  }

  async function addressThere() {
    const { town, api, own: area } = world;
    for (const { id } of town.plan.addresses) {
      const query = `{ address(id: "${id}") { id point { lon lat } } ownership(at: { addressId: "${id}" }) { layers { chain { id } } } }`;
      const { data } = await api.askRaw(query);
      if (JSON.stringify(data?.ownership ?? null).includes(area.gridId)) return data.address;
    }
    throw new Error('No address in the own area');
  }

  it('is shown to whoever handles it by `sealed`, and by no field to others', async () => {
    const onlooker = await world.api.as('officer', world.own.gridId);
    const handler = await world.headersOf('officer');
    for (const { at, secrets } of (await kindsOfPlaces()).slice(0, PLACE_KINDS)) {
      const id = await matters.report(world.own, at, `, narrative: "${NARRATIVE}"`);
      const texts = [...secrets, NARRATIVE];
      const sights = sightsOf(id, 'Incident.sealed');
      expect(sights.map(({ type }) => type)).toEqual(expect.arrayContaining(PLACES));
      expect([at, await showing(sights, texts, onlooker)]).toEqual([at, []]);
      const asked = `{ ownership(at: { incidentId: "${id}" }) { place { point { lon lat } accuracyMetres address { id text } candidates { address { id } } }
        layers { nearby { distanceMetres grid { id } } } notices { message } } }`;
      const owners = JSON.stringify(await world.api.ask(asked, {}, onlooker));
      for (const text of texts) expect(owners).not.toContain(text);
      expect(await codeOf(`{ incident(id: "${id}") { sealed { narrative } } }`, onlooker)).toBe('FORBIDDEN');
      // The same search finds it where it may be found.
      const open = sightsOf(id).filter(({ field }) => /^(Incident\.sealed|SealedPart\.)/.test(field));
      expect(await showing(open, [NARRATIVE], handler)).toEqual(
        expect.arrayContaining(['Incident.sealed', 'SealedPart.*']),
      );
      expect((await showing(open, secrets, handler)).length).toBeGreaterThan(1);
    }
  });
});
