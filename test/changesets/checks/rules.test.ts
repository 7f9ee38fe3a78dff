import { describe, expect, it } from 'vitest';
import { checkLayer, checkTouched } from '../../../src/changesets/checks/check.ts';
import { RULES } from '../../../src/changesets/checks/rules.ts';
import type { CheckContext } from '../../../src/changesets/checks/scope.ts';
import type { DraftGrid, LayerRules } from '../../../src/changesets/territory/draftGrid.ts';
import type { Patch } from '../../../src/changesets/territory/patch.ts';
import { Territory } from '../../../src/changesets/territory/territory.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { contextOf, draftGrid, tierRules, X0, Y0 } from './nestedLayer.ts';

/** A boundary in thousands of lattice steps (about 10 m) from the corner of the town. */
function ring(...xy: number[]): Int32Array {
  return Int32Array.from(xy, (value, i) => Math.round(value * 1000) + (i % 2 === 0 ? X0 : Y0));
}
const shape = (...xy: number[]): Shape => [[ring(...xy)]];
const at = (x: number, y: number) => [X0 + 1000 * x, Y0 + 1000 * y];

const RULES_OF_TOWN: LayerRules = {
  code: 'town',
  kind: 'PARTITION',
  tiers: [
    tierRules('station', 1),
    tierRules('beat', 2, {
      scheme: 'local',
      codePattern: '[a-z]+[0-9]*',
      leastSquareMetres: 500,
      leastWidthMetres: 5,
      load: { measure: 'households', least: 100, most: 500 },
    }),
  ],
};

/** A station of two beats, side by side, each 20 × 20 (206 m by 221 m). */
const LEFT = shape(0, 0, 20, 0, 20, 20, 0, 20);
const RIGHT = shape(20, 0, 40, 0, 40, 20, 20, 20);
const STATION = shape(0, 0, 20, 0, 40, 0, 40, 20, 20, 20, 0, 20);
const GRIDS = [
  draftGrid('station', 'station', STATION),
  draftGrid('left', 'beat', LEFT, { parentId: 'station' }),
  draftGrid('right', 'beat', RIGHT, { parentId: 'station' }),
];
const BASE = Territory.of([RULES_OF_TOWN], GRIDS);

type Edit = Record<string, Partial<DraftGrid> | null>;

function edit(changes: Edit, base = BASE): { draft: Territory; patch: Patch } {
  const patch: Patch = new Map(
    Object.entries(changes).map(([id, change]) => {
      const before = base.find(id) ?? null;
      const after = change && { ...(before ?? draftGrid(id, 'beat', LEFT)), ...change };
      return [id, { before, after }];
    }),
  );
  return { draft: base.with(patch), patch };
}

/** What both checks say; they must agree, but that only the check of the layer tells every old fault. */
function check(changes: Edit, rest: Partial<CheckContext> = {}, base = BASE) {
  const { draft, patch } = edit(changes, base);
  const issues = checkLayer(draft, 'town', patch, contextOf(base, rest));
  const touched = checkTouched(draft, patch, contextOf(base, rest));
  expect(touched.filter(({ severity }) => severity !== 'INFO')).toEqual(
    issues.filter(({ severity }) => severity !== 'INFO'),
  );
  expect(issues).toEqual(expect.arrayContaining(touched));
  return issues;
}

const brief = (issues: ReturnType<typeof check>) =>
  issues.map(({ rule, severity, grids }) => `${severity} ${rule} ${grids.join()}`);

describe('a draft', () => {
  it('without changes has no issues', () => {
    expect(check({})).toEqual([]);
  });

  it('with a shared border moved on both sides has none either', () => {
    const line = [20, 0, 25, 10, 20, 20];
    const left = { shape: shape(0, 0, ...line, 0, 20) };
    const right = { shape: shape(20, 0, 40, 0, 40, 20, 20, 20, 25, 10) };
    expect(check({ left, right })).toEqual([]);
  });

  it('is told of an overlap, with the ground', () => {
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 25, 10, 20, 20, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR overlap left,right']);
    expect(issues[0].message).toMatch(/^Grid left \(left\) and Grid right \(right\) both hold 5\d\d\d m²\./);
    expect(new Set((issues[0].place as Shape)[0][0])).toEqual(new Set(ring(20, 0, 25, 10, 20, 20)));
  });

  it('is told of a gap between grids, with the ground', () => {
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 15, 10, 20, 20, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR gap left,right']);
    expect(new Set((issues[0].place as Shape)[0][0])).toEqual(new Set(ring(20, 0, 15, 10, 20, 20)));
  });

  it('is told of a gap at the rim of a parent that keeps its own border', () => {
    expect(brief(check({ left: { shape: shape(5, 0, 20, 0, 20, 20, 0, 20) } }))).toEqual(['ERROR gap left']);
    expect(brief(check({ left: null }))).toEqual(['ERROR gap right']);
  });

  it('may leave a tier out under a parent altogether', () => {
    expect(check({ left: null, right: null })).toEqual([]);
  });

  describe('around a farm that no beat divides', () => {
    const FARM = [15, 5, 20, 5, 25, 5, 25, 15, 20, 15, 15, 15];
    const around = shape(0, 0, 20, 0, 40, 0, 40, 20, 20, 20, 0, 20);
    const west = (...inner: number[]) => shape(0, 0, 20, 0, 20, 5, 15, 5, ...inner, 15, 15, 20, 15, 20, 20, 0, 20);
    const base = Territory.of(
      [RULES_OF_TOWN],
      [
        draftGrid('around', 'station', [[around[0][0], ring(...FARM)]]),
        draftGrid('farm', 'station', shape(...FARM)),
        draftGrid('west', 'beat', west(), { parentId: 'around' }),
        draftGrid('east', 'beat', shape(20, 0, 40, 0, 40, 20, 20, 20, 20, 15, 25, 15, 25, 5, 20, 5), {
          parentId: 'around',
        }),
      ],
    );

    it('is told nothing of it: the tier is absent there and misses nothing', () => {
      expect(check({}, {}, base)).toEqual([]);
      expect(check({ west: { name: 'West' } }, {}, base)).toEqual([]);
    });

    it('is told of ground that it loses beside it, however little', () => {
      const [first, ...others] = brief(check({ west: { shape: west(14.9, 10) } }, {}, base));
      expect(first).toMatch(/^ERROR (sliver|gap) .*west/);
      expect(others.filter((issue) => !issue.startsWith('INFO'))).toEqual([]);
    });
  });

  it('is told slivers from gaps and overlaps', () => {
    const overlap = check({ left: { shape: shape(0, 0, 20, 0, 20.05, 10, 20, 20, 0, 20) } });
    expect(brief(overlap)).toEqual(['ERROR sliver left,right']);
    expect(overlap[0].message).toContain('sliver of 57 m², 25.7 cm wide');
    const gap = check({ left: { shape: shape(0, 0, 20, 0, 19.95, 10, 20, 20, 0, 20) } });
    expect(brief(gap)).toEqual(['ERROR sliver left,right']);
    expect(gap[0].message).toContain('Nobody holds a sliver');
  });

  it('is told of overlap and gap where a border is moved across on one side', () => {
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 24, 5, 16, 15, 20, 20, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR gap left,right', 'ERROR overlap left,right']);
  });

  it('is told of a grid that lies within another', () => {
    const issues = check({ inner: { shape: shape(5, 5, 10, 5, 10, 10, 5, 10), parentId: 'station', codes: [] } });
    expect(brief(issues)).toEqual(['ERROR overlap inner,left', 'WARNING code_wrong inner']);
  });

  it('is told of siblings of different tiers that overlap', () => {
    const tiers = [...RULES_OF_TOWN.tiers, tierRules('block', 3)];
    const base = Territory.of([{ ...RULES_OF_TOWN, tiers }], GRIDS);
    const block = { tier: 'block', shape: shape(5, 5, 10, 5, 10, 10, 5, 10), parentId: 'station' };
    expect(brief(check({ block }, {}, base))).toEqual(['ERROR overlap block,left']);
    expect(brief(check({ block: { ...block, parentId: 'left' } }, {}, base))).toEqual([]);
  });

  it('is told of a T-junction, at the vertex', () => {
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 20, 10, 20, 20, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR t_junction left,right']);
    expect(issues[0].place).toEqual(at(20, 10));
  });

  it('is told of rings that cross, where they cross', () => {
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 20, 20, 5, 20, 15, 25, 10, 15, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR invalid_boundary left']);
    const [x, y] = issues[0].place as [number, number];
    expect([x - X0, y - Y0].every(Number.isInteger)).toBe(true);
    expect(y - Y0).toBe(20_000);
  });

  it('is told of too many vertices', () => {
    const top = Array.from({ length: 20_001 }, (_, i) => [20_000 - i, 20_000]).flat();
    const dense = Int32Array.from([0, 0, 20_000, 0, ...top], (value, i) => value + (i % 2 === 0 ? X0 : Y0));
    const base = Territory.of([{ ...RULES_OF_TOWN, kind: 'OVERLAY' }], [{ ...GRIDS[1], parentId: null }]);
    expect(brief(check({ left: { shape: [[dense]] } }, {}, base))).toEqual(['ERROR too_many_vertices left']);
  });

  it('is told of children outside their parent', () => {
    const far = { shape: shape(40, 0, 60, 0, 60, 20, 40, 20), parentId: 'left' };
    expect(brief(check({ far: { ...far, codes: [{ scheme: 'local', code: 'far' }] } }))).toEqual(
      ['ERROR not_nested far,left', 'ERROR missing_parent far'].sort((a, b) => (a < b ? -1 : 1)),
    );
    const issues = check({ station: { shape: shape(0, 0, 20, 0, 39, 0, 39, 20, 20, 20, 0, 20) } });
    expect(brief(issues)).toEqual(['ERROR not_nested right,station', 'WARNING ground_lost station']);
    expect(issues[0].message).toMatch(/leaves its parent .* by 22\d\d m², 5\.00 % of its area/);
    expect(check({ station: { shape: shape(0, 0, 20, 0, 40, 0, 39.985, 20, 20, 20, 0, 20) } })[0].rule).toBe(
      'ground_lost',
    );
  });

  it('is told of parents that end, are unknown or not above', () => {
    expect(brief(check({ station: null }))).toEqual([
      'ERROR missing_parent left',
      'ERROR missing_parent right',
      'WARNING ground_lost ',
    ]);
    const [unknown] = check({ left: { parentId: 'nobody' } });
    expect(unknown.message).toContain('nobody is not known');
    expect(brief(check({ left: { parentId: 'right' } }))).toEqual([
      'ERROR missing_parent left',
      'ERROR not_nested left,right',
    ]);
  });

  it('is told of several parts, also when they meet in a point', () => {
    const parts: Shape = [[ring(0, 0, 20, 0, 20, 10, 10, 10, 0, 10)], [ring(0, 20, 10, 10, 20, 20)]];
    const issues = check({ left: { shape: parts } });
    expect(brief(issues)).toContain('WARNING not_contiguous left');
    expect(brief(issues).filter((each) => each.includes('gap'))).toHaveLength(2);
  });

  it('is told of what is too small or too thin', () => {
    const right = { shape: [[RIGHT[0][0], ring(25, 5, 25, 7, 27, 7, 27, 5)]] };
    const inner = {
      shape: shape(25, 5, 27, 5, 27, 7, 25, 7),
      parentId: 'station',
      codes: [{ scheme: 'local', code: 'in' }],
    };
    expect(brief(check({ right, inner }))).toEqual(['WARNING too_small inner']);
    const dot = (half: number) => ({
      shape: [[RIGHT[0][0], ring(25, 5, 25, 5 + half, 25 + half, 5 + half, 25 + half, 5)]],
    });
    const speck = { ...inner, shape: shape(25, 5, 25.2, 5, 25.2, 5.2, 25, 5.2) };
    expect(brief(check({ right: dot(0.2), inner: speck }))).toEqual([
      'ERROR too_small inner',
      'WARNING too_thin inner',
    ]);
    const strip = { ...inner, shape: shape(25, 5, 25.4, 5, 25.4, 18, 25, 18) };
    const slit = { shape: [[RIGHT[0][0], ring(25, 5, 25, 18, 25.4, 18, 25.4, 5)]] };
    expect(brief(check({ right: slit, inner: strip }))).toEqual(['WARNING too_thin inner']);
  });

  it('is told of codes that are missing, wrong or doubled', () => {
    expect(brief(check({ left: { codes: [] } }))).toEqual(['WARNING code_wrong left']);
    expect(brief(check({ left: { codes: [{ scheme: 'local', code: 'LEFT' }] } }))).toEqual(['ERROR code_wrong left']);
    expect(brief(check({ left: { codes: [{ scheme: 'local', code: 'right' }] } }))).toEqual([
      'ERROR code_doubled left,right',
    ]);
    expect(brief(check({ left: { codes: [...GRIDS[1].codes, { scheme: 'other', code: 'right' }] } }))).toEqual([]);
  });

  it('is told of grids outside the area of its editor, also of those that end', () => {
    const isInArea = (id: string) => id !== 'left';
    expect(brief(check({ left: { name: 'New' } }, { isInArea }))).toEqual(['ERROR outside_area left']);
    expect(brief(check({ left: null, right: null }, { isInArea }))).toEqual(['ERROR outside_area left']);
  });

  it('is told of vacancies that it makes, with the roles', () => {
    const listVacantRoles = (grid: DraftGrid) => (grid.name === 'New' ? ['grid worker', 'mediator'] : []);
    const issues = check({ left: { name: 'New' } }, { listVacantRoles });
    expect(brief(issues)).toEqual(['WARNING post_without_holder left']);
    expect(issues[0].message).toContain('grid worker, mediator');
  });

  it('is told of the latest load outside the band', () => {
    const figure = (value: number, date: string) => ({ measure: 'households', value, date, source: 'census' });
    const issues = check({ left: { loads: [figure(700, '2025-01-01'), figure(300, '2020-01-01')] } });
    expect(brief(issues)).toEqual(['WARNING load_outside_band left']);
    expect(issues[0].message).toContain('700 households (2025-01-01); tier beat asks for 100 to 500');
    expect(check({ left: { loads: [figure(700, '2020-01-01'), figure(300, '2025-01-01')] } })).toEqual([]);
  });

  it('is told where the outer border recedes in all tiers', () => {
    const dent = [5, 0, 10, 5, 15, 0];
    const issues = check({
      left: { shape: shape(0, 0, ...dent, 20, 0, 20, 20, 0, 20) },
      station: { shape: shape(0, 0, ...dent, 20, 0, 40, 0, 40, 20, 20, 20, 0, 20) },
    });
    expect(brief(issues)).toEqual(['WARNING ground_lost station']);
    expect(new Set((issues[0].place as Shape)[0][0])).toEqual(new Set(ring(...dent)));
  });

  it('is told of derived grids that are not the union of their members', () => {
    const tiers = [tierRules('station', 1, { source: 'CHILDREN' }), RULES_OF_TOWN.tiers[1]];
    const patrol: LayerRules = {
      code: 'patrol',
      kind: 'OVERLAY',
      tiers: [tierRules('round', 1, { source: { layer: 'town', tier: 'beat' } })],
    };
    const round = draftGrid('round', 'round', LEFT, { layer: 'patrol', memberIds: ['left'] });
    const base = Territory.of([{ ...RULES_OF_TOWN, tiers }, patrol], [...GRIDS, round]);
    const { draft, patch } = edit({ left: { shape: shape(0, 0, 20, 0, 25, 10, 20, 20, 0, 20) } }, base);
    expect(brief(checkTouched(draft, patch, contextOf(base)))).toEqual([
      'ERROR derived_differs round',
      'ERROR overlap left,right',
    ]);
    const wider = edit({ station: { shape: shape(0, 0, 20, 0, 45, 0, 40, 20, 20, 20, 0, 20) } }, base);
    expect(brief(checkTouched(wider.draft, wider.patch, contextOf(base)))).toEqual(['ERROR derived_differs station']);
    const empty = edit({ round: { memberIds: [] } }, base);
    expect(brief(checkTouched(empty.draft, empty.patch, contextOf(base)))).toEqual(['ERROR derived_differs round']);
  });

  it('is not held up by faults that were there before it', () => {
    const faulty = edit({
      left: { shape: shape(0, 0, 20, 0, 25, 10, 20, 20, 0, 20), codes: [] },
      right: {
        shape: shape(20, 0, 40, 0, 40, 20, 20, 20),
        loads: [{ measure: 'households', value: 9, date: '2025-01-01', source: '' }],
      },
    }).draft;
    const issues = check({ left: { name: 'New' }, right: { name: 'Newer' } }, {}, faulty);
    expect(brief(issues)).toEqual(expect.arrayContaining(['INFO code_wrong left', 'INFO load_outside_band right']));
    expect(issues.every(({ severity }) => severity === 'INFO')).toBe(true);
    expect(issues[0].message).toContain('It was so before this draft');
    const whole = checkLayer(faulty, 'town', new Map(), contextOf(faulty));
    expect(brief(whole)).toContain('INFO overlap left,right');
  });

  it('may fill an old gap in part without being told that the rest is new', () => {
    const gappy = edit({ left: { shape: shape(0, 0, 20, 0, 10, 10, 20, 20, 0, 20) } }).draft;
    const issues = check({ left: { shape: shape(0, 0, 20, 0, 15, 10, 20, 20, 0, 20) } }, {}, gappy);
    expect(brief(issues)).toEqual(['INFO gap left,right']);
  });

  it('gives an issue the same id in every run, and another one elsewhere', () => {
    const one = check({ left: { shape: shape(0, 0, 20, 0, 25, 10, 20, 20, 0, 20) } });
    const turned = check({ left: { shape: shape(20, 20, 0, 20, 0, 0, 20, 0, 25, 10) } });
    const other = check({ left: { shape: shape(0, 0, 20, 0, 26, 10, 20, 20, 0, 20) } });
    expect(turned[0].id).toBe(one[0].id);
    expect(other[0].id).not.toBe(one[0].id);
  });
});

describe('the table of rules', () => {
  it('gives each of 18 rules a severity and a meaning', () => {
    expect(Object.keys(RULES)).toHaveLength(18);
    for (const { meaning } of Object.values(RULES)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
});
