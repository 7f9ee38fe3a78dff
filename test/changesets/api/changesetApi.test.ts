import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawGrid, openPaper, placeAt, publishGrids } from '../../grids/squareGrids.ts';
import type { Answer, Api } from '../../support/api.ts';

type Headers = Record<string, string>;

let api: Api;
let editor: Headers;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const town = drawGrid('land/town', 'T', [0, 0, 4, 2]);
  const [a, b] = [0, 2].map((column, i) => drawGrid('land/village', 'AB'[i], [column, 0, 2, 2], { parent: town }));
  api = await openPaper([{ code: 'land', kind: 'PARTITION', tiers: ['town', 'village'] }]);
  await publishGrids(api, [town, a, b]);
  for (const { id, codes } of [town, a, b]) ids[codes[0].code] = id;
  editor = await api.as('gis_editor', '*');
});
afterAll(() => api?.close());

const at = (column: number, row: number) => Object.values(placeAt(column, row));
const polygon = (...corners: (readonly [number, number])[]) => ({
  type: 'Polygon',
  coordinates: [[...corners, corners[0]].map(([column, row]) => at(column, row))],
});

const SHOWN = `id revision status title baseEdition issues { id rule severity message place grids { code } waived }
  grids { id code name kind parent { code } children(first: 9) { edges { node { code name } } } areaSquareMetres
    history { name validTo } boundary } ended { code } steps { ops touched undone dropped }`;

async function open(): Promise<Answer> {
  return (await api.ask(`mutation { openChangeset(title: "Draft") { ${SHOWN} } }`, {}, editor)).openChangeset;
}

async function send(field: string, values: Record<string, unknown>, types: string): Promise<Answer> {
  const passed = Object.keys(values).map((name) => `${name}: $${name}`);
  const query = `mutation (${types}) { ${field}(${passed.join(', ')}) { ${SHOWN} } }`;
  const { data, errors } = await api.askRaw(query, values, editor);
  if (errors) return { refused: errors[0] };
  return data[field];
}

const apply = (draft: Answer, ...ops: object[]) =>
  send(
    'applyToChangeset',
    { id: draft.id, expectedRevision: draft.revision, ops },
    '$id: ID!, $expectedRevision: Int!, $ops: [BoundaryOp!]!',
  );
const turn = (field: string, { id, revision }: Answer) =>
  send(field, { id, expectedRevision: revision }, '$id: ID!, $expectedRevision: Int!');
const gridOf = (draft: Answer, code: string) => draft.grids.find((grid: Answer) => grid.code === code);

describe('a changeset, asked over the API', () => {
  it('shows the grids as they would be: names, parents, children, areas, and the history before', async () => {
    const draft = await apply(
      await open(),
      { rename: { grid: ids.A, name: 'West' } },
      {
        create: {
          layer: 'land',
          tier: 'village',
          code: 'C',
          name: 'New',
          boundary: polygon([0, 0], [1, 0], [1, 1], [0, 1]),
        },
      },
    );
    expect([draft.revision, draft.steps[0].ops]).toEqual([1, ['rename', 'create']]);
    const [a, c] = [gridOf(draft, 'A'), gridOf(draft, 'C')];
    expect([a.name, c.parent.code, c.kind]).toEqual(['West', 'T', 'BASIC']);
    expect(a.areaSquareMetres / c.areaSquareMetres).toBeCloseTo(3, 2);
    expect(a.history.map(({ name, validTo }: Answer) => [name, validTo !== null])).toEqual([
      ['Grid A', true],
      ['West', false],
    ]);
    expect(c.history).toHaveLength(1);
    const town = gridOf(draft, 'T');
    expect(town.children.edges.map(({ node }: Answer) => node.name).sort()).toEqual(['Grid B', 'New', 'West']);
    const { grid } = await api.ask('query ($id: ID!) { grid(id: $id) { name } }', { id: ids.A });
    expect(grid.name).toBe('Grid A');
  });

  it('takes each kind of op, in the words of the contract and beyond', async () => {
    const body = null;
    const ops: object[] = [
      { insertVertex: { layer: 'land', edge: [at(2, 0), at(2, 2)], at: at(2, 1) } },
      { moveVertex: { layer: 'land', from: at(2, 1), to: at(2.5, 1) } },
      { removeVertex: { layer: 'land', at: at(2.5, 1) } },
      { reshape: { grid: ids.A, boundary: polygon([0, 0], [3, 0], [3, 2], [0, 2]) } },
      {
        split: {
          grid: ids.A,
          line: { type: 'LineString', coordinates: [at(-1, 1), at(5, 1)] },
          codes: ['A2'],
          names: ['North'],
        },
      },
      { recode: { grid: ids.B, code: 'B9' } },
      { changeKind: { grid: ids.B, kind: 'EXCLUSIVE' } },
    ];
    let draft = await open();
    for (const op of ops) {
      draft = await apply(draft, op);
      expect([Object.keys(op)[0], draft.refused?.message]).toEqual([Object.keys(op)[0], undefined]);
    }
    expect(draft.issues.filter(({ severity }: Answer) => severity === 'ERROR')).toEqual([]);
    expect(gridOf(draft, 'B9').kind).toBe('EXCLUSIVE');
    const merged = await apply(draft, { merge: { grids: [ids.A, gridOf(draft, 'A2').id], into: ids.A } });
    expect(merged.ended).toEqual([]);
    const carved = { carve: { area: polygon([0, 0], [4, 0], [4, 2], [0, 2]), tier: 'village', to: ids.T } };
    for (const none of [
      { transfer: { grid: ids.B, manager: body } },
      { reparent: { grid: ids.B, parent: ids.T } },
      { assign: { members: [ids.B], to: ids.T } },
      { fixOverlap: { grids: [ids.A, ids.B], keep: ids.A } },
      { fixGap: { layer: 'land', tier: 'village', at: at(1, 1) } },
      carved,
    ]) {
      // Nothing of the kind is to be done here, which each says in its own words.
      const { refused } = await apply(merged, none);
      expect([Object.keys(none)[0], refused?.extensions.code]).toEqual([Object.keys(none)[0], 'BAD_INPUT']);
      expect(refused.message).toMatch(new RegExp(`^ops\\[0\\]\\.${Object.keys(none)[0]}`));
    }
    const retired = await apply(merged, { retire: { grid: ids.B, heir: ids.A } });
    expect(retired.ended.map(({ code }: Answer) => code)).toEqual(['B']);
  });

  it.each([
    ['no op', {}, /^ops\[0\]: give exactly one of create, reshape/],
    ['two at once', { rename: { grid: 'x', name: 'Y' }, retire: { grid: 'x' } }, /^ops\[0\]: give exactly one/],
    [
      'a place with one number',
      { moveVertex: { layer: 'land', from: [105], to: [105, 25] } },
      /^ops\[0\].moveVertex.from/,
    ],
    ['a place off the Earth', { removeVertex: { layer: 'land', at: [25, 105] } }, /lat must be within/],
    [
      'a point for a line',
      { split: { grid: 'x', line: { type: 'Point', coordinates: [1, 2] }, codes: [], names: [] } },
      /LineString is wanted/,
    ],
    [
      'a bow tie',
      {
        reshape: {
          grid: 'x',
          boundary: {
            type: 'Polygon',
            coordinates: [
              [
                [0, 0],
                [1, 1],
                [1, 0],
                [0, 1],
                [0, 0],
              ],
            ],
          },
        },
      },
      /ops\[0\].reshape.boundary|crosses/,
    ],
    [
      'three grids for an overlap',
      { fixOverlap: { grids: ['a', 'b', 'c'], keep: 'a' } },
      /^ops\[0\].fixOverlap.grids: give two grids/,
    ],
    [
      'an edge with one end',
      { insertVertex: { layer: 'land', edge: [[1, 2]], at: [1, 2] } },
      /^ops\[0\].insertVertex.edge/,
    ],
  ])('refuses %s by naming the op and the way out, and nothing is done', async (_title, op, words) => {
    const draft = await open();
    const { refused } = await apply(draft, op);
    expect(refused.message).toMatch(words);
    const { changeset } = await api.ask(
      'query ($id: ID!) { changeset(id: $id) { revision } }',
      { id: draft.id },
      editor,
    );
    expect(changeset.revision).toBe(0);
  });

  it('goes back and forth by undo and redo, and is listed', async () => {
    const first = await apply(await open(), { rename: { grid: ids.A, name: 'One' } });
    const second = await apply(first, { rename: { grid: ids.A, name: 'Two' } });
    const back = await turn('undoInChangeset', second);
    expect([gridOf(back, 'A').name, back.steps.map(({ undone }: Answer) => undone)]).toEqual(['One', [false, true]]);
    expect(gridOf(await turn('redoInChangeset', back), 'A').name).toBe('Two');
    const { changesets } = await api.ask(
      '{ changesets(first: 1, filter: { status: DRAFT }) { totalCount edges { node { id title revision } } } }',
      {},
      editor,
    );
    expect(changesets.edges[0].node).toMatchObject({ title: 'Draft' });
    expect(changesets.totalCount).toBeGreaterThan(1);
  });
});

describe('the file of a changeset', () => {
  const FILE = 'query ($id: ID!) { changeset(id: $id) { file(layer: "land", tier: "village", all: true) } }';
  const IMPORT = `mutation ($id: ID!, $r: Int!, $file: EditedFileUpload!) { importIntoChangeset(id: $id, expectedRevision: $r, file: $file) {
    applied refusal warnings rows { row code action fields faults } changeset { revision grids { code name } steps { ops } } } }`;

  it('goes out, is edited, and comes back as what was edited and nothing else', async () => {
    const { id } = await open();
    const { changeset } = await api.ask(FILE, { id }, editor);
    const file = JSON.parse(changeset.file);
    expect(file.features.map(({ properties }: Answer) => properties.code)).toEqual(['A', 'B']);
    file.features[0].properties.name = 'Renamed in QGIS';
    file.features[1].properties.note = 'an attribute of somebody else';
    const text = JSON.stringify({ ...file, features: file.features.reverse() });
    const dry = (await api.ask(IMPORT, { id, r: 0, file: { text, dryRun: true } }, editor)).importIntoChangeset;
    expect([dry.applied, dry.changeset.revision]).toEqual([false, 0]);
    const done = (await api.ask(IMPORT, { id, r: 0, file: { text } }, editor)).importIntoChangeset;
    expect(done).toMatchObject({
      applied: true,
      refusal: null,
      changeset: { revision: 1, steps: [{ ops: ['rename'] }] },
    });
    expect(done.rows).toMatchObject([{ code: 'A', action: 'CHANGED', fields: ['name'] }]);
    expect(done.changeset.grids).toEqual([{ code: 'A', name: 'Renamed in QGIS' }]);
  });

  it('is refused whole where a row cannot be taken, and where it is no file', async () => {
    const { id } = await open();
    const stranger = { type: 'Feature', properties: { name: 'X' }, geometry: polygon([0, 0], [1, 0], [1, 1]) };
    const text = JSON.stringify({ type: 'FeatureCollection', features: [stranger] });
    const { applied, refusal, rows } = (await api.ask(IMPORT, { id, r: 0, file: { text } }, editor))
      .importIntoChangeset;
    expect([applied, rows[0].action]).toEqual([false, 'REFUSED']);
    expect(refusal).toBeTruthy();
    for (const file of [{ text: 'not JSON' }, { text, epsg: 2362 }]) {
      const { errors } = await api.askRaw(IMPORT, { id, r: 0, file }, editor);
      expect(['BAD_FILE', 'BAD_DATUM']).toContain(errors![0].extensions.code);
    }
  });
});

describe('rules of a tier', () => {
  const SET = `mutation ($rules: TierRulesInput!) { setTierRules(layer: "land", tier: "village", rules: $rules) {
    madeOf codePattern leastSquareMetres load { measure least most } } }`;

  it('are set by who administers everything, hold for the next drafts, and are shown to everybody', async () => {
    const admin = await api.as('admin', '*');
    const load = { measure: 'households', least: 100, most: 500 };
    const rules = { codePattern: '[A-Z][0-9]*', leastSquareMetres: 20_000, load };
    expect((await api.ask(SET, { rules }, admin)).setTierRules).toMatchObject({ madeOf: 'DRAWN', ...rules });
    const { layers } = await api.ask('{ layers { tiers { code rules { codePattern leastWidthMetres } } } }');
    expect(layers[0].tiers[1].rules).toEqual({ codePattern: '[A-Z][0-9]*', leastWidthMetres: 1 });
    const small = polygon([0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]);
    const create = { layer: 'land', tier: 'village', code: 'wrong', name: 'Small', boundary: small };
    const { issues } = await apply(await open(), { create });
    const told = issues.map(({ rule, severity }: Answer) => `${severity} ${rule}`);
    expect(told).toEqual(expect.arrayContaining(['ERROR code_wrong', 'WARNING too_small']));
    await api.ask(SET, { rules: {} }, admin);
  });

  it.each([
    [{ codePattern: '(a' }, /codePattern/],
    [{ leastSquareMetres: 1 }, /leastSquareMetres: give 10 or more/],
    [{ madeOf: 'MEMBERS' }, /memberTier: give memberLayer and memberTier/],
    [{ madeOf: 'MEMBERS', memberLayer: 'land', memberTier: 'town' }, /memberLayer: members are grids of another layer/],
    [{ load: { measure: 'people', least: 5, most: 1 } }, /load.least/],
  ])('are refused where they make no sense: %o', async (rules, words) => {
    const { errors } = await api.askRaw(SET, { rules }, await api.as('admin', '*'));
    expect([errors![0].extensions.code, errors![0].message]).toEqual(['BAD_INPUT', expect.stringMatching(words)]);
  });

  it('of an unknown tier are NOT_FOUND', async () => {
    const query = 'mutation ($tier: String!) { setTierRules(layer: "land", tier: $tier, rules: {}) { madeOf } }';
    const { errors } = await api.askRaw(query, { tier: randomUUID() }, await api.as('admin', '*'));
    expect(errors![0].extensions.code).toBe('NOT_FOUND');
  });
});
