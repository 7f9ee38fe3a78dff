import { DomainError } from '../../errors.ts';
import type { Waiver } from '../changeset.type.ts';
import type { Issue } from '../checks/issue.ts';
import { mainCodeOf } from '../territory/draftGrid.ts';
import type { Territory } from '../territory/territory.ts';

const MOST_NAMED = 50;

/** The issues that keep a draft from being submitted: every ERROR, and every WARNING that nobody took on. */
export function blockingIssues(issues: readonly Issue[], waivers: readonly Pick<Waiver, 'issueId'>[]): Issue[] {
  const waived = new Set(waivers.map(({ issueId }) => issueId));
  return issues.filter(({ id, severity }) => severity === 'ERROR' || (severity === 'WARNING' && !waived.has(id)));
}

/** Throws BAD_INPUT, with the issues in `details.issues`, at most 50 of them. */
export function assertFit(blocking: readonly Issue[], territory: Territory): void {
  if (blocking.length === 0) return;
  const errors = blocking.filter(({ severity }) => severity === 'ERROR').length;
  const counts = [
    errors && `${errors} of severity ERROR`,
    blocking.length - errors && `${blocking.length - errors} of severity WARNING`,
  ];
  const message = `changeset: ${counts.filter(Boolean).join(' and ')} stand in the way, the first: ${blocking[0].message} Mend every ERROR; mend or waive every WARNING.`;
  const issues = blocking.slice(0, MOST_NAMED).map(({ id, rule, severity, message, grids }) => {
    const codes = grids.map((grid) => codeOf(grid, territory));
    return { id, rule, severity, message, grids: codes };
  });
  throw new DomainError('BAD_INPUT', message, { field: 'changeset', count: blocking.length, issues });
}

function codeOf(id: string, territory: Territory): string {
  const grid = territory.find(id);
  return grid ? mainCodeOf(grid) : id;
}
