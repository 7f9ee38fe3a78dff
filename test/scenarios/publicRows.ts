import { readFileSync } from 'node:fs';
import { buildSchema, isIntrospectionType, isObjectType } from 'graphql';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Answer } from '../support/api.ts';
import { answeredFields } from '../support/contractFaults.ts';
import { countRows as countAllRows, openTestDatabase } from '../support/database.ts';
import { LOOKUP, listGrids, lookup, midnight, type Town } from './demoTown.ts';

const PRIVATE = /mobile|private|home(Address|Phone|Number)|idNumber|identity|birth|wechat|qq|email|phone/i;

/** What anybody may ask, and what is kept of the asking: nothing. */
export function publicRows(town: () => Town): void {
  it('2.17 the public sees the office number of an officer; a private one can neither be asked for nor stored', async () => {
    const { api, plan, highlight } = town();
    const { officer } = await lookup(town(), highlight('firstQuery').at);
    const planned = plan.people.find(({ id }) => id === officer.holder.id)!;
    expect(officer.holder.officePhone).toBe(planned.officePhone);
    expect(planned.officePhone).toMatch(/^0859-0\d{6}$/);

    const { __schema } = await api.ask('{ __schema { types { name kind fields { name } inputFields { name } } } }');
    const fields = __schema.types.flatMap((type: Answer) =>
      [...(type.fields ?? []), ...(type.inputFields ?? [])].map(({ name }: Answer) => `${type.name}.${name}`),
    );
    const telling = fields.filter((field: string) => PRIVATE.test(field.split('.')[1]) && !field.startsWith('__'));
    expect(telling.filter((field: string) => !field.endsWith('.officePhone'))).toEqual([]);
    const person = fields.filter((field: string) => field.startsWith('Person.'));
    expect(person.sort()).toEqual(['body', 'id', 'languages', 'name', 'officePhone'].map((name) => `Person.${name}`));
    const select =
      'ownership(at: { point: { lon: 105, lat: 25 } }) { officer { holder { ... on Person { mobile } } } }';
    const refused = await api.askRaw(`{ ${select} }`);
    expect(refused.status).toBe(400);
    expect(refused.errors![0].message).toContain('mobile');

    const { db } = await openTestDatabase();
    const { rows } = await sql<{ name: string }>`select distinct column_name as name from information_schema.columns
      where table_schema = 'public' and table_name in ('person', 'person_version') order by 1`.execute(db);
    expect(rows.map(({ name }) => name).filter((name) => PRIVATE.test(name))).toEqual(['office_phone']);
  });

  it('4.13 a public lookup needs no login, and nothing of it is logged or stored', async () => {
    const { api, highlight } = town();
    const { lon, lat } = highlight('firstQuery');
    const rowsBefore = await countRows();
    const linesBefore = api.logged().length;
    const caller = { 'user-agent': 'a-phone-of-somebody', 'x-forwarded-for': '203.0.113.77', 'accept-language': 'pcc' };
    const point = { point: { lon, lat } };
    const { status, headers, data, errors } = await api.askRaw(LOOKUP, { at: point }, caller);
    expect([status, errors]).toEqual([200, undefined]);
    expect(headers['set-cookie']).toBeUndefined();
    const { officer, gridWorker, mediationTeam } = data.ownership;
    for (const { holder } of [officer, gridWorker, mediationTeam]) expect(holder.name).toBeTruthy();
    expect((await api.askRaw(LOOKUP, { at: point }, { cookie: 'session=1' })).data).toEqual(data);
    const bad = await api.askRaw(LOOKUP, { at: { point: { lon: 987.6543, lat } } }, caller);
    expect(bad.errors![0].extensions.code).toBe('BAD_INPUT');

    // The log is at its most talkative here, and still has only that there were requests.
    const lines = api.logged().slice(linesBefore);
    expect(lines.length).toBe(3);
    for (const line of lines) {
      const known = [
        'level',
        'time',
        'pid',
        'hostname',
        'requestId',
        'method',
        'path',
        'status',
        'milliseconds',
        'msg',
      ];
      expect(Object.keys(JSON.parse(line)).filter((key) => !known.includes(key))).toEqual([]);
      expect(JSON.parse(line).path).toBe('/graphql');
      const told = [
        String(lon),
        String(lat),
        '987.6543',
        officer.holder.name,
        officer.holder.id,
        ...Object.values(caller),
      ];
      expect(told.filter((each) => line.includes(each))).toEqual([]);
    }
    expect(await countRows()).toEqual(rowsBefore);
  });

  it('one bad place among many gives one notice, and its neighbours their answers, however often it is asked', async () => {
    const { api, highlight } = town();
    const query = LOOKUP.replace('$at: PlaceInput!', '$at: [PlaceInput!]!').replace('ownership(', 'ownerships(');
    const [good, bad] = [highlight('firstQuery').at, { point: { lon: 400, lat: 0 } }];
    for (let i = 0; i < 3; i++) {
      const { ownerships } = await api.ask(query, { at: [good, bad, good] });
      expect(ownerships[1]).toMatchObject({ layers: [], holdings: [], officer: null, place: { point: bad.point } });
      expect(ownerships[1].notices).toHaveLength(1);
      expect(ownerships[1].notices[0]).toMatchObject({ code: 'BAD_PLACE', message: expect.stringContaining('at[1]') });
      expect(ownerships[0].officer.holder.name).toBeTruthy();
      expect(ownerships[2]).toEqual(ownerships[0]);
    }
  });

  it('every field of the contract that is due is answered, with values of its types', async () => {
    const { api, highlight } = town();
    const { lon, lat } = highlight('firstQuery');
    const point = { lon, lat, accuracyMetres: 400 };
    const grid = 'id code codes { scheme code } name kind layer { code } tier { code name rank layer { name kind } }';
    const [any] = await listGrids(
      town(),
      { search: '寨湾', tier: 'village' },
      `${grid} parent { id } children { totalCount edges { cursor node { id } } pageInfo { ${PAGE} } } manager { ${BODY} }
       boundary(simplifyMetres: 5) areaSquareMetres validFrom validTo
       holdings { ${HELD} } history { name kind parent { id } manager { id } validFrom validTo edition boundary }`,
      midnight('2022-06-01'),
    );
    expect(any.history).toHaveLength(2);
    await api.ask(LOOKUP, { at: { point }, asOf: '2022-06-01T00:00:00Z' });
    await api.ask(`query ($at: PlaceInput!) { ownership(at: $at) { holdings { ${HELD} } } }`, { at: { point } });
    await lookup(town(), { area: any.boundary });
    await api.ask(`query ($at: [PlaceInput!]!) { ownerships(at: $at) { edition notices { code message } } }`, {
      at: [{ point }, { point: { lon: 400, lat: 0 } }],
    });
    await api.ask(`{ layers { code name kind tiers { code name rank layer { code } } } grid(code: "421303187") { id }
      grids(first: 1) { edges { node { id } cursor } pageInfo { ${PAGE} } totalCount }
      editions(first: 2) { edges { cursor node { number publishedAt effectiveAt title } } pageInfo { ${PAGE} } }
      crosswalk(from: { layer: "water", tier: "water" }, to: { layer: "police", tier: "station" }) {
        from { id } to { id } share } }`);
    expect(dueFields().filter((field) => !answeredFields.has(field))).toEqual([]);
  });
}

const PAGE = 'hasNextPage hasPreviousPage startCursor endCursor';
const BODY = 'id name kind officePhone languages';
const HELD = `post { id role { code name } grid { id } vacant } grid { id } rank onDuty reason
  holder { __typename ... on Person { id name officePhone languages body { ${BODY} } } ... on Body { ${BODY} } }`;

/** Output fields of the contract, without those that belong to later issues. */
function dueFields(): string[] {
  const contract = buildSchema(readFileSync('test/support/contract.graphql', 'utf8'));
  const pending = new Set<string>(JSON.parse(readFileSync('test/support/pending.json', 'utf8')));
  return Object.values(contract.getTypeMap())
    .filter((type) => isObjectType(type) && !isIntrospectionType(type) && !pending.has(type.name))
    .flatMap((type) =>
      (isObjectType(type) ? Object.keys(type.getFields()) : []).map((field) => `${type.name}.${field}`),
    )
    .filter((field) => !pending.has(field));
}

/** Rows of every table of ours, whoever may see them. */
async function countRows(): Promise<Record<string, number>> {
  const { db } = await openTestDatabase();
  return countAllRows(db);
}
