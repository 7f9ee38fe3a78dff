import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkLayer } from '../../../src/changesets/checks/check.ts';
import { squareMetresOf } from '../../../src/changesets/checks/ground/measure.ts';
import { isPoint } from '../../../src/changesets/checks/issue.ts';
import { shapeValue } from '../../../src/db/postgis.ts';
import type { Shape } from '../../../src/geometry/polygon.ts';
import { openTestDatabase } from '../../support/database.ts';
import { PLAN, plantDefects } from './defectBatch.ts';
import type { DefectKind } from './defects.ts';
import { nestedLayer } from './nestedLayer.ts';

const ROUNDS = Number(process.env.ORACLE_ROUNDS ?? 2);
const GEOMETRIC: readonly DefectKind[] = [
  'invalid_boundary',
  'overlap',
  'sliver_overlap',
  'gap',
  'sliver_gap',
  't_junction',
  'not_nested',
  'rim_gap',
];

const base = nestedLayer(PLAN);
let ask: (query: ReturnType<typeof sql<{ answer: unknown }>>) => Promise<unknown>;
beforeAll(async () => {
  const { db } = await openTestDatabase();
  ask = async (query) => (await query.execute(db)).rows[0].answer;
});

const isValid = (a: Shape) => sql<{ answer: unknown }>`select ST_IsValid(${shapeValue(a)}) as answer`;
const overlaps = (a: Shape, b: Shape) =>
  sql<{ answer: unknown }>`select ST_Relate(${shapeValue(a)}, ${shapeValue(b)}, 'T********') as answer`;
const sharedArea = (a: Shape, b: Shape) =>
  sql<{ answer: unknown }>`select ST_Area(ST_Intersection(${shapeValue(a)}, ${shapeValue(b)})::geography) as answer`;
const shareOutside = (child: Shape, parent: Shape) =>
  sql<{ answer: unknown }>`select ST_Area(ST_Difference(c, p)) / ST_Area(c) as answer
    from (select ${shapeValue(child)} as c, ${shapeValue(parent)} as p) as pair`;
// Without a grid size the newer GEOS of the embedded engine refuses differences of borders that nearly coincide.
const unheld = (parent: Shape, children: readonly Shape[]) =>
  sql<{ answer: unknown }>`select ST_Area(ST_Difference(${shapeValue(parent)},
    ST_UnaryUnion(ST_Collect(array[${sql.join(children.map(shapeValue))}])), 1e-9)::geography) as answer`;

/** Square metres, as two engines and a local metric may differ: by 0.2 %, or by what rounding to the lattice moves. */
function expectNear(ours: number, theirs: unknown): void {
  expect(Math.abs(ours - Number(theirs))).toBeLessThan(0.002 * ours + 0.2);
}

describe(`PostGIS about ${ROUNDS * GEOMETRIC.length} seeded defects`, () => {
  it('judges as the checks do', async () => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const { draft, patch, context, defects } = plantDefects(base, GEOMETRIC, 100 + seed);
      const issues = checkLayer(draft, 'town', patch, context);
      expect(issues).toHaveLength(defects.length);
      for (const { kind, expected } of defects) {
        const [{ rule, grids }] = expected;
        const issue = issues.find((each) => each.rule === rule && each.grids.join() === grids.join())!;
        const [a, b] = grids.map((id) => draft.get(id, 'test'));
        const place = issue.place !== null && !isPoint(issue.place) ? issue.place : undefined;
        if (kind === 't_junction') {
          // On a line of the lattice, but in degrees a hair beside it: PostGIS may see an overlap, and refuse it.
          expect(Number(await ask(sharedArea(a.shape, b.shape)))).toBeLessThan(0.001);
        } else if (kind !== 'not_nested' && b) {
          expect([kind, await ask(overlaps(a.shape, b.shape))]).toEqual([kind, kind.includes('overlap')]);
        }
        if (kind === 'invalid_boundary') expect(await ask(isValid(a.shape))).toBe(false);
        else expect(await ask(isValid(a.shape))).toBe(true);
        if (kind.includes('overlap')) expectNear(squareMetresOf(place!), await ask(sharedArea(a.shape, b.shape)));
        if (kind === 'not_nested') expect(Number(await ask(shareOutside(a.shape, b.shape)))).toBeGreaterThan(0.001);
        if (kind.includes('gap')) {
          const parent = draft.get(a.parentId!, 'test');
          const children = draft.childrenOf(parent.id).map(({ shape }) => shape);
          expectNear(squareMetresOf(place!), await ask(unheld(parent.shape, children)));
        }
      }
    }
  });

  it('finds nothing in the districts that nothing was done to', async () => {
    for (const id of ['district-3-3', 'district-0-0', 'district-9-7']) {
      const district = base.get(id, 'test');
      const children = base.childrenOf(id);
      expect(
        Number(
          await ask(
            unheld(
              district.shape,
              children.map(({ shape }) => shape),
            ),
          ),
        ),
      ).toBeLessThan(0.001);
      for (const child of children.slice(0, 5)) {
        expect(Number(await ask(shareOutside(child.shape, district.shape)))).toBeLessThan(1e-9);
        const [neighbour] = children.filter((other) => other !== child);
        expect(await ask(overlaps(child.shape, neighbour.shape))).toBe(false);
      }
    }
  });
});
