import type { LocalClock } from '../../clock.ts';
import type { CellFault } from '../../csv/cellFault.ts';
import { asCsv } from '../../csv/readTable.ts';
import { DomainError } from '../../errors.ts';
import type { Datum } from '../../geometry/datum.ts';
import type { EditionService, WriteEdition } from '../../grids/edition.service.ts';
import type { AddressWritingRepository } from '../addressWriting.repository.ts';
import type { AddressColumn } from './addressCells.ts';
import { type AddressesFile, readAddressesFile } from './addressesFile.ts';
import { type AddressPlan, idsOf, planAddresses } from './addressPlan.ts';
import type { KnownPlacesRepository } from './knownPlaces.repository.ts';

export interface ImportAddressesOptions {
  /** Recognised when left out. */
  readonly encoding?: string;
  /** Of rows that name none; WGS84 when left out. */
  readonly datum?: Datum;
  /** When rows without `from` take effect; now when left out. */
  readonly effectiveAt?: Date;
  /** False: only the report. */
  readonly commit: boolean;
  /** Writes the good rows though others have faults; otherwise any fault keeps the whole file out. */
  readonly keepGood?: boolean;
  /** The title of the edition. */
  readonly title?: string;
}

export interface ImportAddressesReport {
  readonly encoding: string;
  readonly rows: number;
  readonly faults: readonly CellFault<AddressColumn>[];
  /** What the good rows make (or, committed, made). */
  readonly would: { readonly addresses: number; readonly buildings: number; readonly changes: number };
  /** Every good row is known already: no edition is published. */
  readonly nothingNew: boolean;
  /** The edition published; null for a dry run, with faults that keep the file out, and when nothing is new. */
  readonly edition: number | null;
}

const ATTEMPTS = 5;
const LONGEST_MS = 600_000;

/** Imports addresses and their buildings from CSV: one file is one edition, and a file imported again makes nothing new. */
export class AddressImportService {
  readonly #editions: EditionService;
  readonly #known: KnownPlacesRepository;
  readonly #writing: AddressWritingRepository;
  readonly #clock: LocalClock;

  constructor(
    editions: EditionService,
    known: KnownPlacesRepository,
    writing: AddressWritingRepository,
    clock: LocalClock,
  ) {
    this.#editions = editions;
    this.#known = known;
    this.#writing = writing;
    this.#clock = clock;
  }

  /** Throws BAD_FILE and BAD_ENCODING for the file as a whole; faults of rows are in the report. */
  async importAddresses(bytes: Uint8Array, options: ImportAddressesOptions): Promise<ImportAddressesReport> {
    const { encoding, datum = 'WGS84', commit, keepGood = false } = options;
    const csv = await asCsv(bytes, encoding);
    const file = readAddressesFile(csv.bytes, { encoding: csv.encoding, datum, timeZone: this.#clock.timeZone });
    const at = options.effectiveAt ?? this.#clock.now();
    const title = options.title ?? `Addresses from a file of ${file.rowCount} rows`;
    for (let attempt = 1; ; attempt += 1) {
      await this.#editions.catchUp();
      const plannedOn = this.#editions.latest;
      const ids = file.rows.map(idsOf);
      const known = await this.#known.read(
        ids.flatMap(({ address }) => address),
        ids.flatMap(({ building }) => building),
        plannedOn,
      );
      const plan = planAddresses(file.rows, known, at.getTime());
      const report = reportOn(file, plan);
      const isKeptOut = report.faults.length > 0 && !keepGood;
      if (!commit || isKeptOut || report.nothingNew) return report;
      try {
        const { edition } = await this.#editions.publish(title, this.#write(plan, plannedOn), { effectiveAt: at });
        return { ...report, edition };
      } catch (error) {
        // Someone published after the file was compared: compare again.
        const overtaken = error instanceof DomainError && error.code === 'CONFLICT' && attempt < ATTEMPTS;
        if (!overtaken) throw error;
      }
    }
  }

  #write(plan: AddressPlan, plannedOn: number): WriteEdition<void> {
    const writing = this.#writing;
    return async (trx, edition) => {
      if (edition !== plannedOn + 1) {
        throw new DomainError('CONFLICT', 'Another edition was published while the file was read; import it again.');
      }
      await writing.allowLong(trx, LONGEST_MS);
      // What is closed first: two versions of one address never hold at the same instant.
      await writing.closeVersions(trx, edition, 'building_version', plan.closedBuildings);
      await writing.closeVersions(trx, edition, 'address_version', plan.closedAddresses);
      await writing.insertBuildings(trx, edition, plan.buildings);
      await writing.insertAddresses(trx, edition, plan.addresses);
    };
  }
}

function reportOn(file: AddressesFile, plan: AddressPlan): ImportAddressesReport {
  const faults = [...file.faults, ...plan.faults].sort((a, b) => a.row - b.row);
  const written = [plan.addresses, plan.buildings, plan.closedAddresses, plan.closedBuildings];
  return {
    encoding: file.encoding,
    rows: file.rowCount,
    faults,
    would: { ...plan.made, changes: plan.changed },
    nothingNew: file.rows.length > 0 && written.every((list) => list.length === 0),
    edition: null,
  };
}
