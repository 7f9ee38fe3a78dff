import type { DraftGrid, TierRules } from '../../territory/draftGrid.ts';
import { type Finding, nameOf, namesOf, spotIn } from '../issue.ts';
import { gridsIn, type Scope, tierOf } from '../scope.ts';
import { type CodePattern, readCodePattern } from './codePattern.ts';

/** Codes that are missing, of the wrong form, or taken twice. */
export function findCodeFaults(scope: Scope): Finding[] {
  const patterns = new Map(scope.layer.tiers.map((tier) => [tier.code, patternOf(tier)]));
  const findings: Finding[] = [];
  for (const grid of gridsIn(scope)) {
    const tier = tierOf(scope, grid);
    findings.push(...wrongCodes(grid, tier, patterns.get(tier.code)));
  }
  return [...findings, ...doubledCodes(scope)];
}

/** A pattern that cannot be read is judged where it is written (`readCodePattern`), not grid by grid. */
function patternOf({ codePattern }: TierRules): CodePattern | undefined {
  try {
    return codePattern === null ? undefined : readCodePattern(codePattern);
  } catch {
    return undefined;
  }
}

function* wrongCodes(grid: DraftGrid, tier: TierRules, pattern: CodePattern | undefined): Generator<Finding> {
  if (tier.scheme !== null && !grid.codes.some(({ scheme }) => scheme === tier.scheme)) {
    const message = `${nameOf(grid)} has no code in scheme ${tier.scheme}, which tier ${tier.name} expects. Give it one (recode).`;
    yield wrong(grid, 'WARNING', message);
  }
  const [main] = grid.codes;
  if (main && pattern && !pattern(main.code)) {
    const message = `Code ${main.code} of ${nameOf(grid)} does not match ${tier.codePattern}, as tier ${tier.name} asks. Give it another (recode).`;
    yield wrong(grid, 'ERROR', message);
  }
}

function wrong(grid: DraftGrid, severity: 'ERROR' | 'WARNING', message: string): Finding {
  return { rule: 'code_wrong', severity, message, grids: [grid.id], place: spotIn(grid), wherever: true };
}

function doubledCodes(scope: Scope): Finding[] {
  const { territory, context } = scope;
  const asked = new Set<string>();
  for (const { id, codes } of gridsIn(scope)) {
    const before = territory === context.base ? undefined : context.base.find(id)?.codes;
    if (codes !== before || scope.focus === null) for (const each of codes) asked.add(`${each.scheme}\n${each.code}`);
  }
  if (asked.size === 0) return [];
  const users = new Map<string, DraftGrid[]>();
  for (const layer of territory.layers) {
    for (const grid of territory.grids(layer.code)) {
      for (const { scheme, code } of grid.codes) {
        const key = `${scheme}\n${code}`;
        if (!asked.has(key)) continue;
        const known = users.get(key);
        if (!known) users.set(key, [grid]);
        else if (!known.includes(grid)) known.push(grid);
      }
    }
  }
  return [...users].filter(([, grids]) => grids.length > 1).map(([key, grids]) => doubled(scope, key, grids));
}

function doubled({ touched }: Scope, key: string, grids: readonly DraftGrid[]): Finding {
  const [scheme, code] = key.split('\n');
  const names = namesOf(grids);
  const shown = grids.find(({ id }) => touched.has(id)) ?? grids[0];
  const message = `Code ${code} of scheme ${scheme} is borne by ${grids.length} grids: ${names}. Give all but one another code (recode).`;
  return { rule: 'code_doubled', message, grids: grids.map(({ id }) => id), place: spotIn(shown), wherever: true };
}
