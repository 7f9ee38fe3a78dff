import type { CoverageChange, EnclosedGap, ImportReport, RowAction, RowReport } from './exchange.type.ts';
import { ROW_ACTIONS } from './exchange.type.ts';

const ACTION_ORDER: Record<RowAction, number> = { REFUSED: 0, NEW: 1, CHANGED: 2, RETIRED: 3, MISSING: 4, SAME: 5 };

/**
 * The report of an import as text for a terminal: what was done, a table of rows (refused ones first), slivers, gaps and
 * the way on. Each list ends with "… and 120 more" after `most` lines; nothing else is left out.
 */
export function renderImportReport(report: ImportReport, most = 40): string {
  return [
    headline(report),
    ...report.warnings.map((warning) => `! ${warning}`),
    '',
    ...renderRows(report.rows, most),
    ...renderList(
      'Slivers that went by rule',
      report.changes.toSorted((a, b) => b.areaSquareMetres - a.areaSquareMetres).map(sliver),
      most,
    ),
    ...renderList('Enclosed places that no grid of the tier holds', report.gaps.map(gap), most),
    '',
    summary(report),
    closing(report),
  ].join('\n');
}

function headline({ layer, tier, effectiveAt, title }: ImportReport): string {
  return `${title}: ${layer}/${tier}, from ${effectiveAt.toISOString()} on`;
}

function summary({ counts }: ImportReport): string {
  return ROW_ACTIONS.filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${action}`)
    .join(' · ');
}

function closing({ committed, edition, refusal }: ImportReport): string {
  if (refusal) return `Nothing was written. ${refusal.code}: ${refusal.message}`;
  if (committed) return `Published as edition ${edition}.`;
  return edition === null ? 'Nothing was written.' : '';
}

function renderRows(rows: readonly RowReport[], most: number): string[] {
  const sorted = rows.toSorted((a, b) => ACTION_ORDER[a.action] - ACTION_ORDER[b.action]);
  const table = sorted
    .slice(0, most)
    .map((row) => [
      row.row === null ? '–' : String(row.row),
      row.action,
      row.code ?? '?',
      row.parent ?? '',
      row.name ?? '',
    ]);
  const header = ['row', 'action', 'code', 'parent', 'name'];
  const widths = header.map((title, i) =>
    Math.max(displayWidth(title), ...table.map((cells) => displayWidth(cells[i]))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell + ' '.repeat(widths[i] - displayWidth(cell)))
      .join('  ')
      .trimEnd();
  const lines = [line(header)];
  table.forEach((cells, i) => {
    lines.push(line(cells));
    for (const fault of sorted[i].faults)
      lines.push(`     ✗ ${fault.code}${fault.field ? ` ${fault.field}` : ''}: ${fault.message}`);
    for (const note of sorted[i].notes) lines.push(`     · ${note}`);
  });
  return more(lines, sorted.length - table.length);
}

function renderList(title: string, lines: readonly string[], most: number): string[] {
  if (lines.length === 0) return [];
  return [
    '',
    `${title}: ${lines.length}`,
    ...more(
      lines.slice(0, most).map((each) => `  ${each}`),
      lines.length - most,
    ),
  ];
}

function more(lines: string[], left: number): string[] {
  return left > 0 ? [...lines, `… and ${left} more`] : lines;
}

function sliver({ from, to, areaSquareMetres, widthMetres, place }: CoverageChange): string {
  const what = from.length === 0 ? 'gap' : `overlap of ${from.join(' and ')}`;
  return `${metres(areaSquareMetres)} m², ${metres(widthMetres)} m wide, ${what} at ${place.lon}, ${place.lat} → ${to}`;
}

function gap({ name, areaSquareMetres, place, isGapOfLayer }: EnclosedGap): string {
  const filed = isGapOfLayer ? '' : ' (held by a grid of another tier)';
  return `${name}: ${metres(areaSquareMetres)} m² around ${place.lon}, ${place.lat}${filed}`;
}

function metres(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 0.01 ? value.toFixed(2) : value.toPrecision(1);
}

/** Columns that a text takes in a terminal: Chinese characters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width += /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}
