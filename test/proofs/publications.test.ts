import { setTimeout as delay } from 'node:timers/promises';
import { execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC } from '../../src/access/viewer.ts';
import { drawGrid, openPaper, placeAt, publishGrids } from '../grids/squareGrids.ts';
import type { Answer, Api } from '../support/api.ts';

/** The issue asks for 200 beside 10,000 lookups a second: PUBLICATIONS=200 PUBLICATION_LOOKUPS=10000. */
const PUBLICATIONS = Number(process.env.PUBLICATIONS ?? 12);
const LOOKUPS_A_SECOND = Number(process.env.PUBLICATION_LOOKUPS ?? 2_000);
/** Places asked in one request. */
const PLACES = 50;
const BORDERS = [2, 2.5] as const;

let api: Api;
let now = new Date('2026-06-01T00:00:00Z');
let editor: Record<string, string>;
let reviewer: Record<string, string>;
const grids: Record<string, string> = {};
/** Edition → where the border is: 0 or 1. */
const borderIn = new Map<number, 0 | 1>();

beforeAll(async () => {
  const towns = [drawGrid('land/town', 'TA', [0, 0, 2, 4]), drawGrid('land/town', 'TB', [2, 0, 2, 4])];
  const villages = [
    drawGrid('land/village', 'A', [0, 0, 2, 4], { parent: towns[0] }),
    drawGrid('land/village', 'B', [2, 0, 2, 4], { parent: towns[1] }),
  ];
  for (const grid of [...towns, ...villages]) grids[grid.codes[0].code] = grid.id;
  const layer = { code: 'land', kind: 'PARTITION' as const, tiers: ['town', 'village'] };
  api = await openPaper([layer], ['local'], () => now);
  await publishGrids(api, [...towns, ...villages]);
  editor = await api.as('gis_editor', '*');
  reviewer = await api.as('admin', '*');
});
afterAll(() => api?.close());

const SHOWN = '{ id revision edition { number } issues { id rule severity message } }';

/** Moves the border of the two towns and villages to its other place, by a whole changeset. */
async function publish(to: 0 | 1): Promise<number> {
  const [from, there] = to === 1 ? BORDERS : [BORDERS[1], BORDERS[0]];
  const ops = [0, 4].map((row) => {
    const [a, b] = [placeAt(from, row), placeAt(there, row)];
    return { moveVertex: { layer: 'land', from: [a.lon, a.lat], to: [b.lon, b.lat] } };
  });
  const opened = (await api.ask(`mutation { openChangeset(title: "Border ${to}") ${SHOWN} }`, {}, editor))
    .openChangeset;
  const apply = `mutation ($id: ID!, $r: Int!, $ops: [BoundaryOp!]!) { applyToChangeset(id: $id, expectedRevision: $r, ops: $ops) ${SHOWN} }`;
  const { id } = opened;
  const { applyToChangeset } = await api.ask(apply, { id, r: opened.revision, ops }, editor);
  const submit = `mutation ($id: ID!, $r: Int!) { submitChangeset(id: $id, expectedRevision: $r) { id } }`;
  await api.ask(submit, { id, r: applyToChangeset.revision }, editor);
  await api.ask('mutation ($id: ID!) { approveChangeset(id: $id) { id } }', { id }, reviewer);
  const { publishChangeset } = await api.ask(
    `mutation ($id: ID!) { publishChangeset(id: $id) ${SHOWN} }`,
    { id },
    reviewer,
  );
  return publishChangeset.edition.number;
}

const QUERY = `query ($at: [PlaceInput!]!) { ownerships(at: $at) { edition layers { grid { code } chain { code } } } }`;
const DOCUMENT = parse(QUERY);
const BETWEEN = Array.from({ length: PLACES }, (_, i) => ({
  point: placeAt(BORDERS[0] + 0.05 + (0.4 * (i % 20)) / 20, 0.5 + (3 * i) / PLACES),
}));

/** Asks for places between the two borders. */
async function look(): Promise<Answer[]> {
  const contextValue = { viewer: PUBLIC, requestId: 'lookup', log: { error: () => {} } };
  const { data, errors } = await execute({
    ...{ schema: api.app.schema, document: DOCUMENT, contextValue },
    variableValues: { at: BETWEEN },
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return (data as Answer).ownerships;
}

/** What the answers of one request say: each edition with each chain that was given under it. */
const saidIn = (answers: readonly Answer[]) => [
  ...new Set(
    answers.map(({ edition, layers: [{ chain }] }) => `${edition}: ${chain.map((grid: Answer) => grid.code).join()}`),
  ),
];
/** The one right thing to say. */
const rightIn = (edition: number) => `${edition}: ${borderIn.get(edition) === 1 ? 'A,TA' : 'B,TB'}`;
/** Answers that mix editions, or say of an edition what it never was. */
const faultsIn = (said: readonly (readonly string[])[]) =>
  said.filter((each) => each.length !== 1 || each[0] !== rightIn(Number.parseInt(each[0], 10)));

describe('publications while others look up', () => {
  it(`${PUBLICATIONS} changesets beside ${LOOKUPS_A_SECOND} lookups a second: no answer mixes editions, and the publisher's next request sees each`, async () => {
    const { editions } = api.app;
    borderIn.set(editions.latest, 0);
    let publishing = true;
    const said: string[][] = [];
    const began = performance.now();
    const looking = (async () => {
      for (let asked = 0; publishing; asked += PLACES) {
        said.push(saidIn(await look()));
        await delay(Math.max(0, began + (asked * 1000) / LOOKUPS_A_SECOND - performance.now()));
      }
    })();
    const took: number[] = [];
    for (let i = 0; i < PUBLICATIONS; i += 1) {
      now = new Date(now.getTime() + 1_000);
      const to = i % 2 === 0 ? 1 : 0;
      const started = performance.now();
      const edition = await publish(to);
      took.push(performance.now() - started);
      borderIn.set(edition, to);
      expect(saidIn(await look())).toEqual([rightIn(edition)]);
    }
    publishing = false;
    await looking;
    const seconds = (performance.now() - began) / 1000;
    expect(faultsIn(said)).toEqual([]);
    expect(said.length).toBeGreaterThan(1);
    const median = took.sort((a, b) => a - b)[took.length >> 1];
    console.log(
      `${PUBLICATIONS} publications, median ${median.toFixed(0)} ms from opening to edition; ${((said.length * PLACES) / seconds).toFixed(0)} lookups/s`,
    );
  });

  it('a reader that shows an edition by halves is found out by the same judgement', async () => {
    const { latest } = api.app.editions;
    const whole = await look();
    now = new Date(now.getTime() + 1_000);
    const edition = await publish(borderIn.get(latest) === 1 ? 0 : 1);
    borderIn.set(edition, borderIn.get(latest) === 1 ? 0 : 1);
    const later = await look();
    const [torn, relabelled] = [
      [...whole.slice(0, 10), ...later.slice(10)],
      whole.map((answer) => ({ ...answer, edition })),
    ];
    expect(faultsIn([saidIn(whole), saidIn(later)])).toEqual([]);
    expect(faultsIn([saidIn(torn)])).toHaveLength(1);
    expect(faultsIn([saidIn(relabelled)])).toHaveLength(1);
  });
});
