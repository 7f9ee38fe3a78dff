import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day, StaffingWorld } from '../../posts/appointing/staffingWorld.ts';

type Headers = Record<string, string>;

let world: StaffingWorld;
let admin: Headers;
beforeEach(async () => {
  world = await StaffingWorld.open();
  admin = await world.as('admin', 'D1');
});
afterEach(() => world.api.close());

const from = day('2026-07-01');
const GUARDS = '$expectedEdition: Int, $clientKey: String';
const GUARD = 'expectedEdition: $expectedEdition, clientKey: $clientKey';
const act = (name: string, variables: string, values: string) =>
  `mutation (${variables}, ${GUARDS}) { ${name}(${values}, ${GUARD}) { edition asOf body { id name } } }`;
const ACTS: Record<string, string> = {
  formTeam: act('formTeam', '$input: FormTeamInput!', 'input: $input'),
  reviseTeam: act(
    'reviseTeam',
    '$id: ID!, $from: DateTime!, $set: TeamChangesInput!',
    'id: $id, from: $from, set: $set',
  ),
  coverGrids: act(
    'coverGrids',
    '$id: ID!, $gridIds: [ID!]!, $from: DateTime!',
    'id: $id, gridIds: $gridIds, from: $from',
  ),
  endCoverage: act('endCoverage', '$id: ID!, $gridIds: [ID!]!, $at: DateTime!', 'id: $id, gridIds: $gridIds, at: $at'),
  setParent: act(
    'setParent',
    '$id: ID!, $line: String!, $parentId: ID, $from: DateTime!',
    'id: $id, line: $line, parentId: $parentId, from: $from',
  ),
};

const perform = async (name: string, variables: object, headers: Headers = admin) =>
  (await world.api.ask(ACTS[name], variables, headers))[name];

/** The code and message of a refusal; no edition is published. */
async function refusal(name: string, variables: object, headers: Headers = admin): Promise<string> {
  const before = world.api.app.editions.latest;
  const { errors = [] } = await world.api.askRaw(ACTS[name], variables, headers);
  await world.api.app.editions.catchUp();
  expect(world.api.app.editions.latest).toBe(before);
  return errors.map(({ message, extensions }) => `${extensions.code} ${message}`).join('; ');
}

/** Names of the teams that cover a grid at an instant. */
async function covering(code: string, asOf: Date): Promise<string[]> {
  const query = `query ($filter: BodyFilter, $asOf: DateTime) {
    bodies(filter: $filter, asOf: $asOf) { edges { node { name } } } }`;
  const { bodies } = await world.api.ask(query, { filter: { covering: world.id(code) }, asOf });
  return bodies.edges.map(({ node }: { node: { name: string } }) => node.name);
}

const patrol = (more: object = {}) => ({
  ...{ name: 'Patrol', kind: 'PATROL', officePhone: '0859-3223344', languages: ['zh'], categories: ['dispute'] },
  ...{ standing: 'civil', members: [{ kind: 'volunteer', count: 4 }], covers: ['V1', 'V1', world.id('V2')], from },
  ...more,
});

describe('forming a team', () => {
  it('makes the body, its members and what it covers in one edition, which the next request shows', async () => {
    const before = world.api.app.editions.latest;
    const done = await perform('formTeam', { input: patrol() });
    expect(done).toMatchObject({ edition: before + 1, asOf: from.toISOString(), body: { name: 'Patrol' } });
    expect(await covering('V1', from)).toEqual(['Patrol']);
    expect(await covering('V2', from)).toEqual(['Patrol']);
    expect(await covering('V3', from)).toEqual([]);
    expect(await covering('V1', new Date(from.getTime() - 1))).toEqual([]);
    expect(await teamOf(done.body.id, from)).toEqual({
      standing: 'civil',
      members: [{ kind: 'volunteer', count: 4 }],
      parents: [],
    });
  });

  it('is refused in plain words, naming the field, and nothing is written', async () => {
    await perform('formTeam', { input: patrol() });
    const wrong: [object, RegExp][] = [
      [{ name: ' ' }, /^BAD_INPUT name: give the name/],
      [{ kind: '' }, /^BAD_INPUT kind: it is empty/],
      [{ officePhone: '13800138000' }, /^BAD_INPUT officePhone: this looks like a mobile phone number/],
      [{ members: [{ kind: 'volunteer', count: -1 }] }, /^BAD_INPUT members: volunteer: a count is/],
      [{ members: [{ kind: '张三 13800138000', count: 1 }] }, /^BAD_INPUT members: this looks like a mobile/],
      [{ covers: [] }, /^BAD_INPUT covers: name a grid/],
      [{ covers: ['V1', 'W1'] }, /^NOT_FOUND covers: there is no such grid/],
      [{ covers: ['nowhere'] }, /^NOT_FOUND covers: there is no such grid/],
      [{ from: day('2019-01-01'), name: 'Early' }, /^BAD_INPUT from: a grid does not exist/],
      [{ from: day('1812-01-01') }, /^BAD_INPUT from: give an instant/],
      [{}, /^CONFLICT name: a team of this name and kind/],
    ];
    for (const [more, words] of wrong) expect(await refusal('formTeam', { input: patrol(more) })).toMatch(words);
  });

  it('is done once for a key, and not when another edition came in between', async () => {
    const clientKey = randomUUID();
    const input = patrol();
    const first = await perform('formTeam', { input, clientKey });
    expect(await perform('formTeam', { input, clientKey })).toEqual(first);
    const old = { input: patrol({ name: 'Other' }), expectedEdition: first.edition - 1 };
    expect(await refusal('formTeam', old)).toMatch(/^CONFLICT expectedEdition/);
  });
});

describe('changing a team', () => {
  it('changes what it is made of, what it covers and whom it stands under, from an instant on', async () => {
    const { id } = (await perform('formTeam', { input: patrol() })).body;
    const later = day('2026-08-01');
    await perform('reviseTeam', { id, from: later, set: { members: [{ kind: 'officer', count: 2 }] } });
    await perform('coverGrids', { id, gridIds: ['V3'], from: later });
    await perform('endCoverage', { id, gridIds: ['V1'], at: later });
    await perform('setParent', { id, line: 'police', parentId: world.station, from: later });
    expect(await teamOf(id, from)).toMatchObject({ members: [{ kind: 'volunteer', count: 4 }], parents: [] });
    expect(await teamOf(id, later)).toEqual({
      standing: 'civil',
      members: [{ kind: 'officer', count: 2 }],
      parents: [{ line: 'police', body: { name: 'Station' } }],
    });
    expect(await covering('V1', later)).toEqual([]);
    expect(await covering('V1', from)).toEqual(['Patrol']);
    expect(await covering('V3', later)).toEqual(['Patrol']);
    await perform('setParent', { id, line: 'police', parentId: world.hall, from: day('2026-09-01') });
    expect((await teamOf(id, day('2026-09-01'))).parents).toMatchObject([{ body: { name: 'Hall' } }]);
    await perform('setParent', { id, line: 'police', parentId: null, from: day('2026-10-01') });
    expect((await teamOf(id, day('2026-10-01'))).parents).toEqual([]);
    expect((await teamOf(id, later)).parents).toMatchObject([{ body: { name: 'Station' } }]);
  });

  it('is refused in plain words', async () => {
    const { id } = (await perform('formTeam', { input: patrol() })).body;
    const other = (await perform('formTeam', { input: patrol({ name: 'Second' }) })).body.id;
    await perform('setParent', { id: other, line: 'police', parentId: id, from });
    const wrong: [string, object, RegExp][] = [
      ['reviseTeam', { id, from, set: {} }, /^BAD_INPUT set: say what changes/],
      ['reviseTeam', { id: 'nobody', from, set: { standing: null } }, /^NOT_FOUND id: there is no such team/],
      ['coverGrids', { id, gridIds: [], from }, /^BAD_INPUT gridIds: name a grid/],
      ['coverGrids', { id, gridIds: ['V2'], from }, /^CONFLICT gridIds: the team covers/],
      ['coverGrids', { id, gridIds: ['W2'], from }, /^NOT_FOUND gridIds: there is no such grid/],
      ['endCoverage', { id, gridIds: ['V3'], at: from }, /^CONFLICT gridIds: the team covers one of them neither/],
      ['setParent', { id, line: 'police', parentId: id, from }, /^BAD_INPUT parentId: no team stands under itself/],
      ['setParent', { id, line: 'police', parentId: randomUUID(), from }, /^NOT_FOUND parentId: no body/],
      ['setParent', { id, line: 'police', parentId: null, from }, /^CONFLICT parentId: the team stands under nobody/],
      ['setParent', { id, line: 'police', parentId: other, from }, /^MISSING_PARENT .*above itself/],
      ['setParent', { id, line: ' ', parentId: other, from }, /^BAD_INPUT line: it is empty/],
    ];
    for (const [name, variables, words] of wrong) expect(await refusal(name, variables)).toMatch(words);
  });

  it('of a foreign area, or of both, is answered as what is not there, and so is one that covers nothing', async () => {
    const { id } = (await perform('formTeam', { input: patrol() })).body;
    const all = await world.as('admin', '*');
    const stranger = await world.as('admin', 'D2');
    const acts: [string, object][] = [
      ['reviseTeam', { id, from, set: { standing: 'x' } }],
      ['coverGrids', { id, gridIds: ['W1'], from }],
      ['setParent', { id, line: 'police', parentId: world.hall, from }],
    ];
    for (const [name, variables] of acts) {
      const unknown = await refusal(name, { ...variables, id: randomUUID() }, stranger);
      expect(unknown).toMatch(/^NOT_FOUND id: /);
      expect(await refusal(name, variables, stranger)).toBe(unknown);
    }
    await perform('coverGrids', { id, gridIds: ['W1'], from }, all);
    for (const headers of [admin, stranger]) {
      expect(await refusal('reviseTeam', { id, from, set: { standing: 'x' } }, headers)).toMatch(/^NOT_FOUND id: /);
    }
    await perform('endCoverage', { id, gridIds: ['V1', 'V2', 'W1'], at: from }, all);
    expect(await refusal('reviseTeam', { id, from, set: { standing: 'x' } })).toMatch(/^NOT_FOUND id: /);
    expect((await perform('reviseTeam', { id, from, set: { standing: 'x' } }, all)).body.id).toBe(id);
    expect((await perform('reviseTeam', { id: world.court, from, set: { standing: 'x' } }, all)).body.name).toBe(
      'Court',
    );
  });

  it('is audited, done or refused', async () => {
    const { id } = (await perform('formTeam', { input: patrol() })).body;
    await perform('endCoverage', { id, gridIds: ['V1'], at: from });
    await refusal('endCoverage', { id, gridIds: ['V1'], at: from });
    const entries = await world.audited();
    expect(entries).toMatchObject([
      { object_kind: 'body', object_id: id, grid_id: world.id('D1'), result: 'DONE', details: { did: 'formed' } },
      { object_id: id, grid_id: world.id('D1'), result: 'DONE', details: { did: 'uncovered', grids: 1 } },
      { result: 'REFUSED', details: { field: 'Mutation.endCoverage', code: 'CONFLICT' } },
    ]);
    expect(JSON.stringify(entries)).not.toContain('0859-322');
  });
});

/** What a body is as a team at an instant. */
async function teamOf(id: string, asOf: Date) {
  const query = `query ($id: ID!, $asOf: DateTime) {
    body(id: $id, asOf: $asOf) { standing members { kind count } parents { line body { name } } } }`;
  return (await world.api.ask(query, { id, asOf })).body;
}
