import type { GridDraft } from '../../src/grids/territory.type.ts';
import { drawGrid, type Rectangle } from '../grids/squareGrids.ts';
import { appoint, makePerson, makePost } from '../posts/postsFixture.ts';
import { midnight, type Town } from './demoTown.ts';

const ROWS = 3;
const COLUMNS = 47;
/** On this day some villages end and others begin. */
const DIVIDED = midnight('2026-01-01');

/** A figure of a census that is invented, of a place and not of people. */
const told = (measure: string, value: number, date: string) => ({ measure, value, date, source: '年度统计（虚构）' });

/** Squared paper beside the demo town, with a tree of its own: what is published on it disturbs nobody. */
export interface Paper {
  readonly region: GridDraft;
  /** 141 villages until 2025; on each of three spots two end in 2026 and become three. */
  readonly many: {
    readonly county: GridDraft;
    readonly lasting: readonly GridDraft[];
    readonly ended: readonly GridDraft[];
    readonly begun: readonly GridDraft[];
  };
  /** Two villages of two grids each. */
  readonly border: {
    readonly county: GridDraft;
    readonly villages: readonly GridDraft[];
    readonly grids: readonly GridDraft[];
  };
  /** Three villages of 12, 10 and 6 grids. */
  readonly station: {
    readonly county: GridDraft;
    readonly villages: readonly GridDraft[];
    readonly grids: readonly GridDraft[];
  };
}

function drawPaper(): Paper {
  const draw = (tier: string, code: string, on: Rectangle, more: Parameters<typeof drawGrid>[3] = {}) =>
    drawGrid(`paper/${tier}`, code, on, more);
  const region = draw('region', 'TJ', [0, 0, 60, 6], { name: '统计区' });
  const county = (code: string, on: Rectangle, name: string) => draw('county', code, on, { parent: region, name });

  const first = county('TJ1', [0, 0, COLUMNS, ROWS], '零案县');
  const square = (row: number, column: number, more = {}) =>
    draw('village', `TJ1-${row}-${column}`, [column, row, 1, 1], { parent: first, ...more });
  const lasting: GridDraft[] = [];
  const ended: GridDraft[] = [];
  const begun: GridDraft[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 2; column < COLUMNS; column++) lasting.push(square(row, column));
    for (const column of [0, 1]) ended.push(square(row, column, { validTo: DIVIDED }));
    for (const [column, width] of [
      [0, 0.6],
      [0.6, 0.8],
      [1.4, 0.6],
    ]) {
      const on: Rectangle = [column, row, width, 1];
      begun.push(draw('village', `TJ1-${row}-N${column}`, on, { parent: first, validFrom: DIVIDED }));
    }
  }

  const second = county('TJ2', [48, 0, 4, 2], '界河县');
  const villages = ['东河村', '西河村'].map((name, i) =>
    draw('village', `TJ2-${i}`, [48 + 2 * i, 0, 2, 2], { parent: second, name }),
  );
  const grids = [0, 1, 2, 3].map((i) =>
    draw('grid', `TJ2-G${i}`, [48 + i, 0, 1, 2], { parent: villages[Math.floor(i / 2)] }),
  );
  return {
    region,
    many: { county: first, lasting, ended, begun },
    border: { county: second, villages, grids },
    station: drawStation(region),
  };
}

/** 300,000 people, 80,000 of them floating, as of the end of 2023; no figure of a village is newer. */
function drawStation(region: GridDraft): Paper['station'] {
  const county = drawGrid('paper/county', 'TJ3', [0, 4, 28, 1], { parent: region, name: '城关县' });
  const wide = [12, 10, 6];
  const [people, floating] = [
    [150_000, 100_000, 50_000],
    [50_000, 20_000, 10_000],
  ];
  const villages = wide.map((width, i) => {
    const column = wide.slice(0, i).reduce((sum, each) => sum + each, 0);
    const loads = [told('population', people[i], '2023-12-31'), told('floating', floating[i], '2023-12-31')];
    const older = told('population', people[i] - 10_000, '2020-12-31');
    const drawn = { parent: county, name: `城关${i + 1}村`, loads: [older, ...loads] };
    return drawGrid('paper/village', `TJ3-${i}`, [column, 4, width, 1], drawn);
  });
  const grids = villages.flatMap((parent, i) =>
    Array.from({ length: wide[i] }, (_, at) => {
      const column = wide.slice(0, i).reduce((sum, each) => sum + each, at);
      return drawGrid('paper/grid', `TJ3-${i}-${at}`, [column, 4, 1, 1], { parent });
    }),
  );
  return { county, villages, grids };
}

/** Publishes the paper; all but the last grid of the station have an officer. */
export async function openPaper({ api, publish }: Town): Promise<Paper> {
  const paper = drawPaper();
  const { grids, posts } = api.app.writers;
  const { region, many, border, station } = paper;
  await publish('Squared paper', async (trx, edition) => {
    await grids.insertLayer(trx, edition, { code: 'paper', name: '统计区划', kind: 'PARTITION' });
    for (const [i, code] of ['region', 'county', 'village', 'grid'].entries()) {
      await grids.insertTier(trx, edition, { layer: 'paper', code, name: code, rank: i + 1 });
    }
    await grids.insertGrids(trx, edition, [
      region,
      ...[many, border, station].map(({ county }) => county),
      ...[...many.lasting, ...many.ended, ...many.begun, ...border.villages, ...station.villages],
      ...[...border.grids, ...station.grids],
    ]);
    const tiers = [{ layer: 'paper', tier: 'grid', required: true }];
    const role = { code: 'paper_officer', name: '统计民警', answersAs: null, position: 90, categories: [], tiers };
    await posts.insertRoles(trx, edition, [role]);
    const seats = station.grids.map(({ id }) => makePost(role.code, id));
    const people = seats.slice(0, -1).map((_, i) => makePerson(`统计民警${i + 1}`));
    await posts.insertPeople(trx, edition, people);
    await posts.insertPosts(trx, edition, seats);
    await posts.insertAppointments(
      trx,
      edition,
      people.map((person, i) => appoint(seats[i], person)),
    );
  });
  return paper;
}
