import { type ChainedEntry, GENESIS, hashEntry } from './entryHash.ts';

/** That an entry once had a hash, from a source that whoever changed the entries may not have reached. */
export interface Checkpoint {
  readonly seq: number;
  /** In hex. */
  readonly hash: string;
  /** In words, as the subject of a sentence: "The signed head of …". */
  readonly source: string;
}

export type FaultKind =
  | 'EDITED'
  | 'SWAPPED'
  | 'MISSING'
  | 'OUT_OF_ORDER'
  | 'BROKEN'
  | 'TRUNCATED'
  | 'REWRITTEN'
  | 'UNNUMBERED'
  | 'BAD_HEAD';

export interface ChainFault {
  readonly kind: FaultKind;
  /** The entry at which it shows; undefined where there is none. */
  readonly seq?: string;
  /** In plain words. */
  readonly message: string;
}

export interface ChainReport {
  readonly entries: number;
  /** The newest entry; 0 and GENESIS when there is none. */
  readonly last: { readonly seq: number; readonly hash: string };
  /** The first MOST_FAULTS of them. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
}

const MOST_FAULTS = 1000;
// Each pair of them is compared.
const MOST_SUSPECTS = 64;

/** Reads entries one after the other and keeps nothing of those that are good. */
class ChainCheck {
  readonly #heads = new Map<string, Checkpoint[]>();
  readonly #faults: ChainFault[] = [];
  readonly #suspects: ChainedEntry[] = [];
  #faultCount = 0;
  #entries = 0;
  #last = { seq: 0n, hash: GENESIS };

  constructor(heads: readonly Checkpoint[]) {
    for (const head of heads) this.#heads.set(String(head.seq), [...(this.#heads.get(String(head.seq)) ?? []), head]);
  }

  next(entry: ChainedEntry): void {
    this.#entries += 1;
    if (hashEntry(entry) !== entry.hash) this.#suspect(entry);
    if (entry.seq === null) {
      this.#fault('UNNUMBERED', undefined, 'An entry has no number.');
      return;
    }
    this.#place(BigInt(entry.seq), entry);
    for (const { hash, source } of this.#heads.get(entry.seq) ?? []) this.#compare(entry, hash, source);
  }

  #place(seq: bigint, { prevHash, hash }: ChainedEntry): void {
    const { seq: last, hash: lastHash } = this.#last;
    if (seq <= last) {
      const message = `Entry ${seq} stands behind entry ${last}: it was put in, or entries were put in another order.`;
      this.#fault('OUT_OF_ORDER', seq, message);
      return;
    }
    if (seq > last + 1n) {
      const gone = seq === last + 2n ? `Entry ${last + 1n} is` : `Entries ${last + 1n} to ${seq - 1n} are`;
      this.#fault('MISSING', last + 1n, `${gone} missing.`);
    } else if (prevHash !== lastHash) {
      const before = last === 0n ? 'the beginning of the chain' : `entry ${last}`;
      this.#fault('BROKEN', seq, `Entry ${seq} does not follow from ${before}: one of them was replaced.`);
    }
    this.#last = { seq, hash: hash ?? '' };
  }

  #suspect(entry: ChainedEntry): void {
    if (this.#suspects.length < MOST_SUSPECTS) this.#suspects.push(entry);
    else this.#fault('EDITED', entry.seq, `Entry ${entry.seq} was edited: its hash is not that of what it says.`);
  }

  #compare(entry: ChainedEntry, hash: string, source: string): void {
    if (entry.hash === hash) return;
    const message = `${source} says that entry ${entry.seq} was another: it, or what came before it, was rewritten.`;
    this.#fault('REWRITTEN', entry.seq, message);
  }

  #fault(kind: FaultKind, seq: bigint | string | null | undefined, message: string): void {
    this.#faultCount += 1;
    if (this.#faults.length >= MOST_FAULTS) return;
    this.#faults.push({ kind, message, ...(seq == null ? {} : { seq: String(seq) }) });
  }

  end(): ChainReport {
    for (const { entry, from } of moved(this.#suspects)) {
      if (from) this.#fault('SWAPPED', entry.seq, `Entry ${entry.seq} is what was entry ${from}: they were swapped.`);
      else this.#fault('EDITED', entry.seq, `Entry ${entry.seq} was edited: its hash is not that of what it says.`);
    }
    const { seq, hash } = this.#last;
    for (const head of [...this.#heads.values()].flat()) {
      if (BigInt(head.seq) <= seq) continue;
      const message = `${head.source} knows entry ${head.seq}, but the last one here is ${seq}: the end was cut off.`;
      this.#fault('TRUNCATED', seq + 1n, message);
    }
    const last = { seq: Number(seq), hash };
    return { entries: this.#entries, last, faults: this.#faults, faultCount: this.#faultCount };
  }
}

/** For each entry whose hash is wrong, the number under which it would be right, if that is one of theirs. */
function moved(suspects: readonly ChainedEntry[]): { entry: ChainedEntry; from: string | undefined }[] {
  return suspects.map((entry) => {
    const from = suspects.find(({ seq }) => seq !== entry.seq && hashEntry({ ...entry, seq }) === entry.hash);
    return { entry, from: from?.seq ?? undefined };
  });
}

/**
 * Judges the entries, given in the order of their numbers, by hashes worked out anew: whether any was edited, swapped,
 * put in or left out. Only checkpoints show a chain whose end was cut off, or that was rewritten with fitting hashes.
 */
export async function verifyChain(
  entries: AsyncIterable<ChainedEntry> | Iterable<ChainedEntry>,
  checkpoints: readonly Checkpoint[] = [],
): Promise<ChainReport> {
  const check = new ChainCheck(checkpoints);
  for await (const entry of entries) check.next(entry);
  return check.end();
}
