import { expect, it } from 'vitest';
import type { ImportReport, RowReport } from '../../src/exchange/exchange.type.ts';
import { renderImportReport } from '../../src/exchange/gridReport.ts';

const row = (number: number, more: Partial<RowReport> = {}): RowReport => ({
  row: number,
  code: `C${number}`,
  name: '和平网格',
  action: 'NEW',
  parent: 'P',
  faults: [],
  notes: [],
  ...more,
});
const report = (more: Partial<ImportReport>): ImportReport => ({
  layer: 'gov',
  tier: 'cell',
  title: 'Spring',
  effectiveAt: new Date(0),
  committed: false,
  edition: null,
  rows: [],
  counts: { NEW: 0, CHANGED: 0, SAME: 0, REFUSED: 0, MISSING: 0, RETIRED: 0 },
  changes: [],
  gaps: [],
  warnings: [],
  refusal: null,
  ...more,
});

it('shows refused rows first with field and fault, and says that nothing was written', () => {
  const fault = { code: 'MISSING_PARENT', field: 'parent', message: 'No such parent.' } as const;
  const text = renderImportReport(
    report({
      rows: [row(1), row(2, { action: 'REFUSED', faults: [fault] })],
      refusal: { ...fault, message: 'Row 2: No.' },
    }),
  );
  expect(text.indexOf('C2')).toBeLessThan(text.indexOf('C1'));
  expect(text).toContain('✗ MISSING_PARENT parent: No such parent.');
  expect(text).toMatch(/Nothing was written\. MISSING_PARENT: Row 2/);
});

it('cuts long lists and says how much is left', () => {
  const text = renderImportReport(report({ rows: Array.from({ length: 160 }, (_, i) => row(i + 1)) }), 40);
  expect(text).toContain('C40');
  expect(text).not.toContain('C41');
  expect(text).toContain('… and 120 more');
});

it('names slivers, gaps, counts and the edition', () => {
  const place = { lon: 120, lat: 30 };
  const text = renderImportReport(
    report({
      counts: { NEW: 2, CHANGED: 0, SAME: 1, REFUSED: 0, MISSING: 0, RETIRED: 0 },
      changes: [{ from: ['A', 'B'], to: 'A', areaSquareMetres: 3.456, widthMetres: 0.02, place }],
      gaps: [{ name: 'gap 1 between A and B', areaSquareMetres: 5000, place, isGapOfLayer: true }],
      committed: true,
      edition: 7,
    }),
  );
  expect(text).toContain('3.46 m², 0.02 m wide, overlap of A and B at 120, 30 → A');
  expect(text).toContain('gap 1 between A and B: 5000 m² around 120, 30');
  expect(text).toContain('2 NEW · 1 SAME');
  expect(text).toContain('Published as edition 7.');
});
