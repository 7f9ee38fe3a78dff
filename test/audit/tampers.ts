import fc from 'fast-check';
import { type ChainedEntry, GENESIS, HASHED_COLUMNS, hashEntry } from '../../src/audit/chain/entryHash.ts';

/** What someone did to the entries. */
export interface Tamper {
  readonly name: string;
  apply(entries: readonly ChainedEntry[]): ChainedEntry[];
}

type Rows = readonly ChainedEntry[];
type Draw = { readonly a: number; readonly b: number; readonly column: number; readonly salt: number };

const at = (rows: Rows, number: number) => number % rows.length;

/** Two different places. */
function pair(rows: Rows, { a, b }: Draw): [number, number] {
  const first = at(rows, a);
  const second = (first + 1 + (b % (rows.length - 1))) % rows.length;
  return first < second ? [first, second] : [second, first];
}

const replaced = (rows: Rows, index: number, row: ChainedEntry) => rows.map((old, i) => (i === index ? row : old));

/** Another value that looks much like the one there. */
function another(value: string | null, column: string, salt: number): string | null {
  if (value === null) return '';
  if (value === '') return null;
  if (column === 'seq' || column === 'at') return String(Number(value) + 1 + (salt % 5));
  const ways = [null, '', `${value} `, value.slice(0, -1), value.toUpperCase() + salt, `${value.length}:${value}`];
  return ways[salt % ways.length];
}

function edited(row: ChainedEntry, { column, salt }: Draw): ChainedEntry {
  const name = [...HASHED_COLUMNS, 'hash' as const][column % (HASHED_COLUMNS.length + 1)];
  return { ...row, [name]: another(row[name], name, salt) };
}

/** Numbers and hashes from a place on as they would be had this been written. */
function rechained(rows: Rows, from: number): ChainedEntry[] {
  let prevHash = from === 0 ? GENESIS : rows[from - 1].hash;
  return rows.map((row, index) => {
    if (index < from) return row;
    const fresh = { ...row, seq: String(index + 1), prevHash };
    prevHash = hashEntry(fresh);
    return { ...fresh, hash: prevHash };
  });
}

const WAYS: Record<string, (rows: Rows, draw: Draw) => ChainedEntry[]> = {
  'a column edited': (rows, draw) => replaced(rows, at(rows, draw.a), edited(rows[at(rows, draw.a)], draw)),
  'a column edited, with its own hash made to fit': (rows, draw) => {
    const index = at(rows, draw.a);
    const row = { ...rows[index], subject: `${rows[index].subject}!` };
    return replaced(rows, index, { ...row, hash: hashEntry(row) });
  },
  'the details put in another order': (rows, draw) => {
    const full = rows.flatMap((row, index) => (row.details === '{}' ? [] : [index]));
    const index = full[draw.a % full.length];
    const parts = Object.entries(JSON.parse(rows[index].details!)).reverse();
    return replaced(rows, index, { ...rows[index], details: JSON.stringify(Object.fromEntries(parts)) });
  },
  'an entry deleted': (rows, { a }) => rows.filter((_, index) => index !== at(rows, a)),
  'several entries deleted': (rows, draw) => {
    const [first, second] = pair(rows, draw);
    return rows.filter((_, index) => index < first || index >= second);
  },
  'two entries read in another order': (rows, draw) => {
    const [first, second] = pair(rows, draw);
    return replaced(replaced(rows, first, rows[second]), second, rows[first]);
  },
  'two entries that took each other’s number': (rows, draw) => {
    const [first, second] = pair(rows, draw);
    const moved = replaced(rows, first, { ...rows[second], seq: rows[first].seq });
    return replaced(moved, second, { ...rows[first], seq: rows[second].seq });
  },
  'two entries that swapped what they say': (rows, draw) => {
    const [first, second] = pair(rows, draw);
    const keep = ({ seq, hash, prevHash }: ChainedEntry) => ({ seq, hash, prevHash });
    const moved = replaced(rows, first, { ...rows[second], ...keep(rows[first]) });
    return replaced(moved, second, { ...rows[first], ...keep(rows[second]) });
  },
  'an entry put in twice': (rows, draw) => {
    const [first, second] = pair(rows, draw);
    return [...rows.slice(0, second), rows[first], ...rows.slice(second)];
  },
  'a made-up entry put in, with fitting hashes': (rows, { a, salt }) => {
    const index = at(rows, a);
    const fresh = { ...rows[index], objectId: `made up ${salt}`, prevHash: index ? rows[index - 1].hash : GENESIS };
    return [...rows.slice(0, index), { ...fresh, hash: hashEntry(fresh) }, ...rows.slice(index)];
  },
  'the end cut off': (rows, { a }) => rows.slice(0, at(rows, a)),
  'an entry edited and all later hashes made to fit': (rows, draw) => {
    const index = at(rows, draw.a);
    const row = { ...rows[index], objectId: `${rows[index].objectId} ${draw.salt}` };
    return rechained(replaced(rows, index, row), index);
  },
  'an entry deleted and all later ones renumbered to fit': (rows, { a }) => {
    const index = at(rows, a);
    return rechained([...rows.slice(0, index), ...rows.slice(index + 1)], index);
  },
  'an entry put in and all later ones renumbered to fit': (rows, { a, salt }) => {
    const index = at(rows, a);
    const made = { ...rows[index], objectId: `made up ${salt}` };
    return rechained([...rows.slice(0, index), made, ...rows.slice(index)], index);
  },
};

/** Tampers drawn by a seed, every way about as often. */
export function drawTampers(count: number, seed: number): Tamper[] {
  const ways = Object.entries(WAYS);
  const number = fc.nat();
  const draws = fc.sample(fc.record({ a: number, b: number, column: number, salt: number }), { numRuns: count, seed });
  return draws.map((draw, index) => {
    const [name, way] = ways[index % ways.length];
    return { name, apply: (rows) => way(rows, draw) };
  });
}
