import type { LocalClock } from '../../../clock.ts';
import type { CellFault } from '../../../csv/cellFault.ts';
import { asCsv } from '../../../csv/readTable.ts';
import { DomainError } from '../../../errors.ts';
import type { Atlas } from '../../../grids/atlas/atlas.ts';
import type { EditionService, WriteEdition } from '../../../grids/edition.service.ts';
import type { Directory } from '../../directory.ts';
import { groupBy } from '../../import/subject.ts';
import type { RosterRepository } from '../roster.repository.ts';
import type { RosterBook } from '../rosterBook.ts';
import type { RosterColumn } from './rosterCells.ts';
import { type KnownRosters, planRosters, type RosterPlan } from './rosterPlan.ts';
import { readRostersFile } from './rostersFile.ts';

export interface ImportRostersOptions {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** When rows without `from` begin; now when left out. */
  readonly effectiveAt?: Date;
  /** False: only the report. */
  readonly commit: boolean;
  /** The title of the edition. */
  readonly title?: string;
}

export interface ImportRostersReport {
  readonly encoding: string;
  readonly rows: number;
  /** With any fault nothing is written. */
  readonly faults: readonly CellFault<RosterColumn>[];
  /** What the good rows make or end (or, committed, made and ended). */
  readonly would: { readonly rosters: number; readonly ends: number };
  /** Every row is known already: no edition is published. */
  readonly nothingNew: boolean;
  /** The edition published; null for a dry run, with faults and when nothing is new. */
  readonly edition: number | null;
}

/** The memory that a file is compared with. */
export interface ShownRosters {
  readonly atlas: Pick<Atlas, 'listCodes'>;
  readonly directory: Directory;
  readonly rosters: RosterBook;
}

const ATTEMPTS = 5;

/** Imports rosters from CSV: one file is one edition, and a file imported again makes nothing new. */
export class RosterImportService {
  readonly #editions: EditionService;
  readonly #repository: RosterRepository;
  readonly #shown: ShownRosters;
  readonly #clock: LocalClock;

  constructor(editions: EditionService, repository: RosterRepository, shown: ShownRosters, clock: LocalClock) {
    this.#editions = editions;
    this.#repository = repository;
    this.#shown = shown;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importRosters(bytes: Uint8Array, options: ImportRostersOptions): Promise<ImportRostersReport> {
    const csv = await asCsv(bytes, options.encoding);
    const file = readRostersFile(csv.bytes, csv.encoding, this.#clock.timeZone);
    const at = options.effectiveAt ?? this.#clock.now();
    const title = options.title ?? `Rosters from a file of ${file.rowCount} rows`;
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const known = this.#known(this.#editions.latest);
      const plan = planRosters(file.rows, known, at.getTime());
      const faults = [...file.faults, ...plan.faults].sort((a, b) => a.row - b.row);
      const would = { rosters: plan.rosters.length, ends: plan.ends.length };
      const nothingNew = faults.length === 0 && would.rosters + would.ends === 0;
      const report = { encoding: file.encoding, rows: file.rowCount, faults, would, nothingNew, edition: null };
      if (!options.commit || faults.length > 0 || nothingNew) return report;
      try {
        const publication = { effectiveAt: at };
        const { edition } = await this.#editions.publish(title, this.#writing(plan, known.edition), publication);
        return { ...report, edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        const overtaken = error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS;
        if (!overtaken) throw error;
      }
    }
  }

  #known(edition: number): KnownRosters {
    const { atlas, directory, rosters } = this.#shown;
    return {
      edition,
      staff: directory.knownIn(edition),
      roles: directory.rolesAt(edition),
      rosters: rosters.knownIn(edition),
      calendars: rosters.calendarsIn(edition),
      listCodes: (code) => atlas.listCodes(code, edition),
    };
  }

  #writing(plan: RosterPlan, plannedOn: number): WriteEdition<void> {
    return async (trx, edition) => {
      if (edition !== plannedOn + 1) {
        throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
      }
      // Ends before additions, for a row of this edition cannot be closed in it.
      for (const ends of groupBy(plan.ends, ({ at }) => at.toISOString()).values()) {
        const ids = ends.map(({ id }) => id);
        await this.#repository.endRosters(trx, edition, ids, ends[0].at);
      }
      await this.#repository.insertRosters(trx, edition, plan.rosters);
    };
  }
}
