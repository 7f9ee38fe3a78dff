import type { Kysely } from 'kysely';
import type { Clock } from '../../clock.ts';
import { inAreas, showAreas } from '../../db/areas.ts';
import { allowLongStatements } from '../../db/database.ts';
import type { Database } from '../../db/tables.ts';
import type { AuditRepository, ChainEnd } from '../audit.repository.ts';
import { GENESIS } from './entryHash.ts';
import { type ChainFault, type ChainReport, type Checkpoint, verifyChain } from './verifyChain.ts';

const LONGEST_STATEMENT_MS = 300_000;

/** The chain as the database holds it, for the registry's own work: it sees every entry. */
export class ChainReader {
  readonly #db: Kysely<Database>;
  readonly #repository: AuditRepository;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, repository: AuditRepository, clock: Clock) {
    this.#db = db;
    this.#repository = repository;
    this.#clock = clock;
  }

  /** The newest entry; number 0 before the first. */
  async readEnd(): Promise<ChainEnd> {
    const end = await inAreas(this.#db, 'everywhere', this.#clock(), (trx) => this.#repository.findEnd(trx));
    return end ?? { seq: 0, hash: GENESIS };
  }

  /** The hash of an entry, in hex; undefined where there is none. */
  findHash(seq: number): Promise<string | undefined> {
    return inAreas(this.#db, 'everywhere', this.#clock(), (trx) => this.#repository.findHash(trx, seq));
  }

  /** Judges every entry, as all of them stand at one instant. */
  verify(checkpoints: readonly Checkpoint[]): Promise<ChainReport> {
    const transaction = this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return transaction.execute(async (trx) => {
      await showAreas(trx, 'everywhere', this.#clock());
      await allowLongStatements(trx, LONGEST_STATEMENT_MS);
      const report = await verifyChain(this.#repository.readChain(trx), checkpoints);
      const count = await this.#repository.count(trx);
      return count === report.entries ? report : withFaults(report, [uncounted(count, report.entries)]);
    });
  }
}

/** Where numbers are null or double, paging by number does not come to every entry. */
function uncounted(count: number, read: number): ChainFault {
  const message = `The table holds ${count} entries, of which ${read} could be read by their numbers: some have the same, or none.`;
  return { kind: 'UNNUMBERED', message };
}

/** The report with faults that were found elsewhere before its own. */
export function withFaults(report: ChainReport, more: readonly ChainFault[]): ChainReport {
  return { ...report, faults: [...more, ...report.faults], faultCount: report.faultCount + more.length };
}
