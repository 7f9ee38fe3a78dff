import type { Patch } from '../territory/patch.ts';
import type { Territory } from '../territory/territory.ts';
import { findBoundaryFaults } from './grids/boundaries.ts';
import { findCodeFaults } from './grids/codes.ts';
import { findDutyFaults, findStrangers } from './grids/duties.ts';
import { findLostParents } from './grids/tree.ts';
import { findDerivedDifferences } from './ground/derived.ts';
import { findGaps } from './ground/gaps.ts';
import { findStrays } from './ground/nesting.ts';
import { findOverlaps } from './ground/overlaps.ts';
import { type Finding, type Issue, issueOf } from './issue.ts';
import type { CheckContext, Scope } from './scope.ts';

/** Rules that say the same of the base as of a draft, so that it shows which faults were there before. */
const TIMELESS: readonly ((scope: Scope) => Finding[])[] = [
  findBoundaryFaults,
  findCodeFaults,
  findLostParents,
  findOverlaps,
  findStrays,
  findDerivedDifferences,
  findDutyFaults,
];

const OLD = 'It was so before this draft and holds nobody up.';
const GRAVITY = { ERROR: 0, WARNING: 1, INFO: 2 } as const;

/**
 * What is wrong about the grids that a patch touches, and about those beside, above and below them that it can have
 * changed. Pure. Gravest first, then by rule and grids.
 */
export function checkTouched(territory: Territory, patch: Patch, context: CheckContext): Issue[] {
  const touched = new Set(patch.keys());
  const focus = focusOf(territory, touched, context);
  const issues: Issue[] = [];
  for (const layer of territory.layers) {
    const isAsked = [...focus].some((id) => (territory.find(id) ?? context.base.find(id))?.layer === layer.code);
    if (isAsked) issues.push(...judge({ territory, layer, focus, touched, context }));
  }
  return issues.sort(byGravity);
}

/** What is wrong about a whole layer. `patch` is the whole draft. Pure; in the order of `checkTouched`. Throws NOT_FOUND. */
export function checkLayer(territory: Territory, layer: string, patch: Patch, context: CheckContext): Issue[] {
  const touched = new Set(patch.keys());
  return judge({ territory, layer: territory.getLayer(layer), focus: null, touched, context }).sort(byGravity);
}

function byGravity(a: Issue, b: Issue): number {
  const order = GRAVITY[a.severity] - GRAVITY[b.severity];
  const keyOf = ({ rule, grids, id }: Issue) => `${rule} ${grids} ${id}`;
  return order || (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** The touched grids and those of derived tiers that they make up, up to the top. */
function focusOf(territory: Territory, touched: ReadonlySet<string>, { base }: CheckContext): Set<string> {
  const focus = new Set(touched);
  for (const id of focus) {
    for (const at of [territory, base]) {
      for (const whole of at.madeOf(id)) focus.add(whole.id);
      const parent = at.find(at.find(id)?.parentId ?? '');
      if (parent && at.getTier(parent.layer, parent.tier).source === 'CHILDREN') focus.add(parent.id);
    }
  }
  return focus;
}

function judge(scope: Scope): Issue[] {
  const issues = TIMELESS.flatMap((find) => {
    const found = find(scope).map(issueOf);
    return found.length === 0 ? found : tellOldOnes(found, find, scope);
  });
  issues.push(...findStrangers(scope).map(issueOf));
  for (const gap of findGaps(scope)) issues.push(gap.isOld ? asOld(issueOf(gap)) : issueOf(gap));
  return issues;
}

/** Asks the same of the base, about the grids named only: what it says too was there before. */
function tellOldOnes(issues: readonly Issue[], find: (scope: Scope) => Finding[], scope: Scope): Issue[] {
  const { base } = scope.context;
  if (scope.territory === base) return issues.map(asOld);
  const named = new Set(issues.flatMap(({ grids }) => grids));
  const before = find({ ...scope, territory: base, focus: named });
  const old = new Set(before.map((finding) => issueOf(finding).id));
  return issues.map((issue) => (old.has(issue.id) ? asOld(issue) : issue));
}

function asOld(issue: Issue): Issue {
  return { ...issue, severity: 'INFO', message: `${issue.message} ${OLD}` };
}
