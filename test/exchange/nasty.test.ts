import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import { isAtHand } from '../geometry/sharedData.ts';
import { emptyTables, openTestDatabase } from '../support/database.ts';
import { DATA, type Exchange, openExchange } from './openExchange.ts';
import { FIELDS } from './squares.ts';

let exchange: Exchange;
beforeAll(async () => {
  const { db } = await openTestDatabase();
  await emptyTables(db);
  exchange = openExchange(db);
});

/** The file with a code and a name in every feature that can have properties, so that only its geometry is judged. */
function withCodes(text: string): string {
  let root: { features?: unknown };
  try {
    root = JSON.parse(text);
  } catch {
    return text;
  }
  if (root === null || !Array.isArray(root.features)) return text;
  root.features.forEach((feature, i) => {
    if (feature?.type === 'Feature') feature.properties = { code: `F${i}`, name: `Feature ${i}` };
  });
  return JSON.stringify(root);
}

it.runIf(isAtHand('nasty'))(
  'accepts or refuses every nasty file with a reason, and never drops a feature (needs ../shared/data/nasty)',
  async () => {
    const files = readdirSync(`${DATA}/nasty`, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /json$/.test(file),
    );
    expect(files.length).toBeGreaterThan(50);
    const outcomes: Record<string, string> = {};
    for (const file of files) {
      const text = withCodes(readFileSync(`${DATA}/nasty/${file}`, 'utf8'));
      const options = { ...FIELDS, layer: 'nasty', tier: 'part', create: 'overlay', commit: false } as const;
      outcomes[file] = await exchange.importer.importGrids({ ...options, text }).then(
        ({ rows, refusal }) => {
          const features: unknown[] = JSON.parse(text).features ?? [0];
          expect(rows).toHaveLength(features.length);
          expect(rows.every((row) => (row.action === 'REFUSED') === row.faults.length > 0)).toBe(true);
          return refusal?.code ?? 'ACCEPTED';
        },
        (error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
          return error.code;
        },
      );
    }
    const codes = new Set(Object.values(outcomes));
    expect([...codes].sort()).toEqual(['ACCEPTED', 'BAD_BOUNDARY', 'BAD_FILE', 'BAD_GEOJSON']);
    expect(exchange.editions.latest).toBe(0);
  },
);
