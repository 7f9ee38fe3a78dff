import {
  EDITED_ACTIONS,
  type EditedAction,
  type EditedFileReport,
  type EditedRowReport,
} from '../../exchange/edited/editedFile.type.ts';

const ORDER: readonly EditedAction[] = ['REFUSED', 'CONFLICT', 'NEW', 'CHANGED', 'RETIRED', 'MISSING', 'SAME'];
const MOST_LINES = 40;

/** What came of an edited file, as text: rows that are not the same, slivers that went by rule, the ops, the way on. */
export function editedText(report: EditedFileReport, commit: boolean, most = MOST_LINES): string {
  const rows = report.rows
    .filter(({ action }) => action !== 'SAME')
    .sort((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action));
  const slivers = [...report.changes].sort((a, b) => b.areaSquareMetres - a.areaSquareMetres);
  return [
    ...report.warnings.map((warning) => `! ${warning}`),
    ...shortened(rows.map(rowText), most),
    ...(slivers.length > 0 ? [`Slivers that went by rule: ${slivers.length}`] : []),
    ...shortened(
      slivers.map(({ from, to, areaSquareMetres, place }) => {
        const what = from.length === 0 ? 'gap' : `overlap of ${from.join(' and ')}`;
        return `  ${areaSquareMetres.toFixed(2)} m², ${what} at ${place.lon}, ${place.lat} → ${to}`;
      }),
      most,
    ),
    summary(report),
    closing(report, commit),
  ].join('\n');
}

function rowText({ row, action, code, name, fields, conflicts, faults, notes, versions }: EditedRowReport): string {
  const what = fields.length > 0 ? `  (${fields.join(', ')})` : '';
  const version = (number: number | null) => (number === null ? 'none' : String(number));
  return [
    `${row === null ? '–' : row}  ${action}  ${code ?? '?'}  ${name ?? ''}${what}`,
    ...faults.map((fault) => `     ✗ ${fault.code}${fault.field ? ` ${fault.field}` : ''}: ${fault.message}`),
    ...conflicts.map(({ field, origin, file, present }) => {
      const was = origin === null ? 'not known any more' : `“${origin}”`;
      return `     ≠ ${field}: exported as ${was} (version ${version(versions.file)}), the file says “${file}”, now it is “${present}” (version ${version(versions.present)})`;
    }),
    ...notes.map((note) => `     · ${note}`),
  ].join('\n');
}

function summary({ counts, ops }: EditedFileReport): string {
  const rows = EDITED_ACTIONS.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${action}`);
  const kinds = Object.entries(ops).map(([kind, count]) => `${count} ${kind}`);
  return `${rows.join(' · ')}${kinds.length > 0 ? ` → ${kinds.join(', ')}` : ''}`;
}

function closing({ applied, refusal, ops, revision }: EditedFileReport, commit: boolean): string {
  if (refusal) return `Nothing was written. ${refusal.code}: ${refusal.message}`;
  if (applied) return `Applied; the changeset is at revision ${revision}.`;
  if (Object.keys(ops).length === 0) return 'The file holds no edit.';
  return commit ? 'Nothing was written.' : 'This was a dry run; add --commit to apply it.';
}

function shortened(lines: readonly string[], most: number): string[] {
  return lines.length > most ? [...lines.slice(0, most), `… and ${lines.length - most} more`] : [...lines];
}
