import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ChainedEntry, hashEntry } from '../../src/audit/chain/entryHash.ts';
import { type Checkpoint, verifyChain } from '../../src/audit/chain/verifyChain.ts';
import { AuditWorld, fill } from './auditFixture.ts';
import { drawTampers, type Tamper } from './tampers.ts';

const COUNT = 300;
const TAMPERS = drawTampers(1000, 20_260_601);

let entries: ChainedEntry[];
let head: Checkpoint;

beforeAll(async () => {
  const world = await AuditWorld.open();
  await fill(world, COUNT, [null, randomUUID(), randomUUID()]);
  entries = await world.entries();
  head = { seq: COUNT, hash: entries[COUNT - 1].hash!, source: 'The signed head' };
});

/** How many faults a verifier sees. */
type Verifier = (rows: ChainedEntry[]) => Promise<number>;

const whole: Verifier = async (rows) => (await verifyChain(rows, [head])).faultCount;

async function missedBy(verifier: Verifier, tampers: readonly Tamper[] = TAMPERS): Promise<string[]> {
  const missed: string[] = [];
  for (const tamper of tampers) {
    if ((await verifier(tamper.apply(entries))) === 0) missed.push(tamper.name);
  }
  return missed;
}

describe('a chain of entries written by many at once', () => {
  it('is numbered without a hole, never goes back in time, and is found whole', async () => {
    expect(entries.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
    expect(await verifyChain(entries, [head])).toEqual({
      entries: COUNT,
      last: { seq: COUNT, hash: head.hash },
      faults: [],
      faultCount: 0,
    });
  });

  it('is found whole against every head it ever had', async () => {
    const heads = entries.map(({ seq, hash }) => ({ seq: Number(seq), hash: hash!, source: 'A head' }));
    expect((await verifyChain(entries, heads)).faultCount).toBe(0);
  });
});

describe('1,000 tampers', () => {
  it('each change something', () => {
    const same = TAMPERS.filter((tamper) => JSON.stringify(tamper.apply(entries)) === JSON.stringify(entries));
    expect(same.map(({ name }) => name)).toEqual([]);
  });

  it('are all found', async () => {
    expect(await missedBy(whole)).toEqual([]);
  });

  it('are not all found without the signed head', async () => {
    const missed = new Set(await missedBy(async (rows) => (await verifyChain(rows)).faultCount));
    expect([...missed].sort()).toEqual([
      'an entry deleted and all later ones renumbered to fit',
      'an entry edited and all later hashes made to fit',
      'an entry put in and all later ones renumbered to fit',
      'the end cut off',
    ]);
  });
});

describe('a careless verifier is caught by the 1,000 tampers', () => {
  const careless: Record<string, [Verifier, string]> = {
    'that takes the order as it comes': [
      async (rows) => rows.filter((row) => hashEntry(row) !== row.hash).length + (await headFaults(rows)),
      'an entry deleted',
    ],
    'that follows hashes only': [
      async (rows) =>
        rows.filter((row, index) => index > 0 && row.prevHash !== rows[index - 1].hash).length +
        (await headFaults(rows)),
      'a column edited',
    ],
    'that counts only': [
      async (rows) => rows.filter((row, index) => row.seq !== String(index + 1)).length + (await headFaults(rows)),
      'two entries that swapped what they say',
    ],
    'to whom null and empty are the same': [
      (rows) => whole(rows.map((row, index) => ({ ...row, purpose: row.purpose || entries[index]?.purpose || null }))),
      'a column edited',
    ],
  };

  const headFaults = async (rows: ChainedEntry[]) =>
    rows.some(({ seq, hash }) => seq === String(head.seq) && hash === head.hash) ? 0 : 1;

  it.each(Object.entries(careless))('%s', async (_name, [verifier, blind]) => {
    expect(await missedBy(verifier, TAMPERS.slice(0, 280))).toContain(blind);
  });
});

describe('what is said of', () => {
  const say = async (rows: ChainedEntry[], heads = [head]) =>
    (await verifyChain(rows, heads)).faults.map(({ kind, seq, message }) => `${kind} ${seq}: ${message}`);
  const without = (first: number, last: number) =>
    entries.filter(({ seq }) => Number(seq) < first || Number(seq) > last);

  it('an edit names the entry', async () => {
    const rows = entries.map((row) => (row.seq === '17' ? { ...row, result: 'READ ' } : row));
    expect(await say(rows)).toEqual(['EDITED 17: Entry 17 was edited: its hash is not that of what it says.']);
  });

  it('a deletion names what is gone', async () => {
    expect(await say(without(5, 5))).toEqual(['MISSING 5: Entry 5 is missing.']);
    expect(await say(without(5, 7))).toEqual(['MISSING 5: Entries 5 to 7 are missing.']);
    expect(await say(without(1, 2))).toEqual(['MISSING 1: Entries 1 to 2 are missing.']);
  });

  it('a swap names both', async () => {
    const swapped = entries.with(9, { ...entries[19], seq: '10' }).with(19, { ...entries[9], seq: '20' });
    expect(await say(swapped)).toEqual(
      expect.arrayContaining([
        'SWAPPED 10: Entry 10 is what was entry 20: they were swapped.',
        'SWAPPED 20: Entry 20 is what was entry 10: they were swapped.',
      ]),
    );
  });

  it('an insertion names the entry put in', async () => {
    const rows = [...entries.slice(0, 8), entries[3], ...entries.slice(8)];
    expect(await say(rows)).toEqual([
      'OUT_OF_ORDER 4: Entry 4 stands behind entry 8: it was put in, or entries were put in another order.',
    ]);
  });

  it('a truncation names where the end was', async () => {
    expect(await say(without(291, 300))).toEqual([
      'TRUNCATED 291: The signed head knows entry 300, but the last one here is 290: the end was cut off.',
    ]);
    expect(await say([])).toEqual([
      'TRUNCATED 1: The signed head knows entry 300, but the last one here is 0: the end was cut off.',
    ]);
  });

  it('a whole rewritten chain names the oldest head that no longer fits', async () => {
    const tamper = drawTampers(14, 1).find(({ name }) => name.startsWith('an entry edited and all'))!;
    const rows = tamper.apply(entries);
    const first = rows.findIndex((row, index) => row.hash !== entries[index].hash) + 1;
    const heads = [first - 1, first, 300].map((seq) => ({
      seq,
      hash: entries[seq - 1].hash!,
      source: `Head ${seq}`,
    }));
    expect(await say(rows, heads)).toEqual(
      [first, 300].map(
        (seq) =>
          `REWRITTEN ${seq}: Head ${seq} says that entry ${seq} was another: it, or what came before it, was rewritten.`,
      ),
    );
  });

  it('an entry without a number, or with the number 0', async () => {
    expect(await say([{ ...entries[0], seq: null }, ...entries])).toContain(
      'UNNUMBERED undefined: An entry has no number.',
    );
    expect(await say([{ ...entries[0], seq: '0' }, ...entries])).toContainEqual(
      expect.stringContaining('OUT_OF_ORDER 0'),
    );
  });

  it('a thousand faults and more keeps the count, not the words', async () => {
    const long = Array.from({ length: 1500 }, (_, index) => ({ ...entries[0], seq: String(index + 1), hash: 'x' }));
    const { faults, faultCount } = await verifyChain(long);
    expect([faults.length, faultCount]).toEqual([1000, 2999]);
  });
});
