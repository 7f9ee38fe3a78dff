import type { ChangesetRecord, Draft } from '../../changesets/changeset.type.ts';
import { type Issue, isPoint } from '../../changesets/checks/issue.ts';
import { type DraftGrid, mainCodeOf } from '../../changesets/territory/draftGrid.ts';
import type { Change } from '../../changesets/territory/patch.ts';
import { fromLattice } from '../../geometry/lattice.ts';
import { representativePoint } from '../../geometry/polygon.ts';
import { isSameShape } from '../../geometry/rings/sameShape.ts';

const MOST_LINES = 40;
const SEVERITIES = ['ERROR', 'WARNING', 'INFO'] as const;

/** A changeset in one line. */
export function recordLine(record: ChangesetRecord): string {
  const { id, title, status, revision, author, baseEdition, approvedBy, edition, effectiveAt, reverts } = record;
  const more = [
    `revision ${revision}`,
    `by ${author}`,
    `from edition ${baseEdition}`,
    ...(reverts === null ? [] : [`takes back edition ${reverts}`]),
    ...(approvedBy === null ? [] : [`approved by ${approvedBy}`]),
    ...(edition === null ? [] : [`edition ${edition} from ${effectiveAt?.toISOString()} on`]),
  ];
  return `${id}  ${status}  “${title}”  ${more.join(', ')}`;
}

/** A changeset in full: its line, the grids that it touches, its steps that were left out, and its issues. */
export function draftText(draft: Draft, most = MOST_LINES): string {
  const dropped = draft.steps.flatMap(({ position, dropped: why }) =>
    why === null ? [] : [`! Step ${position} was left out by a rebase: ${why}`],
  );
  return [recordLine(draft.record), ...dropped, '', ...touchedTable(draft, most), '', ...issueLines(draft, most)].join(
    '\n',
  );
}

function touchedTable({ patch }: Draft, most: number): string[] {
  if (patch.size === 0) return ['It touches no grid yet.'];
  const rows = [...patch.values()].map(touchedRow).sort((a, b) => (a.join() < b.join() ? -1 : 1));
  const table = [['grids', 'change', 'code', 'what', 'name'], ...rows.slice(0, most)];
  // The name goes last: it may hold characters that are two columns wide.
  const widths = [0, 1, 2, 3].map((i) => Math.max(...table.map((cells) => cells[i].length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return rows.length > most ? [...lines, `… and ${rows.length - most} more`] : lines;
}

function touchedRow({ before, after }: Change): string[] {
  const grid = (after ?? before)!;
  const place = `${grid.layer}/${grid.tier}`;
  if (!before) return [place, 'NEW', mainCodeOf(grid), '', grid.name];
  if (!after) return [place, 'ENDED', mainCodeOf(grid), '', grid.name];
  return [place, 'CHANGED', mainCodeOf(grid), changedFields(before, after).join(', '), grid.name];
}

const FIELDS: readonly (readonly [keyof DraftGrid, string])[] = [
  ['name', 'name'],
  ['codes', 'code'],
  ['kind', 'kind'],
  ['parentId', 'parent'],
  ['managerId', 'manager'],
  ['memberIds', 'members'],
  ['loads', 'loads'],
];

function changedFields(before: DraftGrid, after: DraftGrid): string[] {
  const said = (grid: DraftGrid, key: keyof DraftGrid) => JSON.stringify(grid[key]);
  const changed = FIELDS.filter(([key]) => said(before, key) !== said(after, key)).map(([, word]) => word);
  return isSameShape(before.shape, after.shape) ? changed : ['boundary', ...changed];
}

/** Issues by severity: rule, place as lon, lat, grids and what to do. */
export function issueLines(draft: Draft, most = MOST_LINES): string[] {
  const issues = draft.issues();
  if (issues.length === 0) return ['No issues.'];
  const waivers = new Map(draft.record.waivers.map(({ issueId, reason }) => [issueId, reason]));
  const sorted = SEVERITIES.flatMap((severity) => issues.filter((issue) => issue.severity === severity));
  const counts = SEVERITIES.map(
    (severity) => `${issues.filter((issue) => issue.severity === severity).length} ${severity}`,
  );
  const lines = sorted.slice(0, most).map((issue) => issueLine(issue, draft, waivers.get(issue.id)));
  return [
    `Issues: ${counts.join(', ')}`,
    ...lines,
    ...(sorted.length > most ? [`… and ${sorted.length - most} more`] : []),
  ];
}

function issueLine(
  { id, rule, severity, message, grids, place }: Issue,
  draft: Draft,
  waived: string | undefined,
): string {
  const codes = grids.map((gridId) => {
    const grid = draft.territory.find(gridId) ?? draft.base.find(gridId);
    return grid ? mainCodeOf(grid) : gridId;
  });
  const where = placeWords(place);
  const waiver = waived === undefined ? '' : `\n     waived: ${waived}`;
  return `  ${severity}  ${rule}${where && `  at ${where}`}  [${codes.join(', ')}]  ${id}\n     ${message}${waiver}`;
}

function placeWords(place: Issue['place']): string {
  if (place === null) return '';
  const spot = isPoint(place) ? place : representativePoint(place);
  if (!spot) return '';
  const [x, y] = 'x' in spot ? [spot.x, spot.y] : spot;
  return `${fromLattice(x)}, ${fromLattice(y)}`;
}
