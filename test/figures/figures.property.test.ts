import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemViewer } from '../../src/access/viewer.ts';
import type { Counts, Measure } from '../../src/figures/counting/counts.ts';
import { drawGrid, openPaper, publishGrids } from '../grids/squareGrids.ts';
import type { Api } from '../support/api.ts';
import { Figuring } from './figureWorld.ts';
import { insertMatters } from './insertMatters.ts';
import {
  DAY,
  type PaperMatter,
  type Question,
  type RandomTree,
  REDRAW,
  randomMatters,
  randomQuestion,
  randomTree,
  SlowFigures,
  type Twin,
} from './randomFigures.ts';

const NOW = REDRAW + 5 * DAY + DAY / 2;
const WORLDS = Number(process.env.FIGURE_WORLDS ?? 2);
const QUESTIONS = Number(process.env.FIGURE_QUESTIONS ?? 25);
const SIZE = Number(process.env.FIGURE_MATTERS ?? 60);
const CONTEXT = { viewer: systemViewer('test'), requestId: 'test', log: { error: () => {} } };
const COMPARED: readonly Measure[] = [
  'reported',
  'found',
  'settled',
  'closed',
  'open',
  'tasksIssued',
  'tasksInTime',
  'tasksLate',
];

interface World {
  readonly tree: RandomTree;
  readonly matters: readonly PaperMatter[];
  readonly questions: readonly Question[];
}

const NO_TREE = { code: 'gov', kind: 'PARTITION', tiers: ['city', 'county', 'village'] } as const;

async function openWorld(tree: RandomTree): Promise<Api> {
  const api = await openPaper([NO_TREE], ['local'], () => new Date(NOW));
  const { writers, editions } = api.app;
  const [before, after] = tree.villages;
  const city = { ...drawGrid('gov/city', 'city', [0, 0, 36, 10]), id: tree.city };
  const counties = tree.counties.map((id, i) => ({
    ...drawGrid('gov/county', `k${i}`, [i * 12, 0, 12, 10], { parent: city }),
    id,
  }));
  const village = ({ id, code, county, west, east }: (typeof before)[number]) => ({
    ...{ ...drawGrid('gov/village', code, [west, 0, east - west, 10], { parent: counties[county] }), id },
  });
  await publishGrids(api, [city, ...counties, ...before.map(village)]);
  const from = new Date(REDRAW);
  const known = new Set(before.map(({ id }) => id));
  await editions.publish('Redraw', async (trx, edition) => {
    const kept = after.filter(({ id }) => known.has(id));
    await writers.grids.retireGrids(trx, edition, [...tree.heirs.keys()], from);
    await writers.grids.reviseGrids(
      trx,
      edition,
      kept.map((each) => ({ gridId: each.id, from, set: { boundary: village(each).boundary } })),
    );
    const made = after.filter(({ id }) => !known.has(id)).map((each) => ({ ...village(each), validFrom: from }));
    await writers.grids.insertGrids(trx, edition, made);
    const links = [...tree.heirs].flatMap(([id, heirs]) =>
      heirs.map((heir) => ({ from: id, to: heir.id, how: 'SPLIT' as const })),
    );
    await writers.grids.insertLineage(trx, edition, links, from);
  });
  return api;
}

const said = (counts: Readonly<Counts>) => COMPARED.map((measure) => counts[measure]);

/** Answers of the database and of the slow way, right and wrong, one for each question. */
async function askBoth({ tree, matters, questions }: World, twins: readonly Twin[]) {
  const api = await openWorld(tree);
  try {
    await insertMatters(api.app, matters);
    const world = new Figuring(api.app, () => new Date(NOW));
    const answers = [];
    for (const question of questions) {
      const { from, days, boundary, county } = question;
      const figures = await world.figures.figures(CONTEXT, {
        within: county === null ? tree.city : tree.counties[county],
        ...{
          from: new Date(from),
          to: new Date(from + days * DAY),
          by: 'village',
          campaign: null,
          categories: [],
          origin: null,
        },
        boundaryDate: boundary === null ? null : new Date(boundary),
      });
      const codeOf = new Map(tree.villages.flat().map(({ id, code }) => [id, code]));
      const rows = Object.fromEntries(
        figures.rows.map(({ grid, counts }) => [grid ? codeOf.get(grid.grid.id)! : '', said(counts)]),
      );
      const total = said(figures.total);
      const slow = twins.map((twin) => new SlowFigures(tree, matters, NOW, twin).figures(question));
      answers.push({ rows: figures.rows.length === 0 ? { '': total } : rows, total, slow });
    }
    await digestsAgree(world, tree);
    return answers;
  } finally {
    await api.close();
  }
}

/** Digests of days sum to those of weeks and months, and their parts to the whole. */
async function digestsAgree(world: Figuring, tree: RandomTree): Promise<void> {
  const ask = (day: string, period: 'DAY' | 'WEEK') =>
    world.digests.digest(CONTEXT, { within: tree.city, day, period, by: 'county', categories: [] });
  const happened = (counts: Readonly<Counts>) => [
    counts.reported,
    counts.found,
    counts.closed,
    counts.tasksIssued,
    counts.tasksDue,
    counts.tasksLate,
  ];
  const plus = (parts: readonly number[][]) => parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0));
  const week = await ask('2026-01-01', 'WEEK');
  const alone = [];
  for (const { day } of week.days) alone.push(happened((await ask(day, 'DAY')).total));
  expect(plus(alone)).toEqual(happened(week.total));
  expect(week.days.map(({ counts }) => happened(counts))).toEqual(alone);
  expect(plus(week.rows.map(({ counts }) => happened(counts)))).toEqual(happened(week.total));
}

const worlds = randomTree.chain((tree) =>
  fc.record({
    tree: fc.constant(tree),
    // The number of a layer is given by the emptied database: the first is 1.
    matters: randomMatters(tree, 1, SIZE),
    questions: fc.array(randomQuestion, { minLength: QUESTIONS, maxLength: QUESTIONS }),
  }),
);

describe('figures of random trees, redraws, matters and questions', () => {
  it('are those worked out one by one, parts sum to the whole, and three wrong ways are found out', async () => {
    const TWINS = ['NONE', 'TWICE', 'TODAY', 'UTC'] as const;
    const wrong = new Map<Twin, number>(TWINS.map((twin) => [twin, 0]));
    for (const world of fc.sample(worlds, WORLDS)) {
      for (const { rows, total, slow } of await askBoth(world, TWINS)) {
        expect(rows).toEqual(slow[0]);
        expect(COMPARED.map((_, i) => Object.values(rows).reduce((sum, row) => sum + row[i], 0))).toEqual(total);
        for (const [i, twin] of TWINS.entries()) {
          if (JSON.stringify(sorted(rows)) !== JSON.stringify(sorted(slow[i]))) wrong.set(twin, wrong.get(twin)! + 1);
        }
      }
    }
    expect(wrong.get('NONE')).toBe(0);
    for (const twin of ['TWICE', 'TODAY', 'UTC'] as const) expect(wrong.get(twin), twin).toBeGreaterThan(WORLDS);
  });
});

const sorted = (rows: Record<string, number[]>) => Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1));
