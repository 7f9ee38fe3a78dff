import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChainedEntry,
  canonicalText,
  GENESIS,
  HASHED_COLUMNS,
  hashEntry,
} from '../../src/audit/chain/entryHash.ts';
import { TRICKY } from './auditFixture.ts';

// Made of what a careless format would take for its own marks, so that two entries are often nearly alike.
const value = fc.option(
  fc.oneof(
    fc.constantFrom(...TRICKY.slice(0, 6)),
    fc.string({ unit: fc.constantFrom('-', ':', '1', '2', 'a', '\n', '，', '👮', '"'), maxLength: 5 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  ),
  { freq: 3 },
);
const entry: fc.Arbitrary<ChainedEntry> = fc.record(
  Object.fromEntries([...HASHED_COLUMNS, 'hash'].map((name) => [name, value])) as Record<
    keyof ChainedEntry,
    typeof value
  >,
);

const key = (row: ChainedEntry) => JSON.stringify(HASHED_COLUMNS.map((name) => row[name]));

/** Splits the text again, so nothing of an entry is lost in it. */
function parse(text: string): (string | null)[] {
  let rest = Buffer.from(text.slice(text.indexOf(' ') + 1));
  const values: (string | null)[] = [];
  while (rest.length > 0) {
    if (rest[0] === 45) {
      values.push(null);
      rest = rest.subarray(1);
      continue;
    }
    const colon = rest.indexOf(58);
    const end = colon + 1 + Number(rest.subarray(0, colon).toString());
    values.push(rest.subarray(colon + 1, end).toString());
    rest = rest.subarray(end);
  }
  return values;
}

/** Two entries that differ by a text moved from one column to the next, or by null for empty. */
const neighbours = fc.tuple(entry, fc.nat(HASHED_COLUMNS.length - 2), fc.nat(4)).map(([row, index, cut]) => {
  const [first, second] = [HASHED_COLUMNS[index], HASHED_COLUMNS[index + 1]];
  const both = (row[first] ?? '') + (row[second] ?? '');
  return [row, { ...row, [first]: both.slice(0, cut), [second]: both.slice(cut) }] as const;
});

describe('the text that is hashed', () => {
  it('can be read back, so different entries never give the same', () => {
    fc.assert(
      fc.property(entry, (row) => {
        expect(parse(canonicalText(row))).toEqual(HASHED_COLUMNS.map((name) => row[name]));
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it('differs where entries differ, and is the same where they do not', () => {
    fc.assert(
      fc.property(neighbours, ([one, other]) => {
        expect(hashEntry(one) === hashEntry(other)).toBe(key(one) === key(other));
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  it.each([
    ['without lengths', (row: ChainedEntry) => HASHED_COLUMNS.map((name) => row[name] ?? '').join('|')],
    ['to which null is empty', (row: ChainedEntry) => canonicalText(emptied(row))],
    ['that forgets a column', (row: ChainedEntry) => canonicalText({ ...row, purpose: null })],
  ])('is better than a careless one %s', (_name, careless) => {
    const found = fc.check(
      fc.property(neighbours, ([one, other]) => (careless(one) === careless(other)) === (key(one) === key(other))),
      { seed: 4, numRuns: 3000 },
    );
    expect(found.failed).toBe(true);
  });

  it('does not hold the hash itself', () => {
    const row = Object.fromEntries([...HASHED_COLUMNS, 'hash'].map((name) => [name, 'a'])) as unknown as ChainedEntry;
    expect(hashEntry({ ...row, hash: 'b' })).toBe(hashEntry(row));
  });

  it('begins from a known constant', () => {
    expect(GENESIS).toBe(createHash('sha256').update('wangge.audit.1').digest('hex'));
    expect(GENESIS).toBe('46ce576485c2c1e7164db8f8689723dcb55b28f9850a73af75e01d45882c869d');
  });
});

function emptied(row: ChainedEntry): ChainedEntry {
  return Object.fromEntries(Object.entries(row).map(([name, text]) => [name, text ?? ''])) as unknown as ChainedEntry;
}
