import type { ChainReader } from './chain/chainReader.ts';
import { withFaults } from './chain/chainReader.ts';
import type { ChainFault, ChainReport, Checkpoint } from './chain/verifyChain.ts';
import { HeadFile } from './head/headFile.ts';
import { getHeadKey, type HeadPlace } from './head/headKeeper.ts';
import { readSignedHead } from './head/signedHead.ts';

/** What was found, and with how many signed heads it was compared. */
export interface Verdict extends ChainReport {
  readonly heads: number;
  /** The file they were read from; undefined where none is kept. */
  readonly file: string | undefined;
}

/** Finds out whether the audit was tampered with. */
export class AuditVerifier {
  readonly #chain: ChainReader;
  readonly #place: HeadPlace;

  constructor(chain: ChainReader, place: HeadPlace) {
    this.#chain = chain;
    this.#place = place;
  }

  /** Judges the whole chain against the signed heads in `file`, or else where they are kept. Throws BAD_CONFIG without a key. */
  async verify(file = this.#place.file): Promise<Verdict> {
    if (file === undefined) return { ...(await this.#chain.verify([])), heads: 0, file };
    const { heads, faults } = await readHeads(file, getHeadKey(this.#place));
    const report = await this.#chain.verify(heads);
    // Before the first entry there is nothing to sign.
    const lost = heads.length + faults.length === 0 && report.entries > 0 ? [noHead(file)] : [];
    return { ...withFaults(report, [...faults, ...lost]), heads: heads.length, file };
  }
}

const noHead = (file: string): ChainFault => ({
  kind: 'BAD_HEAD',
  message: `${file} holds no signed head: it was never written, or taken away.`,
});

async function readHeads(file: string, key: Uint8Array): Promise<{ heads: Checkpoint[]; faults: ChainFault[] }> {
  const heads: Checkpoint[] = [];
  const faults: ChainFault[] = [];
  for (const [index, line] of (await new HeadFile(file).read()).entries()) {
    const head = await readSignedHead(line, key);
    if (head) heads.push({ seq: head.seq, hash: head.hash, source: `The head signed at ${head.at}` });
    else {
      const message = `Line ${index + 1} of ${file} is no head signed with the key of this registry.`;
      faults.push({ kind: 'BAD_HEAD', message });
    }
  }
  return { heads, faults };
}
