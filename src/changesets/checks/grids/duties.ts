import type { DraftGrid, TierRules } from '../../territory/draftGrid.ts';
import { type Finding, nameOf, spotIn } from '../issue.ts';
import { gridsIn, type Scope, tierOf } from '../scope.ts';

/** Grids that the draft changes and its editor may not. */
export function findStrangers({ territory, touched, layer, context }: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const id of touched) {
    const grid = territory.find(id) ?? context.base.find(id);
    if (!grid || grid.layer !== layer.code || context.isInArea(id)) continue;
    const message = `${nameOf(grid)} lies outside the area that you may edit. Take back what changes it, or ask whoever manages it to make the change.`;
    findings.push({ rule: 'outside_area', message, grids: [id], place: spotIn(grid), wherever: true });
  }
  return findings;
}

/** Grids without somebody in a role that they need, or with a load outside the band of their tier. */
export function findDutyFaults(scope: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const grid of gridsIn(scope)) {
    const roles = scope.context.listVacantRoles(grid);
    if (roles.length > 0) findings.push(vacancy(grid, roles));
    const finding = loadOutside(grid, tierOf(scope, grid));
    if (finding) findings.push(finding);
  }
  return findings;
}

function vacancy(grid: DraftGrid, roles: readonly string[]): Finding {
  const message = `${nameOf(grid)} has nobody as ${roles.join(', ')}. Appoint somebody from the day of the change on, or waive this with the reason.`;
  return { rule: 'post_without_holder', message, grids: [grid.id], place: spotIn(grid), wherever: true };
}

function loadOutside(grid: DraftGrid, { name, load }: TierRules): Finding | undefined {
  if (!load) return undefined;
  const figures = grid.loads.filter(({ measure }) => measure === load.measure);
  if (figures.length === 0) return undefined;
  const latest = figures.reduce((a, b) => (b.date > a.date ? b : a));
  if (latest.value >= load.least && latest.value <= load.most) return undefined;
  const wayOut = latest.value > load.most ? 'Split it, or give ground away' : 'Merge it, or give it more ground';
  const message = `${nameOf(grid)} has ${latest.value} ${load.measure} (${latest.date}); tier ${name} asks for ${load.least} to ${load.most}. ${wayOut}, or waive this with the reason.`;
  return { rule: 'load_outside_band', message, grids: [grid.id], place: spotIn(grid), wherever: true };
}
