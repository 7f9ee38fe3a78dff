import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { importGrids } from '../../src/cli/exchange.ts';
import { arrange, linesOf, nodeInto } from '../../src/geometry/arrangement.ts';
import { dissolve } from '../../src/geometry/coverage.ts';
import { shapeToGeoJson } from '../../src/geometry/geojson.ts';
import type { Shape } from '../../src/geometry/polygon.ts';
import { DATA } from '../exchange/openExchange.ts';
import { isAtHand } from '../geometry/sharedData.ts';
import { type Answer, type Api, openApi } from '../support/api.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { inBatches } from './openHouse.ts';

/** Most incidents of these neighbourhoods in 2018 are labelled D54, which the map of divisions has within D55 by now. */
const OF_D54 = ['43', '44', '54', '57', '58', '59', '60', '61', '66', '67'];
const MERGED_AT = '2020-01-01T00:00:00-05:00';
const BEFORE = '2018-07-01T00:00:00-04:00';
const AFTER = '2021-07-01T00:00:00-04:00';

let api: Api;
let d54: Incident[];
let others: Incident[];

interface Incident {
  readonly division: string;
  readonly point: { readonly lon: number; readonly lat: number };
}

async function importFile(file: string, layer: string, tier: string, fields: readonly [string, string]): Promise<void> {
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const options = { layer, tier, codeField: fields[0], nameField: fields[1], create: 'partition', commit: true };
  try {
    const chosen = options as Parameters<typeof importGrids>[2];
    expect(await importGrids(api.app, `${DATA}/${file}`, chosen, () => {})).toBe(0);
  } finally {
    stdout.mockRestore();
  }
}

function shapeOf(code: string, scheme: string): Shape {
  const { app } = api;
  const moment = { asOf: Date.parse(BEFORE), edition: app.editions.latest };
  return app.finder.findByCode(code, scheme, moment)!.shape;
}

/** What neighbourhoods of D54 and the division D55 have in common: D54 as it was, as far as the data tells. */
function formerD54(): object {
  const hoods = dissolve(OF_D54.map((code) => shapeOf(code, 'hood')));
  const division = shapeOf('D55', 'police');
  const noding = nodeInto(linesOf(hoods), [division, hoods]);
  const { faces } = arrange([noding.replace(division), noding.replace(hoods)]);
  const common = faces.filter(({ holders }) => holders.length === 2).map(({ polygon }): Shape => [polygon]);
  return shapeToGeoJson(dissolve(common));
}

const SHOWN = '{ id revision status edition { number } issues { id rule severity message } }';

/** Draws, waives what is only a warning, has it approved by somebody else, and publishes it as history. */
async function publishAsHistory(title: string, ops: readonly object[], effectiveAt: string): Promise<void> {
  const [editor, reviewer] = [await api.as('gis_editor', '*'), await api.as('admin', '*')];
  const { openChangeset } = await api.ask(
    `mutation ($title: String!) { openChangeset(title: $title) ${SHOWN} }`,
    { title },
    editor,
  );
  const { id } = openChangeset;
  const act = async (field: string, more: string, types: string, values: object, by = editor) =>
    (await api.ask(`mutation ($id: ID!${types}) { ${field}(id: $id${more}) ${SHOWN} }`, { id, ...values }, by))[field];
  const revised = ', expectedRevision: $r';
  let draft = await act('applyToChangeset', `${revised}, ops: $ops`, ', $r: Int!, $ops: [BoundaryOp!]!', {
    r: openChangeset.revision,
    ops,
  });
  for (const issue of draft.issues.filter(({ severity }: Answer) => severity === 'WARNING')) {
    const values = { r: draft.revision, issue: issue.id, reason: 'As the city decided.' };
    draft = await act(
      'waiveIssue',
      `${revised}, issueId: $issue, reason: $reason`,
      ', $r: Int!, $issue: ID!, $reason: String!',
      values,
    );
  }
  await act('submitChangeset', revised, ', $r: Int!', { r: draft.revision });
  await act('approveChangeset', '', '', {}, reviewer);
  const done = await act('publishChangeset', ', effectiveAt: $at', ', $at: DateTime', { at: effectiveAt }, reviewer);
  expect(done.status).toBe('PUBLISHED');
}

/** The division that answers for each incident on a day. */
async function divisionsOn(asOf: string, incidents: readonly Incident[]): Promise<(string | undefined)[]> {
  const query = `query ($at: [PlaceInput!]!, $asOf: DateTime) { ownerships(at: $at, asOf: $asOf) {
    layers { layer { code } grid { code } } } }`;
  const found: (string | undefined)[] = [];
  for (const batch of inBatches(incidents, 1000)) {
    const { ownerships } = await api.ask(query, { at: batch.map(({ point }) => ({ point })), asOf });
    for (const { layers } of ownerships) {
      found.push(layers.find((each: Answer) => each.layer.code === 'police').grid?.code);
    }
  }
  return found;
}

describe.runIf(isAtHand('toronto'))(
  'Toronto, D54 merged into D55 by changesets as history (needs ../shared/data)',
  () => {
    beforeAll(async () => {
      await emptyTables((await openTestDatabase()).db);
      api = await openApi();
      await importFile('toronto/police_divisions.geojson', 'police', 'division', ['DIV', 'UNIT_NAME']);
      await importFile('toronto/neighbourhoods_140.geojson', 'hood', 'neighbourhood', ['AREA_SHORT_CODE', 'AREA_NAME']);
      const rows: Record<string, string>[] = parse(readFileSync(`${DATA}/toronto/mci_2018.csv`), {
        columns: true,
        bom: true,
      });
      const incidents = rows.map(({ division, longitude, latitude }) => ({
        division,
        point: { lon: Number(longitude), lat: Number(latitude) },
      }));
      d54 = incidents.filter(({ division }) => division === 'D54');
      others = incidents.filter(({ division }) => ['D41', 'D51', 'D53', 'D55'].includes(division));
    });
    afterAll(() => api?.close());

    it("asOf answers the D54 incidents with D54 before the merger and with D55 after it, and nobody else's change hands", async () => {
      const drawn = await divisionsOn(BEFORE, d54);
      const neighbours = await divisionsOn(BEFORE, others);
      expect(drawn).not.toContain('D54');
      const d55 = api.app.finder.findByCode('D55', 'police', {
        asOf: Date.parse(BEFORE),
        edition: api.app.editions.latest,
      })!;
      const create = { layer: 'police', tier: 'division', code: 'D54', name: '54 Division', boundary: formerD54() };
      await publishAsHistory('D54 as it was', [{ create }], new Date(d55.validFrom).toISOString());
      const { id } = (await api.ask('{ grid(code: "D54", scheme: "police") { id } }')).grid;
      await publishAsHistory(
        'D54 goes to D55',
        [{ merge: { grids: [id, d55.grid.id], into: d55.grid.id } }],
        MERGED_AT,
      );

      const before = await divisionsOn(BEFORE, d54);
      const after = await divisionsOn(AFTER, d54);
      // Those that lie in what is D55 today are the ones the map can say anything about.
      const within = drawn.flatMap((code, i) => (code === 'D55' ? [i] : []));
      const right = within.filter((i) => before[i] === 'D54');
      console.log(
        `D54: ${d54.length} labelled, ${within.length} in D55 as drawn, ${right.length} answered D54 before the merger`,
      );
      expect(right.length / within.length).toBeGreaterThan(0.9);
      expect(within.filter((i) => after[i] !== 'D55')).toEqual([]);
      expect(after).toEqual(drawn);

      const then = await divisionsOn(BEFORE, others);
      expect(await divisionsOn(AFTER, others)).toEqual(neighbours);
      expect(then.filter((code, i) => code !== neighbours[i] && !(code === 'D54' && neighbours[i] === 'D55'))).toEqual(
        [],
      );
      const { grid } = await api.ask(
        'query ($id: ID!, $asOf: DateTime) { grid(id: $id, asOf: $asOf) { code validTo successors { how at to { code } } } }',
        { id, asOf: BEFORE },
      );
      expect([grid.code, new Date(grid.validTo)]).toEqual(['D54', new Date(MERGED_AT)]);
      expect(grid.successors).toEqual([{ how: 'MERGED', at: new Date(MERGED_AT).toISOString(), to: { code: 'D55' } }]);
    });
  },
);
