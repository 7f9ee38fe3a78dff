import { describe, expect, it } from 'vitest';
import { checkLayer, checkTouched } from '../../../src/changesets/checks/check.ts';
import { type Issue, isPoint } from '../../../src/changesets/checks/issue.ts';
import { distanceToShapeMetres, geodesicMetres } from '../../../src/geometry/distance.ts';
import { containsPoint } from '../../../src/geometry/polygon.ts';
import { PLAN, plantDefects } from './defectBatch.ts';
import { DEFECT_KINDS, type Expected } from './defects.ts';
import { contextOf, nestedLayer } from './nestedLayer.ts';

/** 1,000 were run once; see README. */
const DEFECTS = Number(process.env.DEFECTS ?? 56);
const BATCH = 2 * DEFECT_KINDS.length;

const base = nestedLayer(PLAN);

function metresFrom({ place }: Issue, [x, y]: Expected['at']): number {
  if (place === null) return Infinity;
  if (isPoint(place)) return geodesicMetres(x, y, place[0], place[1]);
  return containsPoint(place, x, y) ? 0 : distanceToShapeMetres(place, x, y);
}

/** Takes out of the issues those that were expected; gives what was not found. */
function miss(issues: Issue[], expected: readonly Expected[]): Expected[] {
  return expected.filter((want) => {
    const found = issues.findIndex(
      (issue) =>
        issue.rule === want.rule &&
        issue.severity === want.severity &&
        issue.grids.join() === want.grids.join() &&
        (issue.rule === 'outside_area' || metresFrom(issue, want.at) <= 1),
    );
    if (found >= 0) issues.splice(found, 1);
    return found < 0;
  });
}

const brief = (issues: readonly Issue[]) => issues.map(({ rule, severity, grids }) => `${severity} ${rule} ${grids}`);

describe(`${DEFECTS} seeded defects of ${DEFECT_KINDS.length} kinds in a layer of 2,000 cells`, () => {
  it('begins with a layer in which nothing is wrong', () => {
    expect([...base.grids('town', 'cell')].length).toBeGreaterThan(2000);
    expect(checkLayer(base, 'town', new Map(), contextOf(base))).toEqual([]);
  });

  it('are all found, named and placed within 1 m, with nothing else, by both checks', () => {
    let planted = 0;
    for (let seed = 1; planted < DEFECTS; seed++) {
      const kinds = [...DEFECT_KINDS, ...DEFECT_KINDS].slice(0, Math.min(BATCH, DEFECTS - planted));
      const { defects, draft, patch, context } = plantDefects(base, kinds, seed);
      const issues = checkLayer(draft, 'town', patch, context);
      const touched = checkTouched(draft, patch, context);
      expect(touched).toEqual(issues);
      const left = [...issues];
      const missed = defects.filter(({ expected }) => miss(left, expected).length > 0);
      expect({ seed, missed: missed.map(({ kind, expected }) => [kind, ...expected]) }).toEqual({ seed, missed: [] });
      expect({ seed, falseAlarms: brief(left) }).toEqual({ seed, falseAlarms: [] });
      planted += defects.length;
    }
  });
});
